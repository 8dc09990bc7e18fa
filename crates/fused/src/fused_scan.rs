//! How far the scan inside a fused operator has come.

use datafusion::physical_plan::ExecutionPlan;

use crate::run::{FusedExec, ROWS_SCANNED};

/// What a fused operator reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FusedScan {
    /// Rows that were read so far.
    pub rows: usize,
    /// Rows that will have been read at the end.
    pub rows_in_all: usize,
    /// The names of its files.
    pub files: Vec<String>,
}

impl FusedScan {
    /// What a plan's operator has read; nothing when it is not a fused one.
    pub fn by(plan: &dyn ExecutionPlan) -> Option<Self> {
        let fused = plan.downcast_ref::<FusedExec>()?;
        let query = fused.work.query();
        let rows = fused.metrics()?.sum_by_name(ROWS_SCANNED);
        let name =
            |file: &crate::plan::DataFile| file.location.filename().unwrap_or_default().to_owned();
        Some(Self {
            rows: rows.map_or(0, |rows| rows.as_usize()),
            rows_in_all: query.row_groups.iter().map(|group| group.rows).sum(),
            files: query.files.iter().map(name).collect(),
        })
    }
}
