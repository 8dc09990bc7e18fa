//! Joins: a condition is a must, `SEMI JOIN` is LEFT SEMI JOIN, other databases' kinds are refused.

use sqlparser::ast::{Join, JoinConstraint, JoinOperator, Select, Spanned, TableFactor};
use sqlparser::tokenizer::Span;

use super::Context;
use crate::refusal::Refusal;
use crate::registry::{Outcome, Syntax};

pub(crate) const SYNTAX: Syntax = Syntax {
    name: "SEMI and ANTI JOIN, and JOIN without a condition",
    example: "SELECT * FROM (VALUES (1), (2)) a(x) SEMI JOIN (VALUES (2)) b(x) USING (x)",
    outcome: Outcome::Runs,
    select: Some(in_from),
    factor: Some(in_parentheses),
    ..Syntax::NONE
};

fn in_from(select: &mut Select, context: &Context<'_>) -> Result<(), Refusal> {
    let mut joins = select.from.iter_mut().flat_map(|from| &mut from.joins);
    joins.try_for_each(|join| rewrite(join, context))
}

fn in_parentheses(factor: &mut TableFactor, context: &Context<'_>) -> Result<(), Refusal> {
    match factor {
        TableFactor::NestedJoin {
            table_with_joins, ..
        } => {
            let mut joins = table_with_joins.joins.iter_mut();
            joins.try_for_each(|join| rewrite(join, context))
        }
        _ => Ok(()),
    }
}

pub(crate) fn rewrite(join: &mut Join, context: &Context<'_>) -> Result<(), Refusal> {
    let Join {
        relation,
        global,
        join_operator,
    } = join;
    if *global {
        let message = "GLOBAL JOIN is not known; all tables are here";
        return Err(Refusal::new(message, context.place(&["GLOBAL"])).hint("leave GLOBAL out"));
    }
    let unknown = |name: &str, words: &[&str], hint: &str| {
        Err(Refusal::new(format!("{name} is not known"), context.place(words)).hint(hint))
    };
    let condition = match join_operator {
        JoinOperator::CrossJoin(JoinConstraint::None) => return Ok(()),
        JoinOperator::CrossJoin(_) => {
            let message = "CROSS JOIN has no condition";
            return Err(Refusal::new(message, relation.span()).hint("write JOIN … ON"));
        }
        JoinOperator::CrossApply => {
            return unknown(
                "CROSS APPLY",
                &["CROSS", "APPLY"],
                "write CROSS JOIN LATERAL (…)",
            );
        }
        JoinOperator::OuterApply => {
            return unknown(
                "OUTER APPLY",
                &["OUTER", "APPLY"],
                "write LEFT JOIN LATERAL (…) ON true",
            );
        }
        JoinOperator::AsOf { .. } => {
            return unknown(
                "ASOF JOIN",
                &["ASOF", "JOIN"],
                "give each row of the right side the time of the next one by lead(…) OVER (ORDER BY …), and join on times between",
            );
        }
        JoinOperator::StraightJoin(_) => {
            return unknown("STRAIGHT_JOIN", &["STRAIGHT_JOIN"], "write JOIN … ON");
        }
        JoinOperator::ArrayJoin | JoinOperator::LeftArrayJoin | JoinOperator::InnerArrayJoin => {
            return unknown(
                "ARRAY JOIN",
                &["ARRAY", "JOIN"],
                "write unnest(…) in the SELECT list",
            );
        }
        JoinOperator::Semi(condition) => {
            *join_operator =
                JoinOperator::LeftSemi(std::mem::replace(condition, JoinConstraint::None));
            return refuse_without_condition(join);
        }
        JoinOperator::Anti(condition) => {
            *join_operator =
                JoinOperator::LeftAnti(std::mem::replace(condition, JoinConstraint::None));
            return refuse_without_condition(join);
        }
        _ => condition_of(join_operator),
    };
    match condition {
        Some(JoinConstraint::None) => Err(no_condition(relation.span())),
        _ => Ok(()),
    }
}

fn refuse_without_condition(join: &Join) -> Result<(), Refusal> {
    match condition_of(&join.join_operator) {
        Some(JoinConstraint::None) => Err(no_condition(join.relation.span())),
        _ => Ok(()),
    }
}

fn no_condition(relation: Span) -> Refusal {
    Refusal::new("JOIN has no condition", relation)
        .hint("write ON or USING after it; CROSS JOIN pairs every row with every row")
}

/// The condition of the joins that have one.
pub(crate) fn condition_of(operator: &JoinOperator) -> Option<&JoinConstraint> {
    match operator {
        JoinOperator::Join(condition)
        | JoinOperator::Inner(condition)
        | JoinOperator::Left(condition)
        | JoinOperator::LeftOuter(condition)
        | JoinOperator::Right(condition)
        | JoinOperator::RightOuter(condition)
        | JoinOperator::FullOuter(condition)
        | JoinOperator::LeftSemi(condition)
        | JoinOperator::RightSemi(condition)
        | JoinOperator::LeftAnti(condition)
        | JoinOperator::RightAnti(condition) => Some(condition),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::tree::testing::{refused, text};

    #[test]
    fn a_join_has_a_condition() {
        for kind in ["", "INNER", "LEFT", "RIGHT OUTER", "FULL", "SEMI", "ANTI"] {
            let (message, place) = refused(&format!("SELECT * FROM a {kind} JOIN b"));
            assert_eq!(
                (message.as_str(), place.as_str()),
                ("JOIN has no condition", "b")
            );
        }
        assert_eq!(refused("SELECT 1 FROM (a JOIN b)").1, "b");
        for fine in [
            "a, b",
            "a CROSS JOIN b",
            "a NATURAL JOIN b",
            "a JOIN b ON true",
        ] {
            text(&format!("SELECT * FROM {fine}"));
        }
    }

    #[test]
    fn semi_is_of_the_left_side() {
        assert_eq!(
            text("SELECT * FROM a SEMI JOIN b USING (x) ANTI JOIN c ON a.x = c.x"),
            "SELECT * FROM a LEFT SEMI JOIN b USING(x) LEFT ANTI JOIN c ON a.x = c.x"
        );
    }

    #[test]
    fn kinds_of_other_databases_are_refused() {
        for (sql, pointed) in [
            ("SELECT * FROM a CROSS APPLY b", "CROSS APPLY"),
            ("SELECT * FROM a GLOBAL JOIN b ON true", "GLOBAL"),
            ("SELECT * FROM a ARRAY JOIN b", "ARRAY JOIN"),
            ("SELECT * FROM a STRAIGHT_JOIN b ON true", "STRAIGHT_JOIN"),
        ] {
            assert_eq!(refused(sql).1, pointed);
        }
    }
}
