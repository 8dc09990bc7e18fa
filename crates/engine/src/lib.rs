//! Opens packages, runs statements and saved queries, streams their answers.
//!
//! This is the only crate that builds a DataFusion session. It neither prints nor reads
//! the environment: paths come in as arguments, answers and errors go out as values.
//!
//! ```text
//!                            catalog ──────┐
//! Source ──split──► Statement ──parse──► plan ──bind parameters──► run ──► Answer (a stream)
//!          statement/         queries/     session/                        answer/
//! ```
//!
//! Folders from the ground up: `catalog`, `statement`, `diagnose`, `answer`, `queries`, `session`, `inspect`;
//! each uses those before it only.

mod answer;
mod catalog;
mod diagnose;
mod engine;
mod error;
mod inspect;
mod queries;
mod session;
mod statement;

pub use answer::Answer;
pub use answer::kept::{KeptRows, LastAnswer};
pub use answer::progress::Progress;
pub use answer::shape::AnswerShape;
pub use catalog::entries::{ColumnEntry, FunctionEntry, TableEntry};
pub use catalog::location::PackageLocation;
pub use catalog::names::{LAST, QUERIES};
pub use catalog::near::nearest;
pub use datafusion::common::{Location, Span};
pub use diagnose::panics::panic_message;
pub use engine::Engine;
pub use error::{Cause, EngineError, QueryProblem, Result, StatementError};
pub use inspect::check::Checker;
pub use inspect::counts::TableCounts;
pub use kouan_functions::functions_markdown;
pub use queries::binding::Values;
pub use queries::file::arguments::{named_values, quote_word, split_words};
pub use queries::file::expectation::{Expectation, Rule};
pub use queries::file::parameter::{Allowed, Parameter};
pub use queries::file::saved_query::{Example, SavedQuery};
pub use queries::library::{Hidden, Queries, QueryFolder};
pub use queries::literals::Literal;
pub use session::settings::Settings;
pub use statement::parse::STACK_BYTES;
pub use statement::script::{Piece, Source, Statement, byte_offset, is_complete, split};
