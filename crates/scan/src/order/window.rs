//! Partitions that run ahead of the one that is given out, within bounds.

use std::sync::Arc;

use arrow::array::RecordBatch;
use datafusion::common::runtime::SpawnedTask;
use datafusion::common::{DataFusionError, exec_datafusion_err};
use datafusion::error::Result;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::memory_pool::MemoryReservation;
use futures::StreamExt;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// KiB that a partition may keep ready.
const READY: u32 = 16 << 10;

/// Rows of a partition that wait until it is their turn.
struct Ready {
    batch: RecordBatch,
    _room: OwnedSemaphorePermit,
    _memory: MemoryReservation,
}

/// A partition that is run by a task of its own.
pub(super) struct Running {
    rows: UnboundedReceiver<Result<Ready>>,
    task: Option<SpawnedTask<()>>,
}

impl Running {
    /// Runs a partition. Until it is its turn it keeps no more than [`READY`], and nothing beyond the memory of the session.
    pub(super) fn start(
        partition: usize,
        stream: SendableRecordBatchStream,
        turn: watch::Receiver<usize>,
        memory: MemoryReservation,
    ) -> Self {
        let (rows_out, rows) = unbounded_channel();
        let task = SpawnedTask::spawn(pump(partition, stream, turn, memory, rows_out));
        Self {
            rows,
            task: Some(task),
        }
    }

    /// The next rows; an error also if the task broke off.
    pub(super) async fn next(&mut self) -> Option<Result<RecordBatch>> {
        if let Some(ready) = self.rows.recv().await {
            return Some(ready.map(|ready| ready.batch));
        }
        let ended = self.task.take()?.join().await;
        match ended {
            Ok(()) => None,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(error) => Some(Err(DataFusionError::ExecutionJoin(Box::new(error)))),
        }
    }
}

async fn pump(
    partition: usize,
    mut stream: SendableRecordBatchStream,
    mut turn: watch::Receiver<usize>,
    memory: MemoryReservation,
    rows: UnboundedSender<Result<Ready>>,
) {
    let room = Arc::new(Semaphore::new(READY as usize));
    while let Some(batch) = stream.next().await {
        let ready = match batch {
            Ok(batch) => keep(partition, batch, &room, &mut turn, &memory).await,
            Err(error) => Err(error),
        };
        let is_end = ready.is_err();
        if rows.send(ready).is_err() || is_end {
            return;
        }
    }
}

async fn keep(
    partition: usize,
    batch: RecordBatch,
    room: &Arc<Semaphore>,
    turn: &mut watch::Receiver<usize>,
    memory: &MemoryReservation,
) -> Result<Ready> {
    let bytes = batch.get_array_memory_size();
    let kept = u32::try_from(bytes >> 10).unwrap_or(READY).clamp(1, READY);
    let gone = |_| exec_datafusion_err!("nobody waits for these rows any more");
    let permit = Arc::clone(room).acquire_many_owned(kept).await;
    let permit = permit.map_err(|_| exec_datafusion_err!("the room for rows is closed"))?;
    let taken = memory.new_empty();
    if taken.try_grow(bytes).is_err() {
        // Without memory to keep them, rows wait in their operator.
        turn.wait_for(|turn| *turn >= partition)
            .await
            .map_err(gone)?;
    }
    Ok(Ready {
        batch,
        _room: permit,
        _memory: taken,
    })
}
