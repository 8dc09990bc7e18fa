//! Clauses of a SELECT that the planner passes over, refused.

use sqlparser::ast::{ConnectByKind, Expr, GroupByExpr, Ident, Select, SelectItem, Spanned};
use sqlparser::tokenizer::Span;

use super::Context;
use crate::refusal::Refusal;
use crate::registry::{Outcome, Syntax};

pub(crate) const SYNTAX: Syntax = Syntax {
    name: "clauses of a SELECT that are not read",
    example: "SELECT x FROM (VALUES (1)) t(x) PREWHERE x > 1",
    outcome: Outcome::Refused("PREWHERE is not known"),
    select: Some(refuse),
    ..Syntax::NONE
};

/// Names every field, so that a new one must be judged before this builds.
fn refuse(select: &mut Select, context: &Context<'_>) -> Result<(), Refusal> {
    let Select {
        select_token: _,
        // Comments that advise another database how to run the query.
        optimizer_hints: _,
        distinct: _,
        select_modifiers,
        top,
        top_before_distinct: _,
        projection,
        exclude,
        into,
        from: _,
        lateral_views,
        prewhere,
        selection: _,
        connect_by,
        group_by,
        cluster_by,
        distribute_by,
        sort_by,
        having: _,
        named_window: _,
        qualify: _,
        window_before_qualify: _,
        value_table_mode,
        flavor: _,
    } = select;
    let of_first = |exprs: &[Expr]| exprs.first().map_or_else(Span::empty, Spanned::span);
    if let Some(modifiers) = select_modifiers
        .as_ref()
        .filter(|modifiers| modifiers.is_any_set())
    {
        let word = modifiers.to_string();
        let message = format!("{} is not known", word.trim());
        return Err(Refusal::new(message, context.place(&[word.trim()])).hint("leave it out"));
    }
    if top.is_some() {
        return Err(Refusal::new("TOP is not known", context.place(&["TOP"]))
            .hint("write LIMIT at the end of the query"));
    }
    if exclude.is_some() {
        return Err(
            Refusal::new("EXCLUDE stands after `*`", context.place(&["EXCLUDE"]))
                .hint("write SELECT * EXCLUDE (…)"),
        );
    }
    if let Some(into) = into {
        return Err(
            Refusal::new("INTO is not known in a SELECT", into.name.span())
                .hint(format!("write CREATE TABLE {} AS SELECT …", into.name)),
        );
    }
    if !lateral_views.is_empty() {
        return Err(Refusal::new(
            "LATERAL VIEW is not known",
            context.place(&["LATERAL", "VIEW"]),
        )
        .hint("write unnest(…) in the SELECT list, or CROSS JOIN unnest(…)"));
    }
    if let Some(condition) = prewhere {
        return Err(Refusal::new("PREWHERE is not known", condition.span())
            .hint("write WHERE; conditions are asked in the best order"));
    }
    if let Some(clause) = connect_by.first() {
        let span = match clause {
            ConnectByKind::ConnectBy { relationships, .. } => of_first(relationships),
            ConnectByKind::StartWith { condition, .. } => condition.span(),
        };
        return Err(Refusal::new("CONNECT BY is not known", span).hint("write WITH RECURSIVE"));
    }
    let (GroupByExpr::All(modifiers) | GroupByExpr::Expressions(_, modifiers)) = group_by;
    if let Some(modifier) = modifiers.first() {
        let message = format!("{modifier} is not known after GROUP BY");
        return Err(Refusal::new(message, context.place(&["WITH"]))
            .hint("write GROUP BY ROLLUP (…), CUBE (…) or GROUPING SETS (…)"));
    }
    for (clause, keys) in [
        ("CLUSTER BY", &*cluster_by),
        ("DISTRIBUTE BY", &*distribute_by),
    ] {
        if !keys.is_empty() {
            return Err(
                Refusal::new(format!("{clause} is not known"), of_first(keys))
                    .hint("write ORDER BY"),
            );
        }
    }
    if let Some(key) = sort_by.first() {
        return Err(Refusal::new("SORT BY is not known", key.expr.span()).hint("write ORDER BY"));
    }
    if let Some(mode) = value_table_mode {
        return Err(
            Refusal::new(format!("`{mode}` is not known"), context.place(&["AS"]))
                .hint("write struct(…), or name the columns"),
        );
    }
    for item in projection {
        if let SelectItem::ExprWithAliases { aliases, .. } = item {
            let span = aliases
                .first()
                .map_or_else(Span::empty, |alias: &Ident| alias.span);
            return Err(Refusal::new("one value has one name", span));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::tree::testing::refused;

    #[test]
    fn what_would_be_passed_over_is_refused() {
        for (sql, pointed) in [
            ("SELECT TOP 3 x FROM t", "TOP"),
            ("SELECT x INTO y FROM t", "y"),
            ("SELECT x FROM t PREWHERE x > 1", "x > 1"),
            ("SELECT x FROM t CONNECT BY x = y", "x = y"),
            ("SELECT x FROM t START WITH x = 1 CONNECT BY x = y", "x = 1"),
            ("SELECT x, sum(y) FROM t GROUP BY x WITH TOTALS", "WITH"),
            ("SELECT x, sum(y) FROM t GROUP BY x WITH ROLLUP", "WITH"),
            ("SELECT x FROM t SORT BY x", "x"),
            ("SELECT x FROM t DISTRIBUTE BY x", "x"),
            ("SELECT x FROM t LATERAL VIEW explode(y) v", "LATERAL VIEW"),
            ("SELECT x AS (a, b) FROM t", "a"),
        ] {
            assert_eq!(refused(sql).1, pointed, "{sql}");
        }
    }
}
