//! Converts one table of a package: `convert FOLDER TABLE OUT.parquet [RUNS [MIB-OF-A-ROW-GROUP [LAYOUT]]]`, for a profiler to
//! look at, and for files to be compared.

#![expect(clippy::print_stdout, reason = "a tool for the terminal")]

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use kouan_ingest::{Options, convert};
use kouan_schema::{FileLayout, Folder, Package};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, table, target, more @ ..] = arguments.as_slice() else {
        return Err("usage: convert FOLDER TABLE OUT.parquet [RUNS [MIB [LAYOUT]]]".into());
    };
    let package = Package::open(Arc::new(Folder::new(folder)))?;
    let table = package.table(table).ok_or("there is no such table")?;
    let runs = more.first().map_or(Ok(1), |runs| runs.parse())?;
    let mebibytes = more.get(1).map_or(Ok(32), |text| text.parse::<usize>())?;
    let options = Options {
        row_group_bytes: mebibytes << 20,
        layout: more.get(2).and_then(|name| FileLayout::of_name(name)),
        ..Options::default()
    };
    for _ in 0..runs {
        let start = Instant::now();
        let report = convert(&package, table, Path::new(target), &options)?;
        println!(
            "{} rows in {:.3} s",
            report.rows,
            start.elapsed().as_secs_f64()
        );
    }
    Ok(())
}
