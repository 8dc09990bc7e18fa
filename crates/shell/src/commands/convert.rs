//! `kouan convert`: checks tables and writes them as Parquet.

use std::fs;
use std::path::Path;

use kouan_ingest::{Options as Checks, Sorted};
use kouan_schema::{FileLayout, Table};

use super::conversion::Conversion;
use crate::arguments::{OnError, Options};
use crate::environment::Environment;
use crate::exit::{Exit, Failure, counted};
use crate::session::open;
use crate::show::report::Reporter;
use crate::verbs::each_table::{Asked, check_each};

/// What files are wanted.
pub(crate) struct Wanted<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) on_error: OnError,
    /// As the table's schema says where there is none.
    pub(crate) layout: Option<FileLayout>,
    /// Fields by which tables are cut into folders of files; none for one file each.
    pub(crate) partition_by: &'a [String],
}

impl<'a> Wanted<'a> {
    fn options(&self, checks: &Checks<'a>) -> Checks<'a> {
        Checks {
            layout: self.layout,
            partition_by: self.partition_by,
            ..*checks
        }
    }
}

/// Writes one Parquet file or folder a table; a table with problems leaves none, or one without the rows that have them.
pub(crate) fn convert(
    names: &[String],
    wanted: &Wanted<'_>,
    options: &Options,
    environment: &Environment,
) -> Result<Exit, Failure> {
    let Wanted {
        folder,
        on_error,
        partition_by,
        ..
    } = *wanted;
    let package = open::location(options)?.open()?;
    let made = fs::create_dir_all(folder);
    made.map_err(|error| Failure::File(format!("cannot make {}", folder.display()), error))?;
    let conversion = Conversion::start(environment)?;
    let run = |table: &Table| {
        let target = match partition_by {
            [] => folder.join(format!("{}.parquet", table.full_name())),
            _ => folder.join(table.full_name()),
        };
        let shown = target.display().to_string();
        match on_error {
            OnError::Stop => {
                let report = conversion.run(&package, table, |checks| {
                    kouan_ingest::convert(&package, table, &target, &wanted.options(checks))
                })?;
                Ok(vec![report.rows.to_string(), shown])
            }
            OnError::Reject => {
                let sorted = conversion.run(&package, table, |checks| {
                    kouan_ingest::convert_good_rows(
                        &package,
                        table,
                        &target,
                        &wanted.options(checks),
                    )
                })?;
                tell(&Reporter::new(environment), table, &sorted);
                let counts = [sorted.report.rows, sorted.written, sorted.rejected];
                let counts = counts.map(|count| count.to_string());
                Ok(counts.into_iter().chain([shown]).collect())
            }
        }
    };
    let stopped = || conversion.stopped();
    let asked = Asked {
        package: &package,
        names,
        options,
        environment,
    };
    match on_error {
        OnError::Stop => check_each(&asked, ["table", "rows", "result"], run, stopped),
        OnError::Reject => {
            let headings = ["table", "rows", "written", "rejected", "result"];
            check_each(&asked, headings, run, stopped)
        }
    }
}

/// Where rejected rows are to be found.
fn tell(reporter: &Reporter, table: &Table, sorted: &Sorted) {
    if sorted.rejected == 0 {
        return;
    }
    let files = sorted
        .reject_files
        .iter()
        .map(|path| path.display().to_string());
    reporter.note(format_args!(
        "table {}: {} of {} rejected for {}; see {}",
        table.full_name(),
        sorted.rejected,
        counted(sorted.report.rows, "row"),
        counted(sorted.report.problems_total, "problem"),
        files.collect::<Vec<_>>().join(", ")
    ));
}
