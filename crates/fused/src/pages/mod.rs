//! Column chunks of Parquet files as blocks of dictionary codes or values, without a copy where pages allow it.

mod chunk;
mod column;
mod hybrid;
mod plain;
mod unpack;

pub(crate) use chunk::{Buffers, Chunk};
pub(crate) use column::{Block, Cells, ColumnReader};
