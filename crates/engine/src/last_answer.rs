//! The last answer, kept as table `_`: asked again or shown in full without running anew.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Field, Schema, SchemaRef};
use datafusion::common::TableReference;
use datafusion::datasource::MemTable;
use datafusion::error::Result;
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};

use crate::Engine;
use crate::session::CATALOG;

/// The table's name.
pub(crate) const LAST: &str = "_";

/// Bytes of rows that are kept; a larger answer is not, for half of it would answer wrong.
const MOST_BYTES: usize = 64 << 20;

/// Rows of an answer, kept as they come. What they take counts against the memory limit.
pub struct Keeper {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
    reservation: MemoryReservation,
    is_full: bool,
}

/// The rows of the last answer.
#[derive(Debug, Clone)]
pub struct LastAnswer {
    /// Its columns; a name that was there twice has a number (`a_2`).
    pub schema: SchemaRef,
    /// Its rows.
    pub batches: Vec<RecordBatch>,
}

impl Keeper {
    /// Keeps a batch, or gives all up when there are too many.
    pub fn push(&mut self, batch: &RecordBatch) {
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
}

/// What is kept, with the memory it holds.
pub(crate) struct Kept {
    answer: LastAnswer,
    _reservation: MemoryReservation,
}

impl Engine {
    /// A place for the rows of an answer with these columns.
    pub fn keeper(&self, schema: &Schema) -> Keeper {
        let consumer = MemoryConsumer::new("the last answer");
        Keeper {
            schema: with_unique_names(schema),
            batches: Vec::new(),
            reservation: consumer.register(&self.context.runtime_env().memory_pool),
            is_full: false,
        }
    }

    /// Makes an answer that has come to its end the table `_`. False: it was too large to
    /// be kept, and there is no last answer now.
    pub fn keep(&self, keeper: Keeper) -> bool {
        let kept = !keeper.is_full && self.register_last(&keeper).is_ok();
        if !kept {
            // Better no table than one of an earlier statement.
            let _ = self.context.deregister_table(self.last_name());
        }
        let mut last = self
            .last
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        *last = kept.then(|| Kept {
            answer: LastAnswer {
                schema: keeper.schema,
                batches: keeper.batches,
            },
            _reservation: keeper.reservation,
        });
        kept
    }

    /// The last answer, if there is one that was small enough.
    pub fn last_answer(&self) -> Option<LastAnswer> {
        let last = self
            .last
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        last.as_ref().map(|kept| kept.answer.clone())
    }

    fn register_last(&self, keeper: &Keeper) -> Result<()> {
        let table = MemTable::try_new(Arc::clone(&keeper.schema), vec![keeper.batches.clone()])?;
        self.context.deregister_table(self.last_name())?;
        self.context
            .register_table(self.last_name(), Arc::new(table))?;
        Ok(())
    }

    fn last_name(&self) -> TableReference {
        TableReference::full(CATALOG, self.default_schema(), LAST)
    }
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
