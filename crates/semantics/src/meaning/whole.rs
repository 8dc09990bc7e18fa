//! `nearest_whole`, which casts of floats to integers round by.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray};
use arrow::datatypes::{ArrowPrimitiveType, DataType, Float16Type, Float32Type, Float64Type};
use datafusion::common::{Result, ScalarValue, internal_err};
use datafusion::logical_expr::sort_properties::{ExprProperties, SortProperties};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, TypeSignature, Volatility,
};

type Half = <Float16Type as ArrowPrimitiveType>::Native;

/// A float's nearest whole number as a float of the same type; a half goes to the even one. NaN and infinities stay, and NULL
/// is NULL.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct NearestWhole {
    signature: Signature,
}

impl NearestWhole {
    pub(super) fn new() -> Self {
        let floats = [DataType::Float16, DataType::Float32, DataType::Float64];
        let exact = floats.map(|float| TypeSignature::Exact(vec![float]));
        Self {
            signature: Signature::one_of(exact.to_vec(), Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for NearestWhole {
    fn name(&self) -> &'static str {
        "nearest_whole"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        Ok(types[0].clone())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let is_scalar = matches!(args.args[0], ColumnarValue::Scalar(_));
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let rounded = rounded(&arrays[0])?;
        if is_scalar {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(
                &rounded, 0,
            )?));
        }
        Ok(ColumnarValue::Array(rounded))
    }

    fn output_ordering(&self, inputs: &[ExprProperties]) -> Result<SortProperties> {
        Ok(inputs[0].sort_properties)
    }
}

fn rounded(array: &ArrayRef) -> Result<ArrayRef> {
    Ok(match array.data_type() {
        DataType::Float64 => {
            let floats = array.as_primitive::<Float64Type>();
            Arc::new(floats.unary::<_, Float64Type>(f64::round_ties_even))
        }
        DataType::Float32 => {
            let floats = array.as_primitive::<Float32Type>();
            Arc::new(floats.unary::<_, Float32Type>(f32::round_ties_even))
        }
        DataType::Float16 => {
            let floats = array.as_primitive::<Float16Type>();
            Arc::new(
                floats.unary::<_, Float16Type>(|float| {
                    Half::from_f32(float.to_f32().round_ties_even())
                }),
            )
        }
        other => return internal_err!("nearest_whole takes no {other}"),
    })
}
