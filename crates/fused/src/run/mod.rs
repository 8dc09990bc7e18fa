//! Running a fused operator: threads, the order in which their tables are added, and the states they come to.

mod exec;
mod row_selection;
mod states;
mod tasks;
mod threads;

pub(crate) use exec::{FusedExec, ROWS_SCANNED, Work};
