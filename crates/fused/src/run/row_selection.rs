//! A plan that reads only some rows of its files.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::common::internal_datafusion_err;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::parquet::ParquetAccessPlan;
use datafusion::datasource::physical_plan::{
    FileGroup, FileScanConfig, FileScanConfigBuilder, ParquetSource,
};
use datafusion::datasource::source::DataSourceExec;
use datafusion::error::Result;
use datafusion::physical_plan::ExecutionPlan;
use parquet::arrow::arrow_reader::RowSelection;

use crate::plan::Query;

/// Rows of row groups, by the place of the group in the query and that of the row in it, in order.
pub(crate) type SelectedRows = Vec<(usize, u32)>;

/// The plan over the rows at `places`, all others left out.
pub(crate) fn select_rows(
    plan: &Arc<dyn ExecutionPlan>,
    query: &Query,
    places: &SelectedRows,
) -> Result<Arc<dyn ExecutionPlan>> {
    let narrowed = Arc::clone(plan).transform_down(|plan| {
        let scan = plan.downcast_ref::<DataSourceExec>();
        match scan.and_then(|scan| scan.downcast_to_file_source::<ParquetSource>()) {
            None => Ok(Transformed::no(plan)),
            Some((config, _)) => {
                let config = FileScanConfigBuilder::from(config.clone())
                    .with_file_groups(vec![FileGroup::new(files(config, query, places)?)])
                    .build();
                let scan = DataSourceExec::from_data_source(config);
                Ok(Transformed::new(scan, true, TreeNodeRecursion::Stop))
            }
        }
    })?;
    Ok(narrowed.data)
}

/// The files that have such rows, each once.
fn files(
    config: &FileScanConfig,
    query: &Query,
    places: &SelectedRows,
) -> Result<Vec<PartitionedFile>> {
    let mut by_file: BTreeMap<usize, ParquetAccessPlan> = BTreeMap::new();
    for rows in places.chunk_by(|one, other| one.0 == other.0) {
        let group = query.row_groups[rows[0].0];
        let access = by_file.entry(group.file).or_insert_with(|| {
            ParquetAccessPlan::new_none(query.files[group.file].metadata.num_row_groups())
        });
        let ranges = rows.iter().map(|(_, row)| *row as usize..*row as usize + 1);
        let selection = RowSelection::from_consecutive_ranges(ranges, group.rows);
        access.scan(group.index);
        access.scan_selection(group.index, selection);
    }
    let listed = |(file, access): (usize, ParquetAccessPlan)| {
        let location = &query.files[file].location;
        let mut all = config.file_groups.iter().flat_map(FileGroup::files);
        let mut listed = all
            .find(|listed| listed.object_meta.location == *location)
            .ok_or_else(|| internal_datafusion_err!("{location} is not in the plan"))?
            .clone();
        listed.range = None;
        Ok(listed.with_extension(access))
    };
    by_file.into_iter().map(listed).collect()
}
