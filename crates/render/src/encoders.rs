//! Encoders of values that arrow's own JSON does not get right.

use std::sync::{Arc, LazyLock};

use arrow::array::{Array, AsArray, MapArray, StringArray, StringBuilder};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, FieldRef};
use arrow::error::ArrowError;
use arrow::json::writer::{NullableEncoder, make_encoder};
use arrow::json::{Encoder, EncoderFactory, EncoderOptions};
use arrow::util::display::{ArrayFormatter, FormatOptions};

/// What stands for NaN and the infinities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NonFinite {
    /// `null`, in JSON that other programs read.
    Null,
    /// `NaN`, `inf`, `-inf`, as in a cell of their own.
    AsText,
}

/// How values are written.
pub(crate) fn options(non_finite: NonFinite) -> EncoderOptions {
    EncoderOptions::default()
        .with_explicit_nulls(true)
        .with_encoder_factory(Arc::new(Exact { non_finite }))
}

/// arrow's own encoders, for values that they do get right.
static PLAIN: LazyLock<EncoderOptions> =
    LazyLock::new(|| EncoderOptions::default().with_explicit_nulls(true));

/// NULL among the values of a dictionary, a time beyond the calendar, which arrow writes as text that says so, keys of
/// maps that are no text, and numbers that are not finite.
#[derive(Debug)]
struct Exact {
    non_finite: NonFinite,
}

impl EncoderFactory for Exact {
    fn make_default_encoder<'a>(
        &self,
        field: &'a FieldRef,
        array: &'a dyn Array,
        options: &'a EncoderOptions,
    ) -> Result<Option<NullableEncoder<'a>>, ArrowError> {
        let encoder: Box<dyn Encoder + 'a> = match array.data_type() {
            DataType::Dictionary(_, _) => {
                let array = array.as_any_dictionary();
                // Without values every row is NULL, and keys cannot be normalized.
                let keys = match array.values().len() {
                    0 => Vec::new(),
                    _ => array.normalized_keys(),
                };
                let values = make_encoder(field, array.values(), options)?;
                Box::new(DictionaryEncoder { keys, values })
            }
            DataType::Map(_, _) => Box::new(MapEncoder::new(field, array.as_map(), options)?),
            data_type if data_type.is_temporal() => Box::new(TextEncoder(texts(array)?)),
            data_type if data_type.is_floating() && self.non_finite == NonFinite::AsText => {
                Box::new(FloatEncoder {
                    texts: texts(array)?,
                    numbers: make_encoder(field, array, &PLAIN)?,
                })
            }
            _ => return Ok(None),
        };
        Ok(Some(NullableEncoder::new(encoder, array.logical_nulls())))
    }
}

struct DictionaryEncoder<'a> {
    keys: Vec<usize>,
    values: NullableEncoder<'a>,
}

impl Encoder for DictionaryEncoder<'_> {
    fn encode(&mut self, row: usize, out: &mut Vec<u8>) {
        self.values.encode(self.keys[row], out);
    }
}

/// Dates and times as text, which holds nothing that JSON escapes.
struct TextEncoder(StringArray);

impl Encoder for TextEncoder {
    fn encode(&mut self, row: usize, out: &mut Vec<u8>) {
        out.push(b'"');
        out.extend_from_slice(self.0.value(row).as_bytes());
        out.push(b'"');
    }
}

struct FloatEncoder<'a> {
    texts: StringArray,
    numbers: NullableEncoder<'a>,
}

impl Encoder for FloatEncoder<'_> {
    fn encode(&mut self, row: usize, out: &mut Vec<u8>) {
        let text = self.texts.value(row);
        if text.ends_with(['N', 'f']) {
            out.extend_from_slice(text.as_bytes());
        } else {
            self.numbers.encode(row, out);
        }
    }
}

