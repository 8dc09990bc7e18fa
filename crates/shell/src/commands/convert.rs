//! `kouan convert`: checks tables and writes them as Parquet.

use std::fs;
use std::path::Path;

use kouan_ingest::Options as Checks;

use super::validate::check_each;
use crate::arguments::Options;
use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::open;

/// Writes one Parquet file a table; a table with problems leaves no file, the others are written.
pub(crate) fn convert(
    names: &[String],
    folder: &Path,
    options: &Options,
    environment: &Environment,
) -> Result<Exit, Failure> {
    let package = open::location(options)?.open()?;
    let made = fs::create_dir_all(folder);
    made.map_err(|error| Failure::File(format!("cannot make {}", folder.display()), error))?;
    check_each(&package, names, options, environment, "written", |table| {
        let target = folder.join(format!("{}.parquet", table.full_name()));
        let report = kouan_ingest::convert(&package, table, &target, &Checks::default())?;
        Ok((report, Some(target.display().to_string())))
    })
}
