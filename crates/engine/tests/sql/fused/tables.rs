//! Random tables in Parquet files: encodings, codecs, page sizes, missing values and statistics.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal32Array, Decimal64Array, Decimal128Array,
    Decimal256Array, Float32Array, Float64Array, Int8Array, Int32Array, Int64Array, RecordBatch,
    StringArray, TimestampMicrosecondArray, UInt32Array, UInt64Array,
};
use arrow::datatypes::i256;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::{Compression, Encoding, ZstdLevel};
use datafusion::parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use fastrand::Rng;

/// Encodings of numbers other than plain ones and dictionaries.
const ENCODINGS: [(&str, Encoding); 13] = [
    ("year", Encoding::DELTA_BINARY_PACKED),
    ("day", Encoding::DELTA_BINARY_PACKED),
    ("persons", Encoding::DELTA_BINARY_PACKED),
    ("moment", Encoding::DELTA_BINARY_PACKED),
    ("big", Encoding::DELTA_BINARY_PACKED),
    ("tonnes", Encoding::BYTE_STREAM_SPLIT),
    ("value", Encoding::BYTE_STREAM_SPLIT),
    ("share", Encoding::BYTE_STREAM_SPLIT),
    ("level", Encoding::BYTE_STREAM_SPLIT),
    ("grade", Encoding::DELTA_BINARY_PACKED),
    ("number", Encoding::DELTA_BINARY_PACKED),
    ("fee", Encoding::DELTA_BINARY_PACKED),
    ("toll", Encoding::BYTE_STREAM_SPLIT),
];

/// Floats that are easily compared wrongly.
const ODD_FLOATS: [f64; 5] = [f64::NAN, -0.0, 0.0, f64::INFINITY, f64::NEG_INFINITY];

/// Rows of a table, some of them NULL where the seed says so.
pub(super) fn rows(random: &mut Rng, count: usize) -> RecordBatch {
    let nulls = random.choice([0.0, 0.1, 0.3, 0.9]).unwrap_or(0.0);
    let has_nan = random.u8(..) < 40;
    let ports = random.usize(1..12);
    let mut some = |null: f64| random.f64() >= null;
    let mut present: Vec<[bool; 16]> = Vec::new();
    for _ in 0..count {
        present.push(std::array::from_fn(|_| some(nulls)));
    }
    let mut column = |at: usize, most: i64| -> Vec<Option<i64>> {
        (0..count)
            .map(|row| present[row][at].then(|| random.i64(0..most)))
            .collect()
    };
    let whole = |values: Vec<Option<i64>>| values.into_iter();
    let port = column(0, ports as i64);
    let year = column(1, 80);
    let day = column(2, 200);
    let is_open = column(3, 2);
    let tonnes = column(4, 100_000);
    let persons = column(5, 60);
    let value = column(6, 1_000_000);
    let moment = column(7, 1 << 40);
    let big = column(8, 1 << 31);
    let share = column(9, 300);
    let level = column(10, 12);
    let grade = column(11, 9);
    let number = column(12, 40);
    let fee = column(13, 500);
    let toll = column(14, 1 << 40);
    let worth = column(15, 30);
    let odd_until = random.choice([0, 0, 1, 3, 5]).unwrap_or(0);
    // NaN and its like, where the seed says so, and else multiples of a quarter.
    let float = |value: Option<i64>| {
        value.map(|value| match ODD_FLOATS[..odd_until].get(value as usize) {
            Some(odd) => *odd,
            None => value as f64 / 4.0 - 1.0,
        })
    };
    // Some so great that few of them are more than 64 bits hold.
    let step = random.choice([1, 1, u64::MAX / 40]).unwrap_or(1);
    let columns: Vec<(&str, ArrayRef)> = vec![
        (
            "port",
            Arc::new(
                whole(port)
                    .map(|port| port.map(|port| format!("p{port}")))
                    .collect::<StringArray>(),
            ),
        ),
        (
            "year",
            Arc::new(
                whole(year)
                    .map(|year| year.map(|year| 1940 + year as i32))
                    .collect::<Int32Array>(),
            ),
        ),
        (
            "day",
            Arc::new(
                whole(day)
                    .map(|day| day.map(|day| 9500 + day as i32))
                    .collect::<Date32Array>(),
            ),
        ),
        (
            "is_open",
            Arc::new(
                whole(is_open)
                    .map(|open| open.map(|open| open == 1))
                    .collect::<BooleanArray>(),
            ),
        ),
        (
            "tonnes",
            Arc::new(
                whole(tonnes)
                    .map(|tonnes| {
                        tonnes.map(|tonnes| {
                            if has_nan && tonnes < 100 {
                                f64::NAN
                            } else {
                                tonnes as f64 / 100.0
                            }
                        })
                    })
                    .collect::<Float64Array>(),
            ),
        ),
        ("persons", Arc::new(whole(persons).collect::<Int64Array>())),
        (
            "value",
            Arc::new(
                whole(value)
                    .map(|value| value.map(i128::from))
                    .collect::<Decimal128Array>()
                    .with_precision_and_scale(12, 2)
                    .expect("twelve digits"),
            ),
        ),
        (
            "moment",
            Arc::new(whole(moment).collect::<TimestampMicrosecondArray>()),
        ),
        (
            "big",
            Arc::new(
                whole(big)
                    .map(|big| big.map(|big| (big as u32) % 60_000))
                    .collect::<UInt32Array>(),
            ),
        ),
        (
            "share",
            Arc::new(
                whole(share)
                    .map(|share| float(share).map(|share| share as f32))
                    .collect::<Float32Array>(),
            ),
        ),
        (
            "level",
            Arc::new(whole(level).map(float).collect::<Float64Array>()),
        ),
        ("nothing", Arc::new(Int64Array::new_null(count))),
        (
            "grade",
            Arc::new(
                whole(grade)
                    .map(|grade| grade.map(|grade| grade as i8 - 4))
                    .collect::<Int8Array>(),
            ),
        ),
        (
            "number",
            Arc::new(
                whole(number)
                    .map(|number| number.map(|number| number as u64 * step))
                    .collect::<UInt64Array>(),
            ),
        ),
        (
            "fee",
            Arc::new(
                whole(fee)
                    .map(|fee| fee.map(|fee| fee as i32 * 17))
                    .collect::<Decimal32Array>()
                    .with_precision_and_scale(7, 2)
                    .expect("seven digits"),
            ),
        ),
        (
            "toll",
            Arc::new(
                whole(toll)
                    .map(|toll| toll.map(|toll| toll % 1_000_003 * 1_000_000_007))
                    .collect::<Decimal64Array>()
                    .with_precision_and_scale(16, 2)
                    .expect("sixteen digits"),
            ),
        ),
        (
            "worth",
            Arc::new(
                whole(worth)
                    .map(|worth| worth.map(|worth| i256::from_i128(i128::from(worth) * 1001)))
                    .collect::<Decimal256Array>()
                    .with_precision_and_scale(45, 3)
                    .expect("forty-five digits"),
            ),
        ),
    ];
    // Where nothing is NULL the file may say so, which leaves out levels and a code of NULL.
    let is_required = random.bool();
    let columns = columns.into_iter().map(|(name, array)| {
        let nullable = array.null_count() > 0 || !is_required;
        (name, array, nullable)
    });
    RecordBatch::try_from_iter_with_nullable(columns).expect("columns of one length")
}

