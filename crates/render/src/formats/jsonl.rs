//! `jsonl`: one JSON object per line, with values as in `json`.

use std::io::Write;

use arrow::array::RecordBatch;
use arrow::datatypes::Schema;

use crate::object::Objects;
use crate::{Renderer, Result, Settings, Summary};

pub(crate) fn renderer(_: &Settings) -> Box<dyn Renderer> {
    Box::new(Jsonl {
        objects: Objects::new(&Schema::empty()),
        summary: Summary::default(),
    })
}

struct Jsonl {
    objects: Objects,
    summary: Summary,
}

impl Renderer for Jsonl {
    fn begin(&mut self, schema: &Schema, _: &mut dyn Write) -> Result<()> {
        self.objects = Objects::new(schema);
        self.summary = Summary::new(schema);
        self.summary.renamed = std::mem::take(&mut self.objects.renamed);
        Ok(())
    }

    fn batch(&mut self, batch: &RecordBatch, out: &mut dyn Write) -> Result<()> {
        self.summary.count(batch)?;
        let lines = self.objects.encode(batch, b"", b"\n")?;
        Ok(out.write_all(&lines)?)
    }

    fn finish(&mut self, out: &mut dyn Write) -> Result<Summary> {
        out.flush()?;
        Ok(std::mem::take(&mut self.summary))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::testing::{nothing, render, tricky_text};
    use crate::{Result, Settings};

    #[test]
    fn a_line_is_an_object() -> Result<()> {
        let text = render("jsonl", &Settings::default(), &tricky_text())?;
        assert_eq!(
            text,
            r#"{"text":"plain","n":1}
{"text":"","n":2}
{"text":null,"n":3}
{"text":"NULL","n":4}
{"text":"a,b","n":5}
{"text":"say \"hi\"","n":6}
{"text":"two\nlines","n":7}
{"text":"tab\there|pipe\\slash","n":8}
"#
        );
        assert!(
            text.lines()
                .all(|line| serde_json::from_str::<Value>(line).is_ok())
        );
        Ok(())
    }

    #[test]
    fn nothing_is_no_line() -> Result<()> {
        assert_eq!(render("jsonl", &Settings::default(), &nothing())?, "");
        Ok(())
    }
}
