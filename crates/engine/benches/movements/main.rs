//! Times questions of movements: `cargo bench --workspace --bench movements [-- NAME…]`.
//!
//! kouan with fused operators, kouan without (`SET kouan.fused = false`, which is stock DataFusion) and DuckDB answer in
//! turns, each in one session that stays open, over the same Parquet file, so that starting a process costs nobody and
//! what else the machine does meets all alike. A time ends with the last row of the answer. Answers are compared.
//!
//! - `KOUAN_BENCH_ROWS`: rows of the table, 50 million unless told. It is made once, in `target/bench`.
//! - `KOUAN_BENCH_FILE`: a file of movements to ask instead.
//! - `KOUAN_BENCH_LAYOUT`: `compact` or `fast`; the fused operators then ask the table as `kouan convert` lays it out, and the
//!   others the file that it was made from.
//! - `KOUAN_BENCH_PYTHON`: a Python with the package `duckdb`, `python3` unless told; without one DuckDB is left out.
//! - `KOUAN_BENCH_ROUNDS`: how often each answers, 7 unless told.
//! - `KOUAN_BENCH_PEERS`: who answers beside the fused operators, `stock,duckdb` unless told.

#![expect(clippy::print_stdout, reason = "a benchmark tells its result")]

mod answers;
mod converted;
mod duckdb;
mod plot;
mod questions;
mod statement;
mod tables;

use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use duckdb::DuckDb;
use kouan_engine::{Engine, PackageLocation, STACK_BYTES, Settings, Values};
use kouan_schema::FileLayout;
use questions::{JOINS_AND_FUNCTIONS, ONE_TABLE, Question};
use statement::statement;
use tokio::runtime::Builder;

type Rows = Vec<Vec<String>>;

/// Who answers in turns.
struct Peers {
    fused: Arc<Engine>,
    stock: Option<Arc<Engine>>,
    duckdb: Option<DuckDb>,
}

/// The times of a question, one of each round.
#[derive(Default)]
struct Times {
    fused: Vec<f64>,
    stock: Vec<f64>,
    duckdb: Vec<f64>,
}

fn engine() -> Result<Arc<Engine>, Box<dyn Error>> {
    let settings = Settings {
        cache: None,
        temporary: env::temp_dir(),
        memory: None,
        query_folders: Vec::new(),
    };
    let package = PackageLocation::Embedded.open()?;
    Ok(Arc::new(Engine::open(vec![package], settings)?))
}

/// Runs a statement to its last row: seconds, and the rows.
async fn time(engine: &Arc<Engine>, sql: &str) -> Result<(f64, Rows), Box<dyn Error>> {
    let statement = statement(sql)?;
    let started = Instant::now();
    let answer = engine.run(&statement, &Values::new()).await?;
    let batches = answer.collect().await?;
    let seconds = started.elapsed().as_secs_f64();
    Ok((seconds, answers::rows(&batches)?))
}

impl Peers {
    async fn open(files: &Files) -> Result<Self, Box<dyn Error>> {
        let Files {
            asked,
            given,
            ports,
        } = files;
        let peers = env::var("KOUAN_BENCH_PEERS").unwrap_or_else(|_| "stock,duckdb".to_owned());
        let is_peer = |name: &str| peers.split(',').any(|peer| peer == name);
        let fused = engine()?;
        let stock = is_peer("stock").then(engine).transpose()?;
        for (engine, is_fused) in [(Some(&fused), true), (stock.as_ref(), false)] {
            let Some(engine) = engine else { continue };
            let movements = if is_fused { asked } else { given };
            time(engine, &format!("SET kouan.fused = {is_fused}")).await?;
            for (name, path) in [("movements", movements), ("movement_ports", ports)] {
                let path = path.display();
                let sql =
                    format!("CREATE EXTERNAL TABLE {name} STORED AS PARQUET LOCATION '{path}'");
                time(engine, &sql).await?;
            }
        }
        let python = env::var("KOUAN_BENCH_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let duckdb = match is_peer("duckdb").then(|| DuckDb::start(&python)) {
            None => None,
            Some(Ok(mut duckdb)) => {
                let threads = std::thread::available_parallelism()?;
                duckdb.time(&format!("SET threads = {threads}"))?;
                for (name, path) in [("movements", given), ("movement_ports", ports)] {
                    let path = path.display();
                    duckdb.time(&format!("CREATE VIEW {name} AS FROM '{path}'"))?;
                }
                Some(duckdb)
            }
            Some(Err(error)) => {
                println!("DuckDB is left out: {error}");
                None
            }
        };
        Ok(Self {
            fused,
            stock,
            duckdb,
        })
    }

    async fn ask(&mut self, question: &Question, rounds: usize) -> Result<Times, Box<dyn Error>> {
        let mut times = Times::default();
        // The first round warms up and compares the answers.
        for round in 0..=rounds {
            let (fused, answer) = time(&self.fused, question.sql).await?;
            let same = |with: &str, other: Rows| match answers::difference(answer.clone(), other) {
                Some(difference) => Err(format!(
                    "{}: fused and {with} differ: {difference}",
                    question.name
                )),
                None => Ok(()),
            };
            if round > 0 {
                times.fused.push(fused);
            }
            if let Some(stock) = &self.stock {
                let (seconds, other) = time(stock, question.sql).await?;
                if round == 0 {
                    same("stock", other)?;
                } else {
                    times.stock.push(seconds);
                }
            }
            if let Some(duckdb) = &mut self.duckdb {
                let (seconds, other) = duckdb.time(question.plain.unwrap_or(question.sql))?;
                if round == 0 {
                    same("DuckDB", other)?;
                } else {
                    times.duckdb.push(seconds);
                }
            }
        }
        Ok(times)
    }
}

