//! The outer values that a subquery is evaluated for.

use std::sync::Arc;

use arrow::datatypes::FieldRef;
use datafusion::common::alias::AliasGenerator;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{Column, ExprSchema, NullEquality};
use datafusion::error::Result;
use datafusion::logical_expr::{Distinct, Expr, LogicalPlan};

use super::fields::project;
use super::outer::outer_columns;
use super::refusal::refuse_unrepeatable;
use super::repeatable::{is_float, superset, unrepeatable};

/// The outer columns that a subquery uses, and the plan that they are columns of.
pub(super) struct Domain<'a> {
    columns: Vec<(Column, FieldRef)>,
    source: &'a LogicalPlan,
    names: &'a AliasGenerator,
}

impl<'a> Domain<'a> {
    /// `columns` are of the schema of `source`.
    pub(super) fn new(
        columns: Vec<(Column, FieldRef)>,
        source: &'a LogicalPlan,
        names: &'a AliasGenerator,
    ) -> Self {
        Self {
            columns,
            source,
            names,
        }
    }

    /// Whether the subquery uses no column of the plan.
    pub(super) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// The outer columns.
    pub(super) fn columns(&self) -> impl ExactSizeIterator<Item = &Column> {
        self.columns.iter().map(|(column, _)| column)
    }

    /// The outer columns with their types.
    pub(super) fn fields(&self) -> &[(Column, FieldRef)] {
        &self.columns
    }

    /// A name that no other column of the statement has, for a copy of the column `index`.
    pub(super) fn key_name(&self, index: usize) -> String {
        let name = &self.columns[index].0.name;
        self.names.next(&format!("__outer_{name}"))
    }

    /// A name that no other column or relation of the statement has.
    pub(super) fn fresh(&self, prefix: &str) -> String {
        self.names.next(prefix)
    }

    /// The distinct outer values as a relation, with the names of its columns.
    ///
    /// It may have values that no outer row has: rows for these find no partner later.
    ///
    /// # Errors
    /// The outer rows are not the same when they are read again.
    pub(super) fn values(&self) -> Result<(LogicalPlan, Vec<Column>)> {
        let mut source = superset(self.source)?;
        if !self
            .columns()
            .all(|column| source.schema().has_column(column))
        {
            source = self.source.clone();
        }
        let floats = self
            .columns
            .iter()
            .any(|(_, field)| is_float(field.data_type()));
        if let Some(what) = unrepeatable(&source, floats)? {
            return refuse_unrepeatable(what);
        }
        let names: Vec<_> = (0..self.columns.len())
            .map(|index| self.key_name(index))
            .collect();
        let exprs = self.columns().zip(&names);
        let exprs = exprs.map(|(column, name)| Expr::Column(column.clone()).alias(name));
        let values = project(source, exprs.collect())?;
        let keys = names.into_iter().map(Column::new_unqualified).collect();
        Ok((LogicalPlan::Distinct(Distinct::All(Arc::new(values))), keys))
    }

    /// Whether `plan` uses any of the outer columns.
    pub(super) fn is_used_by(&self, plan: &LogicalPlan) -> Result<bool> {
        let used = outer_columns(plan)?;
        Ok(used
            .iter()
            .any(|(column, _)| self.position(column).is_some()))
    }

    /// Whether `expr` uses any of the outer columns.
    pub(super) fn is_used_in(&self, expr: &Expr) -> Result<bool> {
        expr.exists(|expr| Ok(self.outer_column(expr).is_some()))
    }

    /// The index of the outer column that `expr` is, if it is one.
    pub(super) fn outer_column(&self, expr: &Expr) -> Option<usize> {
        match expr {
            Expr::OuterReferenceColumn(_, column) => self.position(column),
            _ => None,
        }
    }

    fn position(&self, column: &Column) -> Option<usize> {
        self.columns().position(|known| known == column)
    }

    /// `expr` with the columns `keys` in the place of the outer ones.
    pub(super) fn bind(&self, expr: Expr, keys: &[Column]) -> Result<Expr> {
        let bound = expr.transform_up(|expr| {
            Ok(match self.outer_column(&expr) {
                Some(index) => Transformed::yes(Expr::Column(keys[index].clone())),
                None => Transformed::no(expr),
            })
        })?;
        Ok(bound.data)
    }

    /// [`Domain::bind`] for several expressions.
    pub(super) fn bind_all(&self, exprs: &[Expr], keys: &[Column]) -> Result<Vec<Expr>> {
        let exprs = exprs.iter().cloned();
        exprs.map(|expr| self.bind(expr, keys)).collect()
    }

    /// The pairs of columns that join the outer rows with what was found for them.
    pub(super) fn pairs(&self, keys: impl IntoIterator<Item = Column>) -> Vec<(Expr, Expr)> {
        let outer = self.columns().cloned().map(Expr::Column);
        outer.zip(keys.into_iter().map(Expr::Column)).collect()
    }

    /// How the keys are compared: NULL finds NULL, where there may be NULLs.
    pub(super) fn null_equality(&self) -> NullEquality {
        let schema = self.source.schema();
        let nullable = self.columns().any(|column| {
            let field = schema.field_from_column(column);
            field.map_or(true, |field| field.is_nullable())
        });
        if nullable {
            NullEquality::NullEqualsNull
        } else {
            NullEquality::NullEqualsNothing
        }
    }
}
