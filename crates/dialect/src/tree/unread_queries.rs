//! Clauses of a query that the planner passes over, refused.

use sqlparser::ast::{
    Cte, JoinConstraint, LimitClause, OrderBy, OrderByExpr, OrderByKind, PipeOperator, Query,
    SetExpr, SetQuantifier, Spanned, With,
};

use super::{Context, joins};
use crate::refusal::Refusal;
use crate::registry::{Outcome, Syntax};

pub(crate) const SYNTAX: Syntax = Syntax {
    name: "clauses after a query that are not read",
    example: "SELECT 1 FOR UPDATE",
    outcome: Outcome::Refused("FOR UPDATE is not known; rows are not locked"),
    query: Some(refuse),
    ..Syntax::NONE
};

/// Names every field, so that a new one must be judged before this builds.
fn refuse(query: &mut Query, context: &Context<'_>) -> Result<(), Refusal> {
    let Query {
        with,
        body,
        order_by,
        limit_clause,
        fetch: _,
        locks,
        for_clause,
        settings,
        format_clause,
        pipe_operators,
    } = query;
    if let Some(lock) = locks.first() {
        let kind = lock.lock_type.to_string();
        let message = format!("FOR {kind} is not known; rows are not locked");
        return Err(Refusal::new(message, context.place(&["FOR", &kind])).hint("leave it out"));
    }
    if let Some(clause) = for_clause {
        let message = format!("`{clause}` is not known");
        return Err(Refusal::new(message, context.place(&["FOR"])).hint("leave it out"));
    }
    if let Some(settings) = settings {
        let place = settings
            .first()
            .map_or_else(|| context.place(&["SETTINGS"]), |setting| setting.key.span);
        return Err(Refusal::new("SETTINGS is not known after a query", place)
            .hint("write SET before the query"));
    }
    if format_clause.is_some() {
        return Err(Refusal::new(
            "FORMAT is not known after a query",
            context.place(&["FORMAT"]),
        )
        .hint("start kouan with --format, or write COPY (…) TO 'file.csv'"));
    }
    if let Some(order) = order_by {
        refuse_order(order, body, context)?;
    }
    if let Some(LimitClause::LimitOffset { limit_by, .. }) = limit_clause
        && let Some(by) = limit_by.first()
    {
        return Err(Refusal::new("LIMIT … BY is not known", by.span()).hint(
            "number the rows of each group: QUALIFY row_number() OVER (PARTITION BY …) <= 3",
        ));
    }
    if let Some(With { cte_tables, .. }) = with {
        cte_tables.iter().try_for_each(refuse_in_with)?;
    }
    pipe_operators
        .iter_mut()
        .try_for_each(|operator| refuse_pipe(operator, context))
}

fn refuse_in_with(cte: &Cte) -> Result<(), Refusal> {
    let Cte {
        alias: _,
        query: _,
        from,
        // How a subquery is run, not what it answers.
        materialized: _,
        closing_paren_token: _,
    } = cte;
    match from {
        Some(from) => Err(Refusal::new(
            "FROM after a subquery of WITH is not known",
            from.span,
        )),
        None => Ok(()),
    }
}

fn refuse_order(order: &OrderBy, body: &SetExpr, context: &Context<'_>) -> Result<(), Refusal> {
    let OrderBy { kind, interpolate } = order;
    if interpolate.is_some() {
        let place = context.place(&["INTERPOLATE"]);
        return Err(
            Refusal::new("INTERPOLATE is not known", place).hint("join with generate_series(…)")
        );
    }
    match kind {
        OrderByKind::All(_) if !matches!(body, SetExpr::Select(_)) => {
            let place = context.place(&["ORDER", "BY", "ALL"]);
            let message = "ORDER BY ALL is not known here";
            Err(Refusal::new(message, place).hint("write ORDER BY 1, 2, …"))
        }
        OrderByKind::All(_) => Ok(()),
        OrderByKind::Expressions(keys) => keys.iter().try_for_each(|key| refuse_key(key, context)),
    }
}

fn refuse_key(key: &OrderByExpr, context: &Context<'_>) -> Result<(), Refusal> {
    let OrderByExpr {
        expr: _,
        options: _,
        with_fill,
    } = key;
    match with_fill {
        Some(_) => Err(
            Refusal::new("WITH FILL is not known", context.place(&["WITH", "FILL"]))
                .hint("join with generate_series(…)"),
        ),
        None => Ok(()),
    }
}

fn refuse_pipe(operator: &mut PipeOperator, context: &Context<'_>) -> Result<(), Refusal> {
    let counted = |quantifier: &SetQuantifier| {
        matches!(quantifier, SetQuantifier::All | SetQuantifier::AllByName)
    };
    let by_columns = |condition: &JoinConstraint| {
        matches!(
            condition,
            JoinConstraint::Using(_) | JoinConstraint::Natural
        )
    };
    match operator {
        PipeOperator::Join(join) => {
            joins::rewrite(join, context)?;
            match joins::condition_of(&join.join_operator).is_some_and(by_columns) {
                true => Err(
                    Refusal::new("USING is not known after `|>`", join.relation.span())
                        .hint("write ON"),
                ),
                false => Ok(()),
            }
        }
        PipeOperator::Aggregate {
            full_table_exprs,
            group_by_expr,
        } => {
            let mut keys = full_table_exprs.iter().chain(group_by_expr.iter());
            let ordered =
                keys.find(|key| key.order_by.asc.is_some() || key.order_by.nulls_first.is_some());
            match ordered {
                Some(key) => {
                    let message = "an order is not known in AGGREGATE";
                    Err(Refusal::new(message, key.expr.expr.span())
                        .hint("write |> ORDER BY after it"))
                }
                None => Ok(()),
            }
        }
        PipeOperator::Intersect { set_quantifier, .. }
        | PipeOperator::Except { set_quantifier, .. }
            if counted(set_quantifier) =>
        {
            let message = format!("{set_quantifier} is not known after `|>` INTERSECT and EXCEPT");
            Err(Refusal::new(message, context.place(&["ALL"]))
                .hint("write SELECT … EXCEPT ALL SELECT …"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::tree::testing::{refused, text};

    #[test]
    fn what_would_be_passed_over_is_refused() {
        for (sql, pointed) in [
            ("SELECT 1 FROM t FOR UPDATE", "FOR UPDATE"),
            ("SELECT 1 FROM (SELECT 1 FROM t FOR SHARE) u", "FOR SHARE"),
            ("SELECT 1 FROM t SETTINGS max_threads = 1", "max_threads"),
            ("SELECT 1 FROM t FORMAT JSON", "FORMAT"),
            ("SELECT 1 FROM t LIMIT 2 BY x", "x"),
            ("SELECT x FROM t ORDER BY x WITH FILL", "WITH FILL"),
            ("FROM t |> AGGREGATE sum(x) AS s GROUP BY y DESC", "y"),
            ("FROM t |> JOIN u USING (x)", "u"),
            ("FROM t |> JOIN u", "u"),
        ] {
            assert_eq!(refused(sql).1, pointed, "{sql}");
        }
        text("WITH a AS MATERIALIZED (SELECT 1) SELECT * FROM a");
    }
}
