//! Calls a window function the way a plan does: coerce, check, cast, evaluate a partition.

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::compute::cast;
use arrow::datatypes::{Field, FieldRef};
use datafusion_common::Result;
use datafusion_expr::WindowUDF;
use datafusion_expr::function::{PartitionEvaluatorArgs, WindowUDFFieldArgs};
use datafusion_expr::type_coercion::functions::fields_with_udf;

/// The answers to the rows of one partition.
pub(crate) fn call_window(function: &WindowUDF, args: &[ArrayRef]) -> Result<ArrayRef> {
    let given: Vec<FieldRef> = args
        .iter()
        .map(|array| Arc::new(Field::new("argument", array.data_type().clone(), true)))
        .collect();
    let fields = fields_with_udf(&given, function)?;
    let answer = function.field(WindowUDFFieldArgs::new(&fields, "answer"))?;
    let columns = args
        .iter()
        .zip(&fields)
        .map(|(array, field)| Ok(cast(array, field.data_type())?))
        .collect::<Result<Vec<_>>>()?;
    let rows = columns.first().map_or(0, |column| column.len());
    let settings = PartitionEvaluatorArgs::new(&[], &fields, false, false);
    let mut evaluator = function.partition_evaluator_factory(settings)?;
    let found = evaluator.evaluate_all(&columns, rows)?;
    assert_eq!(found.data_type(), answer.data_type());
    assert_eq!(found.len(), rows);
    Ok(found)
}
