//! What a fused aggregation is asked: columns, filters, keys and what is summed, over which row groups.

mod aggregates;
mod computation;
mod extent;
mod few_values;
mod files;
mod join;
mod key_codes;
mod lookup;
mod shape;
mod stored;
mod top_query;
mod walk;
mod work_shares;

use std::fs::File;
use std::sync::Arc;

use arrow::datatypes::{DataType, SchemaRef};
use datafusion::datasource::physical_plan::FileSource;
use datafusion::object_store::path::Path;
use datafusion::physical_expr::aggregate::AggregateFunctionExpr;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::scalar::ScalarValue;
use parquet::file::metadata::ParquetMetaData;

pub(crate) use aggregates::{Accumulation, AggregateInput, NumberKind, Op};
pub(crate) use computation::{Computation, replace_columns};
pub(crate) use extent::Extent;
pub(crate) use few_values::few_values;
pub(crate) use files::Footers;
pub(crate) use lookup::Lookup;
pub(crate) use stored::is_all_codes;
pub(crate) use top_query::{SortKey, TopQuery};
pub(crate) use work_shares::{FEWEST_TABLES, WorkShare, work_shares};

/// Why a plan is left to DataFusion.
pub(crate) type Declined<T> = Result<T, String>;

/// A column that the query reads.
#[derive(Debug)]
pub(crate) struct QueryColumn {
    pub(crate) name: String,
    pub(crate) data_type: DataType,
    /// Its place in the table; behind the file's columns are those of partitions.
    table_index: usize,
}

/// A part of the key that rows are grouped by, or the argument of a distinct count: an expression of few values,
/// each of which gets a code from 0 on.
#[derive(Debug)]
pub(crate) struct KeyPart {
    pub(crate) computation: Computation,
    pub(crate) range: Option<Range>,
}

/// Whole numbers that statistics say lie between two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) least: i64,
    pub(crate) most: i64,
}

/// One aggregate of the answer and where its states come from.
#[derive(Debug)]
pub(crate) struct Aggregate {
    /// Nothing for a distinct count that DataFusion had planned as two groupings.
    pub(crate) function: Option<Arc<AggregateFunctionExpr>>,
    pub(crate) states: Vec<AggregateState>,
}

/// One column of an aggregate's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AggregateState {
    /// The rows that count for an input.
    Count(usize),
    /// The same, NULL without any.
    CountOrNull(usize),
    /// An operation of an input.
    Value(usize, usize),
    /// One of the three numbers of an input's moments: count, mean, squared differences.
    Moment(usize, usize, usize),
    /// All that a function keeps for itself.
    Accumulated(usize),
}

/// A file and where the query's columns are in it.
#[derive(Debug)]
pub(crate) struct DataFile {
    pub(crate) location: Path,
    pub(crate) file: Arc<File>,
    pub(crate) metadata: Arc<ParquetMetaData>,
    pub(crate) columns: Vec<ColumnSource>,
}

/// Where the values of a column are.
#[derive(Debug, Clone)]
pub(crate) enum ColumnSource {
    Leaf(usize),
    Partition(ScalarValue),
}

/// A row group to read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RowGroup {
    pub(crate) file: usize,
    pub(crate) index: usize,
    pub(crate) rows: usize,
}

/// A fused aggregation.
#[derive(Debug)]
pub(crate) struct Query {
    pub(crate) columns: Vec<QueryColumn>,
    pub(crate) filters: Vec<Computation>,
    /// The parts of the group key, then the arguments of distinct counts.
    pub(crate) key_parts: Vec<KeyPart>,
    /// How many of them are the group key.
    pub(crate) keys: usize,
    pub(crate) inputs: Vec<AggregateInput>,
    pub(crate) accumulations: Vec<Accumulation>,
    pub(crate) aggregates: Vec<Aggregate>,
    /// Small tables that are read before.
    pub(crate) lookups: Vec<Arc<Lookup>>,
    pub(crate) files: Vec<DataFile>,
    pub(crate) row_groups: Vec<RowGroup>,
    pub(crate) row_groups_in_all: usize,
    pub(crate) schema: SchemaRef,
    pub(crate) description: String,
}

impl Query {
    /// The query that a plan asks; nothing when the plan is no aggregation over Parquet files.
    ///
    /// Below joins, rows whose keys these will not want are not read in the first place; that is left to DataFusion.
    pub(crate) fn of(
        plan: &Arc<dyn ExecutionPlan>,
        footers: &Footers,
        is_below_joins: impl Fn() -> bool,
    ) -> Option<Declined<Self>> {
        let shape = shape::Shape::of(plan)?;
        Some(shape.and_then(|shape| Self::build(shape, footers, is_below_joins)))
    }

    fn build(
        shape: shape::Shape<'_>,
        footers: &Footers,
        is_below_joins: impl Fn() -> bool,
    ) -> Declined<Self> {
        let description = shape.describe();
        let mut columns =
            computation::Columns::new(shape.below.source.table_schema().table_schema());
        let mut filters = Vec::new();
        for filter in &shape.below.filters {
            filters.push(columns.computation(filter)?);
        }
        let mut key_parts = Vec::new();
        for key in &shape.keys {
            key_parts.push(columns.key_part(key)?);
        }
        let keys = key_parts.len();
        let planned = aggregates::plan(&shape, &mut columns, &mut key_parts)?;
        let looked_up = columns.looked_up();
        let columns = columns.finish();
        let is_key = |index: usize| {
            let place = columns
                .iter()
                .position(|column| column.table_index == index);
            place.is_some_and(|place| {
                let is_of = |key_part: &KeyPart| key_part.computation.columns.contains(&place);
                key_parts[..keys].iter().any(is_of) && !looked_up.contains(&place)
            })
        };
        if shape.below.is_narrowed_by(is_key) && is_below_joins() {
            return Err("a join above it will tell which keys are wanted".to_string());
        }
        let scanned = files::scan(&shape.below, &columns, footers)?;
        if let Some(key) = looked_up.into_iter().find(|key| !scanned.codes_serve(*key)) {
            let name = &columns[key].name;
            return Err(format!(
                "{name} is the key of a join and has no small dictionary"
            ));
        }
        for key_part in &mut key_parts {
            scanned.place(key_part, &columns)?;
        }
        scanned.check(&columns, &key_parts)?;
        Ok(Self {
            columns,
            filters,
            key_parts,
            keys,
            inputs: planned.inputs,
            accumulations: planned.accumulations,
            aggregates: planned.aggregates,
            lookups: shape.below.lookups,
            files: scanned.files,
            row_groups: scanned.row_groups,
            row_groups_in_all: scanned.row_groups_in_all,
            schema: shape.schema,
            description,
        })
    }
}
