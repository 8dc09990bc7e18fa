//! A table that fails at a batch of one's choice, in each way that a table can.

use std::fmt;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::catalog::TableProvider;
use datafusion::catalog::streaming::StreamingTable;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::stream::{
    RecordBatchReceiverStreamBuilder, RecordBatchStreamAdapter,
};
use datafusion::physical_plan::streaming::PartitionStream;

/// What every failure says, so that it can be told from others.
pub(super) const BROKEN: &str = "the test broke it";

/// How a table fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    Error,
    Panic,
    /// A thread of its own panics, which only closes a channel.
    ThreadPanics,
    /// A task panics that nobody asks how it ended.
    LostTask,
}

/// Where and how a table fails, if it does.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fault {
    pub(super) how: How,
    pub(super) partition: usize,
    pub(super) batch: usize,
}

pub(super) const PARTITIONS: usize = 3;
pub(super) const BATCHES: usize = 6;
const BATCH_ROWS: usize = 100;

/// A table `i BIGINT` of three partitions of six batches.
pub(super) fn table(fault: Option<Fault>) -> Result<Arc<dyn TableProvider>> {
    let schema = Arc::new(Schema::new(vec![Field::new("i", DataType::Int64, false)]));
    let partitions = (0..PARTITIONS).map(|number| {
        Arc::new(Partition {
            schema: Arc::clone(&schema),
            number,
            fault: fault.filter(|fault| fault.partition == number),
        }) as Arc<dyn PartitionStream>
    });
    let table = StreamingTable::try_new(Arc::clone(&schema), partitions.collect())?;
    Ok(Arc::new(table))
}

struct Partition {
    schema: SchemaRef,
    number: usize,
    fault: Option<Fault>,
}

impl fmt::Debug for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Partition {}", self.number)
    }
}

impl PartitionStream for Partition {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let (schema, number, fault) = (Arc::clone(&self.schema), self.number, self.fault);
        let own = Arc::clone(&schema);
        let batches = (0..BATCHES).map(move |index| {
            if let Some(fault) = fault.filter(|fault| fault.batch == index) {
                fail(fault.how)?;
            }
            batch(&own, number * BATCHES + index)
        });
        match fault.map(|fault| fault.how) {
            Some(How::ThreadPanics) => {
                let mut builder = RecordBatchReceiverStreamBuilder::new(schema, 1);
                let sender = builder.tx();
                builder.spawn_blocking(move || {
                    for batch in batches {
                        if sender.blocking_send(batch).is_err() {
                            break;
                        }
                    }
                    Ok(())
                });
                builder.build()
            }
            Some(How::LostTask) => {
                let (sender, receiver) = tokio::sync::mpsc::channel(1);
                tokio::spawn(async move {
                    for batch in batches {
                        if sender.send(batch).await.is_err() {
                            break;
                        }
                    }
                });
                let rows = futures::stream::unfold(receiver, |mut receiver| async move {
                    Some((receiver.recv().await?, receiver))
                });
                Box::pin(RecordBatchStreamAdapter::new(schema, rows))
            }
            _ => {
                let rows = futures::stream::iter(batches);
                Box::pin(RecordBatchStreamAdapter::new(schema, rows))
            }
        }
    }
}

fn fail(how: How) -> Result<()> {
    match how {
        How::Error => Err(DataFusionError::Execution(BROKEN.to_string())),
        How::Panic | How::ThreadPanics | How::LostTask => panic!("{BROKEN}"),
    }
}

fn batch(schema: &SchemaRef, number: usize) -> Result<RecordBatch> {
    let first = (number * BATCH_ROWS) as i64;
    let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(
        first..first + BATCH_ROWS as i64,
    ));
    Ok(RecordBatch::try_new(Arc::clone(schema), vec![numbers])?)
}
