//! Panics of the program or of a library that it uses, caught where a statement is planned and run.

use std::any::Any;
use std::error::Error;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use datafusion::error::DataFusionError;
use futures::FutureExt;
use tokio::task::JoinError;

use crate::error::StatementError;

/// Runs work to its end; a panic in it becomes an error that blames the program.
///
/// What the work was about is not to be used after that, for it may be half done.
pub(crate) async fn caught<T>(
    work: impl Future<Output = Result<T, Box<StatementError>>>,
) -> Result<T, Box<StatementError>> {
    match AssertUnwindSafe(work).catch_unwind().await {
        Ok(done) => done,
        Err(panic) => Err(Box::new(StatementError::fault(&panic_message(
            panic.as_ref(),
        )))),
    }
}

/// What a panic said.
pub fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_string());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "no reason is given".to_string())
}

/// The words for a task of DataFusion that panicked, whose error its neighbours pass on.
pub(crate) fn of_task(error: &DataFusionError) -> Option<StatementError> {
    let ended: &JoinError = match error {
        DataFusionError::ExecutionJoin(ended) => ended,
        DataFusionError::External(error) => {
            let error: &(dyn Error + 'static) = error.as_ref();
            let shared = error.downcast_ref::<Arc<JoinError>>().map(Arc::as_ref);
            shared.or_else(|| error.downcast_ref::<JoinError>())?
        }
        _ => return None,
    };
    Some(StatementError::fault(&task_message(ended)))
}

/// What a task's panic said; tokio gives a shared one as `task 3 panicked with message "…"` only.
fn task_message(ended: &JoinError) -> String {
    let said = ended.to_string();
    let Some((_, quoted)) = said.split_once("panicked with message ") else {
        return said;
    };
    let inner = quoted
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    inner.map_or_else(|| said.clone(), |text| text.replace("\\\"", "\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Cause;

    #[tokio::test]
    async fn a_panic_is_an_error_with_its_own_words() {
        let work = async { panic!("row {} is too long", 7) };
        let error = caught::<()>(work).await.unwrap_err();
        assert_eq!(error.cause, Cause::Fault);
        assert!(error.message.ends_with(": row 7 is too long"), "{error}");
    }

    /// Messages of tokio 1, which are all that is left of a panic once its error is shared.
    #[tokio::test]
    async fn a_task_that_panicked_is_read() {
        for (said, panic) in [("plain", "plain"), ("a \"word\"", "a \"word\"")] {
            let task = tokio::spawn(async move { panic!("{said}") });
            let ended = task.await.unwrap_err();
            assert_eq!(task_message(&ended), panic);
            let shared = DataFusionError::External(Box::new(Arc::new(ended)));
            let error = of_task(&shared).map(|error| error.message);
            assert!(error.is_some_and(|error| error.ends_with(panic)));
        }
    }
}
