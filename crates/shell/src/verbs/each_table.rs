//! Does something to each of some tables, and lists what came of it.

use kouan_engine::{EngineError, nearest};
use kouan_ingest::IngestError;
use kouan_schema::{Package, Table};

use crate::arguments::Options;
use crate::environment::Environment;
use crate::exit::{Exit, Failure, Stopped, counted};
use crate::show::listing::Listing;
use crate::show::report::Reporter;

/// Which tables, and where the answer goes.
pub(crate) struct Asked<'a> {
    pub(crate) package: &'a Package,
    /// The tables; none for all.
    pub(crate) names: &'a [String],
    pub(crate) options: &'a Options,
    pub(crate) environment: &'a Environment,
}

/// Does something to each table and lists what came of it; problems go to standard error.
///
/// `work` gives the cells behind the table's name.
pub(crate) fn check_each<const COLUMNS: usize>(
    asked: &Asked<'_>,
    headings: [&'static str; COLUMNS],
    work: impl Fn(&Table) -> Result<Vec<String>, IngestError>,
    stopped: impl Fn() -> Stopped,
) -> Result<Exit, Failure> {
    let reporter = Reporter::new(asked.environment);
    let mut listing = Listing::new(headings);
    let mut exit = Exit::Done;
    for table in chosen(asked.package, asked.names)? {
        let mut cells = [const { None }; COLUMNS];
        cells[0] = Some(table.full_name().to_string());
        match work(table) {
            Ok(done) => {
                let done = done.into_iter().map(Some);
                cells[1..]
                    .iter_mut()
                    .zip(done)
                    .for_each(|(cell, done)| *cell = done);
            }
            Err(IngestError::Cancelled) => return Err(Failure::Interrupted(stopped())),
            Err(IngestError::Rejected(report)) => {
                exit = Exit::Usage;
                reporter.rejected(&report);
                cells[1] = Some(report.rows.to_string());
                cells[COLUMNS - 1] = Some(counted(report.problems_total, "problem"));
            }
            Err(error) => {
                exit = Exit::Usage;
                cells[COLUMNS - 1] = Some(error.to_string());
                reporter.failure(&Failure::Engine(error.into()));
            }
        }
        listing.row(cells);
    }
    listing.write(asked.options, asked.environment)?;
    Ok(exit)
}

/// The tables of these names, or all.
fn chosen<'a>(package: &'a Package, names: &[String]) -> Result<Vec<&'a Table>, Failure> {
    if names.is_empty() {
        return Ok(package.tables().iter().collect());
    }
    let find = |name: &String| {
        package.table(name).ok_or_else(|| {
            let known = package.tables().iter().map(|table| table.full_name());
            Failure::Engine(EngineError::UnknownTable {
                name: name.clone(),
                near: nearest(name, known).map(str::to_string),
            })
        })
    };
    names.iter().map(find).collect()
}
