//! Whole answers as text, for what is kept in files rather than shown.

use arrow::array::RecordBatch;
use arrow::datatypes::Schema;
use kouan_render::Settings;

use crate::arguments::parse_format;
use crate::exit::Failure;

/// An answer in a format, as it would stand in a file.
pub(crate) fn written(
    format: &str,
    schema: &Schema,
    rows: &[RecordBatch],
) -> Result<String, Failure> {
    let format = parse_format(format).map_err(Failure::usage)?;
    let mut renderer = format.renderer(&Settings::default());
    let mut text = Vec::new();
    renderer.begin(schema, &mut text)?;
    for batch in rows {
        renderer.batch(batch, &mut text)?;
    }
    renderer.finish(&mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
