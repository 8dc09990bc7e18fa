//! Values that are added up exactly, and the totals that hold their sums.

use std::fmt::Debug;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ArrowNativeTypeOp, ArrowPrimitiveType, PrimitiveArray};
use arrow::datatypes::{
    DECIMAL128_MAX_PRECISION, DECIMAL256_MAX_PRECISION, DataType, Decimal32Type, Decimal64Type,
    Decimal128Type, Decimal256Type, DecimalType, DurationMicrosecondType, DurationMillisecondType,
    DurationNanosecondType, DurationSecondType, Int64Type, TimeUnit, UInt64Type, i256,
};
use datafusion::common::{ScalarValue, exec_datafusion_err, internal_datafusion_err};
use datafusion::error::{DataFusionError, Result};

use crate::arithmetic::sql_name;

/// The native number of a total.
pub(super) type Native<S> = <<S as Summand>::Total as ArrowPrimitiveType>::Native;

/// A type whose values are added up in one of 128 or 256 bits.
pub(super) trait Summand: ArrowPrimitiveType + Debug + Send + Sync {
    /// Holds sums; its native number is a whole one.
    type Total: DecimalType + ArrowPrimitiveType<Native: ArrowNativeTypeOp> + Send + Sync;

    fn widen(value: Self::Native) -> Native<Self>;

    /// The sum of a value and a total, or nothing when 128 bits do not hold it.
    fn add(total: Native<Self>, value: Self::Native) -> Option<Native<Self>> {
        total.add_checked(Self::widen(value)).ok()
    }

    /// The sum of values of which none is NULL.
    fn add_all(total: Native<Self>, values: &[Self::Native]) -> Option<Native<Self>> {
        let mut values = values.iter();
        values.try_fold(total, |total, value| Self::add(total, *value))
    }

    /// The type of a total of values of this type.
    fn total_type(argument: &DataType) -> DataType {
        let scale = match argument {
            DataType::Decimal32(_, scale)
            | DataType::Decimal64(_, scale)
            | DataType::Decimal128(_, scale)
            | DataType::Decimal256(_, scale) => *scale,
            _ => 0,
        };
        Self::Total::TYPE_CONSTRUCTOR(Self::Total::MAX_PRECISION, scale)
    }
}

/// Values of 64 bits, of which a total of 128 takes more than there can be rows.
macro_rules! narrow {
    ($($summand:ty),*) => {$(
        impl Summand for $summand {
            type Total = Decimal128Type;

            fn widen(value: Self::Native) -> i128 {
                i128::from(value)
            }

            fn add(total: i128, value: Self::Native) -> Option<i128> {
                Some(total.wrapping_add(i128::from(value)))
            }

            /// Upper and lower halves apart, which the compiler turns into vectors.
            fn add_all(total: i128, values: &[Self::Native]) -> Option<i128> {
                let mut sum = total;
                for block in values.chunks(1 << 16) {
                    let (mut upper, mut lower) = (0, 0_u64);
                    for value in block {
                        upper += *value >> 32;
                        lower += (*value & 0xffff_ffff) as u64;
                    }
                    sum += (i128::from(upper) << 32) + i128::from(lower);
                }
                Some(sum)
            }
        }
    )*};
}

narrow!(
    Int64Type,
    UInt64Type,
    Decimal64Type,
    DurationSecondType,
    DurationMillisecondType,
    DurationMicrosecondType,
    DurationNanosecondType
);

impl Summand for Decimal32Type {
    type Total = Decimal128Type;

    fn widen(value: i32) -> i128 {
        i128::from(value)
    }
}

impl Summand for Decimal128Type {
    type Total = Decimal128Type;

    fn widen(value: i128) -> i128 {
        value
    }
}

impl Summand for Decimal256Type {
    type Total = Decimal256Type;

    fn widen(value: i256) -> i256 {
        value
    }
}

/// Totals as values of the type of the sum.
///
/// # Errors
/// A total is beyond that type.
pub(super) fn finish<T: DecimalType>(
    totals: PrimitiveArray<T>,
    result: &DataType,
) -> Result<ArrayRef> {
    let error = || beyond(result);
    let whole = |totals: &PrimitiveArray<T>| {
        let totals: &dyn Array = totals;
        let totals = totals
            .as_any()
            .downcast_ref::<PrimitiveArray<Decimal128Type>>();
        totals.cloned().ok_or_else(|| {
            internal_datafusion_err!("the total of a sum of type {result} is a {}", T::PREFIX)
        })
    };
    macro_rules! narrowed {
        ($narrow:ty) => {{
            let narrow = |total: i128| total.try_into().map_err(|_| error());
            let values: PrimitiveArray<$narrow> = whole(&totals)?.try_unary(narrow)?;
            Ok(Arc::new(values))
        }};
    }
    match result {
        DataType::Int64 => narrowed!(Int64Type),
        DataType::UInt64 => narrowed!(UInt64Type),
        DataType::Duration(TimeUnit::Second) => narrowed!(DurationSecondType),
        DataType::Duration(TimeUnit::Millisecond) => narrowed!(DurationMillisecondType),
        DataType::Duration(TimeUnit::Microsecond) => narrowed!(DurationMicrosecondType),
        DataType::Duration(TimeUnit::Nanosecond) => narrowed!(DurationNanosecondType),
        DataType::Decimal128(DECIMAL128_MAX_PRECISION, _)
        | DataType::Decimal256(DECIMAL256_MAX_PRECISION, _) => {
            let totals = totals.with_data_type(result.clone());
            let fits = totals.validate_decimal_precision(T::MAX_PRECISION);
            fits.map_err(|_| error())?;
            Ok(Arc::new(totals))
        }
        other => Err(internal_datafusion_err!("there is no sum of type {other}")),
    }
}

/// One total as a value of the type of the sum.
pub(super) fn finish_one<T: DecimalType>(
    total: Option<T::Native>,
    result: &DataType,
) -> Result<ScalarValue> {
    let totals = PrimitiveArray::<T>::from_iter([total]);
    ScalarValue::try_from_array(&finish(totals, result)?, 0)
}

/// What is said of a sum that does not fit.
pub(super) fn beyond(result: &DataType) -> DataFusionError {
    let advice = match result {
        DataType::Int64 | DataType::UInt64 => "; write sum(x::DECIMAL(38, 0))",
        other if other.is_decimal() => {
            "; write sum(x::DOUBLE), or cast to decimals of fewer digits"
        }
        _ => "",
    };
    exec_datafusion_err!("sum is beyond {}{advice}", sql_name(result))
}