/// The middle value, and the distance of the quartiles as a share of it; NaN of nothing.
fn median(values: &[f64]) -> (f64, f64) {
    let mut values = values.to_vec();
    values.sort_unstable_by(f64::total_cmp);
    let at = |share: usize| match values.len().checked_sub(1) {
        Some(last) => values[last * share / 4],
        None => f64::NAN,
    };
    (at(2), (at(3) - at(1)) / at(2))
}

/// A ratio for the table, nothing when one side did not answer.
fn shown(ratio: f64) -> String {
    if ratio.is_nan() {
        String::new()
    } else {
        format!("{ratio:.2}")
    }
}

fn geometric_mean(values: &[f64]) -> f64 {
    (values.iter().map(|value| value.ln()).sum::<f64>() / values.len() as f64).exp()
}

async fn report(
    title: &str,
    peers: &mut Peers,
    questions: &[Question],
    wanted: &[String],
    rounds: usize,
) -> Result<(), Box<dyn Error>> {
    let is_wanted =
        |question: &&Question| wanted.is_empty() || wanted.iter().any(|name| name == question.name);
    println!("\n| {title} | ms | ± % | stock / fused | DuckDB / fused | DuckDB / stock |");
    println!("|---|--:|--:|--:|--:|--:|");
    let (mut all, mut against_duckdb) = (Vec::new(), Vec::new());
    for question in questions.iter().filter(is_wanted) {
        let times = peers.ask(question, rounds).await?;
        let (fused, spread) = median(&times.fused);
        let ((stock, _), (duckdb, _)) = (median(&times.stock), median(&times.duckdb));
        let ratios = [stock / fused, duckdb / fused, duckdb / stock];
        let cells = ratios.map(shown).join(" | ");
        let (milliseconds, percent) = (fused * 1e3, spread * 100.0);
        println!(
            "| {} | {milliseconds:.1} | {percent:.0} | {cells} |",
            question.name
        );
        against_duckdb.push((question.name, ratios[1]));
        all.push(ratios);
    }
    let means = [0, 1, 2].map(|column| {
        let ratios: Vec<f64> = all.iter().map(|ratios| ratios[column]).collect();
        shown(geometric_mean(&ratios))
    });
    println!("| geometric mean | | | {} |\n", means.join(" | "));
    println!("{}", plot::plot("DuckDB / fused", &against_duckdb));
    Ok(())
}

/// The tables.
struct Files {
    /// The movements, as the fused operators ask them.
    asked: PathBuf,
    /// The movements, as the others ask them.
    given: PathBuf,
    ports: PathBuf,
}

/// The files, made when they are not there.
async fn files(rows: usize) -> Result<Files, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/bench");
    std::fs::create_dir_all(&folder)?;
    let ports = tables::ports(&engine()?).await?;
    let ports_path = folder.join("ports.parquet");
    tables::write(&ports_path, ports.schema(), [Ok(ports.clone())].into_iter())?;
    let given = match env::var("KOUAN_BENCH_FILE") {
        Ok(file) => PathBuf::from(file),
        Err(_) => folder.join(format!("movements-{rows}.parquet")),
    };
    if !given.exists() {
        println!("making {}", given.display());
        let first = tables::movements(&ports, 1).next().ok_or("no rows")??;
        tables::write(&given, first.schema(), tables::movements(&ports, rows))?;
    }
    let asked = match env::var("KOUAN_BENCH_LAYOUT") {
        Err(_) => given.clone(),
        Ok(layout) => {
            let layout = FileLayout::of_name(&layout).ok_or("no such layout")?;
            converted::converted(&engine()?, &given, layout).await?
        }
    };
    Ok(Files {
        asked,
        given,
        ports: ports_path,
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo adds `--bench`.
    let wanted: Vec<String> = env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    let number = |name: &str, usual: usize| match env::var(name) {
        Ok(text) => text.parse(),
        Err(_) => Ok(usual),
    };
    let rows = number("KOUAN_BENCH_ROWS", 50_000_000)?;
    let rounds = number("KOUAN_BENCH_ROUNDS", 7)?.max(1);
    let runtime = Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK_BYTES)
        .build()?;
    runtime.block_on(async {
        let files = files(rows).await?;
        let mut peers = Peers::open(&files).await?;
        let duckdb = peers.duckdb.as_ref().map(|duckdb| duckdb.version.clone());
        println!(
            "{}, {} bytes; {} threads; DuckDB {}; medians of {rounds} rounds, ± distance of quartiles",
            files.asked.display(),
            std::fs::metadata(&files.asked)?.len(),
            std::thread::available_parallelism()?,
            duckdb.as_deref().unwrap_or("not there"),
        );
        report("one table", &mut peers, &ONE_TABLE, &wanted, rounds).await?;
        report("joins and functions", &mut peers, &JOINS_AND_FUNCTIONS, &wanted, rounds).await
    })
}
