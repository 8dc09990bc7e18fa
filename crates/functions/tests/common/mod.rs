//! Calls a function the way a plan does: coerce, check, evaluate.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field};
use datafusion_common::config::ConfigOptions;
use datafusion_common::{Result, ScalarValue};
use datafusion_expr::type_coercion::functions::fields_with_udf;
use datafusion_expr::{ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF};

/// Plans and runs one call; the answer has the type that was promised.
pub(crate) fn call(function: &ScalarUDF, args: &[ColumnarValue]) -> Result<ColumnarValue> {
    let given: Vec<_> = args
        .iter()
        .map(|argument| Arc::new(Field::new("argument", argument.data_type(), true)))
        .collect();
    let arg_fields = fields_with_udf(&given, function)?;
    let types: Vec<DataType> = arg_fields
        .iter()
        .map(|field| field.data_type().clone())
        .collect();
    let args = args
        .iter()
        .zip(&types)
        .map(|(argument, data_type)| argument.cast_to(data_type, None))
        .collect::<Result<Vec<_>>>()?;
    let scalars: Vec<Option<&ScalarValue>> = args
        .iter()
        .map(|argument| match argument {
            ColumnarValue::Scalar(value) => Some(value),
            ColumnarValue::Array(_) => None,
        })
        .collect();
    let return_field = function.return_field_from_args(ReturnFieldArgs {
        arg_fields: &arg_fields,
        scalar_arguments: &scalars,
    })?;
    assert_eq!(return_field.data_type(), &function.return_type(&types)?);
    let number_rows = args
        .iter()
        .find_map(|argument| match argument {
            ColumnarValue::Array(array) => Some(array.len()),
            ColumnarValue::Scalar(_) => None,
        })
        .unwrap_or(1);
    let answer = function.invoke_with_args(ScalarFunctionArgs {
        args,
        arg_fields,
        number_rows,
        return_field: Arc::clone(&return_field),
        config_options: Arc::new(ConfigOptions::default()),
    })?;
    assert_eq!(&answer.data_type(), return_field.data_type());
    Ok(answer)
}