pub(super) fn write(random: &mut Rng, path: &Path) {
    let version = if random.bool() {
        WriterVersion::PARQUET_1_0
    } else {
        WriterVersion::PARQUET_2_0
    };
    let compression = if random.bool() {
        Compression::ZSTD(ZstdLevel::default())
    } else {
        Compression::UNCOMPRESSED
    };
    let dictionary = random.u8(..) < 220;
    // Some are large enough to be read in two parts.
    let rows_of_a_group = match random.u8(..) {
        0..40 => 20_000,
        _ => random.usize(50..3000),
    };
    let mut properties = WriterProperties::builder()
        .set_writer_version(version)
        .set_compression(compression)
        .set_dictionary_enabled(dictionary)
        .set_max_row_group_row_count(Some(rows_of_a_group))
        .set_data_page_row_count_limit(random.usize(10..2500))
        .set_write_batch_size(random.usize(10..500));
    if random.u8(..) < 60 {
        // Dictionaries that overflow in the middle of a chunk.
        properties = properties.set_dictionary_page_size_limit(random.usize(16..400));
    }
    if random.u8(..) < 40 {
        properties = properties.set_statistics_enabled(EnabledStatistics::None);
    }
    for (column, encoding) in ENCODINGS {
        if random.u8(..) < 60 {
            properties = properties
                .set_column_dictionary_enabled(column.into(), false)
                .set_column_encoding(column.into(), encoding);
        }
    }
    let count = random
        .choice([0, 1, 100, 1000, 2000, 5000, 20_000])
        .unwrap_or(0);
    let batch = rows(random, count);
    let file = File::create(path).expect("a new file");
    let mut writer =
        ArrowWriter::try_new(file, batch.schema(), Some(properties.build())).expect("a writer");
    writer.write(&batch).expect("rows");
    writer.close().expect("a footer");
}
