//! The tables and columns that a statement can use: those of the catalog and of its own WITH.

use std::sync::Arc;

use kouan_engine::{ColumnEntry, Engine, Piece, QUERIES, SavedQuery, Source, TableEntry, split};

use crate::candidate::{About, Candidate};
use crate::clauses::CommonTable;
use crate::cursor::TableUse;
use crate::in_time::in_time;

/// Different values of a column that are offered; of more, a list is no help.
const MOST_VALUES: usize = 100;

/// What there is to complete from.
pub(crate) struct Known<'a> {
    engine: &'a Arc<Engine>,
    tables: Vec<TableEntry>,
    common: &'a [CommonTable],
}

impl<'a> Known<'a> {
    pub(crate) fn new(engine: &'a Arc<Engine>, common: &'a [CommonTable]) -> Self {
        Self {
            engine,
            tables: engine.tables(),
            common,
        }
    }

    pub(crate) fn tables(&self) -> Vec<Candidate> {
        let common = self
            .common
            .iter()
            .map(|table| Candidate::described(&table.name, "of this statement"));
        let about = |table: &TableEntry| table.title.clone().unwrap_or_default();
        let stored = self
            .tables
            .iter()
            .map(|table| Candidate::described(&table.written, &about(table)));
        common
            .chain(stored)
            .chain(self.queries(&before_query()))
            .collect()
    }

    /// The saved queries as tables, after a prefix.
    fn queries(&self, prefix: &str) -> Vec<Candidate> {
        let about = |query: &SavedQuery| query.title.clone().unwrap_or_default();
        let queries = self.engine.queries();
        let candidates = queries
            .iter()
            .map(|query| Candidate::described(&format!("{prefix}{}", query.name), &about(query)));
        candidates.collect()
    }

    /// The columns of a table as written in the statement.
    pub(crate) fn columns(&self, name: &str) -> Vec<ColumnEntry> {
        let common = self
            .common
            .iter()
            .find(|table| table.name.eq_ignore_ascii_case(name));
        if let Some(common) = common {
            return self.describe(&common.query);
        }
        if name.starts_with(&before_query()) {
            return self.describe(&format!("SELECT * FROM {name}"));
        }
        self.stored(name)
            .map_or_else(Vec::new, |table| table.columns.clone())
    }

    /// After `x.`: the columns of the table called x, or the tables of the schema x.
    pub(crate) fn members(&self, qualifier: &str, uses: &[TableUse]) -> Vec<Candidate> {
        if let Some(table) = used(qualifier, uses) {
            return self.columns(&table.name).iter().map(column).collect();
        }
        if qualifier == QUERIES {
            return self.queries("");
        }
        self.tables
            .iter()
            .filter(|table| table.schema == qualifier)
            .map(|table| {
                Candidate::described(&table.name, table.title.as_deref().unwrap_or_default())
            })
            .collect()
    }

    /// The columns that all tables have.
    pub(crate) fn shared(&self, uses: &[TableUse]) -> Vec<Candidate> {
        let mut columns = uses.iter().map(|table| self.columns(&table.name));
        let Some(mut shared) = columns.next() else {
            return Vec::new();
        };
        for other in columns {
            shared.retain(|column| other.iter().any(|found| found.name == column.name));
        }
        shared.iter().map(column).collect()
    }

    /// The values of a column of text that has few.
    pub(crate) fn values(
        &self,
        qualifier: Option<&str>,
        name: &str,
        uses: &[TableUse],
    ) -> Vec<String> {
        let has_it = |table: &&TableEntry| table.columns.iter().any(|column| column.name == name);
        let table = match qualifier {
            Some(qualifier) => used(qualifier, uses).and_then(|table| self.stored(&table.name)),
            None => uses
                .iter()
                .filter_map(|table| self.stored(&table.name))
                .find(has_it),
        };
        let Some(table) = table.cloned() else {
            return Vec::new();
        };
        let (engine, name) = (Arc::clone(self.engine), name.to_string());
        let values = in_time(async move { engine.values_of(&table, &name, MOST_VALUES).await });
        values.flatten().unwrap_or_default()
    }

    fn stored(&self, name: &str) -> Option<&TableEntry> {
        let is_it = |table: &&TableEntry| table.written.eq_ignore_ascii_case(name);
        self.tables.iter().find(is_it)
    }

    fn describe(&self, query: &str) -> Vec<ColumnEntry> {
        let Some(Piece::Statement(statement)) = split(&Source::typed(query)).into_iter().next()
        else {
            return Vec::new();
        };
        let engine = Arc::clone(self.engine);
        let columns = in_time(async move { engine.describe(&statement).await });
        columns.and_then(Result::ok).unwrap_or_default()
    }
}

pub(crate) fn column(column: &ColumnEntry) -> Candidate {
    Candidate {
        about: About::Type(column.data_type.clone()),
        ..Candidate::name(&column.name)
    }
}

/// What stands before the name of a saved query that is read as a table.
fn before_query() -> String {
    format!("{QUERIES}.")
}

fn used<'u>(qualifier: &str, uses: &'u [TableUse]) -> Option<&'u TableUse> {
    uses.iter().find(|table| {
        let last = table.name.rsplit('.').next();
        table.alias.as_deref() == Some(qualifier) || last == Some(qualifier)
    })
}
