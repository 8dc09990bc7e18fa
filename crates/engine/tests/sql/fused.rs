//! Random tables and questions, answered with aggregations fused and not: the answers must be the same.
//!
//! `KOUAN_FUSED_TABLES` sets how many tables are made, `KOUAN_FUSED_SEED` the first of their seeds.

use std::env;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int32Array, Int64Array,
    RecordBatch, StringArray, TimestampMicrosecondArray, UInt32Array,
};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::{Compression, ZstdLevel};
use datafusion::parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use fastrand::Rng;
use kouan_engine::Engine;
use libtest_mimic::{Failed, Trial};
use tempfile::TempDir;

use crate::session::{self, Session};

const TABLES: u64 = 48;
const QUESTIONS: usize = 20;
const TRIALS: u64 = 4;

const KEYS: [&str; 12] = [
    "port",
    "year",
    "day",
    "is_open",
    "date_trunc('month', day)",
    "extract(year from day)",
    "CASE WHEN year < 1980 THEN 'old' WHEN year >= 2000 THEN 'new' END",
    "port_stage(year)",
    "upper(port)",
    "year / 10",
    "coalesce(port, 'none')",
    "big",
];

const FILTERS: [&str; 14] = [
    "port LIKE 'p1%'",
    "port IN ('p1', 'p3', 'none')",
    "year >= 1980",
    "day BETWEEN date '1996-02-01' AND date '1996-04-01'",
    "is_open",
    "NOT is_open",
    "port IS NULL",
    "tonnes > 500",
    "tonnes IS NOT NULL",
    "persons < 30 OR persons IS NULL",
    "year % 2 = 0",
    "value > 10.5",
    "persons + year > 2000",
    "port = 'p1' OR port = 'p2'",
];

const AGGREGATES: [&str; 26] = [
    "count(*)",
    "count(tonnes)",
    "sum(tonnes)",
    "avg(tonnes)",
    "sum(persons)",
    "avg(persons)",
    "min(persons)",
    "max(persons)",
    "sum(value)",
    "avg(value)",
    "min(value)",
    "max(value)",
    "min(day)",
    "max(moment)",
    "min(moment)",
    "count(DISTINCT persons)",
    "count(DISTINCT port)",
    "var_pop(tonnes)",
    "stddev(tonnes)",
    "sum(big)",
    "max(big)",
    "count(*) FILTER (WHERE is_open)",
    "sum(persons) FILTER (WHERE year > 1980)",
    "sum(tonnes * persons)",
    "sum(CASE WHEN year > 1980 THEN persons ELSE 0 END)",
    "count(port)",
];

pub(crate) fn trials(session: &Arc<Session>) -> Vec<Trial> {
    let number = |name: &str, default: u64| {
        env::var(name)
            .ok()
            .and_then(|text| text.parse().ok())
            .unwrap_or(default)
    };
    let (tables, seed) = (
        number("KOUAN_FUSED_TABLES", TABLES),
        number("KOUAN_FUSED_SEED", 0),
    );
    let trial = |part: u64| {
        let session = Arc::clone(session);
        Trial::test(format!("fused::same_answers_{part}"), move || {
            (0..tables)
                .filter(|table| table % TRIALS == part)
                .try_for_each(|table| compare(&session, seed + table))
        })
    };
    let others = [
        (
            "fused::plans_say_so",
            plans_say_so as fn(&Session) -> Result<(), Failed>,
        ),
        ("fused::damaged_files_are_errors", damaged_files_are_errors),
    ];
    let others = others.map(|(name, test)| {
        let session = Arc::clone(session);
        Trial::test(name, move || test(&session))
    });
    (0..TRIALS).map(trial).chain(others).collect()
}

/// Rows of a table, some of them NULL where the seed says so.
fn rows(random: &mut Rng, count: usize) -> RecordBatch {
    let nulls = random.choice([0.0, 0.0, 0.1, 0.9]).unwrap_or(0.0);
    let has_nan = random.u8(..) < 40;
    let ports = random.usize(1..12);
    let mut some = |null: f64| random.f64() >= null;
    let mut present: Vec<[bool; 10]> = Vec::new();
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
                    .map(|big| big.map(|big| (big as u32) % 70_000))
                    .collect::<UInt32Array>(),
            ),
        ),
    ];
    RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, true)),
    )
    .expect("columns of one length")
}

