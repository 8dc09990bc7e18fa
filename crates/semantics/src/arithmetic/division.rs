//! `a / b` of floats, whose NaN has one form.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, AsArray};
use arrow::compute::kernels::numeric;
use arrow::datatypes::{DataType, Float32Type, Float64Type};
use datafusion::common::{Result, ScalarValue, exec_err, plan_err};
use datafusion::logical_expr::type_coercion::binary::BinaryTypeCoercer;
use datafusion::logical_expr::{
    ColumnarValue, Expr, Operator, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};

use super::operand::Operand;

/// The quotient of two floats. By zero it is an infinity, or NaN for 0 / 0; NULL if a side is NULL.
///
/// Processors give that NaN a sign, by which DataFusion sorts and compares it below all numbers, where NaN belongs
/// above them. Here it has none.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Division {
    signature: Signature,
}

impl Division {
    pub(super) fn new() -> Self {
        Self {
            signature: Signature::user_defined(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for Division {
    fn name(&self) -> &str {
        "/"
    }

    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        let names: Vec<_> = args
            .iter()
            .map(|arg| arg.schema_name().to_string())
            .collect();
        Ok(names.join(" / "))
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, arg_types: &[DataType]) -> Result<Vec<DataType>> {
        let [left, right] = arg_types else {
            return plan_err!("`/` takes two numbers");
        };
        let coercer = BinaryTypeCoercer::new(left, &Operator::Divide, right);
        let common = match coercer.get_result_type()? {
            DataType::Float32 => DataType::Float32,
            _ => DataType::Float64,
        };
        Ok(vec![common.clone(), common])
    }

    fn return_type(&self, arg_types: &[DataType]) -> Result<DataType> {
        match arg_types {
            [left, _] => Ok(left.clone()),
            _ => plan_err!("`/` takes two numbers"),
        }
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [left, right] = args.args.as_slice() else {
            return exec_err!("`/` takes two numbers");
        };
        let (left, right) = (Operand::new(left)?, Operand::new(right)?);
        let quotients = numeric::div(&left, &right)?;
        let array = match quotients.data_type() {
            DataType::Float32 => without_sign::<Float32Type>(&quotients, |value| {
                if value.is_nan() { f32::NAN } else { value }
            }),
            DataType::Float64 => without_sign::<Float64Type>(&quotients, |value| {
                if value.is_nan() { f64::NAN } else { value }
            }),
            _ => quotients,
        };
        if left.is_constant && right.is_constant {
            let value = ScalarValue::try_from_array(&array, 0)?;
            return Ok(ColumnarValue::Scalar(value));
        }
        Ok(ColumnarValue::Array(array))
    }
}

fn without_sign<T: ArrowPrimitiveType>(
    quotients: &ArrayRef,
    canonical: impl Fn(T::Native) -> T::Native,
) -> ArrayRef {
    Arc::new(quotients.as_primitive::<T>().unary::<_, T>(canonical))
}
