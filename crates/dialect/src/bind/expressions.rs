//! Puts what names stand for into expressions, and binds the subqueries in them.

use std::ops::ControlFlow;

use sqlparser::ast::{Expr, Query, VisitMut, VisitorMut};

use super::columns::normalized;
use super::queries::Binder;
use super::scope::Meaning;
use crate::refusal::Refusal;

impl Binder<'_> {
    /// Binds an expression in the scopes as they are; true when a name in it was replaced.
    pub(super) fn expression(&mut self, node: &mut impl VisitMut) -> Result<bool, Refusal> {
        self.walk(node, true)
    }

    /// Binds the subqueries of an expression and leaves its own names alone.
    pub(super) fn subqueries(&mut self, node: &mut impl VisitMut) -> Result<(), Refusal> {
        self.walk(node, false).map(|_| ())
    }

    fn walk(&mut self, node: &mut impl VisitMut, replaces_names: bool) -> Result<bool, Refusal> {
        let mut walk = Walk {
            binder: self,
            replaces_names,
            depth: 0,
            has_replaced: false,
        };
        match node.visit(&mut walk) {
            ControlFlow::Continue(()) => Ok(walk.has_replaced),
            ControlFlow::Break(refusal) => Err(refusal),
        }
    }
}

struct Walk<'a, 'b> {
    binder: &'a mut Binder<'b>,
    replaces_names: bool,
    /// Inside a subquery all is done by the binder already.
    depth: usize,
    has_replaced: bool,
}

impl VisitorMut for Walk<'_, '_> {
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

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Refusal> {
        if self.depth == 0
            && self.replaces_names
            && let Expr::Identifier(name) = expr
            && let Meaning::Merged(column) = self.binder.scopes.meaning(&normalized(name))
        {
            *expr = column.value(name.span);
            self.has_replaced = true;
        }
        ControlFlow::Continue(())
    }
}
