//! `markdown`: a GitHub table, numbers at the right, for documents.
//!
//! NULL is `*NULL*` and '' an empty cell. Characters that Markdown or HTML would act on are
//! escaped, a new line is `<br>`. Columns are not padded, so that rows need not wait.

use std::io::Write;

use arrow::array::RecordBatch;
use arrow::datatypes::Schema;

use kouan_words::visible;

use crate::cell::{Cells, NULL};
use crate::types::is_numeric;
use crate::{Renderer, Result, Settings, Summary};

pub(crate) fn renderer(_: &Settings) -> Box<dyn Renderer> {
    Box::new(Markdown::default())
}

#[derive(Default)]
struct Markdown {
    summary: Summary,
}

impl Renderer for Markdown {
    fn begin(&mut self, schema: &Schema, out: &mut dyn Write) -> Result<()> {
        self.summary = Summary::new(schema);
        if schema.fields().is_empty() {
            return Ok(());
        }
        let (mut header, mut rule) = (String::from("|"), String::from("|"));
        for field in schema.fields() {
            header.push(' ');
            push_escaped(field.name(), &mut header);
            header.push_str(" |");
            rule.push_str(if is_numeric(field.data_type()) {
                " ---: |"
            } else {
                " --- |"
            });
        }
        Ok(writeln!(out, "{header}\n{rule}")?)
    }

    fn batch(&mut self, batch: &RecordBatch, out: &mut dyn Write) -> Result<()> {
        let first_row = self.summary.count(batch)?;
        if batch.num_columns() == 0 {
            return Ok(());
        }
        let cells = Cells::new(batch, first_row)?;
        let (mut lines, mut text) = (String::new(), String::new());
        for row in 0..batch.num_rows() {
            lines.push('|');
            for column in 0..batch.num_columns() {
                lines.push(' ');
                if cells.is_null(row, column) {
                    lines.push_str(&format!("*{NULL}*"));
                } else {
                    text.clear();
                    cells.write(row, column, &mut text)?;
                    push_escaped(&text, &mut lines);
                }
                lines.push_str(" |");
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

fn push_escaped(text: &str, out: &mut String) {
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push_str("<br>");
        }
        let line = visible(line.strip_suffix('\r').unwrap_or(line));
        let mut before = None;
        let mut characters = line.chars().peekable();
        while let Some(character) = characters.next() {
            if acts(before, character, characters.peek().copied()) {
                out.push('\\');
            }
            out.push(character);
            before = Some(character);
        }
    }
}

/// True where Markdown would act on a character instead of showing it. An underscore
/// between letters or digits, as in `opened_year`, is only an underscore.
fn acts(before: Option<char>, character: char, after: Option<char>) -> bool {
    let is_word = |neighbour: Option<char>| neighbour.is_some_and(char::is_alphanumeric);
    match character {
        '\\' | '|' | '`' | '*' | '[' | '<' | '~' | '&' => true,
        '_' => !(is_word(before) && is_word(after)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringViewArray};

    use crate::testing::{kinds, nothing, render, tricky_text};
    use crate::{Result, Settings};

    fn markdown(batch: &RecordBatch) -> Result<String> {
        render("markdown", &Settings::default(), batch)
    }

    #[test]
    fn pipes_new_lines_and_null() -> Result<()> {
        assert_eq!(
            markdown(&tricky_text())?,
            r#"| text | n |
| --- | ---: |
| plain | 1 |
|  | 2 |
| *NULL* | 3 |
| NULL | 4 |
| a,b | 5 |
| say "hi" | 6 |
| two<br>lines | 7 |
| tab\\there\|pipe\\slash | 8 |
"#
        );
        Ok(())
    }

    #[test]
    fn values_of_every_kind() -> Result<()> {
        assert_eq!(
            markdown(&kinds())?,
            r#"| flag | small | big | real | money | day | moment | bytes | stage | list | city |
| --- | ---: | ---: | ---: | ---: | --- | --- | --- | --- | --- | --- |
| true | -1 | 9223372036854775807 | 0.1 | 1234.50 | 1992-03-17 | 1992-03-17T08:30:00.000250 | 00ff | 1950-1979 | \[1, NULL] | {name: "喀什", km: 1.5} |
| *NULL* | *NULL* | *NULL* | NaN | *NULL* | *NULL* | *NULL* | *NULL* | *NULL* | *NULL* | *NULL* |
"#
        );
        Ok(())
    }

    #[test]
    fn what_markdown_would_act_on_is_escaped() -> Result<()> {
        let text: ArrayRef = Arc::new(StringViewArray::from(vec![
            "opened_year",
            "_a_",
            "<script>",
            "a*b",
        ]));
        let count: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3, 4]));
        let columns = [("text", text), ("count(*)", count)];
        let batch = RecordBatch::try_from_iter(columns)
            .map_err(|source| crate::RenderError::Batch { source })?;
        assert_eq!(
            markdown(&batch)?,
            r#"| text | count(\*) |
| --- | ---: |
| opened_year | 1 |
| \_a\_ | 2 |
| \<script> | 3 |
| a\*b | 4 |
"#
        );
        Ok(())
    }

    #[test]
    fn the_header_stands_without_rows() -> Result<()> {
        assert_eq!(
            markdown(&nothing())?,
            "| port_id | opened_year |\n| --- | ---: |\n"
        );
        Ok(())
    }
}
