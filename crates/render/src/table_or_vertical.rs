//! A grid when all columns fit the terminal, else one line per value.

use std::io::Write;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};

use crate::cell::Cells;
use crate::formats::format;
use crate::grid::{Cell, Column, Grid};
use crate::{Renderer, Result, Settings, Summary};

/// Rows that decide; later ones are shown the way these were.
const SAMPLE: usize = 1_000;

/// A renderer that looks at the first rows, then shows the answer as `table` or as `vertical`.
pub fn table_or_vertical(settings: &Settings) -> Box<dyn Renderer> {
    Box::new(TableOrVertical {
        settings: settings.clone(),
        schema: Arc::new(Schema::empty()),
        held: Vec::new(),
        held_rows: 0,
        chosen: None,
    })
}

struct TableOrVertical {
    settings: Settings,
    schema: SchemaRef,
    /// The first rows, until they have decided.
    held: Vec<RecordBatch>,
    held_rows: usize,
    chosen: Option<Box<dyn Renderer>>,
}

impl Renderer for TableOrVertical {
    fn begin(&mut self, schema: &Schema, _: &mut dyn Write) -> Result<()> {
        self.schema = Arc::new(schema.clone());
        Ok(())
    }

    fn batch(&mut self, batch: &RecordBatch, out: &mut dyn Write) -> Result<()> {
        if let Some(chosen) = &mut self.chosen {
            return chosen.batch(batch, out);
        }
        let missing = SAMPLE - self.held_rows;
        let sample = batch.slice(0, batch.num_rows().min(missing));
        self.held_rows += sample.num_rows();
        self.held.push(sample);
        if self.held_rows == SAMPLE {
            let rest = batch.slice(missing, batch.num_rows() - missing);
            self.choose(out)?.batch(&rest, out)?;
        }
        Ok(())
    }

    fn hurry(&mut self, out: &mut dyn Write) -> Result<()> {
        match &mut self.chosen {
            Some(chosen) => chosen.hurry(out),
            None => Ok(()),
        }
    }

    fn finish(&mut self, out: &mut dyn Write) -> Result<Summary> {
        match &mut self.chosen {
            Some(chosen) => chosen.finish(out),
            None => self.choose(out)?.finish(out),
        }
    }

    fn needs_all_rows(&self) -> bool {
        self.settings.max_rows.is_some()
    }
}

impl TableOrVertical {
    fn choose(&mut self, out: &mut dyn Write) -> Result<&mut Box<dyn Renderer>> {
        let name = if self.fits()? { "table" } else { "vertical" };
        let mut renderer = match format(name) {
            Some(format) => format.renderer(&self.settings),
            None => crate::FORMATS[0].renderer(&self.settings),
        };
        renderer.begin(&self.schema, out)?;
        for batch in std::mem::take(&mut self.held) {
            renderer.batch(&batch, out)?;
        }
        Ok(self.chosen.insert(renderer))
    }

    /// True when a grid of the rows held hides no column.
    fn fits(&self) -> Result<bool> {
        let fields = self.schema.fields().iter();
        let mut columns: Vec<Column> = fields.map(|field| Column::new(field)).collect();
        for batch in &self.held {
            let cells = Cells::new(batch, 1)?;
            for row in 0..batch.num_rows() {
                for (index, column) in columns.iter_mut().enumerate() {
                    column.measure(&Cell {
                        text: cells.readable(row, index)?,
                        is_null: false,
                    });
                }
            }
        }
        let count = columns.len();
        Ok(Grid::new(columns, &self.settings).columns_shown() == count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{kinds, numbers};

    fn shown(width: usize, batch: &RecordBatch) -> Result<String> {
        let settings = Settings {
            width: Some(width),
            max_rows: Some(4),
            ..Settings::default()
        };
        let mut renderer = table_or_vertical(&settings);
        let mut out = Vec::new();
        renderer.begin(&batch.schema(), &mut out)?;
        renderer.batch(batch, &mut out)?;
        renderer.finish(&mut out)?;
        Ok(String::from_utf8_lossy(&out).into_owned())
    }

    #[test]
    fn the_width_decides() -> Result<()> {
        assert!(shown(200, &kinds())?.starts_with('┌'));
        assert!(shown(60, &kinds())?.starts_with("─[ record 1 ]"));
        Ok(())
    }

    #[test]
    fn rows_beyond_the_sample_are_counted() -> Result<()> {
        let text = shown(60, &numbers(SAMPLE as i64 * 2 + 1))?;
        assert!(text.starts_with('┌') && text.contains("2001"), "{text}");
        assert_eq!(shown(60, &numbers(0))?.lines().count(), 5);
        Ok(())
    }
}
