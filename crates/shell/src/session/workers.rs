//! The threads that statements run on.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::{io, thread};

use kouan_engine::{STACK_BYTES, StatementError};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

use crate::exit::Failure;
use crate::show::panics;

/// Threads for statements, and how often one of them panicked.
pub(crate) struct Workers {
    runtime: Runtime,
    panics: Arc<AtomicU64>,
}

impl Workers {
    pub(crate) fn start() -> Result<Self, Failure> {
        Self::try_start().map_err(no_threads)
    }

    fn try_start() -> io::Result<Self> {
        let panics = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&panics);
        // Where the system does not give all of them tokio panics, and waits for ever for those that it has.
        try_threads(thread::available_parallelism()?.get() + 1)?;
        let runtime = Builder::new_multi_thread()
            .enable_all()
            .thread_stack_size(STACK_BYTES)
            .on_thread_start(move || panics::count_in(&counter))
            .build()?;
        Ok(Self { runtime, panics })
    }

    pub(crate) fn spawn<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        self.runtime.spawn(work)
    }

    /// Watches the threads from here on.
    pub(crate) fn panics(&self) -> Panics {
        Panics {
            counter: Arc::clone(&self.panics),
            before: self.panics.load(Ordering::SeqCst),
        }
    }

    /// Takes fresh threads. Work that does not look up for a while keeps its old thread until it does: it must not
    /// keep the next statement waiting, nor are its panics those of the next statement.
    pub(crate) fn leave(&mut self) -> Result<(), Failure> {
        let old = std::mem::replace(self, Self::start()?);
        old.runtime.shutdown_background();
        Ok(())
    }
}

/// Panics of workers since a statement began.
pub(crate) struct Panics {
    counter: Arc<AtomicU64>,
    before: u64,
}

impl Panics {
    /// Work that has come to its end, as whole as it seems: a library that loses a task to a panic may take what it
    /// has for all there is.
    pub(crate) fn unless_any<T>(&self, done: T) -> Result<T, Box<StatementError>> {
        if self.counter.load(Ordering::SeqCst) > self.before {
            return Err(Box::new(StatementError::fault("a part of it panicked")));
        }
        Ok(done)
    }
}

/// Starts so many threads at once, and ends them.
fn try_threads(count: usize) -> io::Result<()> {
    let gate = Arc::new(Mutex::new(()));
    let closed = gate.lock().unwrap_or_else(PoisonError::into_inner);
    let start = |_| {
        let gate = Arc::clone(&gate);
        thread::Builder::new().spawn(move || drop(gate.lock()))
    };
    let started: Vec<_> = (0..count).map(start).collect();
    drop(closed);
    for thread in started {
        let _ = thread?.join();
    }
    Ok(())
}

/// The words for a system that gives no more threads.
pub(crate) fn no_threads(error: io::Error) -> Failure {
    Failure::File("cannot start threads".to_string(), error)
}
