//! `csv`: comma-separated values after RFC 4180 that keep NULL and '' apart.
//!
//! The header is always there. NULL is an empty field and '' is `""`, as PostgreSQL's COPY
//! and DuckDB write and read them. Lines end in LF. Lists and structs are JSON.

use std::io::Write;

use arrow::array::RecordBatch;
use arrow::datatypes::Schema;

use crate::cell::Cells;
use crate::object::nested_as_text;
use crate::{Renderer, Result, Settings, Summary};

pub(crate) fn renderer(_: &Settings) -> Box<dyn Renderer> {
    Box::new(Csv::default())
}

#[derive(Default)]
struct Csv {
    summary: Summary,
}

impl Renderer for Csv {
    fn begin(&mut self, schema: &Schema, out: &mut dyn Write) -> Result<()> {
        self.summary = Summary::new(schema);
        if schema.fields().is_empty() {
            return Ok(());
        }
        let mut line = String::new();
        for (index, field) in schema.fields().iter().enumerate() {
            separate(index, &mut line);
            push_field(field.name(), &mut line);
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
                if !cells.is_null(row, column) {
                    text.clear();
                    cells.write(row, column, &mut text)?;
                    push_field(&text, &mut lines);
                }
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
        line.push(',');
    }
}

/// Quotes a field that is empty or holds a separator, a quote or the end of a line.
fn push_field(text: &str, line: &mut String) {
    let needs_quotes = |byte: u8| matches!(byte, b',' | b'"' | b'\n' | b'\r');
    if !text.is_empty() && !text.bytes().any(needs_quotes) {
        line.push_str(text);
        return;
    }
    line.push('"');
    line.push_str(&text.replace('"', "\"\""));
    line.push('"');
}

#[cfg(test)]
mod tests {
    use crate::testing::{kinds, nothing, render, tricky_text};
    use crate::{Result, Settings};

    fn csv(batch: &arrow::array::RecordBatch) -> Result<String> {
        render("csv", &Settings::default(), batch)
    }

    #[test]
    fn null_and_empty_text_differ() -> Result<()> {
        assert_eq!(
            csv(&tricky_text())?,
            "text,n\n\
             plain,1\n\
             \"\",2\n\
             ,3\n\
             NULL,4\n\
             \"a,b\",5\n\
             \"say \"\"hi\"\"\",6\n\
             \"two\nlines\",7\n\
             tab\there|pipe\\slash,8\n"
        );
        Ok(())
    }

    #[test]
    fn values_of_every_kind() -> Result<()> {
        assert_eq!(
            csv(&kinds())?,
            r#"flag,small,big,real,money,day,moment,bytes,stage,list,city
true,-1,9223372036854775807,0.1,1234.50,1992-03-17,1992-03-17T08:30:00.000250,00ff,1950-1979,"[1,null]","{""name"":""喀什"",""km"":1.5}"
,,,NaN,,,,,,,
"#
        );
        Ok(())
    }

    #[test]
    fn the_header_stands_without_rows() -> Result<()> {
        assert_eq!(csv(&nothing())?, "port_id,opened_year\n");
        Ok(())
    }

    /// Reads the text back with another program's parser, keeping quotes in sight:
    /// an empty field without quotes is NULL.
    #[test]
    fn reads_back_equal() -> Result<()> {
        let text = csv(&tricky_text())?;
        let mut reader = csv_core::Reader::new();
        let (mut output, mut ends) = ([0; 1024], [0; 64]);
        let mut fields = Vec::new();
        let mut input = text.as_bytes();
        loop {
            let (result, read, _, count) = reader.read_record(input, &mut output, &mut ends);
            input = &input[read..];
            let mut start = 0;
            for &end in &ends[..count] {
                fields.push(String::from_utf8_lossy(&output[start..end]).into_owned());
                start = end;
            }
            if matches!(result, csv_core::ReadRecordResult::End) {
                break;
            }
        }
        let texts: Vec<&str> = fields.iter().step_by(2).map(String::as_str).collect();
        assert_eq!(
            texts,
            [
                "text",
                "plain",
                "",
                "",
                "NULL",
                "a,b",
                "say \"hi\"",
                "two\nlines",
                "tab\there|pipe\\slash"
            ]
        );
        Ok(())
    }
}
