//! Plainly encoded values as Arrow arrays: dictionary pages, and data pages of numbers.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryViewBuilder, BooleanArray, Decimal128Array, Float32Array, Float64Array,
    Int32Array, Int64Array, StringViewBuilder, make_array,
};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::common::{exec_err, not_impl_err};
use datafusion::error::Result;
use parquet::basic::Type as PhysicalType;

use super::Layout;

/// True for values that all have the same number of bytes.
pub(super) fn has_fixed_width(layout: &Layout) -> bool {
    layout.width > 0 && layout.physical != PhysicalType::INT96
}

/// Decodes `count` values into an array of `data_type`, which the file's own type must convert to without loss.
pub(super) fn decode_plain(
    layout: &Layout,
    bytes: &[u8],
    count: usize,
    data_type: &DataType,
) -> Result<ArrayRef> {
    if let DataType::Dictionary(_, value) = data_type {
        let values = decode_plain(layout, bytes, count, value)?;
        return Ok(cast(&values, data_type)?);
    }
    let physical = layout.physical;
    let array: ArrayRef = match physical {
        PhysicalType::BOOLEAN => Arc::new(BooleanArray::from(vec![false, true])),
        PhysicalType::INT32 => {
            let values = exact::<4>(bytes, count)?
                .iter()
                .map(|bytes| i32::from_le_bytes(*bytes));
            if let DataType::Decimal128(precision, scale) = data_type {
                return decimals(values.map(i128::from), *precision, *scale);
            }
            let array = Int32Array::from_iter_values(values);
            return whole_numbers(&(Arc::new(array) as ArrayRef), data_type);
        }
        PhysicalType::INT64 => {
            let values = exact::<8>(bytes, count)?
                .iter()
                .map(|bytes| i64::from_le_bytes(*bytes));
            if let DataType::Decimal128(precision, scale) = data_type {
                return decimals(values.map(i128::from), *precision, *scale);
            }
            let array = Int64Array::from_iter_values(values);
            return whole_numbers(&(Arc::new(array) as ArrayRef), data_type);
        }
        PhysicalType::FLOAT => {
            let values = exact::<4>(bytes, count)?
                .iter()
                .map(|bytes| f32::from_le_bytes(*bytes));
            Arc::new(Float32Array::from_iter_values(values))
        }
        PhysicalType::DOUBLE => {
            let values = exact::<8>(bytes, count)?
                .iter()
                .map(|bytes| f64::from_le_bytes(*bytes));
            Arc::new(Float64Array::from_iter_values(values))
        }
        PhysicalType::BYTE_ARRAY => return texts(bytes, count, data_type),
        PhysicalType::FIXED_LEN_BYTE_ARRAY => {
            return decimals_of_bytes(bytes, layout.width, count, data_type);
        }
        PhysicalType::INT96 => return not_impl_err!("INT96"),
    };
    if array.data_type() != data_type {
        return not_impl_err!("{physical} as {data_type}");
    }
    Ok(array)
}

/// The first `count` values of `N` bytes each.
fn exact<const N: usize>(bytes: &[u8], count: usize) -> Result<&[[u8; N]]> {
    match bytes.as_chunks::<N>().0.get(..count) {
        Some(values) => Ok(values),
        None => exec_err!(
            "a Parquet page of {} bytes has no {count} values of {N} bytes",
            bytes.len()
        ),
    }
}

/// 32- or 64-bit numbers as the type they stand for.
fn whole_numbers(array: &ArrayRef, data_type: &DataType) -> Result<ArrayRef> {
    use DataType::{
        Date32, Decimal32, Decimal64, Duration, Int8, Int16, Int32, Int64, Time32, Time64,
        Timestamp, UInt8, UInt16, UInt32, UInt64,
    };
    match data_type {
        Int8 | Int16 | Int32 | Int64 | UInt8 | UInt16 => Ok(cast(array, data_type)?),
        // The same bits under another name.
        UInt32 | Date32 | Time32(_) | Decimal32(..) | UInt64 | Time64(_) | Timestamp(..)
        | Duration(_) | Decimal64(..) => {
            let values = array.to_data().into_builder().data_type(data_type.clone());
            Ok(make_array(values.build()?))
        }
        other => not_impl_err!("whole numbers as {other}"),
    }
}

fn texts(bytes: &[u8], count: usize, data_type: &DataType) -> Result<ArrayRef> {
    let mut rest = bytes;
    let mut next = || -> Result<&[u8]> {
        let Some((length, after)) = rest.split_first_chunk::<4>() else {
            return exec_err!("a Parquet page ends before its last text");
        };
        let length = u32::from_le_bytes(*length) as usize;
        let Some((text, after)) = after.split_at_checked(length) else {
            return exec_err!("a Parquet page ends inside a text");
        };
        rest = after;
        Ok(text)
    };
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
            let mut texts = StringViewBuilder::new();
            for _ in 0..count {
                match str::from_utf8(next()?) {
                    Ok(text) => texts.append_value(text),
                    Err(error) => {
                        return exec_err!("a text in a Parquet file is not UTF-8: {error}");
                    }
                }
            }
            Ok(cast(&texts.finish(), data_type)?)
        }
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => {
            let mut values = BinaryViewBuilder::new();
            for _ in 0..count {
                values.append_value(next()?);
            }
            Ok(cast(&values.finish(), data_type)?)
        }
        other => not_impl_err!("bytes as {other}"),
    }
}

/// Decimals of a fixed number of bytes, highest first.
fn decimals_of_bytes(
    bytes: &[u8],
    width: usize,
    count: usize,
    data_type: &DataType,
) -> Result<ArrayRef> {
    let DataType::Decimal128(precision, scale) = data_type else {
        return not_impl_err!("values of {width} bytes as {data_type}");
    };
    if width == 0 || width > 16 || bytes.len() / width < count {
        return exec_err!(
            "a Parquet page of {} bytes has no {count} decimals of {width} bytes",
            bytes.len()
        );
    }
    let values = bytes.chunks_exact(width).take(count).map(|bytes| {
        let filling = if bytes[0] & 0x80 == 0 { 0 } else { 0xff };
        let mut whole = [filling; 16];
        whole[16 - width..].copy_from_slice(bytes);
        i128::from_be_bytes(whole)
    });
    decimals(values, *precision, *scale)
}

fn decimals(values: impl Iterator<Item = i128>, precision: u8, scale: i8) -> Result<ArrayRef> {
    let array = Decimal128Array::from_iter_values(values);
    Ok(Arc::new(array.with_precision_and_scale(precision, scale)?))
}
