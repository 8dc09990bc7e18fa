//! Panics: kept for the message that tells of them, instead of a trace on the person's screen.

use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::{Mutex, PoisonError};

use kouan_engine::panic_message;

use crate::exit::Failure;

static SEEN: Mutex<Seen> = Mutex::new(Seen {
    count: 0,
    last_place: None,
});

struct Seen {
    count: u64,
    last_place: Option<String>,
}

/// Keeps quiet when something panics; with `traced` the trace is printed too, for developers.
pub(crate) fn keep_quiet(traced: bool) {
    let print = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        note(info);
        if traced {
            print(info);
        }
    }));
}

fn note(info: &PanicHookInfo<'_>) {
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    seen.count += 1;
    seen.last_place = info.location().map(|at| {
        // The folder that a library was built in says nothing.
        let file = at.file();
        let package = file.rfind("/src/").and_then(|src| file[..src].rfind('/'));
        format!(
            "{}:{}",
            &file[package.map_or(0, |slash| slash + 1)..],
            at.line()
        )
    });
}

/// How many there were since the program began, on any thread.
pub(crate) fn count() -> u64 {
    SEEN.lock().unwrap_or_else(PoisonError::into_inner).count
}

/// The line of the program where the last one was.
pub(crate) fn last_place() -> Option<String> {
    let seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    seen.last_place.clone()
}

/// Does work on this thread; a panic in it is a failure like any other.
pub(crate) fn caught<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    panic::catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|panic| Err(Failure::fault(&panic_message(panic.as_ref()))))
}
