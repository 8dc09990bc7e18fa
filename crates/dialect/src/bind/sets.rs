//! EXCEPT ALL and INTERSECT ALL: the planner does not count how often a row is there.
//!
//! apache/datafusion 12955, 12956. Each row gets the number that it has among its equals, so that the same row is another
//! one the second time; of rows that are told apart like that, EXCEPT and INTERSECT without ALL keep the right ones.

use sqlparser::ast::{
    Ident, SelectItem, SetExpr, SetOperator, SetQuantifier, Spanned, TableAlias,
    TableAliasColumnDef, TableFactor,
};

use super::scope::Names;
use super::templates;
use crate::refusal::Refusal;

pub(super) fn is_counted(op: SetOperator, quantifier: SetQuantifier) -> bool {
    let is_kept = matches!(
        op,
        SetOperator::Except | SetOperator::Intersect | SetOperator::Minus
    );
    is_kept && quantifier == SetQuantifier::All
}

pub(super) fn is_by_name(quantifier: SetQuantifier) -> bool {
    matches!(
        quantifier,
        SetQuantifier::ByName | SetQuantifier::AllByName | SetQuantifier::DistinctByName
    )
}

/// Those of the left side, then what the right side has beyond them.
pub(super) fn union_by_name(left: Names, right: Names) -> Names {
    let mut names = left?;
    for name in right? {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Some(names)
}

/// Rewrites `left EXCEPT ALL right` whose sides have these columns.
pub(super) fn count(body: &mut SetExpr, left: Names, right: Names) -> Result<Names, Refusal> {
    let span = body.span();
    let SetExpr::SetOperation {
        op,
        left: left_side,
        right: right_side,
        ..
    } = body
    else {
        return Ok(left);
    };
    let (Some(names), Some(others)) = (left, right) else {
        let message = format!("the columns of {op} ALL are not known before they are read");
        return Err(Refusal::new(message, span).hint("name the columns in both SELECT lists"));
    };
    if names.len() != others.len() {
        let message = format!(
            "the sides of {op} have {} and {} columns",
            names.len(),
            others.len()
        );
        return Err(Refusal::new(message, span));
    }
    let op = match op {
        SetOperator::Intersect => "INTERSECT",
        _ => "EXCEPT",
    };
    let columns: Vec<String> = (1..=names.len()).map(|at| format!("\"{at}\"")).collect();
    let columns = columns.join(", ");
    let numbered = format!(
        "SELECT {columns}, row_number() OVER (PARTITION BY {columns}) AS \"number\" FROM side"
    );
    let take = |side: &mut SetExpr| std::mem::replace(side, templates::nothing());
    let sides = [take(left_side), take(right_side)];
    let mut numbered = templates::body(&format!("{numbered} {op} {numbered}"));
    for (select, side) in templates::selects(&mut numbered).into_iter().zip(sides) {
        select.from[0].relation = under_numbers(side, names.len());
    }
    let mut heads: Vec<String> = Vec::new();
    for name in &names {
        heads.push(unlike(name, &heads));
    }
    let mut whole = templates::body(&format!("SELECT {columns} FROM sides"));
    if let Some(select) = templates::selects(&mut whole).pop() {
        for (item, head) in select.projection.iter_mut().zip(&heads) {
            if let SelectItem::UnnamedExpr(expr) = item {
                *item = SelectItem::ExprWithAlias {
                    expr: expr.clone(),
                    alias: Ident::with_quote('"', head.as_str()),
                };
            }
        }
        select.from[0].relation = derived(numbered, "sides", Vec::new());
    }
    *body = whole;
    Ok(Some(heads))
}

/// `(side) AS side ("1", "2", …)`
fn under_numbers(side: SetExpr, count: usize) -> TableFactor {
    let columns = (1..=count).map(|at| TableAliasColumnDef {
        name: Ident::with_quote('"', at.to_string()),
        data_type: None,
    });
    derived(side, "side", columns.collect())
}

fn derived(body: SetExpr, name: &str, columns: Vec<TableAliasColumnDef>) -> TableFactor {
    TableFactor::Derived {
        lateral: false,
        subquery: Box::new(templates::query(body)),
        alias: Some(TableAlias {
            explicit: true,
            name: Ident::new(name),
            columns,
            at: None,
        }),
        sample: None,
    }
}

/// The name, or with a number after it when another column has it already.
pub(super) fn unlike(name: &str, others: &[String]) -> String {
    let is_free = |name: &String| !others.contains(name);
    let numbered = (1..).map(|count| format!("{name}_{count}"));
    std::iter::once(name.to_string())
        .chain(numbered)
        .find(is_free)
        .unwrap_or_default()
}
