//! The binder: syntax whose meaning depends on which columns a table has.
//!
//! It walks queries from the outside in, knows the columns that each part of FROM gives, and so what a name in
//! `USING (k)` and NATURAL JOIN stands for (apache/datafusion 22881: the planner takes the left side's column, also for
//! RIGHT and FULL JOIN), and how many columns the sides of EXCEPT ALL and INTERSECT ALL have (apache/datafusion 12955, 12956:
//! the planner does not count).
//!
//! Only statements with such syntax are walked; [`needs_columns`] says which.

mod columns;
mod expressions;
mod from;
mod queries;
mod scope;
mod selects;
mod sets;
mod templates;
#[cfg(test)]
mod tests;

use std::ops::ControlFlow;

use sqlparser::ast::{Query, Select, SetExpr, Visit, VisitMut, Visitor, VisitorMut};

pub use columns::{Columns, sources};

use crate::refusal::Refusal;
use queries::Binder;

/// True when the statement has syntax that [`bind`] gives its meaning.
pub fn needs_columns(statement: &impl Visit) -> bool {
    statement.visit(&mut Finder).is_break()
}

/// Writes out what depends on the columns of tables.
///
/// # Errors
/// A [`Refusal`]: a name of USING is on one side only or on one side twice, or columns are not known that must be.
pub fn bind(statement: &mut impl VisitMut, columns: &Columns) -> Result<(), Refusal> {
    let mut outermost = Outermost {
        binder: Binder::new(columns),
        depth: 0,
    };
    match statement.visit(&mut outermost) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(refusal) => Err(refusal),
    }
}

/// Binds the queries of a statement that are in no other.
struct Outermost<'a> {
    binder: Binder<'a>,
    depth: usize,
}

impl VisitorMut for Outermost<'_> {
    type Break = Refusal;

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<Refusal> {
        if self.depth == 0
            && let Err(refusal) = self.binder.query(query)
        {
            return ControlFlow::Break(refusal);
        }
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _query: &mut Query) -> ControlFlow<Refusal> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }
}

struct Finder;

impl Visitor for Finder {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        match counts(&query.body) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<()> {
        match select.from.iter().any(from::has_merged_columns) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }
}

fn counts(body: &SetExpr) -> bool {
    match body {
        SetExpr::SetOperation {
            op,
            set_quantifier,
            left,
            right,
        } => sets::is_counted(*op, *set_quantifier) || counts(left) || counts(right),
        _ => false,
    }
}
