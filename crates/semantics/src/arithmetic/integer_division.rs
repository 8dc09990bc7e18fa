//! `a // b`.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, ArrowNativeTypeOp, ArrowPrimitiveType, AsArray, Datum, PrimitiveArray,
};
use arrow::compute::kernels::numeric;
use arrow::datatypes::{
    DECIMAL128_MAX_PRECISION, DataType, Decimal128Type, Float32Type, Float64Type,
};
use arrow::error::ArrowError;
use datafusion::common::{Result, ScalarValue, exec_datafusion_err, exec_err, plan_err};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::type_coercion::binary::BinaryTypeCoercer;
use datafusion::logical_expr::{
    ColumnarValue, Expr, Operator, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};

use super::operand::Operand;
use super::overflow::sql_name;

/// Division of whole numbers without the remainder, towards zero, as in DuckDB.
///
/// Of whole numbers of one type it is of that type, DECIMAL(38, 0) included. As there, a side that is a float or a
/// decimal with a scale makes it a division of floats. NULL if a side is NULL; division by zero is an error, and so
/// is a quotient that its type does not hold.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct IntegerDivision {
    signature: Signature,
}

impl IntegerDivision {
    pub(super) fn new() -> Self {
        Self {
            signature: Signature::user_defined(Volatility::Immutable),
        }
    }
}

const WHOLE_DECIMAL: DataType = DataType::Decimal128(DECIMAL128_MAX_PRECISION, 0);

impl ScalarUDFImpl for IntegerDivision {
    fn name(&self) -> &str {
        "//"
    }

    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        let names: Vec<_> = args
            .iter()
            .map(|arg| arg.schema_name().to_string())
            .collect();
        Ok(names.join(" // "))
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, arg_types: &[DataType]) -> Result<Vec<DataType>> {
        let [left, right] = arg_types else {
            return plan_err!("`//` takes two numbers");
        };
        let is_null = |side: &DataType| side.is_null();
        let (left, right) = match (is_null(left), is_null(right)) {
            (true, true) => (DataType::Int64, DataType::Int64),
            (true, false) => (right.clone(), right.clone()),
            (false, true) => (left.clone(), left.clone()),
            (false, false) => (left.clone(), right.clone()),
        };
        let (left, right) =
            BinaryTypeCoercer::new(&left, &Operator::Plus, &right).get_input_types()?;
        let common = match (&left, &right) {
            (left, right) if left == right && (left.is_integer() || left.is_floating()) => {
                left.clone()
            }
            (DataType::Decimal128(_, 0), DataType::Decimal128(_, 0)) => WHOLE_DECIMAL,
            (left, right) if left.is_numeric() && right.is_numeric() => DataType::Float64,
            _ => return plan_err!("`//` divides numbers, not {left} by {right}"),
        };
        Ok(vec![common.clone(), common])
    }

    fn return_type(&self, arg_types: &[DataType]) -> Result<DataType> {
        match arg_types {
            [left, _] => Ok(left.clone()),
            _ => plan_err!("`//` takes two numbers"),
        }
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [left, right] = args.args.as_slice() else {
            return exec_err!("`//` takes two numbers");
        };
        let (left, right) = (Operand::new(left)?, Operand::new(right)?);
        let array = quotients(&left, &right, args.return_field.data_type())?;
        if left.is_constant && right.is_constant {
            let value = ScalarValue::try_from_array(&array, 0)?;
            return Ok(ColumnarValue::Scalar(value));
        }
        Ok(ColumnarValue::Array(array))
    }
}

fn quotients(left: &Operand, right: &Operand, result: &DataType) -> Result<ArrayRef> {
    match result {
        DataType::Float32 => rows::<Float32Type>(left, right, |one, other| one.div_checked(other)),
        DataType::Float64 => rows::<Float64Type>(left, right, |one, other| one.div_checked(other)),
        // Arrow's own quotient of decimals has digits behind the point.
        DataType::Decimal128(..) => {
            let quotients =
                rows::<Decimal128Type>(left, right, |one, other| one.div_checked(other))?;
            let quotients = quotients.as_primitive::<Decimal128Type>().clone();
            Ok(Arc::new(quotients.with_data_type(result.clone())))
        }
        _ => numeric::div(left, right).map_err(|error| explained(error, result)),
    }
}

fn rows<T: ArrowPrimitiveType>(
    left: &Operand,
    right: &Operand,
    divide: impl Fn(T::Native, T::Native) -> Result<T::Native, ArrowError>,
) -> Result<ArrayRef> {
    let length = left.rows(right);
    let value = |operand: &Operand, row: usize| {
        let (array, is_constant) = operand.get();
        let array = array.as_primitive::<T>();
        let row = if is_constant { 0 } else { row };
        array.is_valid(row).then(|| array.value(row))
    };
    let quotient = |row| match (value(left, row), value(right, row)) {
        (Some(one), Some(other)) => divide(one, other).map(Some),
        _ => Ok(None),
    };
    let quotients: Result<PrimitiveArray<T>, ArrowError> = (0..length).map(quotient).collect();
    Ok(Arc::new(
        quotients.map_err(|error| explained(error, &T::DATA_TYPE))?,
    ))
}

fn explained(error: ArrowError, result: &DataType) -> DataFusionError {
    match error {
        ArrowError::DivideByZero => {
            exec_datafusion_err!("`//` divides by zero; write x // nullif(y, 0) to have NULL there")
        }
        ArrowError::ArithmeticOverflow(_) => {
            exec_datafusion_err!("a quotient is beyond {}", sql_name(result))
        }
        other => DataFusionError::from(other),
    }
}
