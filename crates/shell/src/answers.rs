//! Whole answers as bytes or text, for what is kept in files rather than shown.

use arrow::array::RecordBatch;
use arrow::datatypes::Schema;
use kouan_render::{Format, Settings};

use crate::arguments::parse_format;
use crate::exit::Failure;

/// An answer in a format, as it would stand in a file.
pub(crate) fn written(
    format: &Format,
    schema: &Schema,
    rows: &[RecordBatch],
) -> Result<Vec<u8>, Failure> {
    let mut renderer = format.renderer(&Settings::default());
    let mut bytes = Vec::new();
    renderer.begin(schema, &mut bytes)?;
    for batch in rows {
        renderer.batch(batch, &mut bytes)?;
    }
    renderer.finish(&mut bytes)?;
    Ok(bytes)
}

/// The same as text, in a format of this name.
pub(crate) fn text(format: &str, schema: &Schema, rows: &[RecordBatch]) -> Result<String, Failure> {
    let format = parse_format(format).map_err(Failure::usage)?;
    let bytes = written(format, schema, rows)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
