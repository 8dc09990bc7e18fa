//! Values in spellings that the planner does not read, or reads in part, refused.

use sqlparser::ast::{CeilFloorKind, DateTimeField, Expr, Spanned};

use super::Context;
use crate::refusal::Refusal;
use crate::registry::{Outcome, Syntax};

pub(crate) const SYNTAX: Syntax = Syntax {
    name: "values in spellings that are not read",
    example: "SELECT 'a' COLLATE nocase",
    outcome: Outcome::Refused("COLLATE is not known"),
    expr: Some(refuse),
    ..Syntax::NONE
};

fn refuse(expr: &mut Expr, _context: &Context<'_>) -> Result<(), Refusal> {
    let (message, hint) = match &*expr {
        Expr::Convert { is_try, .. } => match is_try {
            true => ("TRY_CONVERT is not known", "write TRY_CAST (x AS type)"),
            false => ("CONVERT is not known", "write CAST (x AS type)"),
        },
        Expr::Collate { .. } => ("COLLATE is not known", "compare lower(x) with lower(y)"),
        Expr::RLike { .. } => ("REGEXP is not known", "write regexp_like(x, '…')"),
        Expr::InUnnest { .. } => (
            "IN UNNEST is not known",
            "write x = ANY (list), or array_has(list, x)",
        ),
        Expr::IsNormalized { .. } => ("IS NORMALIZED is not known", "compare with another text"),
        Expr::MemberOf(_) => ("MEMBER OF is not known", "write array_has(list, x)"),
        Expr::MatchAgainst { .. } => ("MATCH … AGAINST is not known", "write x LIKE '%…%'"),
        Expr::OuterJoin(_) => ("`(+)` is not known", "write LEFT JOIN … ON"),
        Expr::Prior(_) => ("PRIOR is not known", "write WITH RECURSIVE"),
        Expr::Prefixed { .. } => (
            "a text has no character set before it",
            "write the text alone",
        ),
        Expr::Cast {
            format: Some(_), ..
        } => (
            "CAST … FORMAT is not known",
            "write to_timestamp(x, '%Y-%m-%d')",
        ),
        Expr::Cast { array: true, .. } => {
            ("CAST … ARRAY is not known", "write the type as INTEGER[]")
        }
        Expr::Ceil { field, .. } | Expr::Floor { field, .. } if !is_whole(field) => (
            "ceil and floor round to whole numbers",
            "write round(x, 2), or date_trunc('day', x)",
        ),
        Expr::Trim {
            trim_characters: Some(characters),
            ..
        } if characters.len() > 1 => (
            "trim takes one text of all characters",
            "write trim(x, 'abc')",
        ),
        Expr::Interval(interval)
            if interval.last_field.is_some()
                || interval.leading_precision.is_some()
                || interval.fractional_seconds_precision.is_some() =>
        {
            (
                "an interval has one unit, without a precision",
                "such as INTERVAL '1 year 2 months'",
            )
        }
        Expr::Interval(interval)
            if !matches!(
                interval.value.as_ref(),
                Expr::Value(_) | Expr::BinaryOp { .. } | Expr::UnaryOp { .. }
            ) =>
        {
            (
                "INTERVAL takes a number or a text in quotes",
                "such as INTERVAL '3 days'",
            )
        }
        _ => return Ok(()),
    };
    Err(Refusal::new(message, expr.span()).hint(hint))
}

fn is_whole(field: &CeilFloorKind) -> bool {
    matches!(
        field,
        CeilFloorKind::DateTimeField(DateTimeField::NoDateTime)
    )
}

#[cfg(test)]
mod tests {
    use crate::tree::testing::refused;

    #[test]
    fn what_is_not_read_is_refused() {
        for (sql, message) in [
            (
                "SELECT TRY_CONVERT(INT, x) FROM t",
                "TRY_CONVERT is not known",
            ),
            ("SELECT x COLLATE nocase FROM t", "COLLATE is not known"),
            ("SELECT x RLIKE 'a' FROM t", "REGEXP is not known"),
            (
                "SELECT CAST(x AS DATE FORMAT 'YYYY') FROM t",
                "CAST … FORMAT is not known",
            ),
            (
                "SELECT floor(x TO DAY) FROM t",
                "ceil and floor round to whole numbers",
            ),
            (
                "SELECT trim(x, 'a', 'b') FROM t",
                "trim takes one text of all characters",
            ),
            (
                "SELECT INTERVAL (x) DAY FROM t",
                "INTERVAL takes a number or a text in quotes",
            ),
        ] {
            assert_eq!(refused(sql).0, message, "{sql}");
        }
    }
}
