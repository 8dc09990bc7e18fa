//! `json`: one array with an object per row, valid whatever the data.
//!
//! NULL, NaN and the infinities are `null`; integers and decimals keep every digit; dates
//! and times are ISO 8601 text, bytes hexadecimal text; lists and structs are arrays and
//! objects. Each object stands on a line of its own.

use std::io::Write;

use arrow::array::RecordBatch;
use arrow::datatypes::Schema;

use crate::object::Objects;
use crate::{Renderer, Result, Settings, Summary};

pub(crate) fn renderer(_: &Settings) -> Box<dyn Renderer> {
    Box::new(Json {
        objects: Objects::new(&Schema::empty()),
        summary: Summary::default(),
    })
}

struct Json {
    objects: Objects,
    summary: Summary,
}

impl Renderer for Json {
    fn begin(&mut self, schema: &Schema, out: &mut dyn Write) -> Result<()> {
        self.objects = Objects::new(schema);
        self.summary = Summary::new(schema);
        self.summary.renamed = std::mem::take(&mut self.objects.renamed);
        Ok(out.write_all(b"[")?)
    }

    fn batch(&mut self, batch: &RecordBatch, out: &mut dyn Write) -> Result<()> {
        let is_first = self.summary.count(batch)? == 1;
        let objects = self.objects.encode(batch, b",\n", b"")?;
        // No comma before the first object.
        let objects = objects.get(usize::from(is_first)..).unwrap_or_default();
        Ok(out.write_all(objects)?)
    }

    fn finish(&mut self, out: &mut dyn Write) -> Result<Summary> {
        let end: &[u8] = if self.summary.rows == 0 {
            b"]\n"
        } else {
            b"\n]\n"
        };
        out.write_all(end)?;
        out.flush()?;
        Ok(std::mem::take(&mut self.summary))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Decimal128Array, DictionaryArray, Int8Array, Int64Array};
    use arrow::array::{NullArray, RecordBatch, StringArray, TimestampMicrosecondArray};
    use arrow::datatypes::{DataType, Field, Int8Type, Schema};
    use serde_json::{Value, json};

    use crate::testing::{kinds, nothing, render, tricky_text};
    use crate::{RenderError, Settings, Summary, format};

    type TestResult = Result<(), Box<dyn std::error::Error>>;

    fn to_json(batch: &RecordBatch) -> crate::Result<String> {
        render("json", &Settings::default(), batch)
    }

    #[test]
    fn values_of_every_kind() -> TestResult {
        let text = to_json(&kinds())?;
        assert_eq!(
            text,
            r#"[
{"flag":true,"small":-1,"big":9223372036854775807,"real":0.1,"money":1234.50,"day":"1992-03-17","moment":"1992-03-17T08:30:00.000250","bytes":"00ff","stage":"1950-1979","list":[1,null],"city":{"name":"喀什","km":1.5}},
{"flag":null,"small":null,"big":null,"real":null,"money":null,"day":null,"moment":null,"bytes":null,"stage":null,"list":null,"city":null}
]
"#
        );
        serde_json::from_str::<Value>(&text)?;
        Ok(())
    }

    #[test]
    fn text_reads_back_equal() -> TestResult {
        let read: Value = serde_json::from_str(&to_json(&tricky_text())?)?;
        assert_eq!(
            read,
            json!([
                {"text": "plain", "n": 1},
                {"text": "", "n": 2},
                {"text": null, "n": 3},
                {"text": "NULL", "n": 4},
                {"text": "a,b", "n": 5},
                {"text": "say \"hi\"", "n": 6},
                {"text": "two\nlines", "n": 7},
                {"text": "tab\there|pipe\\slash", "n": 8},
            ])
        );
        Ok(())
    }

    #[test]
    fn nothing_is_an_empty_array() -> TestResult {
        assert_eq!(to_json(&nothing())?, "[]\n");
        Ok(())
    }

    #[test]
    fn an_interrupted_array_is_closed() -> TestResult {
        let batch = tricky_text();
        let mut renderer = format("json").ok_or("json")?.renderer(&Settings::default());
        let mut out = Vec::new();
        renderer.begin(&batch.schema(), &mut out)?;
        renderer.batch(&batch.slice(0, 1), &mut out)?;
        renderer.finish(&mut out)?;
        assert_eq!(
            String::from_utf8(out)?,
            "[\n{\"text\":\"plain\",\"n\":1}\n]\n"
        );
        Ok(())
    }

    #[test]
    fn names_that_occur_again_are_numbered_and_reported() -> TestResult {
        let one: ArrayRef = Arc::new(Int64Array::from(vec![1]));
        let fields: Vec<Field> = ["a", "a", "a_2", "a"]
            .iter()
            .map(|name| Field::new(*name, DataType::Int64, true))
            .collect();
        let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), vec![one; 4])?;
        let mut out = Vec::new();
        let mut renderer = format("json").ok_or("json")?.renderer(&Settings::default());
        renderer.begin(&batch.schema(), &mut out)?;
        renderer.batch(&batch, &mut out)?;
        let Summary { renamed, .. } = renderer.finish(&mut out)?;
        assert_eq!(
            String::from_utf8(out)?,
            "[\n{\"a\":1,\"a_3\":1,\"a_2\":1,\"a_4\":1}\n]\n"
        );
        let expected = [("a", "a_3"), ("a", "a_4")];
        assert_eq!(
            renamed,
            expected.map(|(from, to)| (from.to_owned(), to.to_owned()))
        );
        Ok(())
    }

    #[test]
    fn null_among_the_values_of_a_dictionary_is_null() -> TestResult {
        let values = StringArray::from(vec![Some("land"), None]);
        let keys = Int8Array::from(vec![Some(0), Some(1), None]);
        let mode: ArrayRef = Arc::new(DictionaryArray::<Int8Type>::try_new(
            keys,
            Arc::new(values),
        )?);
        let empty: ArrayRef =
            Arc::new(std::iter::repeat_n(None::<&str>, 3).collect::<DictionaryArray<Int8Type>>());
        let null: ArrayRef = Arc::new(NullArray::new(3));
        let batch = RecordBatch::try_from_iter([("mode", mode), ("none", empty), ("null", null)])?;
        assert_eq!(
            serde_json::from_str::<Value>(&to_json(&batch)?)?,
            json!([
                {"mode": "land", "none": null, "null": null},
                {"mode": null, "none": null, "null": null},
                {"mode": null, "none": null, "null": null},
            ])
        );
        Ok(())
    }

    #[test]
    fn decimals_keep_their_digits() -> TestResult {
        let digits = Decimal128Array::from(vec![12345678901234567890123456789012345678])
            .with_precision_and_scale(38, 20)?;
        let batch = RecordBatch::try_from_iter([("d", Arc::new(digits) as ArrayRef)])?;
        assert_eq!(
            to_json(&batch)?,
            "[\n{\"d\":123456789012345678.90123456789012345678}\n]\n"
        );
        Ok(())
    }

    #[test]
    fn a_time_beyond_the_calendar_is_an_error_not_a_text() -> TestResult {
        let moment = TimestampMicrosecondArray::from(vec![i64::MAX]);
        let batch = RecordBatch::try_from_iter([("moment", Arc::new(moment) as ArrayRef)])?;
        let error = to_json(&batch).err();
        assert!(
            matches!(&error, Some(RenderError::Column { column, .. }) if column == "moment"),
            "{error:?}"
        );
        let error = render("csv", &Settings::default(), &batch).err();
        assert!(
            matches!(&error, Some(RenderError::Value { row: 1, .. })),
            "{error:?}"
        );
        Ok(())
    }
}
