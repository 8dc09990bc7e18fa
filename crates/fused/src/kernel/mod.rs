//! Rows to groups and sums: what runs once per dictionary value, once per block, and once per row.

mod accumulated;
mod cursor;
mod dimensions;
mod first_key;
mod groups;
mod lanes;
mod missing;
mod moments;
mod numbers;
mod op_state;
mod opened;
mod order;
mod row_group;
mod rows;
mod selection;
mod subject;
mod table;
mod top;

pub(crate) use dimensions::{Dimensions, survey};
pub(crate) use lanes::fold;
pub(crate) use op_state::OpState;
pub(crate) use row_group::Kernel;
pub(crate) use table::Table;
pub(crate) use top::{Candidate, TopKernel};

/// Rows that are worked on at once: their groups and values stay in the first cache.
const BLOCK: usize = 2048;