fn write(random: &mut Rng, path: &Path) {
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
    let dictionary = random.u8(..) < 200;
    let mut properties = WriterProperties::builder()
        .set_writer_version(version)
        .set_compression(compression)
        .set_dictionary_enabled(dictionary)
        .set_max_row_group_row_count(Some(random.usize(50..3000)))
        .set_data_page_row_count_limit(random.usize(10..2500))
        .set_write_batch_size(random.usize(10..500));
    if random.u8(..) < 60 {
        // Dictionaries that overflow in the middle of a chunk.
        properties = properties.set_dictionary_page_size_limit(random.usize(16..400));
    }
    if random.u8(..) < 40 {
        properties = properties.set_statistics_enabled(EnabledStatistics::None);
    }
    let count = random.choice([0, 1, 100, 2000, 5000]).unwrap_or(0);
    let batch = rows(random, count);
    let file = File::create(path).expect("a new file");
    let mut writer =
        ArrowWriter::try_new(file, batch.schema(), Some(properties.build())).expect("a writer");
    writer.write(&batch).expect("rows");
    writer.close().expect("a footer");
}

fn pick<'a>(random: &mut Rng, list: &[&'a str], count: usize) -> Vec<&'a str> {
    let mut list = list.to_vec();
    random.shuffle(&mut list);
    list.truncate(count);
    list
}

fn question(random: &mut Rng) -> String {
    let (keys, aggregates, filters) = (random.usize(0..3), random.usize(1..5), random.usize(0..3));
    let keys = pick(random, &KEYS, keys);
    let mut columns = keys.clone();
    columns.extend(pick(random, &AGGREGATES, aggregates));
    let filters = pick(random, &FILTERS, filters)
        .iter()
        .map(|filter| format!("({filter})"))
        .collect::<Vec<_>>();
    let mut sql = format!("SELECT {} FROM t", columns.join(", "));
    if !filters.is_empty() {
        sql += &format!(" WHERE {}", filters.join(" AND "));
    }
    if !keys.is_empty() {
        sql += &format!(" GROUP BY {}", keys.join(", "));
    }
    sql
}

/// Answers in text, sorted: groups come in any order.
async fn answer(engine: &Arc<Engine>, sql: &str) -> Result<Vec<Vec<String>>, String> {
    let rows = session::run(engine, sql)
        .await
        .map_err(|error| error.message.clone())?;
    let options = FormatOptions::default().with_null("NULL");
    let mut lines = Vec::new();
    for batch in &rows.batches {
        let columns: Vec<_> = batch
            .columns()
            .iter()
            .map(|column| ArrayFormatter::try_new(column, &options).expect("a type that is shown"))
            .collect();
        for row in 0..batch.num_rows() {
            lines.push(
                columns
                    .iter()
                    .map(|column| column.value(row).to_string())
                    .collect(),
            );
        }
    }
    lines.sort();
    Ok(lines)
}

/// Equal texts, or numbers that differ by rounding only.
fn alike(one: &str, two: &str) -> bool {
    let numbers = one.parse::<f64>().ok().zip(two.parse::<f64>().ok());
    one == two
        || numbers.is_some_and(|(one, two)| {
            let size = one.abs().max(two.abs()).max(1.0);
            (one.is_nan() && two.is_nan()) || (one - two).abs() <= size * 1e-9
        })
}

fn compare(session: &Session, seed: u64) -> Result<(), Failed> {
    let mut random = Rng::with_seed(seed);
    let folder = TempDir::new()?;
    for file in 0..random.usize(1..4) {
        write(&mut random, &folder.path().join(format!("{file}.parquet")));
    }
    let engine = session.engine()?;
    session.runtime.block_on(async {
        let place = folder.path().display();
        session::run(
            &engine,
            &format!("CREATE EXTERNAL TABLE t STORED AS PARQUET LOCATION '{place}/'"),
        )
        .await?;
        for _ in 0..QUESTIONS {
            let sql = question(&mut random);
            session::run(&engine, "SET kouan.fused = true").await?;
            let fused = answer(&engine, &sql).await;
            session::run(&engine, "SET kouan.fused = false").await?;
            let plain = answer(&engine, &sql).await;
            let same = match (&fused, &plain) {
                (Ok(fused), Ok(plain)) => {
                    let cells = |lines: &Vec<Vec<String>>| {
                        lines.iter().flatten().cloned().collect::<Vec<_>>()
                    };
                    let (fused, plain) = (cells(fused), cells(plain));
                    fused.len() == plain.len()
                        && fused.iter().zip(&plain).all(|(one, two)| alike(one, two))
                }
                (fused, plain) => fused == plain,
            };
            if !same {
                return Err(
                    format!("seed {seed}: {sql}\n fused {fused:?}\n plain {plain:?}").into(),
                );
            }
        }
        Ok(())
    })
}

