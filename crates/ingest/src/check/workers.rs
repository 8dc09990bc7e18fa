//! Works off the pieces of a table on several threads.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::csv::Chunk;
use crate::error::IngestError;
use crate::options::Options;
use crate::read::feed::{Feed, Piece};
use crate::read::source::Contents;
use crate::report::Findings;

/// What came of all pieces.
pub(crate) struct WorkedOff<W> {
    /// What the threads have gathered; in no order, and fewer than threads if there were few pieces.
    pub(crate) workers: Vec<W>,
    /// What is wrong with the headers.
    pub(crate) findings: Findings,
    pub(crate) rows: u64,
    pub(crate) contents: Contents,
}

/// Reads pieces in order, and has each worked on by the thread that asks next.
///
/// `start` makes what a thread needs, and `work` tells how many rows a piece has.
pub(crate) fn work_off<W: Send>(
    feed: Feed<'_>,
    options: &Options<'_>,
    start: impl Fn() -> Result<W, IngestError> + Sync,
    work: impl Fn(&mut W, &Piece) -> Result<u64, IngestError> + Sync,
) -> Result<WorkedOff<W>, IngestError> {
    let tally = feed.tally();
    let feed = Mutex::new((feed, Findings::new(options.problem_limit)));
    let rows = Mutex::new(0);
    let failed = AtomicBool::new(false);
    let run = || -> Result<Option<W>, IngestError> {
        let mut worker = None;
        let mut spare = Chunk::default();
        while !failed.load(Ordering::Relaxed) {
            options.go_on()?;
            let next = {
                let mut feed = feed.lock().unwrap_or_else(PoisonError::into_inner);
                let (feed, findings) = &mut *feed;
                feed.next(spare, findings)?
            };
            let Some(piece) = next else {
                break;
            };
            let worker = match &mut worker {
                Some(worker) => worker,
                none => none.insert(start()?),
            };
            let found = work(worker, &piece)?;
            let mut rows = rows.lock().unwrap_or_else(PoisonError::into_inner);
            *rows += found;
            options.report_progress(tally.bytes(), *rows);
            spare = piece.chunk;
        }
        Ok(worker)
    };
    let run = || {
        let done = run();
        failed.fetch_or(done.is_err(), Ordering::Relaxed);
        done
    };
    let done = thread::scope(|scope| {
        let others: Vec<_> = (1..options.threads()).map(|_| scope.spawn(run)).collect();
        let mut done = vec![run()];
        for other in others {
            // A panic goes on where it would have been without threads.
            done.push(
                other
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            );
        }
        done
    });
    let workers = done.into_iter().collect::<Result<Vec<_>, _>>()?;
    let (feed, findings) = feed.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(WorkedOff {
        workers: workers.into_iter().flatten().collect(),
        findings,
        rows: rows.into_inner().unwrap_or_else(PoisonError::into_inner),
        contents: feed.contents(),
    })
}
