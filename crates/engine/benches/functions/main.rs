//! Times every function and says how it compares: `cargo bench --workspace --bench functions [-- NAME…]`.
//!
//! A function and its peer run in turns in one session over the same rows, so that what else the machine
//! does meets both alike. What counts is the median of the ratios; times of one run are noise.
//! `KOUAN_BENCH_ROWS` sets the rows of the large table (10 million unless told).

#![expect(clippy::print_stdout, reason = "a benchmark tells its result")]

mod tables;

use std::env;
use std::error::Error;
use std::sync::Arc;
use std::time::Instant;

use datafusion::arrow::datatypes::DataType;
use kouan_engine::{Engine, PackageLocation, Piece, STACK_BYTES, Settings, Source, Values, split};
use kouan_functions::{Benchmark, PlaceSource};
use tokio::runtime::Builder;

const ROUNDS: usize = 7;
const GROUPS: usize = 100_000;

/// Runs a statement to its end and drops its rows; seconds, and how many rows it gave.
async fn time(engine: &Arc<Engine>, sql: &str) -> Result<f64, Box<dyn Error>> {
    let start = Instant::now();
    for piece in split(&Source::typed(sql)) {
        let Piece::Statement(statement) = piece else {
            return Err(format!("not a statement: {sql}").into());
        };
        let mut answer = engine.run(&statement, &Values::new()).await?;
        while let Some(batch) = answer.next().await {
            batch?;
        }
    }
    Ok(start.elapsed().as_secs_f64())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}

async fn compare(
    engine: &Arc<Engine>,
    function: &str,
    line: &Benchmark,
) -> Result<String, Box<dyn Error>> {
    let (mut own, mut ratios) = (Vec::new(), Vec::new());
    // The first round warms up.
    for round in 0..=ROUNDS {
        let seconds = time(engine, line.sql).await?;
        let peer = match &line.peer {
            Some(peer) => Some(time(engine, peer.sql).await?),
            None => None,
        };
        if round > 0 {
            own.push(seconds);
            ratios.extend(peer.map(|peer| peer / seconds));
        }
    }
    let compared = match &line.peer {
        Some(peer) => format!("{:>7.2} × {}", median(ratios), peer.name),
        None => String::new(),
    };
    let milliseconds = median(own) * 1e3;
    Ok(format!("{function:<22}{milliseconds:>10.1}  {compared}"))
}

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo adds `--bench`.
    let wanted: Vec<String> = env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    let rows = match env::var("KOUAN_BENCH_ROWS") {
        Ok(rows) => rows.parse()?,
        Err(_) => 10_000_000,
    };
    let runtime = Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK_BYTES)
        .build()?;
    let settings = Settings {
        cache: None,
        temporary: env::temp_dir(),
        memory: None,
        query_folders: Vec::new(),
        type_name: DataType::to_string,
    };
    let engine = Arc::new(Engine::open(
        vec![PackageLocation::Embedded.open()?],
        settings,
    )?);
    runtime.block_on(async {
        for sql in tables::tables(rows, GROUPS) {
            time(&engine, &sql).await?;
        }
        println!(
            "{:<22}{:>10}  speed against (more is faster)",
            "function", "ms"
        );
        for function in kouan_functions::all(&PlaceSource::none()) {
            let name = function.name();
            if (wanted.is_empty() || wanted.iter().any(|one| one == name))
                && let Some(line) = function.benchmark()
            {
                println!("{}", compare(&engine, name, &line).await?);
            }
        }
        Ok(())
    })
}
