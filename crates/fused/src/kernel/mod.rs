//! Rows to groups and sums: what runs once per dictionary value, once per block, and once per row.

mod accumulators;
mod cursor;
mod first_key;
mod function_states;
mod groups;
mod inputs;
mod key_dictionaries;
mod missing;
mod moments;
mod numbers;
mod op_state;
mod open_row_group;
mod order;
mod row_group;
mod rows;
mod selection;
mod table;
mod top;

pub(crate) use accumulators::fold;
pub(crate) use key_dictionaries::{KeyDictionaries, survey};
pub(crate) use op_state::OpState;
pub(crate) use row_group::Kernel;
pub(crate) use table::Table;
pub(crate) use top::{Candidate, TopKernel};

/// Rows that are worked on at once: their groups and values stay in the first cache.
const BLOCK: usize = 2048;
