//! Rows to groups and sums: what runs once per dictionary value, once per block, and once per row.

mod dimensions;
mod numbers;
mod opened;
mod row_group;
mod table;

pub(crate) use dimensions::{Dimensions, survey};
pub(crate) use numbers::Numbers;
pub(crate) use row_group::BLOCK;
pub(crate) use row_group::Kernel;
pub(crate) use table::{OpState, Table, fold};
