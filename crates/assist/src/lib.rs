//! Helps whoever writes SQL: what may follow at the cursor, and what each word is.
//!
//! It answers plain values, so that a prompt, an editor or a server can show them as they like.
//!
//! ```text
//! text, cursor ──cursor, clauses──► what is expected there ──known──► candidates, from the engine's catalog
//! ```

mod candidate;
mod clauses;
mod complete;
mod cursor;
mod in_time;
mod known;
mod parameters;
mod tokens;

pub use candidate::{About, Candidate};
pub use complete::{Completion, complete, functions, queries, tables};
pub use parameters::parameters;
pub use tokens::{TokenClass, tokens};
