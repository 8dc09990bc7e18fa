//! Panics: kept for the message that tells of them, instead of a trace on the person's screen.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use kouan_engine::panic_message;

use crate::exit::Failure;

static LAST_PLACE: Mutex<Option<String>> = Mutex::new(None);

thread_local! {
    /// Who counts the panics of this thread.
    static COUNTER: RefCell<Option<Arc<AtomicU64>>> = const { RefCell::new(None) };
}

/// Prints no trace when something panics, unless `wanted` says so.
pub(crate) fn keep_quiet(wanted: impl Fn(&PanicHookInfo<'_>) -> bool + Send + Sync + 'static) {
    let print = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        note(info);
        if wanted(info) {
            print(info);
        }
    }));
}

fn note(info: &PanicHookInfo<'_>) {
    COUNTER.with_borrow(|counter| {
        if let Some(counter) = counter {
            counter.fetch_add(1, Ordering::SeqCst);
        }
    });
    let place = info.location().map(|at| {
        // The folder that a library was built in says nothing.
        let file = at.file();
        let package = file
            .rfind("/src/")
            .and_then(|sources| file[..sources].rfind('/'));
        format!(
            "{}:{}",
            &file[package.map_or(0, |slash| slash + 1)..],
            at.line()
        )
    });
    *LAST_PLACE.lock().unwrap_or_else(PoisonError::into_inner) = place;
}

/// Counts the panics of this thread from here on.
pub(crate) fn count_in(counter: &Arc<AtomicU64>) {
    COUNTER.set(Some(Arc::clone(counter)));
}

/// The line of the program where the last one was.
pub(crate) fn last_place() -> Option<String> {
    let place = LAST_PLACE.lock().unwrap_or_else(PoisonError::into_inner);
    place.clone()
}

/// Does work on this thread; a panic in it is a failure like any other.
pub(crate) fn caught<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    panic::catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|panic| Err(Failure::fault(&panic_message(panic.as_ref()))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;

    #[test]
    fn a_panic_is_a_failure() {
        let failure = caught::<()>(|| panic!("the test broke it")).unwrap_err();
        assert_eq!(failure.exit(), Exit::Failed);
        assert!(format!("{failure:?}").contains("the test broke it"));
    }
}
