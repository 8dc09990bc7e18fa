//! `lpad` and `rpad` of a length below 0 are empty, as in PostgreSQL and DuckDB: DataFusion's panic over arrays
//! (`capacity overflow`).

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray};
use arrow::datatypes::{DataType, FieldRef, Int64Type};
use datafusion::common::{Result, ScalarValue};
use datafusion::functions::unicode::{lpad, rpad};
use datafusion::logical_expr::{
    ColumnarValue, Documentation, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl,
    Signature,
};

/// Both functions in the place of DataFusion's.
pub(crate) fn functions() -> [Arc<ScalarUDF>; 2] {
    [lpad(), rpad()].map(|inner| Arc::new(ScalarUDF::new_from_impl(Padding { inner })))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Padding {
    inner: Arc<ScalarUDF>,
}

impl ScalarUDFImpl for Padding {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn signature(&self) -> &Signature {
        self.inner.signature()
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        self.inner.return_type(types)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        self.inner.return_field_from_args(args)
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        self.inner.coerce_types(types)
    }

    fn invoke_with_args(&self, mut args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        if let Some(length) = args.args.get_mut(1) {
            *length = at_least_zero(length);
        }
        self.inner.invoke_with_args(args)
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.inner.documentation()
    }
}

fn at_least_zero(length: &ColumnarValue) -> ColumnarValue {
    match length {
        ColumnarValue::Scalar(ScalarValue::Int64(Some(length))) => {
            ColumnarValue::Scalar(ScalarValue::Int64(Some((*length).max(0))))
        }
        ColumnarValue::Array(lengths) if *lengths.data_type() == DataType::Int64 => {
            let lengths = lengths.as_primitive::<Int64Type>();
            let lengths: ArrayRef = Arc::new(lengths.unary::<_, Int64Type>(|length| length.max(0)));
            ColumnarValue::Array(lengths)
        }
        other => other.clone(),
    }
}