/// Maps as objects. A key that is no text is written as the text it has elsewhere.
struct MapEncoder<'a> {
    offsets: OffsetBuffer<i32>,
    keys: StringArray,
    values: NullableEncoder<'a>,
}

impl<'a> MapEncoder<'a> {
    fn new(
        field: &'a FieldRef,
        array: &'a MapArray,
        options: &'a EncoderOptions,
    ) -> Result<Self, ArrowError> {
        Ok(Self {
            offsets: array.offsets().clone(),
            keys: texts(array.keys())?,
            values: make_encoder(field, array.values(), options)?,
        })
    }
}

impl Encoder for MapEncoder<'_> {
    fn encode(&mut self, row: usize, out: &mut Vec<u8>) {
        let (start, end) = (self.offsets[row] as usize, self.offsets[row + 1] as usize);
        out.push(b'{');
        for entry in start..end {
            if entry > start {
                out.push(b',');
            }
            let key = serde_json::Value::from(self.keys.value(entry));
            out.extend_from_slice(key.to_string().as_bytes());
            out.push(b':');
            if self.values.is_null(entry) {
                out.extend_from_slice(b"null");
            } else {
                self.values.encode(entry, out);
            }
        }
        out.push(b'}');
    }
}

/// The texts of an array, empty for NULL; made at once, because an encoder cannot fail.
fn texts(array: &dyn Array) -> Result<StringArray, ArrowError> {
    let formatter = ArrayFormatter::try_new(array, &FormatOptions::new())?;
    let mut texts = StringBuilder::new();
    for row in 0..array.len() {
        formatter.value(row).write(&mut texts)?;
        texts.append_value("");
    }
    Ok(texts.finish())
}

#[cfg(test)]
mod tests {
    use arrow::array::{
        ArrayRef, Float64Builder, Int64Builder, ListBuilder, MapBuilder, RecordBatch,
    };

    use super::*;
    use crate::testing::render;
    use crate::{Result, Settings};

    #[test]
    fn keys_of_maps_are_texts() -> Result<()> {
        let mut maps = MapBuilder::new(None, Int64Builder::new(), Int64Builder::new());
        for (key, value) in [(1, Some(2)), (-3, None)] {
            maps.keys().append_value(key);
            maps.values().append_option(value);
        }
        let appended = maps.append(true).and_then(|()| maps.append(true));
        assert!(appended.and_then(|()| maps.append(false)).is_ok());
        let maps: ArrayRef = Arc::new(maps.finish());
        let batch = RecordBatch::try_from_iter_with_nullable([("m", maps, true)]);
        let batch = batch.map_err(|source| crate::RenderError::Batch { source })?;
        let render = |format| render(format, &Settings::default(), &batch);
        assert_eq!(
            render("jsonl")?,
            "{\"m\":{\"1\":2,\"-3\":null}}\n{\"m\":{}}\n{\"m\":null}\n"
        );
        assert_eq!(
            render("csv")?,
            "m\n\"{\"\"1\"\":2,\"\"-3\"\":null}\"\n{}\n\n"
        );
        Ok(())
    }

    #[test]
    fn numbers_that_are_not_finite_stay_in_lists_of_text_formats() -> Result<()> {
        let mut lists = ListBuilder::new(Float64Builder::new());
        for number in [1.5, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            lists.values().append_value(number);
        }
        lists.values().append_null();
        lists.append(true);
        let lists: ArrayRef = Arc::new(lists.finish());
        let batch = RecordBatch::try_from_iter([("x", lists)]);
        let batch = batch.map_err(|source| crate::RenderError::Batch { source })?;
        let render = |format| render(format, &Settings::default(), &batch);
        assert_eq!(render("tsv")?, "x\n[1.5,NaN,inf,-inf,null]\n");
        assert_eq!(render("csv")?, "x\n\"[1.5,NaN,inf,-inf,null]\"\n");
        assert_eq!(render("jsonl")?, "{\"x\":[1.5,null,null,null,null]}\n");
        Ok(())
    }
}
