//! Reads the cells of one batch as text.

use std::borrow::Cow;

use arrow::array::{Array, RecordBatch};
use arrow::buffer::NullBuffer;
use arrow::util::display::{ArrayFormatter, FormatOptions};

use kouan_words::{type_name, visible};

use crate::types::{is_nested, is_text};
use crate::{RenderError, Result};

/// How NULL reads for people, at the top and inside nested values.
pub(crate) const NULL: &str = "NULL";

/// The columns of a batch, ready to be read row by row.
pub(crate) struct Cells<'a> {
    columns: Vec<Column<'a>>,
    first_row: u64,
}

struct Column<'a> {
    name: &'a str,
    formatter: ArrayFormatter<'a>,
    nulls: Option<NullBuffer>,
    text: bool,
}

impl<'a> Cells<'a> {
    /// Dates, times and timestamps read as ISO 8601, floating point numbers with the fewest
    /// digits that read back equal, bytes in hexadecimal, nested values as `[1, 2]` and
    /// `{name: "Kashgar"}`. `first_row` is the number of the batch's first row in the result.
    pub(crate) fn new(batch: &'a RecordBatch, first_row: u64) -> Result<Self> {
        let columns = batch
            .schema_ref()
            .fields()
            .iter()
            .zip(batch.columns())
            .map(|(field, array)| {
                let data_type = field.data_type();
                let options = FormatOptions::new()
                    .with_null(NULL)
                    .with_display_error(false)
                    .with_quoted_strings(is_nested(data_type));
                let formatter = ArrayFormatter::try_new(array, &options).map_err(|source| {
                    RenderError::Column {
                        column: field.name().clone(),
                        type_name: type_name(data_type),
                        source,
                    }
                })?;
                Ok(Column {
                    name: field.name(),
                    formatter,
                    nulls: array.logical_nulls(),
                    text: is_text(data_type),
                })
            })
            .collect::<Result<_>>()?;
        Ok(Self { columns, first_row })
    }

    /// True for a NULL cell, also when the NULL is among a dictionary's values.
    pub(crate) fn is_null(&self, row: usize, column: usize) -> bool {
        self.columns[column]
            .nulls
            .as_ref()
            .is_some_and(|nulls| nulls.is_null(row))
    }

    /// Adds the text of a cell to `text`.
    pub(crate) fn write(&self, row: usize, column: usize, text: &mut String) -> Result<()> {
        let column = &self.columns[column];
        column
            .formatter
            .value(row)
            .write(text)
            .map_err(|source| RenderError::Value {
                column: column.name.to_owned(),
                row: self.first_row + row as u64,
                source,
            })
    }

    /// A cell as a person reads it on one line: control characters visible, and a text
    /// that reads `NULL` in quotes, so that it is not taken for the absence of a value.
    pub(crate) fn readable(&self, row: usize, column: usize) -> Result<String> {
        let mut text = String::new();
        self.write(row, column, &mut text)?;
        if self.columns[column].text
            && !self.is_null(row, column)
            && text.trim_matches('\'') == NULL
        {
            return Ok(format!("'{text}'"));
        }
        Ok(match visible(&text) {
            Cow::Borrowed(_) => text,
            Cow::Owned(escaped) => escaped,
        })
    }
}
