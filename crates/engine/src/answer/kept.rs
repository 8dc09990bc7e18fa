//! The rows of an answer, kept as it gives them: as table `_` they are asked again or shown in full without
//! running anew.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arrow::array::RecordBatch;
use arrow::datatypes::{Field, Schema, SchemaRef};
use datafusion::common::TableReference;
use datafusion::datasource::MemTable;
use datafusion::error::Result;
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryPool, MemoryReservation};
use datafusion::prelude::SessionContext;

use crate::catalog::entries::default_schema;
use crate::catalog::names::{CATALOG, LAST};

/// Bytes of rows that are kept; a larger answer is not, for half of it would answer wrong.
const MOST_BYTES: usize = 64 << 20;

/// Rows of an answer, kept while it gives them.
#[derive(Clone)]
pub struct KeptRows(Arc<Mutex<Keeper>>);

struct Keeper {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
    reservation: MemoryReservation,
    /// More rows have come than are kept.
    is_full: bool,
    /// The answer has come to its end.
    is_whole: bool,
}

/// The rows of the last answer.
#[derive(Debug, Clone)]
pub struct LastAnswer {
    /// Its columns; a name that was there twice has a number (`a_2`).
    pub schema: SchemaRef,
    /// Its rows.
    pub batches: Vec<RecordBatch>,
}

impl KeptRows {
    pub(super) fn new(schema: &Schema, pool: &Arc<dyn MemoryPool>) -> Self {
        Self(Arc::new(Mutex::new(Keeper {
            schema: with_unique_names(schema),
            batches: Vec::new(),
            reservation: MemoryConsumer::new("the last answer").register(pool),
            is_full: false,
            is_whole: false,
        })))
    }

    /// Keeps the next rows, or gives all up when there are too many; `None` is the answer's end.
    pub(super) fn take(&self, batch: Option<&RecordBatch>) {
        let mut keeper = lock(&self.0);
        match batch {
            Some(batch) => keeper.push(batch),
            None => keeper.is_whole = true,
        }
    }
}

impl Keeper {
    fn push(&mut self, batch: &RecordBatch) {
        if self.is_full {
            return;
        }
        let bytes = batch.get_array_memory_size();
        let fits = self.reservation.size() + bytes <= MOST_BYTES
            && self.reservation.try_grow(bytes).is_ok();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), batch.columns().to_vec());
        match batch {
            Ok(batch) if fits => self.batches.push(batch),
            _ => {
                self.is_full = true;
                self.batches.clear();
                self.reservation.free();
            }
        }
    }

    /// Puts the rows in the place of table `_`.
    fn register(&self, context: &SessionContext) -> Result<()> {
        let table = MemTable::try_new(Arc::clone(&self.schema), vec![self.batches.clone()])?;
        let name = last_name(context);
        context.deregister_table(name.clone())?;
        context.register_table(name, Arc::new(table))?;
        Ok(())
    }
}

/// The last answer of a session, with the memory that it holds.
#[derive(Default)]
pub(crate) struct Last(Mutex<Option<KeptRows>>);

impl Last {
    /// Makes an answer that has come to its end the table `_`. False: it was too large to
    /// be kept, and there is no last answer now.
    pub(crate) fn set(&self, context: &SessionContext, rows: KeptRows) -> bool {
        let keeper = lock(&rows.0);
        let is_kept = keeper.is_whole && !keeper.is_full && keeper.register(context).is_ok();
        drop(keeper);
        if !is_kept {
            // Better no table than one of an earlier statement.
            let _ = context.deregister_table(last_name(context));
        }
        *lock(&self.0) = is_kept.then_some(rows);
        is_kept
    }

    /// The last answer, if there is one that was small enough.
    pub(crate) fn get(&self) -> Option<LastAnswer> {
        let last = lock(&self.0);
        let keeper = lock(&last.as_ref()?.0);
        Some(LastAnswer {
            schema: Arc::clone(&keeper.schema),
            batches: keeper.batches.clone(),
        })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn last_name(context: &SessionContext) -> TableReference {
    TableReference::full(CATALOG, default_schema(context), LAST)
}

/// Names that can be told apart; an answer may hold one twice, a table may not.
fn with_unique_names(schema: &Schema) -> SchemaRef {
    let mut taken: HashSet<String> = HashSet::new();
    let fields = schema.fields().iter().map(|field| {
        let mut name = field.name().clone();
        let mut number = 2;
        while !taken.insert(name.clone()) {
            name = format!("{}_{number}", field.name());
            number += 1;
        }
        // A plan may promise a value in every row and still give a NULL.
        Field::clone(field).with_name(name).with_nullable(true)
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::DataType;

    use super::*;

    #[test]
    fn names_that_occur_again_get_a_number() {
        let field = |name| Field::new(name, DataType::Int64, false);
        let schema = Schema::new(["a", "a_2", "a", "b", "a"].map(field).to_vec());
        let unique = with_unique_names(&schema);
        let names: Vec<&String> = unique.fields().iter().map(|field| field.name()).collect();
        assert_eq!(names, ["a", "a_2", "a_3", "b", "a_4"]);
    }
}