/// One file with dictionaries, as table `t` of a fresh engine.
async fn table(session: &Session, folder: &TempDir) -> Result<Arc<Engine>, Failed> {
    let mut random = Rng::with_seed(3);
    let batch = rows(&mut random, 4000);
    let path = folder.path().join("t.parquet");
    let mut writer = ArrowWriter::try_new(File::create(&path)?, batch.schema(), None)?;
    writer.write(&batch)?;
    writer.close()?;
    let engine = session.engine()?;
    session::run(&engine, "SET kouan.fused = true").await?;
    session::run(
        &engine,
        &format!(
            "CREATE EXTERNAL TABLE t STORED AS PARQUET LOCATION '{}'",
            path.display()
        ),
    )
    .await?;
    Ok(engine)
}

/// Plans name the operator, it answers without falling back, and says why it left a plan alone.
fn plans_say_so(session: &Session) -> Result<(), Failed> {
    let folder = TempDir::new()?;
    session.runtime.block_on(async {
        let engine = table(session, &folder).await?;
        let text = async |sql: &str| -> Result<String, Failed> {
            Ok(answer(&engine, sql)
                .await?
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join("\n"))
        };
        let sql =
            "SELECT port_stage(year), count(*), sum(tonnes) FROM t WHERE port <> 'p1' GROUP BY 1";
        let plan = text(&format!("EXPLAIN {sql}")).await?;
        if !plan.contains("FusedAggregateExec") {
            return Err(plan.into());
        }
        let measured = text(&format!("EXPLAIN ANALYZE VERBOSE {sql}")).await?;
        if !measured.contains("rows_scanned=4.00 K") || !measured.contains("fell_back=0") {
            return Err(measured.into());
        }
        session::run(&engine, "SET kouan.fused_reasons = true").await?;
        let declined = text("EXPLAIN SELECT tonnes, count(*) FROM t GROUP BY 1").await?;
        if !declined.contains("NotFusedExec: tonnes@4 has type Float64") {
            return Err(declined.into());
        }
        session::run(&engine, "SET kouan.fused = false").await?;
        let plain = text(&format!("EXPLAIN {sql}")).await?;
        if plain.contains("Fused") {
            return Err(plain.into());
        }
        Ok(())
    })
}

/// A file whose bytes are changed or missing gives the error that DataFusion gives, or the same answer.
fn damaged_files_are_errors(session: &Session) -> Result<(), Failed> {
    let folder = TempDir::new()?;
    let path = folder.path().join("t.parquet");
    let sql = "SELECT port, year, count(*), sum(tonnes), max(persons) FROM t GROUP BY 1, 2";
    session.runtime.block_on(async {
        let engine = table(session, &folder).await?;
        let whole = std::fs::read(&path)?;
        let mut random = Rng::with_seed(5);
        let mut errors = 0;
        for _ in 0..60 {
            let mut bytes = whole.clone();
            for _ in 0..random.usize(1..20) {
                let at = random.usize(4..bytes.len() - 3000);
                bytes[at] = random.u8(..);
            }
            std::fs::write(&path, &bytes)?;
            session::run(&engine, "SET kouan.fused = true").await?;
            let fused = answer(&engine, sql).await;
            session::run(&engine, "SET kouan.fused = false").await?;
            let plain = answer(&engine, sql).await;
            errors += usize::from(fused.is_err());
            if fused.is_err() != plain.is_err() {
                return Err(format!("fused {fused:?}\nplain {plain:?}").into());
            }
        }
        std::fs::write(&path, &whole[..whole.len() / 2])?;
        session::run(&engine, "SET kouan.fused = true").await?;
        if errors == 0 || answer(&engine, sql).await.is_ok() {
            return Err("damage was not noticed".into());
        }
        Ok(())
    })
}
