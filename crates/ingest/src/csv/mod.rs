//! Reads CSV as blocks of whole rows, each cell with its place in the file.
//!
//! The parts are chosen so that blocks can be checked on several threads later: a block owns its text and
//! its cells, knows the line it starts on, and needs nothing of the block before it.

mod block;
mod reader;
mod syntax;
mod tokens;

pub(crate) use block::{Block, Position};
pub(crate) use reader::{BlockReader, Limits, Next, Stop};
pub(crate) use syntax::Syntax;
pub(crate) use tokens::{Flaw, Row};
