//! The rows of an answer, from the worker that makes them to the thread that shows them.

use arrow::array::RecordBatch;
use kouan_engine::{Answer, AnswerShape, Source, StatementError};
use tokio::runtime::Runtime;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::task::AbortHandle;

use crate::exit::Failure;
use crate::session::watch::Watch;
use crate::session::workers::{Panics, Workers};
use crate::show::answers::shown;

/// Batches that may wait while one is written.
const BATCHES_AHEAD: usize = 4;

/// What a worker says of an answer. Only after the last word is it whole.
enum Word {
    Rows(RecordBatch),
    Failed(Box<StatementError>),
    Finished,
}

/// The rows of one answer as they come, as they are shown. Dropping them stops the work.
pub(crate) struct Rows {
    source: Source,
    words: Receiver<Word>,
    producer: AbortHandle,
    shape: AnswerShape,
    panics: Panics,
    /// How many rows have come.
    pub(crate) count: u64,
}

impl Rows {
    /// Starts to take rows from an answer, on a worker; `panics` watches since its statement began.
    pub(crate) fn of(mut answer: Answer, workers: &Workers, panics: Panics) -> Self {
        let (source, shape) = (answer.source().clone(), answer.shape());
        let (sender, words) = channel(BATCHES_AHEAD);
        let producer = workers.spawn(async move {
            loop {
                let word = match answer.next().await {
                    Some(Ok(batch)) => Word::Rows(batch),
                    Some(Err(error)) => Word::Failed(error),
                    None => Word::Finished,
                };
                let is_last = !matches!(word, Word::Rows(_));
                if sender.send(word).await.is_err() || is_last {
                    break;
                }
            }
        });
        Self {
            source,
            words,
            producer: producer.abort_handle(),
            shape,
            panics,
            count: 0,
        }
    }

    /// The next rows, or nothing when the answer is whole.
    pub(crate) fn next(
        &mut self,
        watch: &mut Watch,
        waiting: &Runtime,
    ) -> Result<Option<RecordBatch>, Failure> {
        match watch.wait(waiting, self.words.recv())? {
            Some(Word::Rows(batch)) => {
                let batch = shown(self.shape, batch)?;
                self.count += batch.num_rows() as u64;
                Ok(Some(batch))
            }
            Some(Word::Failed(error)) => Err(Failure::Statement(self.source.clone(), error)),
            Some(Word::Finished) => {
                let whole = self.panics.unless_any(None);
                whole.map_err(|error| Failure::Statement(self.source.clone(), error))
            }
            None => Err(Failure::fault("its end never came")),
        }
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        self.producer.abort();
    }
}
