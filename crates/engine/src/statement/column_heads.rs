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

/// Gives all but the first of the columns of one name another name, unless DataFusion tells them apart by their tables.
fn tell_apart(select: &mut Select) {
    let heads: Vec<Option<Head>> = select.projection.iter().map(Head::of).collect();
    let mut added: Vec<String> = Vec::new();
    for (at, item) in select.projection.iter_mut().enumerate() {
        let Some(head) = &heads[at] else { continue };
        let before = heads[..at].iter().flatten();
        let before = before.filter(|other| other.clashes_with(head)).count();
        if before == 0 {
            continue;
        }
        let is_taken = |numbered: &String| {
            let mut names = heads.iter().flatten().map(|other| &other.name);
            names.any(|name| name == numbered) || added.contains(numbered)
        };
        let mut numbered = (before..).map(|count| format!("{}_{count}", head.name));
        let Some(unlike) = numbered.find(|numbered| !is_taken(numbered)) else {
            continue;
        };
        let alias = Ident::with_quote('"', unlike.as_str());
        added.push(unlike);
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

/// The name that a column has, and the table that it says it is of.
struct Head {
    name: String,
    table: Option<String>,
}

impl Head {
    fn of(item: &SelectItem) -> Option<Self> {
        let name = |name: &Ident| match name.quote_style {
            Some(_) => name.value.clone(),
            None => name.value.to_lowercase(),
        };
        let (name, table) = match item {
            SelectItem::UnnamedExpr(Expr::Identifier(only)) => (name(only), None),
            SelectItem::UnnamedExpr(Expr::CompoundIdentifier(path)) => {
                let (last, table) = path.split_last()?;
                let table: Vec<String> = table.iter().map(name).collect();
                (name(last), Some(table.join(".")))
            }
            SelectItem::ExprWithAlias { alias, .. } => (name(alias), None),
            _ => return None,
        };
        Some(Self { name, table })
    }

    fn clashes_with(&self, other: &Self) -> bool {
        self.name == other.name
            && (self.table.is_none() || other.table.is_none() || self.table == other.table)
    }
}
