//! `table`: a grid for people that fits the terminal, with the types under the names.
//!
//! Numbers stand at the right. A text that is too wide is cut with `…`, a number or date
//! never; when that is not enough, columns in the middle are hidden. With a limit of rows
//! the first and last ones are shown around a line of `·`. The widths come from the rows
//! shown, or from the first ones if a person has waited; last rows that are wider then get a grid of their own; without a limit they come from the first [`SAMPLE`] rows, after which rows are
//! written as they come, and a wider value pushes its line out instead of being lost.

use std::io::Write;

use arrow::array::RecordBatch;
use arrow::datatypes::Schema;

use crate::cell::Cells;
use crate::grid::{Cell, Column, Grid};
use crate::window::Window;
use crate::{Renderer, Result, Settings, Summary};

/// Rows that are held to find the widths when every row is to be shown.
const SAMPLE: usize = 10_000;

pub(crate) fn renderer(settings: &Settings) -> Box<dyn Renderer> {
    Box::new(Table {
        settings: settings.clone(),
        columns: Vec::new(),
        columns_of_tail: Vec::new(),
        window: Window::new(settings.max_rows),
        held: Vec::new(),
        grid: None,
        summary: Summary::default(),
    })
}

struct Table {
    settings: Settings,
    columns: Vec<Column>,
    window: Window,
    /// The first rows, until the header is written.
    held: Vec<Vec<Cell>>,
    /// The columns once more, should the last rows need wider ones than a grid begun in a hurry has.
    columns_of_tail: Vec<Column>,
    /// Set once the header is written.
    grid: Option<Grid>,
    summary: Summary,
}

impl Renderer for Table {
    fn begin(&mut self, schema: &Schema, _: &mut dyn Write) -> Result<()> {
        self.summary = Summary::new(schema);
        self.columns = schema
            .fields()
            .iter()
            .map(|field| Column::new(field))
            .collect();
        Ok(())
    }

    fn batch(&mut self, batch: &RecordBatch, out: &mut dyn Write) -> Result<()> {
        let first_row = self.summary.count(batch)?;
        if self.summary.columns == 0 {
            return Ok(());
        }
        let passed = self.window.push(batch, first_row);
        if self.settings.max_rows.is_some() {
            return self.hold(&passed, first_row);
        }
        if let Some(grid) = &self.grid {
            return write_rows(grid, &passed, first_row, out);
        }
        let sampled = passed.num_rows().min(SAMPLE - self.held.len());
        self.hold(&passed.slice(0, sampled), first_row)?;
        if self.held.len() < SAMPLE {
            return Ok(());
        }
        let rest = passed.slice(sampled, passed.num_rows() - sampled);
        let grid = self.open(out)?;
        write_rows(&grid, &rest, first_row + sampled as u64, out)?;
        self.grid = Some(grid);
        Ok(())
    }

    /// Writes the first rows once it is sure that others will be hidden.
    fn hurry(&mut self, out: &mut dyn Write) -> Result<()> {
        let limit = self.settings.max_rows.map(|rows| rows as u64);
        if self.grid.is_none() && limit.is_some_and(|limit| self.summary.rows > limit) {
            self.columns_of_tail.clone_from(&self.columns);
            self.grid = Some(self.open(out)?);
            out.flush()?;
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write) -> Result<Summary> {
        // A grid without columns would be nothing but borders.
        if self.summary.columns > 0 {
            self.close(out)?;
        }
        out.flush()?;
        Ok(std::mem::take(&mut self.summary))
    }

    fn needs_all_rows(&self) -> bool {
        self.settings.max_rows.is_some()
    }
}

impl Table {
    /// Keeps rows as text until their widths are known.
    fn hold(&mut self, batch: &RecordBatch, first_row: u64) -> Result<()> {
        let rows = read(batch, first_row)?;
        self.measure(&rows);
        self.held.extend(rows);
        Ok(())
    }

    fn measure(&mut self, rows: &[Vec<Cell>]) {
        for row in rows {
            for (column, cell) in self.columns.iter_mut().zip(row) {
                column.measure(cell);
            }
        }
    }

    /// Fixes the widths, and writes the header and the rows held so far.
    fn open(&mut self, out: &mut dyn Write) -> Result<Grid> {
        let grid = Grid::new(std::mem::take(&mut self.columns), &self.settings);
        self.summary.columns_shown = grid.columns_shown();
        out.write_all(grid.header().as_bytes())?;
        for row in std::mem::take(&mut self.held) {
            out.write_all(grid.row(&row).as_bytes())?;
        }
        Ok(grid)
    }

    /// Ends a grid that was begun in a hurry, and begins one with room for the last rows.
    fn open_again(&mut self, grid: &Grid, last: &[Vec<Cell>], out: &mut dyn Write) -> Result<Grid> {
        out.write_all(grid.footer().as_bytes())?;
        self.columns = std::mem::take(&mut self.columns_of_tail);
        self.measure(last);
        self.open(out)
    }

