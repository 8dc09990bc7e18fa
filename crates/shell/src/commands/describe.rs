//! `kouan describe`: a package's description for CSV files that have none, for a person to edit.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use kouan_describe::DescribeError;

use crate::arguments::Options;
use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::show::report::Reporter;

/// Writes the description to standard output, or to a new file that `-o` names; notes and what is wrong with the
/// files themselves go to standard error.
pub(super) fn describe(
    files: &[PathBuf],
    options: &Options,
    environment: &Environment,
) -> Result<Exit, Failure> {
    let target = options.output.as_deref();
    let folder = target
        .and_then(Path::parent)
        .unwrap_or_else(|| Path::new(""));
    let description = kouan_describe::describe(files, folder).map_err(failure)?;
    let reporter = Reporter::new(environment);
    for note in &description.notes {
        reporter.note(note);
    }
    let mut exit = Exit::Done;
    for report in description
        .reports
        .iter()
        .filter(|report| !report.is_clean())
    {
        exit = Exit::Usage;
        reporter.rejected(report);
    }
    match target {
        Some(target) => write_new(target, description.text.as_bytes())?,
        None => io::stdout().write_all(description.text.as_bytes())?,
    }
    Ok(exit)
}

/// Writes a file that must not be there yet: a person may have edited it.
pub(super) fn write_new(target: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let opened = OpenOptions::new().write(true).create_new(true).open(target);
    let written = opened.and_then(|mut file| file.write_all(bytes));
    written.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Failure::Usage(
            format!(
                "{} exists; it may hold what somebody wrote by hand",
                target.display()
            ),
            Some("name another file, or remove it first".to_string()),
        ),
        _ => Failure::File(format!("cannot write {}", target.display()), error),
    })
}

fn failure(error: DescribeError) -> Failure {
    match error {
        DescribeError::Unreadable { file, source } => {
            Failure::File(format!("cannot read {}", file.display()), source)
        }
        DescribeError::Outside { .. } => Failure::Usage(
            error.to_string(),
            Some("`-o FOLDER/datapackage.json` says where the package is".to_string()),
        ),
        other => Failure::usage(other.to_string()),
    }
}
