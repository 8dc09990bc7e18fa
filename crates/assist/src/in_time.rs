//! What has to be looked up while a person waits.

use std::future::Future;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use kouan_engine::STACK_BYTES;

/// A person who asked for candidates waits no longer than this for what has to be looked up.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// The result of work that is done soon; what takes longer ends by itself, unheard.
pub(crate) fn in_time<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Option<T> {
    let (sender, receiver) = mpsc::channel();
    let thread = thread::Builder::new()
        .name("completion".to_string())
        .stack_size(STACK_BYTES);
    let started = thread.spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        if let Ok(runtime) = runtime {
            // Nobody listens any more when it took too long.
            let _ = sender.send(runtime.block_on(work));
        }
    });
    started.ok()?;
    receiver.recv_timeout(PATIENCE).ok()
}
