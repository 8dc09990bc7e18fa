//! The steps of writing a result, the person's wishes for it, and what was shown in the end.

use std::fmt;
use std::io::Write;

use arrow::array::RecordBatch;
use arrow::datatypes::Schema;

use crate::{RenderError, Result};

/// Writes one result in one format: `begin` once, `batch` any number of times, `finish` once.
///
/// The bytes do not depend on how the rows are cut into batches. A run that is interrupted
/// calls `finish` early, so that what was written is still well formed.
pub trait Renderer: Send {
    /// Takes the columns and writes the header, if the format has one.
    fn begin(&mut self, schema: &Schema, out: &mut dyn Write) -> Result<()>;

    /// Writes a batch, or keeps what `finish` will show of it.
    fn batch(&mut self, batch: &RecordBatch, out: &mut dyn Write) -> Result<()>;

    /// Writes what is left, flushes `out` so that a full disk is noticed, and says what
    /// was shown.
    fn finish(&mut self, out: &mut dyn Write) -> Result<Summary>;

    /// Shows what is known of a long result whose end is not in sight, if it can. Called between batches
    /// when a person has waited a while.
    fn hurry(&mut self, _out: &mut dyn Write) -> Result<()> {
        Ok(())
    }

    /// True when the first byte may wait for the last row.
    fn needs_all_rows(&self) -> bool {
        false
    }
}

/// How a person wants a result to look. Formats for programs ignore all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// The terminal's columns; `None` never cuts a value nor hides a column.
    pub width: Option<usize>,
    /// Shows the first and last rows of a longer result; `None` shows every row.
    pub max_rows: Option<usize>,
    /// Dims what is not data with terminal escapes.
    pub color: bool,
}

/// What became of a result. Displays as `95 rows`, or `1,000,000 rows (40 shown), 20 columns (7 shown)`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows of the result.
    pub rows: u64,
    /// Rows that were written.
    pub rows_shown: u64,
    /// Columns of the result.
    pub columns: usize,
    /// Columns that were written.
    pub columns_shown: usize,
    /// Columns written under another name because theirs was taken: its own, and the new one.
    pub renamed: Vec<(String, String)>,
}

impl Summary {
    /// Before the first row: every column is shown.
    pub(crate) fn new(schema: &Schema) -> Self {
        let columns = schema.fields().len();
        Self {
            columns,
            columns_shown: columns,
            ..Self::default()
        }
    }

    /// Counts a batch whose rows are all written, and returns the number of its first row.
    pub(crate) fn count(&mut self, batch: &RecordBatch) -> Result<u64> {
        if batch.num_columns() != self.columns {
            return Err(RenderError::BatchColumns {
                expected: self.columns,
                found: batch.num_columns(),
            });
        }
        let first = self.rows + 1;
        self.rows += batch.num_rows() as u64;
        self.rows_shown = self.rows;
        Ok(first)
    }

    /// True when every row and column was written.
    pub fn is_complete(&self) -> bool {
        self.rows == self.rows_shown && self.columns == self.columns_shown
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&counted(self.rows, "row"))?;
        if self.rows_shown < self.rows {
            write!(f, " ({} shown)", grouped(self.rows_shown))?;
        }
        if self.columns == 0 || self.columns_shown < self.columns {
            write!(f, ", {}", counted(self.columns as u64, "column"))?;
        }
        if self.columns_shown < self.columns {
            write!(f, " ({} shown)", self.columns_shown)?;
        }
        Ok(())
    }
}

/// A count and its noun: `1 row`, `1,000 rows`.
pub(crate) fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(count))
}

/// A count with its thousands apart: `1,000,000`.
pub(crate) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The text dimmed on a terminal that has colours.
pub(crate) fn dim(text: String, color: bool) -> String {
    if color {
        format!("\x1b[2m{text}\x1b[0m")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summary_reads_as_a_person_would_say_it() {
        let say = |rows, rows_shown, columns, columns_shown| {
            Summary {
                rows,
                rows_shown,
                columns,
                columns_shown,
                renamed: Vec::new(),
            }
            .to_string()
        };
        assert_eq!(say(0, 0, 2, 2), "0 rows");
        assert_eq!(say(1, 1, 2, 2), "1 row");
        assert_eq!(say(95, 95, 2, 2), "95 rows");
        assert_eq!(say(1_000_000, 40, 2, 2), "1,000,000 rows (40 shown)");
        assert_eq!(say(999, 999, 20, 7), "999 rows, 20 columns (7 shown)");
        assert_eq!(
            say(1000, 40, 20, 7),
            "1,000 rows (40 shown), 20 columns (7 shown)"
        );
        assert_eq!(say(3, 3, 0, 0), "3 rows, 0 columns");
    }
}
