//! The tables and columns that a statement can use: those of the catalog and of its own WITH.

use std::future::Future;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use kouan_engine::{
    ColumnEntry, Engine, Piece, STACK_BYTES, SavedQuery, Source, TableEntry, split,
};
use kouan_render::type_name;
use rustyline::completion::Pair;

use super::clauses::CommonTable;
use super::complete::pair;
use super::cursor::TableUse;

/// What stands before the name of a saved query that is read as a table.
const QUERIES: &str = "queries.";
/// Different values of a column that are offered; of more, a list is no help.
const MOST_VALUES: usize = 100;
/// A person who pressed Tab waits no longer than this for what has to be looked up.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// What there is to complete from.
pub(super) struct Known<'a> {
    engine: &'a Arc<Engine>,
    tables: Vec<TableEntry>,
    common: &'a [CommonTable],
}

impl<'a> Known<'a> {
    pub(super) fn new(engine: &'a Arc<Engine>, common: &'a [CommonTable]) -> Self {
        Self {
            engine,
            tables: engine.tables(),
            common,
        }
    }

    pub(super) fn tables(&self) -> Vec<Pair> {
        let common = self
            .common
            .iter()
            .map(|table| pair(&table.name, "of this statement"));
        let about = |table: &TableEntry| table.title.clone().unwrap_or_default();
        let stored = self
            .tables
            .iter()
            .map(|table| pair(&table.written, &about(table)));
        common.chain(stored).chain(self.queries(QUERIES)).collect()
    }

    /// The saved queries as tables, after a prefix.
    fn queries(&self, prefix: &str) -> Vec<Pair> {
        let about = |query: &SavedQuery| query.title.clone().unwrap_or_default();
        let queries = self.engine.queries();
        let pairs = queries
            .iter()
            .map(|query| pair(&format!("{prefix}{}", query.name), &about(query)));
        pairs.collect()
    }

    /// The columns of a table as written in the statement.
    pub(super) fn columns(&self, name: &str) -> Vec<ColumnEntry> {
        let common = self
            .common
            .iter()
            .find(|table| table.name.eq_ignore_ascii_case(name));
        if let Some(common) = common {
            return self.describe(&common.query);
        }
        if name.starts_with(QUERIES) {
            return self.describe(&format!("SELECT * FROM {name}"));
        }
        self.stored(name)
            .map_or_else(Vec::new, |table| table.columns.clone())
    }

    /// After `x.`: the columns of the table called x, or the tables of the schema x.
    pub(super) fn members(&self, qualifier: &str, uses: &[TableUse]) -> Vec<Pair> {
        if let Some(table) = used(qualifier, uses) {
            return self.columns(&table.name).iter().map(column).collect();
        }
        if format!("{qualifier}.") == QUERIES {
            return self.queries("");
        }
        self.tables
            .iter()
            .filter(|table| table.schema == qualifier)
            .map(|table| pair(&table.name, table.title.as_deref().unwrap_or_default()))
            .collect()
    }

    /// The columns that all tables have.
    pub(super) fn shared(&self, uses: &[TableUse]) -> Vec<Pair> {
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
    pub(super) fn values(
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

pub(super) fn column(column: &ColumnEntry) -> Pair {
    pair(&column.name, &type_name(&column.data_type))
}

fn used<'u>(qualifier: &str, uses: &'u [TableUse]) -> Option<&'u TableUse> {
    uses.iter().find(|table| {
        let last = table.name.rsplit('.').next();
        table.alias.as_deref() == Some(qualifier) || last == Some(qualifier)
    })
}

/// The result of work that is done soon; what takes longer ends by itself, unheard.
pub(super) fn in_time<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Option<T> {
    let (sender, receiver) = mpsc::channel();
    let thread = thread::Builder::new()
        .name("completion".to_string())
        .stack_size(STACK_BYTES);
    let started = thread.spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        if let Ok(runtime) = runtime {
            // Nobody listens any more when it took too long.
            let _ = sender.send(runtime.block_on(work));
        }
    });
    started.ok()?;
    receiver.recv_timeout(PATIENCE).ok()
}
