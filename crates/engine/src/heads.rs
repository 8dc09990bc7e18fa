//! The heads of an answer's columns: expressions as written, each head once.

use datafusion::sql::sqlparser::ast::{Expr, Ident, Select, SelectItem, SetExpr};

/// Heads an answer's columns with the expressions as written: `port_mode(0, 5)`, where
/// DataFusion would write `port_mode(Int64(0),Int64(5))`.
///
/// A second column of the same head, as in `SELECT (place), place`, gets a number after it, since DataFusion
/// refuses two columns of one name.
pub(crate) fn as_written(body: &mut SetExpr) {
    match body {
        SetExpr::Select(select) => {
            if select.distinct.is_none() {
                write_heads(select);
            }
            tell_apart(select);
        }
        SetExpr::SetOperation { left, .. } => as_written(left),
        _ => {}
    }
}

fn write_heads(select: &mut Select) {
    for item in &mut select.projection {
        let SelectItem::UnnamedExpr(expr) = item else {
            continue;
        };
        let text = expr.to_string();
        let is_plain = matches!(expr, Expr::Identifier(_) | Expr::CompoundIdentifier(_));
        // A struct that is opened becomes several columns, which one name cannot head.
        if is_plain || text.to_lowercase().contains("unnest(") {
            continue;
        }
        let alias = Ident::with_quote('"', text);
        *item = SelectItem::ExprWithAlias {
            expr: expr.clone(),
            alias,
        };
    }
}

fn tell_apart(select: &mut Select) {
    let heads: Vec<Option<String>> = select.projection.iter().map(head).collect();
    for (at, item) in select.projection.iter_mut().enumerate() {
        let Some(name) = &heads[at] else { continue };
        let before = heads[..at]
            .iter()
            .filter(|head| *head == &heads[at])
            .count();
        if before == 0 {
            continue;
        }
        let is_free = |numbered: &String| !heads.iter().flatten().any(|head| head == numbered);
        let mut numbered = (before..).map(|count| format!("{name}_{count}"));
        let Some(unlike) = numbered.find(is_free) else {
            continue;
        };
        let alias = Ident::with_quote('"', unlike);
        match item {
            SelectItem::UnnamedExpr(expr) => {
                *item = SelectItem::ExprWithAlias {
                    expr: expr.clone(),
                    alias,
                };
            }
            SelectItem::ExprWithAlias { alias: given, .. } => *given = alias,
            _ => {}
        }
    }
}

/// The name that DataFusion tells a column by: of another table, a column is another one.
fn head(item: &SelectItem) -> Option<String> {
    let name = |name: &Ident| match name.quote_style {
        Some(_) => name.value.clone(),
        None => name.value.to_lowercase(),
    };
    match item {
        SelectItem::UnnamedExpr(Expr::Identifier(only)) => Some(name(only)),
        SelectItem::ExprWithAlias { alias, .. } => Some(name(alias)),
        _ => None,
    }
}
