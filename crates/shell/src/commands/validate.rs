//! `kouan validate`: checks a package's data against their schemas.

use kouan_ingest::IngestError;
use kouan_schema::Table;

use super::conversion::Conversion;
use crate::arguments::Options;
use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::session::open;
use crate::verbs::each_table::{Asked, check_each};

/// Checks every cell, key and reference of the tables; all tables are checked even when
/// the first one has problems.
pub(crate) fn validate(
    names: &[String],
    options: &Options,
    environment: &Environment,
) -> Result<Exit, Failure> {
    let package = open::location(options)?.open()?;
    let conversion = Conversion::start(environment)?;
    let run = |table: &Table| {
        let report = conversion.run(&package, table, |checks| {
            kouan_ingest::validate(&package, table, checks)
        })?;
        if report.is_clean() {
            Ok(vec![report.rows.to_string(), "checked".to_string()])
        } else {
            Err(IngestError::Rejected(Box::new(report)))
        }
    };
    let stopped = || conversion.stopped();
    let asked = Asked {
        package: &package,
        names,
        options,
        environment,
    };
    check_each(&asked, ["table", "rows", "result"], run, stopped)
}
