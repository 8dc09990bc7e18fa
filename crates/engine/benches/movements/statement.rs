//! One statement of a text, as the engine takes it.

use std::error::Error;

use kouan_engine::{Piece, Source, Statement, split};

/// The only statement of a text.
pub(crate) fn statement(sql: &str) -> Result<Statement, Box<dyn Error>> {
    match split(&Source::typed(sql)).into_iter().next() {
        Some(Piece::Statement(statement)) => Ok(statement),
        _ => Err(format!("not a statement: {sql}").into()),
    }
}
