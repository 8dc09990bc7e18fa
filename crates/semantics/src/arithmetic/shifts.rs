//! `a << b` and `a >> b` without bits that come back on the other side.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, PrimitiveArray};
use arrow::datatypes::{
    DataType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use datafusion::common::{Result, ScalarValue, exec_err, internal_err, plan_err};
use datafusion::logical_expr::type_coercion::binary::BinaryTypeCoercer;
use datafusion::logical_expr::{
    ColumnarValue, Expr, Operator, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};

use super::overflow::sql_name;

/// Bits moved to the left or to the right; of the common type of both sides.
///
/// As in DuckDB: to the left, a negative number, a negative distance and a result beyond the type are errors; to the
/// right, a distance of the width of the type or more, or a negative one, leaves 0. NULL if a side is NULL.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Shift {
    to_left: bool,
    signature: Signature,
}

impl Shift {
    pub(super) fn new(to_left: bool) -> Self {
        Self {
            to_left,
            signature: Signature::user_defined(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for Shift {
    fn name(&self) -> &str {
        if self.to_left { "<<" } else { ">>" }
    }

    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        let names: Vec<_> = args
            .iter()
            .map(|arg| arg.schema_name().to_string())
            .collect();
        Ok(names.join(&format!(" {} ", self.name())))
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, arg_types: &[DataType]) -> Result<Vec<DataType>> {
        let [left, right] = arg_types else {
            return plan_err!("`{}` takes two whole numbers", self.name());
        };
        let operator = Operator::BitwiseShiftLeft;
        let common = BinaryTypeCoercer::new(left, &operator, right).get_result_type()?;
        Ok(vec![common.clone(), common])
    }

    fn return_type(&self, arg_types: &[DataType]) -> Result<DataType> {
        match arg_types {
            [left, _] => Ok(left.clone()),
            _ => plan_err!("`{}` takes two whole numbers", self.name()),
        }
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let all_constant = args
            .args
            .iter()
            .all(|arg| matches!(arg, ColumnarValue::Scalar(_)));
        let rows = if all_constant { 1 } else { args.number_rows };
        let [left, right] = args.args.as_slice() else {
            return internal_err!("`{}` takes two whole numbers", self.name());
        };
        let (left, right) = (left.to_array(rows)?, right.to_array(rows)?);
        let array = match left.data_type() {
            DataType::Int8 => self.rows::<Int8Type>(&left, &right)?,
            DataType::Int16 => self.rows::<Int16Type>(&left, &right)?,
            DataType::Int32 => self.rows::<Int32Type>(&left, &right)?,
            DataType::Int64 => self.rows::<Int64Type>(&left, &right)?,
            DataType::UInt8 => self.rows::<UInt8Type>(&left, &right)?,
            DataType::UInt16 => self.rows::<UInt16Type>(&left, &right)?,
            DataType::UInt32 => self.rows::<UInt32Type>(&left, &right)?,
            DataType::UInt64 => self.rows::<UInt64Type>(&left, &right)?,
            other => {
                return exec_err!(
                    "`{}` moves bits of whole numbers, not of {other}",
                    self.name()
                );
            }
        };
        if all_constant {
            let value = ScalarValue::try_from_array(&array, 0)?;
            return Ok(ColumnarValue::Scalar(value));
        }
        Ok(ColumnarValue::Array(array))
    }
}

impl Shift {
    fn rows<T>(&self, left: &ArrayRef, right: &ArrayRef) -> Result<ArrayRef>
    where
        T: ArrowPrimitiveType<Native: Into<i128> + TryFrom<i128>>,
    {
        let pairs = left
            .as_primitive::<T>()
            .iter()
            .zip(right.as_primitive::<T>());
        let moved = pairs.map(|pair| match pair {
            (Some(bits), Some(distance)) => self.moved::<T>(bits.into(), distance.into()).map(Some),
            _ => Ok(None),
        });
        let moved: Result<PrimitiveArray<T>> = moved.collect();
        Ok(Arc::new(moved?))
    }

    fn moved<T>(&self, bits: i128, distance: i128) -> Result<T::Native>
    where
        T: ArrowPrimitiveType<Native: TryFrom<i128>>,
    {
        let width = 8 * size_of::<T::Native>() as i128;
        let is_inside = (0..width).contains(&distance);
        let result = match (self.to_left, is_inside) {
            (false, false) => Some(0),
            (false, true) => Some(bits >> distance),
            // A zero has no bits to lose.
            (true, _) if bits == 0 && distance >= 0 => Some(0),
            // 64 bits by less than 64 fit into 128.
            (true, true) if bits >= 0 => Some(bits << distance),
            (true, _) => None,
        };
        match result.and_then(|result| T::Native::try_from(result).ok()) {
            Some(result) => Ok(result),
            None => exec_err!(
                "{bits} {} {distance} is beyond {}",
                self.name(),
                sql_name(&T::DATA_TYPE)
            ),
        }
    }
}
