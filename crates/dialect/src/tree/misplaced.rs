//! Aggregates and window functions where rows are not yet grouped or numbered, said with their place.
//!
//! The planner lets some of them through, and the statement fails later in words about plans.

use std::ops::ControlFlow;

use sqlparser::ast::{Expr, GroupByExpr, JoinConstraint, Query, Select, Spanned, Visit, Visitor};
use sqlparser::tokenizer::Span;

use super::joins::condition_of;
use super::{Context, FunctionKind};
use crate::refusal::Refusal;
use crate::registry::{Outcome, Syntax};

pub(crate) const SYNTAX: Syntax = Syntax {
    name: "aggregates and window functions out of place",
    example: "SELECT 1 FROM (VALUES (1)) t(x) WHERE row_number() OVER () = 1",
    outcome: Outcome::Refused("WHERE is asked before the window function `row_number` has a value"),
    select: Some(in_clauses),
    expr: Some(in_calls),
    ..Syntax::NONE
};

fn in_clauses(select: &mut Select, context: &Context<'_>) -> Result<(), Refusal> {
    if let Some(condition) = &select.selection {
        refuse(condition, Which::Both, "WHERE", context)?;
    }
    for join in select.from.iter().flat_map(|from| &from.joins) {
        if let Some(JoinConstraint::On(condition)) = condition_of(&join.join_operator) {
            refuse(condition, Which::Both, "ON", context)?;
        }
    }
    if let GroupByExpr::Expressions(keys, _) = &select.group_by {
        for key in keys {
            refuse(key, Which::Both, "GROUP BY", context)?;
        }
    }
    match &select.having {
        Some(condition) => refuse(condition, Which::Windows, "HAVING", context),
        None => Ok(()),
    }
}

fn refuse(expr: &Expr, which: Which, clause: &str, context: &Context<'_>) -> Result<(), Refusal> {
    let Some(found) = find(expr, which, context) else {
        return Ok(());
    };
    let kind = match found.is_window {
        true => "window function",
        false => "aggregate",
    };
    let hint = match (found.is_window, clause) {
        (true, _) => "write QUALIFY instead, or take it into a subquery",
        (false, "WHERE") => "write HAVING instead, or take it into a subquery",
        (false, _) => "take it into a subquery",
    };
    let message = format!(
        "{clause} is asked before the {kind} `{}` has a value",
        found.name
    );
    Err(Refusal::new(message, found.span).hint(hint))
}

fn in_calls(expr: &mut Expr, context: &Context<'_>) -> Result<(), Refusal> {
    let Expr::Function(call) = expr else {
        return Ok(());
    };
    let (which, kind) = if call.over.is_some() {
        (Which::Windows, "window function")
    } else if context.kind(call) == Some(FunctionKind::Aggregate) {
        (Which::Both, "aggregate")
    } else {
        return Ok(());
    };
    let inside = [
        find(&call.args, which, context),
        call.filter
            .as_ref()
            .and_then(|filter| find(filter, which, context)),
        call.over
            .as_ref()
            .and_then(|over| find(over, which, context)),
    ];
    match inside.into_iter().flatten().next() {
        Some(found) => {
            let message = format!("`{}` stands inside the {kind} `{}`", found.name, call.name);
            Err(Refusal::new(message, found.span).hint("take the inner one into a subquery"))
        }
        None => Ok(()),
    }
}

/// True when there is an aggregate outside of subqueries.
pub(crate) fn has_aggregate(node: &impl Visit, context: &Context<'_>) -> bool {
    find(node, Which::Aggregates, context).is_some()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Aggregates,
    Windows,
    Both,
}

struct Found {
    name: String,
    is_window: bool,
    span: Span,
}

/// The first call of this kind, outside of subqueries, which group and number rows of their own.
fn find(node: &impl Visit, which: Which, context: &Context<'_>) -> Option<Found> {
    let mut search = Search {
        which,
        context,
        depth: 0,
    };
    node.visit(&mut search).break_value()
}

struct Search<'a> {
    which: Which,
    context: &'a Context<'a>,
    depth: usize,
}

impl Visitor for Search<'_> {
    type Break = Found;

    fn pre_visit_query(&mut self, _query: &Query) -> ControlFlow<Found> {
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _query: &Query) -> ControlFlow<Found> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<Found> {
        let Expr::Function(call) = expr else {
            return ControlFlow::Continue(());
        };
        let kind = self.context.kind(call);
        let is_window = call.over.is_some() || kind == Some(FunctionKind::Window);
        let is_aggregate = !is_window && kind == Some(FunctionKind::Aggregate);
        let is_it = match self.which {
            Which::Aggregates => is_aggregate,
            Which::Windows => is_window,
            Which::Both => is_aggregate || is_window,
        };
        if is_it && self.depth == 0 {
            return ControlFlow::Break(Found {
                name: call.name.to_string(),
                is_window,
                span: call.name.span(),
            });
        }
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use crate::tree::testing::{refused, text};

    #[test]
    fn calls_out_of_place_are_refused_where_they_stand() {
        for (sql, pointed) in [
            ("SELECT 1 FROM t WHERE sum(x) > 1", "sum"),
            ("SELECT 1 FROM t WHERE x = 1 OR rank() OVER () = 1", "rank"),
            ("SELECT 1 FROM a JOIN b ON max(a.x) = b.x", "max"),
            ("SELECT 1 FROM t GROUP BY count(*)", "count"),
            (
                "SELECT x FROM t GROUP BY x HAVING rank() OVER () = 1",
                "rank",
            ),
            ("SELECT sum(1 + max(x)) FROM t", "max"),
            (
                "SELECT sum(x) FILTER (WHERE rank() OVER () = 1) FROM t",
                "rank",
            ),
            (
                "SELECT sum(x) OVER (ORDER BY rank() OVER ()) FROM t",
                "rank",
            ),
        ] {
            assert_eq!(refused(sql).1, pointed, "{sql}");
        }
    }

    #[test]
    fn calls_in_place_are_kept() {
        for sql in [
            "SELECT sum(sum(x)) OVER (ORDER BY max(y)) FROM t GROUP BY y HAVING count(*) > 1",
            "SELECT 1 FROM t WHERE x = (SELECT max(x) FROM t)",
            "SELECT sum((SELECT count(*) FROM u)) FROM t",
            "SELECT x FROM t QUALIFY rank() OVER (ORDER BY x) = 1",
        ] {
            text(sql);
        }
    }
}
