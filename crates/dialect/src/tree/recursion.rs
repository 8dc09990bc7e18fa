//! `WITH RECURSIVE`: clauses after the UNION of a recursive query.
//!
//! The planner takes the two sides of the UNION and passes over ORDER BY, LIMIT and WITH around it; with
//! `… UNION ALL SELECT n + 1 FROM t LIMIT 5` it would run for ever.

use sqlparser::ast::{Cte, Query, SetExpr, SetOperator, Spanned, visit_relations};
use std::ops::ControlFlow;

use super::Context;
use crate::refusal::Refusal;
use crate::registry::{Outcome, Syntax};

pub(crate) const SYNTAX: Syntax = Syntax {
    name: "ORDER BY and LIMIT of a recursive query",
    example: "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t LIMIT 5) FROM t",
    outcome: Outcome::Refused("a recursive query has no ORDER BY, LIMIT or WITH of its own"),
    query: Some(rewrite),
    ..Syntax::NONE
};

fn rewrite(query: &mut Query, _context: &Context<'_>) -> Result<(), Refusal> {
    let Some(with) = &mut query.with else {
        return Ok(());
    };
    if !with.recursive {
        return Ok(());
    }
    with.cte_tables.iter_mut().try_for_each(complete)
}

fn complete(cte: &mut Cte) -> Result<(), Refusal> {
    let query = cte.query.as_mut();
    let is_union = matches!(
        query.body.as_ref(),
        SetExpr::SetOperation {
            op: SetOperator::Union,
            ..
        }
    );
    let has_more = query.with.is_some()
        || query.order_by.is_some()
        || query.limit_clause.is_some()
        || query.fetch.is_some()
        || !query.pipe_operators.is_empty();
    if !is_union || !has_more {
        return Ok(());
    }
    let name = &cte.alias.name;
    let is_recursive = visit_relations(query, |relation| match relation.0.as_slice() {
        [part]
            if part
                .as_ident()
                .is_some_and(|part| part.value.to_lowercase() == name.value.to_lowercase()) =>
        {
            ControlFlow::Break(())
        }
        _ => ControlFlow::Continue(()),
    })
    .is_break();
    if is_recursive {
        let place = [
            query.order_by.as_ref().map(Spanned::span),
            query.limit_clause.as_ref().map(Spanned::span),
        ];
        let place = place.into_iter().flatten().next().unwrap_or(name.span);
        let message = "a recursive query has no ORDER BY, LIMIT or WITH of its own";
        return Err(Refusal::new(message, place).hint(
            "write them in the query that reads it; WHERE in the second SELECT ends the recursion",
        ));
    }
    // Parentheses keep the planner from taking the UNION apart.
    let whole = Query {
        with: None,
        body: Box::new(SetExpr::Query(Box::new(query.clone()))),
        order_by: None,
        limit_clause: None,
        fetch: None,
        locks: Vec::new(),
        for_clause: None,
        settings: None,
        format_clause: None,
        pipe_operators: Vec::new(),
    };
    *query = whole;
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::tree::testing::{refused, text};

    #[test]
    fn a_limit_of_the_recursion_is_refused() {
        let sql = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t LIMIT 5) SELECT * FROM t";
        assert_eq!(refused(sql).1, "5");
    }

    #[test]
    fn a_union_that_reads_other_tables_keeps_its_limit() {
        assert_eq!(
            text(
                "WITH RECURSIVE a AS (SELECT 2 UNION SELECT 1 ORDER BY 1 LIMIT 1) SELECT * FROM a"
            ),
            "WITH RECURSIVE a AS ((SELECT 2 UNION SELECT 1 ORDER BY 1 LIMIT 1)) SELECT * FROM a"
        );
    }
}
