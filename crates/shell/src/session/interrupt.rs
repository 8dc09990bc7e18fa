//! Ctrl-C: stops what is running and keeps the session; a second one ends the program.

use std::future::Future;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::{io, thread};

use tokio::runtime::Builder;
use tokio::sync::Notify;

use crate::exit::Exit;

/// Listens for Ctrl-C from the moment it is made.
#[derive(Debug, Clone)]
pub(crate) struct Interrupt {
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    pressed: AtomicBool,
    /// Another program has the terminal, and Ctrl-C is meant for it.
    ignored: AtomicBool,
    wake: Notify,
}

impl Interrupt {
    /// Listens on a thread of its own: the engine's threads may all be deep in a join.
    pub(crate) fn listen() -> io::Result<Self> {
        let state = Arc::new(State::default());
        let listener = Arc::clone(&state);
        let runtime = Builder::new_current_thread().enable_all().build()?;
        // From here on Ctrl-C no longer ends the program by itself.
        let mut presses = {
            let _entered = runtime.enter();
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())?
        };
        thread::Builder::new()
            .name("interrupt".to_string())
            .spawn(move || {
                runtime.block_on(async {
                    while presses.recv().await.is_some() {
                        listener.press();
                    }
                });
            })?;
        Ok(Self { state })
    }

    /// Forgets an earlier Ctrl-C, as a new piece of work begins.
    pub(crate) fn reset(&self) {
        self.state.pressed.store(false, Ordering::SeqCst);
    }

    /// Whether Ctrl-C has come, for work that looks itself.
    pub(crate) fn pressed(&self) -> &AtomicBool {
        &self.state.pressed
    }

    /// Leaves Ctrl-C to another program, or hears it again.
    pub(crate) fn ignore(&self, ignored: bool) {
        self.state.ignored.store(ignored, Ordering::SeqCst);
    }

    /// Waits for work; nothing if Ctrl-C comes first.
    pub(crate) async fn unless_pressed<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let woken = self.state.wake.notified();
        if self.state.pressed.load(Ordering::SeqCst) {
            return None;
        }
        tokio::select! {
            done = work => Some(done),
            () = woken => None,
        }
    }
}

impl State {
    fn press(&self) {
        if self.ignored.load(Ordering::SeqCst) {
            return;
        }
        if self.pressed.swap(true, Ordering::SeqCst) {
            // The first one was not heard: something blocks, such as a stopped reader.
            process::exit(Exit::Interrupted as i32);
        }
        self.wake.notify_waiters();
    }
}
