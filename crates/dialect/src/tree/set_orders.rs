//! `SELECT 1 AS a UNION SELECT 2 AS b ORDER BY b`: ORDER BY may use the names of any of the SELECTs, as in DuckDB.
//!
//! The planner knows the names of the first one only.

use sqlparser::ast::{Expr, Ident, OrderByKind, Query, SelectItem, SetExpr, SetQuantifier, Value};

use super::Context;
use crate::refusal::Refusal;
use crate::registry::{Outcome, Syntax};

pub(crate) const SYNTAX: Syntax = Syntax {
    name: "ORDER BY of a UNION by a name of a later SELECT",
    example: "SELECT 2 AS a UNION ALL SELECT 1 AS b ORDER BY b",
    outcome: Outcome::Runs,
    query: Some(rewrite),
    ..Syntax::NONE
};

#[expect(clippy::unnecessary_wraps, reason = "one signature for all rewrites")]
fn rewrite(query: &mut Query, _context: &Context<'_>) -> Result<(), Refusal> {
    let Some(OrderByKind::Expressions(keys)) = query.order_by.as_mut().map(|order| &mut order.kind)
    else {
        return Ok(());
    };
    let mut sides = Vec::new();
    if !lists(&query.body, &mut sides) {
        return Ok(());
    }
    let Some((first, others)) = sides.split_first() else {
        return Ok(());
    };
    for key in keys {
        let Expr::Identifier(name) = &key.expr else {
            continue;
        };
        if place(first, name).is_some() {
            continue;
        }
        if let Some(place) = others.iter().find_map(|list| place(list, name)) {
            let number = Value::Number((place + 1).to_string(), false);
            key.expr = Expr::Value(number.with_span(name.span));
        }
    }
    Ok(())
}

/// The SELECT lists of a set operation; false when there is none, or when a `*` hides the places.
fn lists<'a>(body: &'a SetExpr, found: &mut Vec<&'a [SelectItem]>) -> bool {
    match body {
        SetExpr::SetOperation {
            left,
            right,
            set_quantifier,
            ..
        } => {
            let is_by_place = !matches!(
                set_quantifier,
                SetQuantifier::ByName | SetQuantifier::AllByName | SetQuantifier::DistinctByName
            );
            is_by_place && side(left, found) && side(right, found)
        }
        _ => false,
    }
}

fn side<'a>(body: &'a SetExpr, found: &mut Vec<&'a [SelectItem]>) -> bool {
    match body {
        SetExpr::Select(select) => {
            found.push(&select.projection);
            select.projection.iter().all(|item| {
                matches!(
                    item,
                    SelectItem::UnnamedExpr(_) | SelectItem::ExprWithAlias { .. }
                )
            })
        }
        SetExpr::Query(query) => side(&query.body, found),
        other => lists(other, found),
    }
}

fn place(list: &[SelectItem], name: &Ident) -> Option<usize> {
    let is_it = |other: &Ident| other.value.to_lowercase() == name.value.to_lowercase();
    list.iter().position(|item| match item {
        SelectItem::ExprWithAlias { alias, .. } => is_it(alias),
        SelectItem::UnnamedExpr(Expr::Identifier(column)) => is_it(column),
        SelectItem::UnnamedExpr(Expr::CompoundIdentifier(path)) => path.last().is_some_and(is_it),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use crate::tree::testing::text;

    #[test]
    fn names_of_later_sides_are_places() {
        assert_eq!(
            text(
                "SELECT x, 1 FROM t UNION ALL (SELECT 2, 23 AS c FROM t ORDER BY c LIMIT 1) ORDER BY c, x"
            ),
            "SELECT x, 1 FROM t UNION ALL (SELECT 2, 23 AS c FROM t ORDER BY c LIMIT 1) ORDER BY 2, x"
        );
        assert_eq!(
            text("SELECT * FROM t UNION SELECT 1 AS c ORDER BY c"),
            "SELECT * FROM t UNION SELECT 1 AS c ORDER BY c"
        );
    }
}
