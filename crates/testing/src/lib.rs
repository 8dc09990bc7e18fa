//! Helpers for tests: a sandbox with a home of its own, and the real binary run in it.

mod run;
mod sandbox;

pub use run::{Outcome, Run};
pub use sandbox::Sandbox;
