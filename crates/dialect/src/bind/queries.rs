//! Walks queries: WITH, the body, then ORDER BY.

use sqlparser::ast::{Cte, OrderBy, Query, SetExpr, SetOperator, TableAlias, Values, With};

use super::columns::{Columns, normalized};
use super::scope::{Names, Scopes};
use super::sets;
use crate::refusal::Refusal;

/// What is known at a place of the walk.
pub(crate) struct Binder<'a> {
    pub(super) columns: &'a Columns,
    /// What WITH defines, the innermost last.
    pub(super) common: Vec<(String, Names)>,
    pub(super) scopes: Scopes,
    /// How many queries the walk is inside of.
    pub(super) depth: usize,
    /// How many subqueries without a name were given one.
    pub(super) unnamed: usize,
}

impl<'a> Binder<'a> {
    pub(super) fn new(columns: &'a Columns) -> Self {
        Self {
            columns,
            common: Vec::new(),
            scopes: Scopes::default(),
            depth: 0,
            unnamed: 0,
        }
    }

    /// Binds a query and what is inside it; the names of its columns.
    pub(super) fn query(&mut self, query: &mut Query) -> Result<Names, Refusal> {
        self.depth += 1;
        let names = self.parts(query);
        self.depth -= 1;
        names
    }

    fn parts(&mut self, query: &mut Query) -> Result<Names, Refusal> {
        let outside = self.common.len();
        if let Some(With {
            recursive,
            cte_tables,
            ..
        }) = &mut query.with
        {
            for table in cte_tables {
                self.common_table(table, *recursive)?;
            }
        }
        let names = self.body(&mut query.body, query.order_by.as_mut())?;
        for operator in &mut query.pipe_operators {
            self.subqueries(operator)?;
        }
        if let Some(limit) = &mut query.limit_clause {
            self.subqueries(limit)?;
        }
        self.common.truncate(outside);
        match query.pipe_operators.is_empty() {
            true => Ok(names),
            false => Ok(None),
        }
    }

    fn common_table(&mut self, table: &mut Cte, is_recursive: bool) -> Result<(), Refusal> {
        let name = normalized(&table.alias.name);
        let names = match table.query.body.as_mut() {
            SetExpr::SetOperation {
                op: SetOperator::Union,
                left,
                right,
                ..
            } if is_recursive && table.query.with.is_none() => {
                // The second SELECT may read what the first one begins.
                let names = self.body(left, None)?;
                let names = renamed(names, &table.alias);
                self.common.push((name.clone(), names.clone()));
                self.body(right, None)?;
                self.common.pop();
                names
            }
            _ => {
                let names = self.query(&mut table.query)?;
                renamed(names, &table.alias)
            }
        };
        self.common.push((name, names));
        Ok(())
    }

    pub(super) fn body(
        &mut self,
        body: &mut SetExpr,
        order: Option<&mut OrderBy>,
    ) -> Result<Names, Refusal> {
        match body {
            SetExpr::Select(select) => self.select(select, order),
            SetExpr::Query(query) => self.query(query),
            SetExpr::SetOperation {
                op,
                set_quantifier,
                left,
                right,
            } => {
                let (op, quantifier) = (*op, *set_quantifier);
                let names = self.body(left, None)?;
                let others = self.body(right, None)?;
                if sets::is_counted(op, quantifier) {
                    return sets::count(body, names, others);
                }
                match sets::is_by_name(quantifier) {
                    true => Ok(sets::union_by_name(names, others)),
                    false => Ok(names),
                }
            }
            SetExpr::Values(values) => {
                self.subqueries(values)?;
                Ok(names_of_values(values))
            }
            _ => Ok(None),
        }
    }
}

fn names_of_values(values: &Values) -> Names {
    let first = values.rows.first()?;
    Some((1..=first.len()).map(|at| format!("column{at}")).collect())
}

/// The names after `AS t (a, b)`, which may rename the first columns or all of them.
pub(super) fn renamed(names: Names, alias: &TableAlias) -> Names {
    let given = alias.columns.iter().map(|column| normalized(&column.name));
    match names {
        Some(mut names) => {
            for (name, given) in names.iter_mut().zip(given) {
                *name = given;
            }
            Some(names)
        }
        None if alias.columns.is_empty() => None,
        None => Some(given.collect()),
    }
}
