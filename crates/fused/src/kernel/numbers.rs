//! Numbers in the three widths that are summed.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::buffer::NullBuffer;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Decimal128Type, Float64Type, Int64Type, UInt64Type};
use datafusion::common::not_impl_err;
use datafusion::error::Result;

use super::accumulators::RowValues;
use crate::pages::Layout;
use crate::plan::NumberKind;

/// Values of an input.
#[derive(Debug, Clone)]
pub(crate) enum Numbers {
    Float(Vec<f64>),
    Whole(Vec<i64>),
    Wide(Vec<i128>),
    /// Presence alone counts.
    None,
}

/// The values of the rows of a block.
#[derive(Debug, Clone, Copy)]
pub(crate) enum InputValues<'a> {
    Float(RowValues<'a, f64>),
    Whole(RowValues<'a, i64>),
    Wide(RowValues<'a, i128>),
    None,
}

impl Numbers {
    /// None yet, of a class.
    pub(crate) fn new(kind: NumberKind) -> Self {
        match kind {
            NumberKind::Float => Self::Float(Vec::new()),
            NumberKind::Whole => Self::Whole(Vec::new()),
            NumberKind::Wide => Self::Wide(Vec::new()),
            NumberKind::Presence | NumberKind::KeyCode(_) => Self::None,
        }
    }

    /// The values of an array, and which of them are missing.
    pub(crate) fn of(array: &ArrayRef, kind: NumberKind) -> Result<(Self, Option<NullBuffer>)> {
        let nulls = array.logical_nulls().filter(|nulls| nulls.null_count() > 0);
        let numbers = match kind {
            NumberKind::Presence | NumberKind::KeyCode(_) => Self::None,
            NumberKind::Float => {
                let array = cast(array, &DataType::Float64)?;
                Self::Float(array.as_primitive::<Float64Type>().values().to_vec())
            }
            NumberKind::Whole => Self::Whole(whole(array)?),
            NumberKind::Wide => match array.data_type() {
                DataType::Decimal128(..) => {
                    Self::Wide(array.as_primitive::<Decimal128Type>().values().to_vec())
                }
                DataType::UInt64 => {
                    let values = array.as_primitive::<UInt64Type>().values();
                    Self::Wide(values.iter().map(|value| i128::from(*value)).collect())
                }
                _ => Self::Wide(whole(array)?.into_iter().map(i128::from).collect()),
            },
        };
        Ok((numbers, nulls))
    }

    /// A number that none of the whole ones is farther from zero than; less than twice the farthest.
    pub(crate) fn magnitude(&self) -> u128 {
        match self {
            Self::Whole(values) => {
                let bits = values
                    .iter()
                    .fold(0, |any, value| any | (value ^ (value >> 63)));
                u128::from(bits.cast_unsigned()) + 1
            }
            Self::Wide(values) => {
                let bits = values
                    .iter()
                    .fold(0, |any, value| any | (value ^ (value >> 127)));
                bits.cast_unsigned() + 1
            }
            Self::Float(_) | Self::None => 0,
        }
    }

    /// One more value, in the place of the code of NULL, which nothing is done with.
    pub(crate) fn push_nothing(&mut self) {
        match self {
            Self::Float(values) => values.push(0.0),
            Self::Whole(values) => values.push(0),
            Self::Wide(values) => values.push(0),
            Self::None => {}
        }
    }

    /// A value for each row.
    pub(crate) fn each(&self) -> InputValues<'_> {
        match self {
            Self::Float(values) => InputValues::Float(RowValues::Each(values)),
            Self::Whole(values) => InputValues::Whole(RowValues::Each(values)),
            Self::Wide(values) => InputValues::Wide(RowValues::Each(values)),
            Self::None => InputValues::None,
        }
    }

    /// The values that codes stand for.
    pub(crate) fn coded<'a>(&'a self, codes: &'a [u32]) -> InputValues<'a> {
        match self {
            Self::Float(values) => InputValues::Float(RowValues::Coded(values, codes)),
            Self::Whole(values) => InputValues::Whole(RowValues::Coded(values, codes)),
            Self::Wide(values) => InputValues::Wide(RowValues::Coded(values, codes)),
            Self::None => InputValues::None,
        }
    }

    /// The value of one code in all rows.
    pub(crate) fn same(&self, code: u32) -> InputValues<'_> {
        let code = code as usize;
        match self {
            Self::Float(values) => InputValues::Float(RowValues::Same(values[code])),
            Self::Whole(values) => InputValues::Whole(RowValues::Same(values[code])),
            Self::Wide(values) => InputValues::Wide(RowValues::Same(values[code])),
            Self::None => InputValues::None,
        }
    }

    /// Reads plainly encoded values of `from` type; false when that is not how the type is stored.
    pub(crate) fn read(&mut self, bytes: &[u8], from: &DataType, layout: &Layout) -> bool {
        use DataType::{
            Date32, Decimal32, Decimal64, Decimal128, Duration, Float32, Float64, Int8, Int16,
            Int32, Int64, Time32, Time64, Timestamp, UInt8, UInt16, UInt32, UInt64,
        };
        fn each<const N: usize, T>(
            out: &mut Vec<T>,
            bytes: &[u8],
            value: impl Fn([u8; N]) -> T,
        ) -> bool {
            out.clear();
            out.extend(bytes.as_chunks::<N>().0.iter().map(|bytes| value(*bytes)));
            true
        }
        match (self, from) {
            (Self::Float(out), Float64) => each(out, bytes, f64::from_le_bytes),
            (Self::Float(out), Float32) => {
                each(out, bytes, |bytes| f64::from(f32::from_le_bytes(bytes)))
            }
            (Self::Float(out), Int8 | Int16 | Int32) => {
                each(out, bytes, |bytes| f64::from(i32::from_le_bytes(bytes)))
            }
            (Self::Float(out), UInt8 | UInt16 | UInt32) => {
                each(out, bytes, |bytes| f64::from(u32::from_le_bytes(bytes)))
            }
            (Self::Float(out), Int64) => each(out, bytes, |bytes| i64::from_le_bytes(bytes) as f64),
            (Self::Float(out), UInt64) => {
                each(out, bytes, |bytes| u64::from_le_bytes(bytes) as f64)
            }
            (Self::Whole(out), Int8 | Int16 | Int32 | Date32 | Time32(_) | Decimal32(..)) => {
                each(out, bytes, |bytes| i64::from(i32::from_le_bytes(bytes)))
            }
            (Self::Whole(out), UInt8 | UInt16 | UInt32) => {
                each(out, bytes, |bytes| i64::from(u32::from_le_bytes(bytes)))
            }
            (
                Self::Whole(out),
                Int64 | UInt64 | Time64(_) | Timestamp(..) | Duration(_) | Decimal64(..),
            ) => each(out, bytes, i64::from_le_bytes),
            (Self::Wide(out), UInt64) => {
                each(out, bytes, |bytes| i128::from(u64::from_le_bytes(bytes)))
            }
            (Self::Wide(out), Decimal64(..)) => {
                each(out, bytes, |bytes| i128::from(i64::from_le_bytes(bytes)))
            }
            (Self::Wide(out), Decimal32(..)) => {
                each(out, bytes, |bytes| i128::from(i32::from_le_bytes(bytes)))
            }
            (Self::Wide(out), Decimal128(..)) if layout.is_whole() && layout.width == 8 => {
                each(out, bytes, |bytes| i128::from(i64::from_le_bytes(bytes)))
            }
            (Self::Wide(out), Decimal128(..)) if layout.is_whole() => {
                each(out, bytes, |bytes| i128::from(i32::from_le_bytes(bytes)))
            }
            (Self::None, _) => true,
            _ => false,
        }
    }
}

