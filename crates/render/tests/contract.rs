//! What every format owes, in one loop over the list.

use std::error::Error;
use std::io::{self, ErrorKind, Write};
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, RecordBatchOptions, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Schema};
use kouan_render::{FORMATS, Format, RenderError, Settings, Summary};

type TestResult = Result<(), Box<dyn Error>>;

fn batch(column: ArrayRef) -> Result<RecordBatch, Box<dyn Error>> {
    Ok(RecordBatch::try_from_iter_with_nullable([(
        "c", column, true,
    )])?)
}

fn render(
    format: &Format,
    batch: &RecordBatch,
    out: &mut dyn Write,
) -> Result<Summary, RenderError> {
    let mut renderer = format.renderer(&Settings::default());
    renderer.begin(batch.schema_ref(), out)?;
    renderer.batch(batch, out)?;
    renderer.finish(out)
}

/// What a format makes of a batch.
fn text(format: &Format, batch: &RecordBatch) -> Result<String, Box<dyn Error>> {
    let mut out = Vec::new();
    render(format, batch, &mut out)?;
    Ok(String::from_utf8(out)?)
}

#[test]
fn every_encoding_of_text_looks_the_same() -> TestResult {
    let values: ArrayRef = Arc::new(StringArray::from(vec![
        Some("阿拉山口"),
        None,
        Some(""),
        Some("a rather long text, so that it is no inline view"),
        Some("NULL"),
        Some("阿拉山口"),
    ]));
    let dictionary = |keys| DataType::Dictionary(Box::new(keys), Box::new(DataType::Utf8));
    for data_type in [
        DataType::LargeUtf8,
        DataType::Utf8View,
        dictionary(DataType::Int8),
        dictionary(DataType::UInt32),
    ] {
        let encoded = cast(&values, &data_type)?;
        for format in FORMATS.iter().filter(|format| format.is_text) {
            let expected = text(format, &batch(Arc::clone(&values))?)?;
            let found = text(format, &batch(Arc::clone(&encoded))?)?;
            assert_eq!(found, expected, "{data_type} in {format:?}");
        }
    }
    Ok(())
}

#[test]
fn numbers_in_a_dictionary_look_like_numbers() -> TestResult {
    let values: ArrayRef = Arc::new(Int64Array::from(vec![Some(7), None, Some(-12345), Some(7)]));
    let encoding = DataType::Dictionary(Box::new(DataType::Int16), Box::new(DataType::Int64));
    let encoded = cast(&values, &encoding)?;
    for format in FORMATS.iter().filter(|format| format.is_text) {
        let expected = text(format, &batch(Arc::clone(&values))?)?;
        assert_eq!(
            text(format, &batch(Arc::clone(&encoded))?)?,
            expected,
            "{format:?}"
        );
    }
    Ok(())
}

#[test]
fn a_slice_looks_like_a_copy() -> TestResult {
    let values = StringArray::from(vec![Some("x"), None, Some("y"), Some("z"), None]);
    let copy = StringArray::from(vec![None, Some("y"), Some("z")]);
    for format in FORMATS.iter().filter(|format| format.is_text) {
        let expected = text(format, &batch(Arc::new(copy.clone()))?)?;
        assert_eq!(
            text(format, &batch(Arc::new(values.slice(1, 3)))?)?,
            expected,
            "{format:?}"
        );
    }
    Ok(())
}

#[test]
fn the_summary_counts_every_row() -> TestResult {
    let batch = batch(Arc::new(Int64Array::from_iter_values(0..1234)))?;
    for format in FORMATS.iter().filter(|format| format.is_text) {
        let summary = render(format, &batch, &mut io::sink())?;
        assert_eq!(summary.to_string(), "1,234 rows", "{format:?}");
        assert!(summary.is_complete());
    }
    Ok(())
}

#[test]
fn rows_without_columns_are_counted_and_leave_no_empty_lines() -> TestResult {
    let options = RecordBatchOptions::new().with_row_count(Some(3));
    let schema = Arc::new(Schema::empty());
    let batch = RecordBatch::try_new_with_options(schema, vec![], &options)?;
    for format in FORMATS.iter().filter(|format| format.is_text) {
        let mut out = Vec::new();
        assert_eq!(render(format, &batch, &mut out)?.rows, 3, "{format:?}");
        let text = String::from_utf8(out)?;
        assert!(
            text.lines().all(|line| !line.is_empty()),
            "{format:?}: {text:?}"
        );
    }
    Ok(())
}

#[test]
fn a_batch_of_other_columns_is_refused() -> TestResult {
    let one = batch(Arc::new(Int64Array::from(vec![1])))?;
    let column = Arc::clone(one.column(0));
    let two = RecordBatch::try_from_iter([("c", Arc::clone(&column)), ("d", column)])?;
    for format in FORMATS.iter().filter(|format| format.is_text) {
        let mut renderer = format.renderer(&Settings::default());
        renderer.begin(one.schema_ref(), &mut io::sink())?;
        let error = renderer.batch(&two, &mut io::sink());
        assert!(
            matches!(
                error,
                Err(RenderError::BatchColumns {
                    expected: 1,
                    found: 2
                })
            ),
            "{format:?}: {error:?}"
        );
    }
    Ok(())
}

/// Takes so many bytes, then fails; or fails only when flushed.
struct Failing {
    room: usize,
    kind: ErrorKind,
}

impl Write for Failing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() > self.room {
            return Err(self.kind.into());
        }
        self.room -= bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(self.kind.into())
    }
}

#[test]
fn a_full_disk_is_noticed_at_any_byte() -> TestResult {
    let batch = batch(Arc::new(Int64Array::from(vec![1, 2, 3])))?;
    for format in FORMATS.iter().filter(|format| format.is_text) {
        let length = text(format, &batch)?.len();
        for room in 0..=length {
            let kind = ErrorKind::StorageFull;
            let error = render(format, &batch, &mut Failing { room, kind });
            assert!(
                matches!(&error, Err(RenderError::Write(error)) if error.kind() == kind),
                "{format:?} with room for {room}: {error:?}"
            );
        }
    }
    Ok(())
}

#[test]
fn a_closed_pipe_is_told_from_a_failure() -> TestResult {
    let batch = batch(Arc::new(Int64Array::from(vec![1])))?;
    let is_closed_pipe = |kind| {
        let error = render(&FORMATS[0], &batch, &mut Failing { room: 3, kind });
        error.err().map(|error| error.is_closed_pipe())
    };
    assert_eq!(is_closed_pipe(ErrorKind::BrokenPipe), Some(true));
    assert_eq!(is_closed_pipe(ErrorKind::StorageFull), Some(false));
    Ok(())
}
