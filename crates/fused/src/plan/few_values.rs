//! How many different values a column has at most, where that can be known before rows are read.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::{max, min};
use arrow::datatypes::{
    DataType, Date32Type, Int16Type, Int32Type, Int64Type, UInt16Type, UInt32Type,
};
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::statistics::{StatisticsArgs, StatisticsContext};
use datafusion::scalar::ScalarValue;

use super::Range;
use super::walk::Walk;

/// The number of values of a column, NULL among them, if that is known to be at most `most`.
pub(crate) fn few_values(
    column: &Column,
    plan: &Arc<dyn ExecutionPlan>,
    most: usize,
) -> Option<usize> {
    let values = match plan.schema().fields().get(column.index())?.data_type() {
        DataType::Boolean => Some(2),
        DataType::Int8 | DataType::UInt8 => Some(1 << 8),
        _ => by_statistics(column, plan).or_else(|| in_memory(column, plan, most)),
    };
    values
        .map(|values| values + 1)
        .filter(|values| *values <= most)
}

/// What statistics tell, as far as an operator hands them on.
fn by_statistics(column: &Column, plan: &Arc<dyn ExecutionPlan>) -> Option<usize> {
    let statistics = StatisticsContext::new()
        .compute(plan.as_ref(), &StatisticsArgs::new())
        .ok()?;
    let column = statistics.column_statistics.get(column.index())?;
    if let Some(values) = column.distinct_count.get_value() {
        return Some(*values);
    }
    let bound = |value: Option<&ScalarValue>| match value? {
        ScalarValue::Date32(value) => value.map(i64::from),
        value if value.data_type().is_integer() => match value.cast_to(&DataType::Int64).ok()? {
            ScalarValue::Int64(value) => value,
            _ => None,
        },
        _ => None,
    };
    values_in(Range {
        least: bound(column.min_value.get_value())?,
        most: bound(column.max_value.get_value())?,
    })
}

/// The range of a column of a table in memory, which is looked through until that is too large.
fn in_memory(column: &Column, plan: &Arc<dyn ExecutionPlan>, most: usize) -> Option<usize> {
    let (walk, scan) = Walk::new(vec![Arc::new(column.clone())])
        .down_to_scan(plan)
        .ok()?;
    let memory = scan.data_source().downcast_ref::<MemorySourceConfig>()?;
    let place = walk.targets.first()?.downcast_ref::<Column>()?.index();
    let place = match memory.projection() {
        Some(projection) => *projection.get(place)?,
        None => place,
    };
    let mut range: Option<Range> = None;
    for batch in memory.partitions().iter().flatten() {
        let values = batch.columns().get(place)?;
        if values.null_count() == values.len() {
            continue;
        }
        let own = range_of(values)?;
        let both = Range {
            least: range.map_or(own.least, |range| range.least.min(own.least)),
            most: range.map_or(own.most, |range| range.most.max(own.most)),
        };
        if values_in(both).is_none_or(|values| values > most) {
            return None;
        }
        range = Some(both);
    }
    range.map_or(Some(0), values_in)
}

/// The least and the greatest of whole numbers or dates; nothing for other values.
fn range_of(values: &ArrayRef) -> Option<Range> {
    macro_rules! range {
        ($type:ty) => {{
            let values = values.as_primitive::<$type>();
            (i64::from(min(values)?), i64::from(max(values)?))
        }};
    }
    let (least, most) = match values.data_type() {
        DataType::Date32 => range!(Date32Type),
        DataType::Int16 => range!(Int16Type),
        DataType::Int32 => range!(Int32Type),
        DataType::Int64 => range!(Int64Type),
        DataType::UInt16 => range!(UInt16Type),
        DataType::UInt32 => range!(UInt32Type),
        _ => return None,
    };
    Some(Range { least, most })
}

fn values_in(range: Range) -> Option<usize> {
    usize::try_from(range.most.checked_sub(range.least)?.checked_add(1)?).ok()
}
