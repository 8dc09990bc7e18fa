//! Clauses of a call that the planner passes over, refused.

use sqlparser::ast::{
    DuplicateTreatment, Expr, Function, FunctionArgumentClause, FunctionArguments, Spanned,
};

use super::{Context, FunctionKind};
use crate::refusal::Refusal;
use crate::registry::{Outcome, Syntax};

pub(crate) const SYNTAX: Syntax = Syntax {
    name: "clauses of a call that are not read",
    example: "SELECT upper('x') OVER ()",
    outcome: Outcome::Refused("`upper` takes one row at a time, which OVER does not fit"),
    expr: Some(refuse),
    ..Syntax::NONE
};

/// Window functions that have an aggregate of the same name, which OVER leaves aside.
const OF_ORDER: &[&str] = &["first_value", "last_value", "nth_value", "lead", "lag"];

/// Names every field, so that a new one must be judged before this builds.
fn refuse(expr: &mut Expr, context: &Context<'_>) -> Result<(), Refusal> {
    let Expr::Function(call) = expr else {
        return Ok(());
    };
    let kind = context.kind(call);
    let Function {
        name,
        uses_odbc_syntax: _,
        parameters,
        args,
        filter,
        null_treatment,
        over,
        within_group,
    } = call;
    if *parameters != FunctionArguments::None {
        let message = format!("`{name}` has two lists of arguments");
        return Err(Refusal::new(message, name.span()).hint("write them in one, such as f(x, 0.5)"));
    }
    if let FunctionArguments::Subquery(query) = args {
        return Err(Refusal::new(
            "a subquery as an argument needs parentheses of its own",
            query.span(),
        )
        .hint(format!("write {name}((SELECT …))")));
    }
    let (mut is_distinct, mut is_ordered, mut treats_nulls) =
        (false, false, null_treatment.is_some());
    if let FunctionArguments::List(list) = args {
        is_distinct = list.duplicate_treatment == Some(DuplicateTreatment::Distinct);
        for clause in &list.clauses {
            is_ordered |= matches!(clause, FunctionArgumentClause::OrderBy(_));
            treats_nulls |= matches!(clause, FunctionArgumentClause::IgnoreOrRespectNulls(_));
        }
    }
    let called = name.to_string().to_lowercase();
    let is_of_order = OF_ORDER.contains(&called.as_str()) && over.is_some();
    let is_window = kind == Some(FunctionKind::Window) || is_of_order;
    let is_aggregate_over = kind == Some(FunctionKind::Aggregate) && over.is_some() && !is_of_order;
    let is_scalar = kind == Some(FunctionKind::Scalar);
    let clauses = [
        ("OVER", over.is_some(), is_scalar),
        ("FILTER", filter.is_some(), is_scalar || is_window),
        ("DISTINCT", is_distinct, is_scalar || is_window),
        ("ORDER BY", is_ordered, is_scalar),
        (
            "WITHIN GROUP",
            !within_group.is_empty(),
            is_scalar || is_window,
        ),
        ("NULLS", treats_nulls, is_scalar || is_aggregate_over),
    ];
    for (clause, is_there, is_unread) in clauses {
        if is_there && is_unread {
            let message = match is_scalar {
                true => format!("`{name}` takes one row at a time, which {clause} does not fit"),
                false => format!("{clause} does not fit the window function `{name}`"),
            };
            return Err(Refusal::new(message, name.span()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::tree::testing::{refused, text};

    #[test]
    fn what_would_be_passed_over_is_refused() {
        for (sql, pointed) in [
            ("SELECT upper(x) OVER () FROM t", "upper"),
            ("SELECT upper(x) FILTER (WHERE true) FROM t", "upper"),
            ("SELECT abs(DISTINCT x) FROM t", "abs"),
            ("SELECT abs(x ORDER BY y) FROM t", "abs"),
            ("SELECT rank() FILTER (WHERE x > 1) OVER () FROM t", "rank"),
            (
                "SELECT array_agg(x) IGNORE NULLS OVER () FROM t",
                "array_agg",
            ),
            ("SELECT quantile(0.5)(x) FROM t", "quantile"),
        ] {
            assert_eq!(refused(sql).1, pointed, "{sql}");
        }
        text("SELECT sum(DISTINCT x) FILTER (WHERE y) OVER (ORDER BY z), count(*) FROM t");
    }
}
