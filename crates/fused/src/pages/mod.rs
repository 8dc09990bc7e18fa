//! Column chunks of Parquet files as blocks of dictionary codes or values, without a copy where pages allow it.

mod block;
mod buffers;
mod chunk;
mod delta;
mod hybrid;
mod page;
mod plain;
mod reader;
mod unpack;
mod varint;

pub(crate) use block::{Block, Cells};
pub(crate) use buffers::Buffers;
pub(crate) use chunk::Chunk;
pub(crate) use reader::{ColumnReader, Layout};