/// Whole numbers, dates and times as 64-bit numbers; the largest unsigned ones keep their bits.
fn whole(array: &ArrayRef) -> Result<Vec<i64>> {
    use DataType::{
        Date32, Decimal32, Decimal64, Duration, Int32, Int64, Time32, Time64, Timestamp, UInt64,
    };
    let renamed = match array.data_type() {
        Int64 | Timestamp(..) | Time64(_) | Duration(_) | UInt64 | Decimal64(..) => Int64,
        Date32 | Time32(_) | Decimal32(..) => Int32,
        number if number.is_integer() => {
            let array = cast(array, &Int64)?;
            return Ok(array.as_primitive::<Int64Type>().values().to_vec());
        }
        other => return not_impl_err!("{other} as whole numbers"),
    };
    let array =
        arrow::array::make_array(array.to_data().into_builder().data_type(renamed).build()?);
    let array = cast(&array, &Int64)?;
    Ok(array.as_primitive::<Int64Type>().values().to_vec())
}

#[cfg(test)]
mod tests {
    use super::Numbers;

    /// At least the farthest from zero, and at most twice that: by hand.
    #[test]
    fn magnitudes_are_bounds() {
        for (values, farthest) in [
            (vec![], 0),
            (vec![0, -1], 1),
            (vec![5, -7, 2], 7),
            (vec![1 << 40], 1 << 40),
            (vec![i64::MIN], 1_u128 << 63),
            (vec![i64::MAX, i64::MIN], 1_u128 << 63),
        ] {
            let wide = values.iter().copied().map(i128::from).collect();
            for numbers in [Numbers::Whole(values.clone()), Numbers::Wide(wide)] {
                let magnitude = numbers.magnitude();
                assert!(
                    (farthest..=2 * farthest + 1).contains(&magnitude),
                    "{numbers:?}"
                );
            }
        }
        assert_eq!(Numbers::Wide(vec![i128::MIN]).magnitude(), 1 << 127);
    }
}
