//! Patterns: LIKE with an escape character of its own, and SIMILAR TO as the standard has it.
//!
//! DataFusion refuses the former, and takes the latter's pattern for a regular expression that may be found anywhere.

use arrow::datatypes::DataType;
use datafusion::common::tree_node::Transformed;
use datafusion::common::{DFSchema, Result, ScalarValue, plan_err};
use datafusion::logical_expr::expr::Like;
use datafusion::logical_expr::{BinaryExpr, Cast, Expr, ExprSchemable, Operator, lit};

use super::similar::regular_expression;

/// `x LIKE pattern ESCAPE '!'`: the pattern is written with backslashes instead.
pub(super) fn escape(mut like: Like, schema: &DFSchema) -> Result<Transformed<Expr>> {
    let escape = match like.escape_char {
        Some(escape) if escape != '\\' => escape,
        _ => return Ok(Transformed::no(Expr::Like(like))),
    };
    let Some(pattern) = written_out(&like.pattern) else {
        return plan_err!(
            "LIKE with ESCAPE '{escape}' takes a pattern that is written out; escape with a backslash where it is computed"
        );
    };
    if let Some(pattern) = pattern {
        let text = with_backslashes(&pattern, escape)?;
        like.pattern = Box::new(in_place_of(&like.pattern, text, schema)?);
    }
    like.escape_char = None;
    Ok(Transformed::yes(Expr::Like(like)))
}

/// `x SIMILAR TO pattern`: a regular expression that takes in the whole text.
pub(super) fn similar(like: Like, schema: &DFSchema) -> Result<Transformed<Expr>> {
    let Some(pattern) = written_out(&like.pattern) else {
        return plan_err!(
            "SIMILAR TO takes a pattern that is written out; `~` takes a computed regular expression"
        );
    };
    let Some(pattern) = pattern else {
        return Ok(Transformed::yes(lit(ScalarValue::Boolean(None))));
    };
    let expression = regular_expression(&pattern, like.escape_char.unwrap_or('\\'));
    let expression = in_place_of(&like.pattern, expression, schema)?;
    let operator = if like.negated {
        Operator::RegexNotMatch
    } else {
        Operator::RegexMatch
    };
    Ok(Transformed::yes(Expr::BinaryExpr(BinaryExpr::new(
        like.expr,
        operator,
        Box::new(expression),
    ))))
}

/// The text of a literal, also behind a cast; inside it is None for NULL.
fn written_out(pattern: &Expr) -> Option<Option<String>> {
    match pattern {
        Expr::Literal(value, _) if value.is_null() => Some(None),
        Expr::Literal(value, _) => Some(Some(value.try_as_str().flatten()?.to_string())),
        Expr::Cast(cast) => written_out(&cast.expr),
        _ => None,
    }
}

/// The text as a literal of the type of the pattern before.
fn in_place_of(pattern: &Expr, text: String, schema: &DFSchema) -> Result<Expr> {
    Ok(match pattern.get_type(schema)? {
        DataType::Utf8 => lit(text),
        other => Expr::Cast(Cast::new(Box::new(lit(text)), other)),
    })
}

fn with_backslashes(pattern: &str, escape: char) -> Result<String> {
    let mut text = String::new();
    let mut signs = pattern.chars();
    while let Some(sign) = signs.next() {
        match sign {
            _ if sign == escape => match signs.next() {
                Some(meant) => text.extend(['\\', meant]),
                None => return plan_err!("the LIKE pattern '{pattern}' ends with its escape"),
            },
            '\\' => text.push_str("\\\\"),
            _ => text.push(sign),
        }
    }
    Ok(text)
}
