//! Column chunks of Parquet files as blocks of dictionary codes or values, without a copy where pages allow it.

mod block;
mod chunk;
mod hybrid;
mod page;
mod plain;
mod reader;
mod unpack;

pub(crate) use block::{Block, Cells};
pub(crate) use chunk::{Buffers, Chunk};
pub(crate) use reader::{ColumnReader, Layout};
