//! The SQL that people type, made into the SQL that DataFusion plans.
//!
//! ```text
//! text ──Kouan──► tokens ──rewrite_tokens──► tokens ──parse──► tree ──rewrite_tree──► tree ──bind──► tree
//! ```
//!
//! Each piece of syntax is one row of [`SYNTAX`] and one file: what it rewrites, or why it is refused.
//! DataFusion's planner passes over some syntax without a word, which would answer another question
//! than the one asked; whatever it does not read is either rewritten here or refused with its place.
//! Rewrites keep the places of what was typed, so that messages point into it.

mod bind;
mod kouan;
mod places;
mod refusal;
mod registry;
mod tokens;
mod tree;

pub use bind::{Columns, bind, needs_columns, sources};
pub use kouan::Kouan;
pub use refusal::Refusal;
pub use registry::{Outcome, SYNTAX, Syntax};
pub use tokens::rewrite as rewrite_tokens;
pub use tree::{FunctionKind, Functions, rewrite as rewrite_tree};
