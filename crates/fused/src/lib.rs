//! Answers aggregations and first rows in an order over Parquet files in one step on the dictionary codes of their pages.
//!
//! DataFusion decodes every value of a scan, filters rows and hashes group keys. Where a key or a filter looks at
//! one column of few different values, [`FuseAggregates`] replaces scan, filter and aggregation by one operator:
//! what is asked of the column is evaluated once for each value of a page's dictionary, and rows are only table
//! look-ups by code. A join with a small table is one more such expression (`plan/lookup.rs`). Of a sort with a limit the
//! operator finds the few rows and lets DataFusion read them (`run/row_selection.rs`). What it cannot do well it leaves alone, but
//! for the order of grouping and computing (`rewrite/group_first.rs`).
//!
//! ```text
//! AggregateExec ◄ … ◄ AggregateExec ◄ FilterExec ◄ DataSourceExec      rewrite/, plan/: is it ours? over which files?
//!                        │
//!                    FusedExec                              run/: threads, order, memory, cancelling
//!                        │
//!   pages/: bytes ─► codes or values     kernel/: codes ─► groups ─► sums     run/states.rs: sums ─► DataFusion's states
//! ```

mod fused_scan;
mod kernel;
mod lock;
mod options;
mod pages;
mod plan;
mod rewrite;
mod run;

pub use fused_scan::FusedScan;
pub use options::FusedOptions;
pub use rewrite::FuseAggregates;