    /// Writes what is still held, the last rows, and the lower border.
    fn close(&mut self, out: &mut dyn Write) -> Result<()> {
        let tail = self.window.finish();
        self.summary.rows_shown = self.summary.rows - tail.hidden;
        let mut last = Vec::new();
        for (first_row, batch) in &tail.batches {
            last.extend(read(batch, *first_row)?);
        }
        let grid = match self.grid.take() {
            Some(grid) => grid,
            None => {
                self.measure(&last);
                self.open(out)?
            }
        };
        if tail.hidden > 0 {
            out.write_all(grid.hidden_rows().as_bytes())?;
        }
        let grid = if last.iter().all(|row| grid.has_room_for(row)) {
            grid
        } else {
            self.open_again(&grid, &last, out)?
        };
        for row in &last {
            out.write_all(grid.row(row).as_bytes())?;
        }
        Ok(out.write_all(grid.footer().as_bytes())?)
    }
}

/// The cells of a batch as text, row by row.
fn read(batch: &RecordBatch, first_row: u64) -> Result<Vec<Vec<Cell>>> {
    let cells = Cells::new(batch, first_row)?;
    let cell = |row, column| {
        Ok(Cell {
            text: cells.readable(row, column)?,
            is_null: cells.is_null(row, column),
        })
    };
    (0..batch.num_rows())
        .map(|row| {
            (0..batch.num_columns())
                .map(|column| cell(row, column))
                .collect()
        })
        .collect()
}

fn write_rows(grid: &Grid, batch: &RecordBatch, first_row: u64, out: &mut dyn Write) -> Result<()> {
    for row in read(batch, first_row)? {
        out.write_all(grid.row(&row).as_bytes())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};

    use super::SAMPLE;
    use crate::testing::{
        batch, kinds, no_columns, nothing, numbers, render, render_split, tricky_text,
    };
    use crate::{Result, Settings};

    fn table(settings: &Settings, batch: &RecordBatch) -> Result<String> {
        render("table", settings, batch)
    }

    fn wide(width: usize) -> Settings {
        Settings {
            width: Some(width),
            ..Settings::default()
        }
    }

    #[test]
    fn null_is_not_text_and_nothing_breaks_the_grid() -> Result<()> {
        assert_eq!(
            table(&wide(80), &tricky_text())?,
            r#"
┌──────────────────────┬────────┐
│ text                 │      n │
│ varchar              │ bigint │
├──────────────────────┼────────┤
│ plain                │      1 │
│                      │      2 │
│ NULL                 │      3 │
│ 'NULL'               │      4 │
│ a,b                  │      5 │
│ say "hi"             │      6 │
│ two\nlines           │      7 │
│ tab\there|pipe\slash │      8 │
└──────────────────────┴────────┘
"#
            .trim_start()
        );
        Ok(())
    }

    #[test]
    fn values_of_every_kind() -> Result<()> {
        assert_eq!(
            table(&Settings::default(), &kinds())?,
            r#"
┌─────────┬─────────┬─────────────────────┬────────┬───────────────┬────────────┬────────────────────────────┬───────┬───────────┬───────────┬──────────────────────────┐
│ flag    │   small │                 big │   real │         money │ day        │ moment                     │ bytes │ stage     │ list      │ city                     │
│ boolean │ tinyint │              bigint │ double │ decimal(10,2) │ date       │ timestamp                  │ bytea │ varchar   │ bigint[]  │ struct(name varchar, km… │
├─────────┼─────────┼─────────────────────┼────────┼───────────────┼────────────┼────────────────────────────┼───────┼───────────┼───────────┼──────────────────────────┤
│ true    │      -1 │ 9223372036854775807 │    0.1 │       1234.50 │ 1992-03-17 │ 1992-03-17T08:30:00.000250 │ 00ff  │ 1950-1979 │ [1, NULL] │ {name: "喀什", km: 1.5}  │
│ NULL    │    NULL │                NULL │    NaN │          NULL │ NULL       │ NULL                       │ NULL  │ NULL      │ NULL      │ NULL                     │
└─────────┴─────────┴─────────────────────┴────────┴───────────────┴────────────┴────────────────────────────┴───────┴───────────┴───────────┴──────────────────────────┘
"#
            .trim_start()
        );
        Ok(())
    }

    #[test]
    fn a_narrow_terminal_hides_the_middle() -> Result<()> {
        // The gap takes 4 columns of 60; a fifth column of values would need 64.
        let (text, summary) = shown(&wide(60), &kinds())?;
        assert_eq!(
            text,
            r#"
┌─────────┬─────────┬───┬───────────┬──────────────────────┐
│ flag    │   small │ … │ list      │ city                 │
│ boolean │ tinyint │   │ bigint[]  │ struct(name varchar… │
├─────────┼─────────┼───┼───────────┼──────────────────────┤
│ true    │      -1 │ … │ [1, NULL] │ {name: "喀什", km: … │
│ NULL    │    NULL │ … │ NULL      │ NULL                 │
└─────────┴─────────┴───┴───────────┴──────────────────────┘
"#
            .trim_start()
        );
        assert_eq!(summary, "2 rows, 11 columns (4 shown)");
        Ok(())
    }

    #[test]
    fn wide_text_is_cut_and_wide_characters_count_two() -> Result<()> {
        let name: ArrayRef = Arc::new(StringArray::from(vec![
            "阿拉山口公路铁路口岸（新疆维吾尔自治区）",
            "Alashankou",
            "\u{1b}[31m\u{202e}x",
        ]));
        let year: ArrayRef = Arc::new(Int64Array::from(vec![Some(1990), None, Some(1992)]));
        let batch = batch([("name", name), ("opened_year_of_the_port", year)]);
        // 40 columns, less 3 borders and 4 blanks, are 33 for two that want 40 and 23.
        assert_eq!(
            table(&wide(40), &batch)?,
            r#"
┌───────────────────┬──────────────────┐
│ name              │ opened_year_of_… │
│ varchar           │           bigint │
├───────────────────┼──────────────────┤
│ 阿拉山口公路铁路… │             1990 │
│ Alashankou        │             NULL │
│ \x1b[31m\u{202e}x │             1992 │
└───────────────────┴──────────────────┘
"#
            .trim_start()
        );
        Ok(())
    }

    #[test]
    fn a_long_result_shows_its_first_and_last_rows() -> Result<()> {
        let settings = Settings {
            max_rows: Some(3),
            ..wide(80)
        };
        let (text, summary) = shown(&settings, &numbers(1_000_000))?;
        assert_eq!(
            text,
            "
┌─────────┐
│       n │
│  bigint │
├─────────┤
│       1 │
│       2 │
│       · │
│ 1000000 │
└─────────┘
"
            .trim_start()
        );
        assert_eq!(summary, "1,000,000 rows (3 shown)");

        let (text, summary) = shown(&settings, &numbers(3))?;
        assert!(!text.contains('·'), "{text}");
        assert_eq!(summary, "3 rows");
        for rows in 0..9 {
            table(&settings, &numbers(rows))?;
        }
        Ok(())
    }

    #[test]
    fn without_a_limit_rows_are_written_as_they_come() -> Result<()> {
        let rows = numbers(SAMPLE as i64 + 2);
        let whole = render_split("table", &Settings::default(), &rows, usize::MAX)?;
        let lines: Vec<&str> = whole.lines().collect();
        // The widths come from the first 10,000 rows; five digits fit under `bigint`.
        assert_eq!(lines.len(), SAMPLE + 2 + 5);
        assert_eq!(lines[SAMPLE + 5], "│  10002 │");
        for size in [1, 999, SAMPLE - 1, SAMPLE, SAMPLE + 1] {
            let split = render_split("table", &Settings::default(), &rows, size)?;
            assert!(split == whole, "batches of {size}");
        }
        Ok(())
    }

    #[test]
    fn a_wider_value_after_the_sample_is_not_lost() -> Result<()> {
        let mut texts = vec!["x"; SAMPLE];
        texts.push("wider than the column");
        let text: ArrayRef = Arc::new(StringArray::from(texts));
        let lines = render_split("table", &Settings::default(), &batch([("t", text)]), 4096)?;
        assert!(lines.contains("│ wider than the column │"));
        Ok(())
    }

    #[test]
    fn the_header_stands_without_rows() -> Result<()> {
        let (text, summary) = shown(&wide(80), &nothing())?;
        assert_eq!(
            text,
            "
┌─────────┬─────────────┐
│ port_id │ opened_year │
│ varchar │     integer │
├─────────┼─────────────┤
└─────────┴─────────────┘
"
            .trim_start()
        );
        assert_eq!(summary, "0 rows");
        Ok(())
    }

    #[test]
    fn without_columns_there_is_no_grid() -> Result<()> {
        let (text, summary) = shown(&wide(80), &no_columns(3)?)?;
        assert_eq!((text.as_str(), summary.as_str()), ("", "3 rows, 0 columns"));
        let (text, _) = shown(&wide(80), &no_columns(SAMPLE + 1)?)?;
        assert_eq!(text, "");
        Ok(())
    }

    #[test]
    fn color_dims_what_is_not_data_and_takes_no_room() -> Result<()> {
        let settings = Settings {
            color: true,
            max_rows: Some(1),
            ..wide(80)
        };
        let n: ArrayRef = Arc::new(Int64Array::from(vec![None, Some(2)]));
        assert_eq!(
            table(&settings, &batch([("n", n)]))?.replace('\u{1b}', "^"),
            "
┌────────┐
│      ^[1mn^[0m │
│ ^[2mbigint^[0m │
├────────┤
│   ^[2mNULL^[0m │
│      ^[2m·^[0m │
└────────┘
"
            .trim_start()
        );
        Ok(())
    }

    /// The text and the summary.
    fn shown(settings: &Settings, batch: &RecordBatch) -> Result<(String, String)> {
        let mut renderer = super::renderer(settings);
        let mut out = Vec::new();
        renderer.begin(&batch.schema(), &mut out)?;
        renderer.batch(batch, &mut out)?;
        let summary = renderer.finish(&mut out)?.to_string();
        Ok((String::from_utf8_lossy(&out).into_owned(), summary))
    }
}
