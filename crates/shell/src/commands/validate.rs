//! `kouan validate`: checks a package's data against their schemas.

use kouan_engine::nearest;
use kouan_ingest::{IngestError, Options as Checks};
use kouan_schema::{Package, Table};

use crate::arguments::Options;
use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::listing::Listing;
use crate::open;
use crate::report::{Reporter, counted};

/// Checks every cell, key and reference of the tables; all tables are checked even when
/// the first one has problems.
pub(crate) fn validate(
    names: &[String],
    options: &Options,
    environment: &Environment,
) -> Result<Exit, Failure> {
    let package = open::location(options)?.open()?;
    check_each(&package, names, options, environment, "checked", |table| {
        let report = kouan_ingest::validate(&package, table, &Checks::default())?;
        if report.is_clean() {
            Ok((report, None))
        } else {
            Err(IngestError::Rejected(Box::new(report)))
        }
    })
}

/// Does something to each table and lists what came of it; problems go to standard error.
pub(super) fn check_each(
    package: &Package,
    names: &[String],
    options: &Options,
    environment: &Environment,
    done: &'static str,
    work: impl Fn(&Table) -> Result<(kouan_ingest::Report, Option<String>), IngestError>,
) -> Result<Exit, Failure> {
    let reporter = Reporter::new(environment);
    let mut listing = Listing::new(["table", "rows", "result"]);
    let mut exit = Exit::Done;
    for table in chosen(package, names)? {
        let result = match work(table) {
            Ok((report, target)) => {
                let rows = report.rows.to_string();
                [
                    Some(table.full_name().to_string()),
                    Some(rows),
                    Some(target.unwrap_or_else(|| done.to_string())),
                ]
            }
            Err(IngestError::Rejected(report)) => {
                exit = Exit::Usage;
                reporter.rejected(&report);
                let problems = counted(report.problems_total, "problem");
                [
                    Some(table.full_name().to_string()),
                    Some(report.rows.to_string()),
                    Some(problems),
                ]
            }
            Err(error) => {
                exit = Exit::Usage;
                let said = error.to_string();
                reporter.failure(&Failure::Engine(error.into()));
                [Some(table.full_name().to_string()), None, Some(said)]
            }
        };
        listing.row(result);
    }
    listing.write(options, environment)?;
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
            Failure::Engine(kouan_engine::EngineError::UnknownTable {
                name: name.clone(),
                near: nearest(name, known).map(str::to_string),
            })
        })
    };
    names.iter().map(find).collect()
}
