//! Converts one table of a package: `convert FOLDER TABLE OUT.parquet [RUNS]`, for a profiler to look at.

#![expect(clippy::print_stdout, reason = "a tool for the terminal")]

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use kouan_ingest::{Options, convert};
use kouan_schema::{Folder, Package};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, table, target, runs @ ..] = arguments.as_slice() else {
        return Err("usage: convert FOLDER TABLE OUT.parquet [RUNS]".into());
    };
    let package = Package::open(Arc::new(Folder::new(folder)))?;
    let table = package.table(table).ok_or("there is no such table")?;
    let runs = runs.first().map_or(Ok(1), |runs| runs.parse())?;
    for _ in 0..runs {
        let start = Instant::now();
        let report = convert(&package, table, Path::new(target), &Options::default())?;
        println!(
            "{} rows in {:.3} s",
            report.rows,
            start.elapsed().as_secs_f64()
        );
    }
    Ok(())
}
