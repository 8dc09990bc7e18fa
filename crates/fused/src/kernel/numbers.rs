//! Numbers in the three widths that are summed.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::buffer::NullBuffer;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Decimal128Type, Float64Type, Int64Type, UInt64Type};
use datafusion::common::not_impl_err;
use datafusion::error::Result;

use super::lanes::Values;
use crate::pages::Layout;
use crate::plan::Class;

/// Values of a subject.
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
pub(crate) enum Given<'a> {
    Float(Values<'a, f64>),
    Whole(Values<'a, i64>),
    Wide(Values<'a, i128>),
    None,
}

impl Numbers {
    /// None yet, of a class.
    pub(crate) fn new(class: Class) -> Self {
        match class {
            Class::Float => Self::Float(Vec::new()),
            Class::Whole => Self::Whole(Vec::new()),
            Class::Wide => Self::Wide(Vec::new()),
            Class::Presence | Class::Part(_) => Self::None,
        }
    }

    /// The values of an array, and which of them are missing.
    pub(crate) fn of(array: &ArrayRef, class: Class) -> Result<(Self, Option<NullBuffer>)> {
        let nulls = array.logical_nulls().filter(|nulls| nulls.null_count() > 0);
        let numbers = match class {
            Class::Presence | Class::Part(_) => Self::None,
            Class::Float => {
                let array = cast(array, &DataType::Float64)?;
                Self::Float(array.as_primitive::<Float64Type>().values().to_vec())
            }
            Class::Whole => Self::Whole(whole(array)?),
            Class::Wide => match array.data_type() {
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

    /// One more value, which nobody looks at.
    pub(crate) fn push_nothing(&mut self) {
        match self {
            Self::Float(values) => values.push(0.0),
            Self::Whole(values) => values.push(0),
            Self::Wide(values) => values.push(0),
            Self::None => {}
        }
    }

    /// A value for each row.
    pub(crate) fn each(&self) -> Given<'_> {
        match self {
            Self::Float(values) => Given::Float(Values::Each(values)),
            Self::Whole(values) => Given::Whole(Values::Each(values)),
            Self::Wide(values) => Given::Wide(Values::Each(values)),
            Self::None => Given::None,
        }
    }

    /// The values that codes stand for.
    pub(crate) fn coded<'a>(&'a self, codes: &'a [u32]) -> Given<'a> {
        match self {
            Self::Float(values) => Given::Float(Values::Coded(values, codes)),
            Self::Whole(values) => Given::Whole(Values::Coded(values, codes)),
            Self::Wide(values) => Given::Wide(Values::Coded(values, codes)),
            Self::None => Given::None,
        }
    }

    /// The value of one code in all rows.
    pub(crate) fn same(&self, code: u32) -> Given<'_> {
        let code = code as usize;
        match self {
            Self::Float(values) => Given::Float(Values::Same(values[code])),
            Self::Whole(values) => Given::Whole(Values::Same(values[code])),
            Self::Wide(values) => Given::Wide(Values::Same(values[code])),
            Self::None => Given::None,
        }
    }

    /// Reads plainly encoded values of `from` type; false when that is not how the type is stored.
    pub(crate) fn read(&mut self, lanes: &[u8], from: &DataType, layout: &Layout) -> bool {
        use DataType::{
            Date32, Decimal32, Decimal64, Decimal128, Duration, Float32, Float64, Int8, Int16,
            Int32, Int64, Time32, Time64, Timestamp, UInt8, UInt16, UInt32, UInt64,
        };
        fn each<const N: usize, T>(
            out: &mut Vec<T>,
            lanes: &[u8],
            value: impl Fn([u8; N]) -> T,
        ) -> bool {
            out.clear();
            out.extend(lanes.as_chunks::<N>().0.iter().map(|lane| value(*lane)));
            true
        }
        match (self, from) {
            (Self::Float(out), Float64) => each(out, lanes, f64::from_le_bytes),
            (Self::Float(out), Float32) => {
                each(out, lanes, |lane| f64::from(f32::from_le_bytes(lane)))
            }
            (Self::Float(out), Int8 | Int16 | Int32) => {
                each(out, lanes, |lane| f64::from(i32::from_le_bytes(lane)))
            }
            (Self::Float(out), UInt8 | UInt16 | UInt32) => {
                each(out, lanes, |lane| f64::from(u32::from_le_bytes(lane)))
            }
            (Self::Float(out), Int64) => each(out, lanes, |lane| i64::from_le_bytes(lane) as f64),
            (Self::Float(out), UInt64) => each(out, lanes, |lane| u64::from_le_bytes(lane) as f64),
            (Self::Whole(out), Int8 | Int16 | Int32 | Date32 | Time32(_) | Decimal32(..)) => {
                each(out, lanes, |lane| i64::from(i32::from_le_bytes(lane)))
            }
            (Self::Whole(out), UInt8 | UInt16 | UInt32) => {
                each(out, lanes, |lane| i64::from(u32::from_le_bytes(lane)))
            }
            (
                Self::Whole(out),
                Int64 | UInt64 | Time64(_) | Timestamp(..) | Duration(_) | Decimal64(..),
            ) => each(out, lanes, i64::from_le_bytes),
            (Self::Wide(out), UInt64) => {
                each(out, lanes, |lane| i128::from(u64::from_le_bytes(lane)))
            }
            (Self::Wide(out), Decimal64(..)) => {
                each(out, lanes, |lane| i128::from(i64::from_le_bytes(lane)))
            }
            (Self::Wide(out), Decimal32(..)) => {
                each(out, lanes, |lane| i128::from(i32::from_le_bytes(lane)))
            }
            (Self::Wide(out), Decimal128(..)) if layout.is_whole() && layout.width == 8 => {
                each(out, lanes, |lane| i128::from(i64::from_le_bytes(lane)))
            }
            (Self::Wide(out), Decimal128(..)) if layout.is_whole() => {
                each(out, lanes, |lane| i128::from(i32::from_le_bytes(lane)))
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
