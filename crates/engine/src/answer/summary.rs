//! `SUMMARIZE table` and `SUMMARIZE SELECT …`: one row a column, about its values.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Float64Array, Float64Builder, Int64Array, ListBuilder, RecordBatch,
    StringArray,
};
use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, Field, Float64Type, Int64Type, Schema, SchemaRef, UInt64Type};
use arrow::util::display::array_value_to_string;
use datafusion::common::Column;
use datafusion::common::plan_err;
use datafusion::error::Result;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::functions_aggregate::expr_fn::{
    approx_distinct, approx_percentile_cont, count, max, min,
};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, cast, lit};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;

const QUARTERS: [f64; 3] = [0.25, 0.5, 0.75];

/// A plan of one row that holds every measure of every column of `input`.
pub(crate) fn measures(input: LogicalPlan) -> Result<LogicalPlan> {
    if input.schema().fields().is_empty() {
        return plan_err!("SUMMARIZE takes a table or a query that answers rows");
    }
    let mut measures = vec![count(lit(1_i64)).alias("rows")];
    for (index, (table, field)) in input.schema().iter().enumerate() {
        let column = Expr::Column(Column::from((table, field)));
        let named = |measure: Expr, name: &str| measure.alias(format!("{name}{index}"));
        measures.push(named(count(column.clone()), "count"));
        let data_type = field.data_type();
        if is_ordered(data_type) {
            // Floating point numbers have no exact equality to count by.
            let counted = match data_type {
                data_type if data_type.is_floating() => cast(column.clone(), DataType::Utf8),
                _ => column.clone(),
            };
            measures.push(named(approx_distinct(counted), "distinct"));
            measures.push(named(min(column.clone()), "min"));
            measures.push(named(max(column.clone()), "max"));
        }
        if data_type.is_numeric() {
            for (quarter, share) in QUARTERS.iter().enumerate() {
                let number = cast(column.clone(), DataType::Float64);
                let quartile = approx_percentile_cont(number.sort(true, false), lit(*share), None);
                measures.push(named(quartile, &format!("quartile{quarter}_")));
            }
        }
    }
    LogicalPlanBuilder::from(input)
        .aggregate(Vec::<Expr>::new(), measures)?
        .build()
}

/// Values that can be put in order and told apart.
fn is_ordered(data_type: &DataType) -> bool {
    !data_type.is_nested() && !data_type.is_null()
}

/// The summary of `columns`, once the row of their measures has come.
pub(crate) fn summary(
    columns: SchemaRef,
    type_name: fn(&DataType) -> String,
    measures: SendableRecordBatchStream,
) -> SendableRecordBatchStream {
    let batch = async move {
        let schema = measures.schema();
        let batches = datafusion::physical_plan::common::collect(measures).await?;
        transpose(&columns, type_name, &concat_batches(&schema, &batches)?)
    };
    let stream = futures::stream::once(batch);
    Box::pin(RecordBatchStreamAdapter::new(summary_schema(), stream))
}

fn summary_schema() -> SchemaRef {
    let about = |name, data_type, description: &str| {
        let metadata = [("description".to_string(), description.to_string())];
        Field::new(name, data_type, true).with_metadata(metadata.into())
    };
    let item = Arc::new(Field::new_list_field(DataType::Float64, true));
    Arc::new(Schema::new(vec![
        about("column", DataType::Utf8, "the column's name"),
        about("type", DataType::Utf8, "its type"),
        about("count", DataType::Int64, "rows with a value"),
        about(
            "null_share",
            DataType::Float64,
            "share of rows without a value, 0 to 1",
        ),
        about("distinct", DataType::Int64, "different values, estimated"),
        about("min", DataType::Utf8, "the smallest value"),
        about(
            "quartiles",
            DataType::List(item),
            "lower quartile, median, upper quartile of numbers, estimated",
        ),
        about("max", DataType::Utf8, "the largest value"),
    ]))
}

fn transpose(
    columns: &Schema,
    type_name: fn(&DataType) -> String,
    measures: &RecordBatch,
) -> Result<RecordBatch> {
    let rows = number(measures, "rows").unwrap_or_default();
    let each = |name: &str| {
        (0..columns.fields().len())
            .map(|index| number(measures, &format!("{name}{index}")))
            .collect::<Vec<_>>()
    };
    let counts = each("count");
    let shares = counts.iter().map(|count| {
        let missing = rows - (*count)?;
        (rows > 0).then(|| rounded(missing as f64 / rows as f64, 4))
    });
    let names = columns.fields().iter().map(|field| field.name().as_str());
    let types = columns
        .fields()
        .iter()
        .map(|field| type_name(field.data_type()));
    let arrays: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values(names)),
        Arc::new(StringArray::from_iter_values(types)),
        Arc::new(Int64Array::from(counts.clone())),
        Arc::new(Float64Array::from_iter(shares)),
        Arc::new(Int64Array::from(each("distinct"))),
        Arc::new(texts(columns, measures, "min")?),
        Arc::new(quartiles(columns, measures)),
        Arc::new(texts(columns, measures, "max")?),
    ];
    Ok(RecordBatch::try_new(summary_schema(), arrays)?)
}

fn number(measures: &RecordBatch, name: &str) -> Option<i64> {
    let array = measures.column_by_name(name)?;
    if array.is_empty() || array.is_null(0) {
        return None;
    }
    if let Some(numbers) = array.as_primitive_opt::<Int64Type>() {
        return Some(numbers.value(0));
    }
    let numbers = array.as_primitive_opt::<UInt64Type>()?;
    i64::try_from(numbers.value(0)).ok()
}

fn texts(columns: &Schema, measures: &RecordBatch, name: &str) -> Result<StringArray> {
    let text = |index: usize| {
        let array = measures.column_by_name(&format!("{name}{index}"))?;
        (!array.is_null(0)).then(|| array_value_to_string(array, 0))
    };
    let texts = (0..columns.fields().len()).map(|index| text(index).transpose());
    Ok(texts.collect::<std::result::Result<_, _>>()?)
}

fn quartiles(columns: &Schema, measures: &RecordBatch) -> arrow::array::ListArray {
    let mut lists = ListBuilder::new(Float64Builder::new());
    for index in 0..columns.fields().len() {
        let quartile = |quarter: usize| {
            let array = measures.column_by_name(&format!("quartile{quarter}_{index}"))?;
            let numbers = array.as_primitive_opt::<Float64Type>()?;
            numbers.is_valid(0).then(|| rounded(numbers.value(0), 6))
        };
        let found: Option<Vec<f64>> = (0..QUARTERS.len()).map(quartile).collect();
        for number in found.iter().flatten() {
            lists.values().append_value(*number);
        }
        lists.append(found.is_some());
    }
    lists.finish()
}

/// A number with as many significant digits as an estimate deserves.
fn rounded(number: f64, digits: usize) -> f64 {
    let text = format!("{number:.*e}", digits - 1);
    text.parse().unwrap_or(number)
}
