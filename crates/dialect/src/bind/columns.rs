//! The columns of tables, as the engine knows them.

use std::collections::HashMap;
use std::ops::ControlFlow;

use sqlparser::ast::{Ident, TableFactor, Visit, Visitor};

/// The names of the columns of tables and of functions in FROM.
#[derive(Debug, Default)]
pub struct Columns(HashMap<String, Vec<String>>);

impl Columns {
    /// Notes the columns of a table, in order.
    pub fn insert(&mut self, table: &TableFactor, columns: Vec<String>) {
        self.0.insert(key(table), columns);
    }

    /// The columns of a table, when they are known.
    pub(crate) fn of(&self, table: &TableFactor) -> Option<&[String]> {
        self.0.get(&key(table)).map(Vec::as_slice)
    }
}

/// A table as written, without the name that it is given.
fn key(table: &TableFactor) -> String {
    match table {
        TableFactor::Table {
            name, args: None, ..
        } => name.to_string(),
        other => without_alias(other).to_string(),
    }
}

pub(crate) fn without_alias(table: &TableFactor) -> TableFactor {
    let mut table = table.clone();
    match &mut table {
        TableFactor::Table { alias, .. }
        | TableFactor::Function { alias, .. }
        | TableFactor::UNNEST { alias, .. } => *alias = None,
        _ => {}
    }
    table
}

/// The tables and functions that a statement reads, each once, without the names that they are given.
///
/// What WITH defines is among them; no table need be there by such a name.
pub fn sources(statement: &impl Visit) -> Vec<TableFactor> {
    let mut tables = Tables::default();
    let _: ControlFlow<()> = statement.visit(&mut tables);
    tables.found.into_values().collect()
}

#[derive(Default)]
struct Tables {
    found: HashMap<String, TableFactor>,
}

impl Visitor for Tables {
    type Break = ();

    fn pre_visit_table_factor(&mut self, table: &TableFactor) -> ControlFlow<()> {
        if matches!(
            table,
            TableFactor::Table { .. } | TableFactor::Function { .. } | TableFactor::UNNEST { .. }
        ) {
            let table = without_alias(table);
            self.found.entry(key(&table)).or_insert(table);
        }
        ControlFlow::Continue(())
    }
}

/// A name as DataFusion compares it: in lower case, unless it is in quotes.
pub(crate) fn normalized(name: &Ident) -> String {
    match name.quote_style {
        Some(_) => name.value.clone(),
        None => name.value.to_lowercase(),
    }
}
