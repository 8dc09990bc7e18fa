//! Recognises sorts of Parquet files of which only the first rows are wanted.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Int64Array, new_null_array};
use arrow::compute::{SortOptions, cast};
use arrow::datatypes::DataType;
use datafusion::datasource::physical_plan::FileSource;
use datafusion::physical_plan::sorts::sort::SortExec;
use datafusion::physical_plan::sorts::sort_preserving_merge::SortPreservingMergeExec;
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties};

use super::computation::Columns;
use super::files::{self, Scanned};
use super::walk::{Below, Expression, Walk, scan_below};
use super::{ColumnSource, Computation, Declined, Extent, Footers, Query, QueryColumn};

/// More rows than this lie so scattered that reading only them gains nothing.
const MOST_ROWS: usize = 1000;

/// The first rows of files in an order.
#[derive(Debug)]
pub(crate) struct TopQuery {
    /// Files, filters and the columns of the keys.
    pub(crate) query: Query,
    pub(crate) keys: Vec<SortKey>,
    /// How many rows are wanted, at least one.
    pub(crate) limit: usize,
    /// What statistics say of the first key in each row group, if that is a column of whole numbers.
    pub(crate) extents: Option<Vec<Extent>>,
}

/// What rows are sorted by.
#[derive(Debug)]
pub(crate) struct SortKey {
    pub(crate) computation: Computation,
    pub(crate) options: SortOptions,
}

impl TopQuery {
    /// The query that a plan asks; nothing when the plan is no sort of Parquet files with a limit.
    pub(crate) fn of(plan: &Arc<dyn ExecutionPlan>, footers: &Footers) -> Option<Declined<Self>> {
        let (sort, limit) = sorted(plan)?;
        scan_below(sort.input())?;
        let targets = sort.expr().iter().map(|key| Arc::clone(&key.expr));
        let (targets, below) = Walk::new(targets.collect()).down(sort.input()).ok()?;
        if !below.lookups.is_empty() {
            return None;
        }
        Some(Self::build(plan, sort, limit, &targets, &below, footers))
    }

    fn build(
        plan: &Arc<dyn ExecutionPlan>,
        sort: &SortExec,
        limit: usize,
        targets: &[Expression],
        below: &Below<'_>,
        footers: &Footers,
    ) -> Declined<Self> {
        if limit == 0 || limit > MOST_ROWS {
            return Err(format!("it asks for {limit} rows"));
        }
        let mut columns = Columns::new(below.source.table_schema().table_schema());
        let mut filters = Vec::new();
        for filter in &below.filters {
            filters.push(columns.computation(filter)?);
        }
        let mut keys = Vec::new();
        for (target, key) in targets.iter().zip(sort.expr().iter()) {
            let computation = columns.computation(target)?;
            if computation.columns.is_empty() || computation.data_type.is_nested() {
                return Err(format!("{target} is no key"));
            }
            keys.push(SortKey {
                computation,
                options: key.options,
            });
        }
        let columns = columns.finish();
        let scanned = files::scan(below, &columns, footers)?;
        scanned.check(&columns, &[])?;
        let extents = keys
            .first()
            .and_then(|key| scanned.extents(&key.computation, &columns));
        Ok(Self {
            query: Query {
                description: describe(plan, &below.filters),
                columns,
                filters,
                key_parts: Vec::new(),
                keys: 0,
                inputs: Vec::new(),
                accumulations: Vec::new(),
                aggregates: Vec::new(),
                lookups: Vec::new(),
                files: scanned.files,
                row_groups: scanned.row_groups,
                row_groups_in_all: scanned.row_groups_in_all,
                schema: plan.schema(),
            },
            keys,
            limit,
            extents,
        })
    }
}

/// The sort of one stream, or of several that are merged, and how many rows are wanted.
fn sorted(plan: &Arc<dyn ExecutionPlan>) -> Option<(&SortExec, usize)> {
    let merge = plan.downcast_ref::<SortPreservingMergeExec>();
    if merge.is_none() && plan.output_partitioning().partition_count() > 1 {
        return None;
    }
    let below = merge.map_or(plan, SortPreservingMergeExec::input);
    let sort = below.downcast_ref::<SortExec>()?;
    let wanted = [sort.fetch(), merge.and_then(SortPreservingMergeExec::fetch)];
    Some((sort, wanted.into_iter().flatten().min()?))
}

fn describe(plan: &Arc<dyn ExecutionPlan>, filters: &[Expression]) -> String {
    let order = plan
        .output_ordering()
        .map(ToString::to_string)
        .unwrap_or_default();
    let filters: Vec<_> = filters.iter().map(ToString::to_string).collect();
    match &filters[..] {
        [] => format!("expr=[{order}]"),
        filters => format!("expr=[{order}], filter=[{}]", filters.join(", ")),
    }
}

impl Scanned {
    fn extents(&self, key: &Computation, columns: &[QueryColumn]) -> Option<Vec<Extent>> {
        let column = key.single_column().filter(|_| key.is_column())?;
        let extent = |group: &super::RowGroup| {
            let file = &self.files[group.file];
            match file.columns[column] {
                ColumnSource::Leaf(leaf) => {
                    let chunk = file.metadata.row_group(group.index).column(leaf);
                    Extent::of(chunk, &columns[column].data_type)
                }
                ColumnSource::Partition(_) => None,
            }
        };
        let is_whole = |data_type: &DataType| {
            data_type.is_integer()
                || matches!(data_type, DataType::Date32 | DataType::Timestamp(..))
        };
        if !is_whole(&key.data_type) || key.data_type == DataType::UInt64 {
            return None;
        }
        self.row_groups.iter().map(extent).collect()
    }
}

impl TopQuery {
    /// The value of the first key that comes before all others of a row group, as far as statistics tell.
    pub(crate) fn first_of(&self, row_group: usize) -> Option<ArrayRef> {
        let (extent, key) = self.extent(row_group)?;
        let data_type = &key.computation.data_type;
        if key.options.nulls_first && extent.nulls != Some(0) {
            return None;
        }
        let Some(range) = extent.range else {
            return Some(new_null_array(data_type, 1));
        };
        value(
            if key.options.descending {
                range.most
            } else {
                range.least
            },
            data_type,
        )
    }

    /// A value of the first key that as many rows as are wanted do not come behind, as statistics tell.
    pub(crate) fn bound(&self) -> Option<ArrayRef> {
        let key = self.keys.first()?;
        if !self.query.filters.is_empty() {
            return None;
        }
        let last = |index: usize| {
            let (extent, _) = self.extent(index)?;
            let values = self.query.row_groups[index].rows as u64 - extent.nulls?;
            let range = extent.range.filter(|_| values >= self.limit as u64)?;
            Some(if key.options.descending {
                range.least
            } else {
                range.most
            })
        };
        let lasts = (0..self.query.row_groups.len()).filter_map(last);
        let bound = if key.options.descending {
            lasts.max()
        } else {
            lasts.min()
        };
        value(bound?, &key.computation.data_type)
    }

    fn extent(&self, row_group: usize) -> Option<(&Extent, &SortKey)> {
        self.extents.as_ref()?.get(row_group).zip(self.keys.first())
    }
}

/// A whole number as a value of a type.
fn value(number: i64, data_type: &DataType) -> Option<ArrayRef> {
    let number: ArrayRef = Arc::new(Int64Array::from_value(number, 1));
    let value = match data_type {
        DataType::Date32 => cast(&cast(&number, &DataType::Int32).ok()?, data_type),
        _ => cast(&number, data_type),
    };
    value.ok().filter(|value| !value.is_null(0))
}
