//! `vertical`: one line per value under a rule for each record, for rows too wide for a grid.

use std::io::Write;

use arrow::array::RecordBatch;
use arrow::datatypes::Schema;

use kouan_words::{counted, visible, width};

use crate::cell::Cells;
use crate::renderer::dim;
use crate::window::Window;
use crate::{Renderer, Result, Settings, Summary};

/// Columns of a rule, less on a narrower terminal.
const RULE: usize = 40;

pub(crate) fn renderer(settings: &Settings) -> Box<dyn Renderer> {
    Box::new(Vertical {
        color: settings.color,
        rule: settings.width.unwrap_or(RULE).min(RULE),
        names: Vec::new(),
        window: Window::new(settings.max_rows),
        summary: Summary::default(),
    })
}

struct Vertical {
    color: bool,
    rule: usize,
    /// The columns' names, padded to the widest.
    names: Vec<String>,
    window: Window,
    summary: Summary,
}

impl Renderer for Vertical {
    fn begin(&mut self, schema: &Schema, _: &mut dyn Write) -> Result<()> {
        self.summary = Summary::new(schema);
        self.names = schema
            .fields()
            .iter()
            .map(|field| visible(field.name()).into_owned())
            .collect();
        let widest = self.names.iter().map(|name| width(name)).max().unwrap_or(0);
        for name in &mut self.names {
            name.push_str(&" ".repeat(widest - width(name)));
        }
        Ok(())
    }

    fn batch(&mut self, batch: &RecordBatch, out: &mut dyn Write) -> Result<()> {
        let first_row = self.summary.count(batch)?;
        let shown = self.window.push(batch, first_row);
        self.write_records(&shown, first_row, out)
    }

    fn finish(&mut self, out: &mut dyn Write) -> Result<Summary> {
        let tail = self.window.finish();
        if tail.hidden > 0 {
            let hidden = counted(tail.hidden, "record");
            self.write_rule(&format!(" {hidden} not shown "), out)?;
        }
        self.summary.rows_shown = self.summary.rows - tail.hidden;
        for (first_row, batch) in &tail.batches {
            self.write_records(batch, *first_row, out)?;
        }
        out.flush()?;
        Ok(std::mem::take(&mut self.summary))
    }
}

impl Vertical {
    fn write_records(
        &self,
        batch: &RecordBatch,
        first_row: u64,
        out: &mut dyn Write,
    ) -> Result<()> {
        let cells = Cells::new(batch, first_row)?;
        for row in 0..batch.num_rows() {
            let number = first_row + row as u64;
            self.write_rule(&format!("[ record {number} ]"), out)?;
            for (column, name) in self.names.iter().enumerate() {
                let mut value = cells.readable(row, column)?;
                if cells.is_null(row, column) {
                    value = dim(value, self.color);
                }
                let space = if value.is_empty() { "" } else { " " };
                writeln!(out, "{name} │{space}{value}")?;
            }
        }
        Ok(())
    }

    fn write_rule(&self, label: &str, out: &mut dyn Write) -> Result<()> {
        let rest = self.rule.saturating_sub(width(label) + 1);
        let rule = format!("─{label}{}", "─".repeat(rest));
        Ok(writeln!(out, "{}", dim(rule, self.color))?)
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{kinds, nothing, numbers, render, tricky_text};
    use crate::{Result, Settings};

    #[test]
    fn a_line_is_a_value() -> Result<()> {
        assert_eq!(
            render("vertical", &Settings::default(), &kinds())?,
            r#"─[ record 1 ]───────────────────────────
flag   │ true
small  │ -1
big    │ 9223372036854775807
real   │ 0.1
money  │ 1234.50
day    │ 1992-03-17
moment │ 1992-03-17T08:30:00.000250
bytes  │ 00ff
stage  │ 1950-1979
list   │ [1, NULL]
city   │ {name: "喀什", km: 1.5}
─[ record 2 ]───────────────────────────
flag   │ NULL
small  │ NULL
big    │ NULL
real   │ NaN
money  │ NULL
day    │ NULL
moment │ NULL
bytes  │ NULL
stage  │ NULL
list   │ NULL
city   │ NULL
"#
        );
        Ok(())
    }

    #[test]
    fn values_stay_on_their_line_and_null_is_not_text() -> Result<()> {
        let settings = Settings {
            width: Some(16),
            color: true,
            ..Settings::default()
        };
        let text = render("vertical", &settings, &tricky_text().slice(1, 6))?;
        assert_eq!(
            text.replace('\u{1b}', "^"),
            "^[2m─[ record 1 ]───^[0m\ntext │\nn    │ 2\n\
             ^[2m─[ record 2 ]───^[0m\ntext │ ^[2mNULL^[0m\nn    │ 3\n\
             ^[2m─[ record 3 ]───^[0m\ntext │ 'NULL'\nn    │ 4\n\
             ^[2m─[ record 4 ]───^[0m\ntext │ a,b\nn    │ 5\n\
             ^[2m─[ record 5 ]───^[0m\ntext │ say \"hi\"\nn    │ 6\n\
             ^[2m─[ record 6 ]───^[0m\ntext │ two\\nlines\nn    │ 7\n"
        );
        Ok(())
    }

    #[test]
    fn the_first_and_last_records_keep_their_numbers() -> Result<()> {
        let settings = Settings {
            max_rows: Some(3),
            width: Some(34),
            ..Settings::default()
        };
        assert_eq!(
            render("vertical", &settings, &numbers(1_000_000))?,
            "─[ record 1 ]─────────────────────\nn │ 1\n\
             ─[ record 2 ]─────────────────────\nn │ 2\n\
             ─ 999,997 records not shown ──────\n\
             ─[ record 1000000 ]───────────────\nn │ 1000000\n"
        );
        Ok(())
    }

    #[test]
    fn nothing_is_no_record() -> Result<()> {
        assert_eq!(render("vertical", &Settings::default(), &nothing())?, "");
        Ok(())
    }
}
