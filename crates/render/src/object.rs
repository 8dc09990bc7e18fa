//! Encodes rows as JSON objects, and nested values as JSON text.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch, StringArray, StringBuilder};
use arrow::datatypes::{DataType, Field, FieldRef, Schema};
use arrow::json::EncoderOptions;
use arrow::json::writer::{NullableEncoder, make_encoder};

use crate::encoders::{NonFinite, options};
use crate::types::{is_nested, type_name};
use crate::{RenderError, Result};

/// Writes the rows of one result as objects, each under names that occur once.
pub(crate) struct Objects {
    /// `"name":` for each column.
    labels: Vec<Vec<u8>>,
    /// The names that had to change: as they were, as they are.
    pub(crate) renamed: Vec<(String, String)>,
    options: EncoderOptions,
}

impl Objects {
    pub(crate) fn new(schema: &Schema) -> Self {
        let mut renamed = Vec::new();
        let labels = unique_names(schema)
            .into_iter()
            .zip(schema.fields())
            .map(|(name, field)| {
                let label = format!("{}:", serde_json::Value::from(name.as_str())).into_bytes();
                if name != *field.name() {
                    renamed.push((field.name().clone(), name));
                }
                label
            })
            .collect();
        Self {
            labels,
            renamed,
            options: options(NonFinite::Null),
        }
    }

    /// Encodes every row of a batch, with `before` and `after` around each.
    pub(crate) fn encode(
        &self,
        batch: &RecordBatch,
        before: &[u8],
        after: &[u8],
    ) -> Result<Vec<u8>> {
        let mut columns = batch
            .schema_ref()
            .fields()
            .iter()
            .zip(batch.columns())
            .map(|(field, array)| encoder(field, array, &self.options))
            .collect::<Result<Vec<_>>>()?;
        let mut out = Vec::new();
        for row in 0..batch.num_rows() {
            out.extend_from_slice(before);
            out.push(b'{');
            for (index, (label, column)) in self.labels.iter().zip(&mut columns).enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                out.extend_from_slice(label);
                if column.is_null(row) {
                    out.extend_from_slice(b"null");
                } else {
                    column.encode(row, &mut out);
                }
            }
            out.push(b'}');
            out.extend_from_slice(after);
        }
        Ok(out)
    }
}

/// The batch with its nested columns as JSON text, for formats that have only text. NaN and the infinities, which JSON
/// does not have, read as they do outside of lists.
pub(crate) fn nested_as_text(batch: &RecordBatch) -> Result<RecordBatch> {
    if !batch
        .columns()
        .iter()
        .any(|array| is_nested(array.data_type()))
    {
        return Ok(batch.clone());
    }
    let (fields, arrays): (Vec<FieldRef>, Vec<ArrayRef>) = batch
        .schema_ref()
        .fields()
        .iter()
        .zip(batch.columns())
        .map(|(field, array)| {
            if !is_nested(array.data_type()) {
                return Ok((Arc::clone(field), Arc::clone(array)));
            }
            let text = json_text(field, array)?;
            let field = Field::new(field.name(), DataType::Utf8, true);
            Ok((Arc::new(field), Arc::new(text) as ArrayRef))
        })
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .unzip();
    let schema = Arc::new(Schema::new(fields));
    RecordBatch::try_new(schema, arrays).map_err(|source| RenderError::Batch { source })
}

fn json_text(field: &FieldRef, array: &ArrayRef) -> Result<StringArray> {
    let options = options(NonFinite::AsText);
    let mut encoder = encoder(field, array, &options)?;
    let mut texts = StringBuilder::new();
    let mut text = Vec::new();
    for row in 0..array.len() {
        if encoder.is_null(row) {
            texts.append_null();
            continue;
        }
        text.clear();
        encoder.encode(row, &mut text);
        texts.append_value(String::from_utf8_lossy(&text));
    }
    Ok(texts.finish())
}

fn encoder<'a>(
    field: &'a FieldRef,
    array: &'a ArrayRef,
    options: &'a EncoderOptions,
) -> Result<NullableEncoder<'a>> {
    make_encoder(field, array, options).map_err(|source| RenderError::Column {
        column: field.name().clone(),
        type_name: type_name(field.data_type()),
        source,
    })
}

/// The columns' names, with a number after each that occurred before: `a`, `a_2`, `a_3`.
pub(crate) fn unique_names(schema: &Schema) -> Vec<String> {
    let fields = schema.fields();
    let given: HashSet<&str> = fields.iter().map(|field| field.name().as_str()).collect();
    let mut taken = HashSet::new();
    fields
        .iter()
        .map(|field| {
            let name = field.name();
            if taken.insert(name.clone()) {
                return name.clone();
            }
            // A column to the right may bear a numbered name as its own.
            let free = (2..)
                .map(|number| format!("{name}_{number}"))
                .find(|numbered| !given.contains(numbered.as_str()) && !taken.contains(numbered))
                .unwrap_or_default();
            taken.insert(free.clone());
            free
        })
        .collect()
}
