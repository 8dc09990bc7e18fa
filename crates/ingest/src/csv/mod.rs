//! Reads CSV as chunks of whole rows, each cell with its place in the file.
//!
//! ```text
//! stream ─► chunks of whole rows ─► blocks that fit in a processor's cache ─► rows and cells
//! reader    chunk                   block                                     tokens, marks
//! ```
//!
//! A chunk knows the line it starts on and needs nothing of the chunk before it, so that chunks can be checked on
//! several threads.

mod block;
mod chunk;
mod field_columns;
mod marks;
mod reader;
mod syntax;
mod text;
mod tokens;

pub(crate) use block::{Block, Position, RawCell};
pub(crate) use chunk::Chunk;
pub(crate) use field_columns::FieldColumns;
pub(crate) use reader::{ChunkReader, Limits, MARK, Next, Stop};
pub(crate) use syntax::Syntax;
pub(crate) use text::Text;
pub(crate) use tokens::{Flaw, Row, line_breaks};
