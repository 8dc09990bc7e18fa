//! A function that refuses the value of a subquery with more than one row.

use std::sync::{Arc, LazyLock};

use arrow::array::Int64Array;
use arrow::datatypes::DataType;
use datafusion::common::cast::as_int64_array;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// `value` if `rows`, of which it is the first, is 1 or NULL.
pub(super) fn single_row(value: Expr, rows: Expr) -> Expr {
    static FUNCTION: LazyLock<Arc<ScalarUDF>> =
        LazyLock::new(|| Arc::new(ScalarUDF::from(SingleRow::new())));
    FUNCTION.call(vec![value, rows])
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct SingleRow {
    signature: Signature,
}

impl SingleRow {
    fn new() -> Self {
        Self {
            signature: Signature::any(2, Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for SingleRow {
    fn name(&self) -> &str {
        "single_row"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        Ok(arguments.first().cloned().unwrap_or(DataType::Null))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [value, rows] = arguments.args.as_slice() else {
            return Err(DataFusionError::Execution(
                "single_row takes two arguments".to_string(),
            ));
        };
        let rows = rows.to_array(arguments.number_rows)?;
        let rows: &Int64Array = as_int64_array(&rows)?;
        match rows.iter().flatten().max() {
            Some(most) if most > 1 => Err(DataFusionError::Execution(format!(
                "more than one row returned by a subquery that stands for one value ({most} rows): \
                 add a condition, an aggregate, or ORDER BY … LIMIT 1"
            ))),
            _ => Ok(value.clone()),
        }
    }
}
