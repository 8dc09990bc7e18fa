//! `{'a': 1}.a` and `(s).a`: a field of a struct that is not a column.
//!
//! The planner takes `.a` after such a value only as a text, as in `['a']`.

use sqlparser::ast::{AccessExpr, Expr, Value};

use super::Context;
use crate::refusal::Refusal;
use crate::registry::{Outcome, Syntax};

pub(crate) const SYNTAX: Syntax = Syntax {
    name: "fields of values",
    example: "SELECT {'a': 1}.a",
    outcome: Outcome::Runs,
    expr: Some(rewrite),
    ..Syntax::NONE
};

fn rewrite(expr: &mut Expr, _context: &Context<'_>) -> Result<(), Refusal> {
    let Expr::CompoundFieldAccess { root, access_chain } = expr else {
        return Ok(());
    };
    // `t.s[1]`: the names before the first bracket are a table and a column.
    let mut is_column = matches!(
        root.as_ref(),
        Expr::Identifier(_) | Expr::CompoundIdentifier(_)
    );
    for access in access_chain {
        match access {
            AccessExpr::Dot(Expr::Identifier(name)) if !is_column => {
                let field = Value::SingleQuotedString(name.value.clone()).with_span(name.span);
                *access = AccessExpr::Dot(Expr::Value(field));
            }
            AccessExpr::Dot(Expr::Identifier(_)) => {}
            AccessExpr::Dot(Expr::Function(call)) => {
                let message = format!("`{}` is not known as a method", call.name);
                let place = call.name.0.first().and_then(|part| part.as_ident());
                let span = place.map_or_else(sqlparser::tokenizer::Span::empty, |name| name.span);
                return Err(Refusal::new(message, span)
                    .hint(format!("write {}(…) around the value", call.name)));
            }
            _ => is_column = false,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::tree::testing::{refused, text};

    #[test]
    fn a_field_of_a_value_is_a_text() {
        assert_eq!(
            text("SELECT (s).a, t.s[1].b FROM t"),
            "SELECT (s).'a', t.s[1].'b' FROM t"
        );
        assert_eq!(refused("SELECT 'x'.upper()").1, "upper");
    }
}
