//! How far a running statement has come, as its scans tell.

use std::sync::Arc;

use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::statistics::{StatisticsArgs, StatisticsContext};
use kouan_fused::FusedScan;

/// Watches the scans of a running plan; cheap to ask again and again.
#[derive(Debug, Clone)]
pub struct Progress {
    scans: Vec<Arc<dyn ExecutionPlan>>,
    /// Rows that all scans together will read, where each knows.
    rows_in_all: Option<u64>,
}

impl Progress {
    pub(crate) fn of(plan: &Arc<dyn ExecutionPlan>) -> Self {
        let mut scans = Vec::new();
        collect_scans(plan, &mut scans);
        let context = StatisticsContext::new();
        let rows = |scan: &Arc<dyn ExecutionPlan>| {
            if let Some(scanned) = FusedScan::by(scan.as_ref()) {
                return Some(scanned.rows_in_all as u64);
            }
            let statistics = context
                .compute(scan.as_ref(), &StatisticsArgs::new())
                .ok()?;
            statistics.num_rows.get_value().map(|rows| *rows as u64)
        };
        let rows_in_all = scans.iter().map(rows).sum();
        Self { scans, rows_in_all }
    }

    /// Rows that the scans have given so far.
    pub fn rows_read(&self) -> u64 {
        let rows = |scan: &Arc<dyn ExecutionPlan>| match FusedScan::by(scan.as_ref()) {
            Some(scanned) => Some(scanned.rows),
            None => scan.metrics()?.output_rows(),
        };
        self.scans.iter().filter_map(rows).sum::<usize>() as u64
    }

    /// Rows that all scans will give, where that is known before; an estimate.
    pub fn rows_in_all(&self) -> Option<u64> {
        self.rows_in_all.filter(|rows| *rows > 0)
    }
}

fn collect_scans(plan: &Arc<dyn ExecutionPlan>, scans: &mut Vec<Arc<dyn ExecutionPlan>>) {
    let children = plan.children();
    if children.is_empty() {
        scans.push(Arc::clone(plan));
    }
    for child in children {
        collect_scans(child, scans);
    }
}
