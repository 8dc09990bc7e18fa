//! Columns with NaN get no bounds.
//!
//! The format tells writers to leave NaN out of the least and greatest value, so that who looks for what lies above all
//! numbers leaves out the row group that has it. The `parquet` crate does so; nobody can be misled by what is not there.

use arrow::array::{Array, ArrayData, ArrayRef};
use arrow::datatypes::DataType;
use parquet::arrow::arrow_writer::ArrowColumnChunk;
use parquet::basic::Type;
use parquet::errors::Result;
use parquet::file::statistics::Statistics;

/// Whether a value of a column, or inside one, is NaN.
pub(super) fn has_nan(values: &ArrayRef) -> bool {
    fn is_in(values: &ArrayData) -> bool {
        let length = values.len();
        let is_here = match values.data_type() {
            DataType::Float64 => {
                let numbers = &values.buffer::<f64>(0)[..length];
                numbers.iter().any(|number| number.is_nan())
            }
            DataType::Float32 => {
                let numbers = &values.buffer::<f32>(0)[..length];
                numbers.iter().any(|number| number.is_nan())
            }
            _ => false,
        };
        is_here || values.child_data().iter().any(is_in)
    }
    is_in(&values.to_data())
}

/// Takes the bounds of floats from a column chunk, and the index of its pages.
pub(super) fn without_bounds(chunk: &mut ArrowColumnChunk) -> Result<()> {
    let close = chunk.close_mut();
    let kind = close.metadata.column_type();
    if !matches!(kind, Type::FLOAT | Type::DOUBLE) {
        return Ok(());
    }
    close.column_index = None;
    let told = close.metadata.statistics();
    let nulls = told.and_then(Statistics::null_count_opt);
    let metadata = close.metadata.clone().into_builder();
    let counts = match kind {
        Type::FLOAT => Statistics::float(None, None, None, nulls, false),
        _ => Statistics::double(None, None, None, nulls, false),
    };
    close.metadata = metadata.set_statistics(counts).build()?;
    Ok(())
}
