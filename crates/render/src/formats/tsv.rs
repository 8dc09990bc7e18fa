//! `tsv`: tab-separated values as PostgreSQL's COPY writes them in text format.
//!
//! NULL is `\N`. Tab, line feed, carriage return and backslash are written `\t`, `\n`, `\r`
//! and `\\`, so a line of the file is a row and a tab is the end of a value, always.

use std::io::Write;

use arrow::array::RecordBatch;
use arrow::datatypes::Schema;

use crate::cell::Cells;
use crate::object::nested_as_text;
use crate::{Renderer, Result, Settings, Summary};

pub(crate) fn renderer(_: &Settings) -> Box<dyn Renderer> {
    Box::new(Tsv::default())
}

#[derive(Default)]
struct Tsv {
    summary: Summary,
}

impl Renderer for Tsv {
    fn begin(&mut self, schema: &Schema, out: &mut dyn Write) -> Result<()> {
        self.summary = Summary::new(schema);
        if schema.fields().is_empty() {
            return Ok(());
        }
        let mut line = String::new();
        for (index, field) in schema.fields().iter().enumerate() {
            separate(index, &mut line);
            push_escaped(field.name(), &mut line);
        }
        line.push('\n');
        Ok(out.write_all(line.as_bytes())?)
    }

    fn batch(&mut self, batch: &RecordBatch, out: &mut dyn Write) -> Result<()> {
        let first_row = self.summary.count(batch)?;
        if batch.num_columns() == 0 {
            return Ok(());
        }
        let batch = nested_as_text(batch)?;
        let cells = Cells::new(&batch, first_row)?;
        let (mut lines, mut text) = (String::new(), String::new());
        for row in 0..batch.num_rows() {
            for column in 0..batch.num_columns() {
                separate(column, &mut lines);
                if cells.is_null(row, column) {
                    lines.push_str("\\N");
                    continue;
                }
                text.clear();
                cells.write(row, column, &mut text)?;
                push_escaped(&text, &mut lines);
            }
            lines.push('\n');
        }
        Ok(out.write_all(lines.as_bytes())?)
    }

    fn finish(&mut self, out: &mut dyn Write) -> Result<Summary> {
        out.flush()?;
        Ok(std::mem::take(&mut self.summary))
    }
}

fn separate(index: usize, line: &mut String) {
    if index > 0 {
        line.push('\t');
    }
}

fn push_escaped(text: &str, line: &mut String) {
    if !text
        .bytes()
        .any(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | b'\\'))
    {
        line.push_str(text);
        return;
    }
    for character in text.chars() {
        match character {
            '\t' => line.push_str("\\t"),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            '\\' => line.push_str("\\\\"),
            other => line.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{kinds, nothing, render, tricky_text};
    use crate::{Result, Settings};

    fn tsv(batch: &arrow::array::RecordBatch) -> Result<String> {
        render("tsv", &Settings::default(), batch)
    }

    #[test]
    fn one_line_is_one_row() -> Result<()> {
        assert_eq!(
            tsv(&tricky_text())?,
            "text\tn\n\
             plain\t1\n\
             \t2\n\
             \\N\t3\n\
             NULL\t4\n\
             a,b\t5\n\
             say \"hi\"\t6\n\
             two\\nlines\t7\n\
             tab\\there|pipe\\\\slash\t8\n"
        );
        Ok(())
    }

    #[test]
    fn values_of_every_kind() -> Result<()> {
        assert_eq!(
            tsv(&kinds())?,
            "flag\tsmall\tbig\treal\tmoney\tday\tmoment\tbytes\tstage\tlist\tcity\n\
             true\t-1\t9223372036854775807\t0.1\t1234.50\t1992-03-17\t1992-03-17T08:30:00.000250\t00ff\t1950-1979\t[1,null]\t{\"name\":\"喀什\",\"km\":1.5}\n\
             \\N\t\\N\t\\N\tNaN\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n"
        );
        Ok(())
    }

    #[test]
    fn the_header_stands_without_rows() -> Result<()> {
        assert_eq!(tsv(&nothing())?, "port_id\topened_year\n");
        Ok(())
    }
}
