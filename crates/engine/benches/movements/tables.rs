//! Makes the tables that are asked: movements over the ports of the embedded package, the same in every run.

use std::error::Error;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Float64Array, Int32Array, RecordBatch, StringArray,
    UInt32Array,
};
use arrow::compute::{concat_batches, take};
use arrow::datatypes::{Int32Type, SchemaRef};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::{Compression, ZstdLevel};
use datafusion::parquet::file::properties::WriterProperties;
use kouan_engine::{Engine, Values};

use super::statement::statement;

/// The ports, with the distances that their mode follows from.
const PORTS: &str = "
    SELECT port_id, region, type, coalesce(neighbour_country, '-') AS country,
           CAST(coalesce(opened_year, 1990) AS INT) AS opened_year, lon, lat,
           own['km'] AS own_km, coalesce(away['km'], CAST('Infinity' AS DOUBLE)) AS foreign_km
    FROM (SELECT *, nearest_city(lon, lat, 'China', 20000) AS own,
                    nearest_city(lon, lat, neighbour_country, 20000) AS away FROM ports)
    ORDER BY port_id";

/// 1996-01-01, in days since 1970; movements are of the thirty years from it.
const FIRST_DAY: u64 = 9_496;
const DAYS: u64 = 10_957;

const ROWS_OF_A_BATCH: usize = 1 << 16;

/// Reads the ports from a package.
pub(crate) async fn ports(engine: &Arc<Engine>) -> Result<RecordBatch, Box<dyn Error>> {
    let answer = engine.run(&statement(PORTS)?, &Values::new()).await?;
    let schema = Arc::clone(answer.schema());
    Ok(concat_batches(&schema, &answer.collect().await?)?)
}

/// Writes a table in one file.
pub(crate) fn write(
    path: &Path,
    schema: SchemaRef,
    batches: impl Iterator<Item = Result<RecordBatch, Box<dyn Error>>>,
) -> Result<(), Box<dyn Error>> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(1_000_000))
        .build();
    let part = path.with_extension("part");
    let mut writer = ArrowWriter::try_new(File::create(&part)?, schema, Some(properties))?;
    for batch in batches {
        writer.write(&batch?)?;
    }
    writer.close()?;
    Ok(std::fs::rename(part, path)?)
}

/// Movements in the order of their dates, in batches; the first batch tells the columns.
///
/// Few ports have most of the traffic: the first of 95 is drawn 30 times as often as one of the last ten.
pub(crate) fn movements(
    ports: &RecordBatch,
    rows: usize,
) -> impl Iterator<Item = Result<RecordBatch, Box<dyn Error>>> {
    (0..rows.max(1))
        .step_by(ROWS_OF_A_BATCH)
        .map(move |first| batch(ports, rows, first..(first + ROWS_OF_A_BATCH).min(rows)))
}

fn batch(
    ports: &RecordBatch,
    rows: usize,
    range: std::ops::Range<usize>,
) -> Result<RecordBatch, Box<dyn Error>> {
    let drawn: Vec<u64> = range.clone().map(|row| mixed(row as u64)).collect();
    let count = ports.num_rows() as f64;
    let port =
        |bits: &u64| (count * ((bits & 0xf_ffff) as f64 / f64::from(1 << 20)).powf(2.2)) as u32;
    let port: UInt32Array = drawn.iter().map(port).collect();
    let of_port = |name: &str| -> Result<ArrayRef, Box<dyn Error>> {
        let column = ports
            .column_by_name(name)
            .ok_or("no such column of ports")?;
        Ok(take(column, &port, None)?)
    };
    let text = |name: &str| -> Result<ArrayRef, Box<dyn Error>> {
        Ok(arrow::compute::cast(
            &of_port(name)?,
            &arrow::datatypes::DataType::Utf8,
        )?)
    };
    let day = |row: usize| (FIRST_DAY + row as u64 * DAYS / rows as u64) as i32;
    let direction = |bits: &u64| Some(if bits >> 20 & 1 == 0 { "entry" } else { "exit" });
    let columns: [(&str, ArrayRef); 9] = [
        ("port_id", text("port_id")?),
        (
            "crossed_on",
            Arc::new(range.map(day).map(Some).collect::<Date32Array>()),
        ),
        (
            "direction",
            Arc::new(drawn.iter().map(direction).collect::<StringArray>()),
        ),
        ("transport", text("type")?),
        ("country", text("country")?),
        (
            "opened_year",
            Arc::new(of_port("opened_year")?.as_primitive::<Int32Type>().clone()),
        ),
        (
            "tonnes",
            Arc::new(Float64Array::from_iter_values(
                drawn
                    .iter()
                    .map(|bits| (bits >> 21 & 0xf_ffff) as f64 % 100_000.0 / 100.0),
            )),
        ),
        (
            "persons",
            Arc::new(Int32Array::from_iter_values(
                drawn.iter().map(|bits| (bits >> 41 & 0xff) as i32 % 60),
            )),
        ),
        (
            "vehicle_id",
            Arc::new(Int32Array::from_iter_values(
                drawn
                    .iter()
                    .map(|bits| (bits.rotate_right(32) % 500_000) as i32),
            )),
        ),
    ];
    debug_assert!(columns.iter().all(|(_, column)| column.null_count() == 0));
    Ok(RecordBatch::try_from_iter_with_nullable(
        columns
            .into_iter()
            .map(|(name, column)| (name, column, true)),
    )?)
}

/// SplitMix64 (Steele, Lea and Flood 2014): numbers that look random, the same for the same row.
fn mixed(row: u64) -> u64 {
    let mut bits = row.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}
