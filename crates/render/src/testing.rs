//! Batches that every format is tested with, and a rendering that checks what all formats owe.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryViewArray, BooleanArray, Date32Array, Decimal128Array, DictionaryArray,
    Float64Array, Int8Array, Int64Array, ListArray, RecordBatch, StringArray, StringViewArray,
    StructArray, TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, Field, Fields, Int8Type, Int64Type, Schema};

use crate::{RenderError, Result, Settings, format};

/// Renders a batch, and checks that the bytes are the same however its rows are split.
pub(crate) fn render(name: &str, settings: &Settings, batch: &RecordBatch) -> Result<String> {
    let whole = render_split(name, settings, batch, batch.num_rows().max(1))?;
    for size in [1, 2, 3, 7, 1000]
        .into_iter()
        .filter(|_| batch.num_rows() < 5000)
    {
        assert_eq!(
            render_split(name, settings, batch, size)?,
            whole,
            "batches of {size}"
        );
    }
    Ok(whole)
}

/// Renders a batch in pieces of so many rows, with an empty one at the start and the end.
pub(crate) fn render_split(
    name: &str,
    settings: &Settings,
    batch: &RecordBatch,
    size: usize,
) -> Result<String> {
    let out = render_bytes_with(name, settings, batch, size)?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// Renders a batch in pieces of so many rows, as it would stand in a file.
pub(crate) fn render_bytes(name: &str, batch: &RecordBatch, size: usize) -> Result<Vec<u8>> {
    render_bytes_with(name, &Settings::default(), batch, size)
}

fn render_bytes_with(
    name: &str,
    settings: &Settings,
    batch: &RecordBatch,
    size: usize,
) -> Result<Vec<u8>> {
    let Some(format) = format(name) else {
        unreachable!("{name} is not a format")
    };
    let mut renderer = format.renderer(settings);
    let mut out = Vec::new();
    renderer.begin(&batch.schema(), &mut out)?;
    renderer.batch(&batch.slice(0, 0), &mut out)?;
    for start in (0..batch.num_rows()).step_by(size) {
        let length = size.min(batch.num_rows() - start);
        renderer.batch(&batch.slice(start, length), &mut out)?;
    }
    renderer.batch(&batch.slice(0, 0), &mut out)?;
    let summary = renderer.finish(&mut out)?;
    assert_eq!(summary.rows, batch.num_rows() as u64);
    Ok(out)
}

/// Texts that a format may confuse, numbered; the third is NULL, the second is empty.
pub(crate) fn tricky_text() -> RecordBatch {
    let text = StringViewArray::from(vec![
        Some("plain"),
        Some(""),
        None,
        Some("NULL"),
        Some("a,b"),
        Some("say \"hi\""),
        Some("two\nlines"),
        Some("tab\there|pipe\\slash"),
    ]);
    let n = Int64Array::from_iter_values(1..=8);
    batch([("text", Arc::new(text) as ArrayRef), ("n", Arc::new(n))])
}

/// A row of values of every kind, and a row without any, but for a NaN.
pub(crate) fn kinds() -> RecordBatch {
    let stage: DictionaryArray<Int8Type> = vec![Some("1950-1979"), None].into_iter().collect();
    let list = ListArray::from_iter_primitive::<Int64Type, _, _>([Some(vec![Some(1), None]), None]);
    let city = StructArray::new(
        Fields::from(vec![
            Field::new("name", DataType::Utf8, true),
            Field::new("km", DataType::Float64, true),
        ]),
        vec![
            Arc::new(StringArray::from(vec![Some("喀什"), None])),
            Arc::new(Float64Array::from(vec![Some(1.5), None])),
        ],
        Some(vec![true, false].into()),
    );
    // 1992-03-17 is 8111 days after 1970-01-01.
    let moment = (8111 * 86_400 + 8 * 3600 + 30 * 60) * 1_000_000 + 250;
    let columns: [(&str, ArrayRef); 11] = [
        ("flag", Arc::new(BooleanArray::from(vec![Some(true), None]))),
        ("small", Arc::new(Int8Array::from(vec![Some(-1), None]))),
        (
            "big",
            Arc::new(Int64Array::from(vec![Some(i64::MAX), None])),
        ),
        ("real", Arc::new(Float64Array::from(vec![0.1, f64::NAN]))),
        ("money", Arc::new(money(&[Some(123_450), None]))),
        ("day", Arc::new(Date32Array::from(vec![Some(8111), None]))),
        (
            "moment",
            Arc::new(TimestampMicrosecondArray::from(vec![Some(moment), None])),
        ),
        (
            "bytes",
            Arc::new(BinaryViewArray::from(vec![
                Some([0x00, 0xff].as_slice()),
                None,
            ])),
        ),
        ("stage", Arc::new(stage)),
        ("list", Arc::new(list)),
        ("city", Arc::new(city)),
    ];
    batch(columns)
}

/// The numbers from 1 up.
pub(crate) fn numbers(rows: i64) -> RecordBatch {
    let n: ArrayRef = Arc::new(Int64Array::from_iter_values(1..=rows));
    batch([("n", n)])
}

/// Two columns and no row.
pub(crate) fn nothing() -> RecordBatch {
    RecordBatch::new_empty(Arc::new(Schema::new(vec![
        Field::new("port_id", DataType::Utf8, false),
        Field::new("opened_year", DataType::Int32, true),
    ])))
}

/// Rows without any column.
pub(crate) fn no_columns(rows: usize) -> Result<RecordBatch> {
    let options = arrow::array::RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(Arc::new(Schema::empty()), vec![], &options)
        .map_err(|source| RenderError::Batch { source })
}

fn money(cents: &[Option<i128>]) -> Decimal128Array {
    let amounts = Decimal128Array::from(cents.to_vec());
    amounts.with_data_type(DataType::Decimal128(10, 2))
}

/// A batch of nullable columns.
pub(crate) fn batch<const N: usize>(columns: [(&str, ArrayRef); N]) -> RecordBatch {
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, array)| Field::new(*name, array.data_type().clone(), true))
        .collect();
    let arrays = columns.map(|(_, array)| array).to_vec();
    match RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays) {
        Ok(batch) => batch,
        Err(error) => unreachable!("{error}"),
    }
}
