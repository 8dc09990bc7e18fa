//! What is wrong with a file of text, in words for a person who only named it.

use datafusion::error::DataFusionError;
use kouan_describe::{DescribeError, RowFault};
use kouan_ingest::Report;

use crate::error::{Cause, StatementError};

/// Places in a file that one message names.
const SHOWN_PROBLEMS: usize = 5;

pub(super) fn of_file(name: &str, error: &DescribeError) -> StatementError {
    match error {
        DescribeError::Empty(_) => StatementError::new(format!("{name} holds no row")),
        DescribeError::Unreadable { source, .. } => {
            StatementError::new(format!("cannot read {name}: {source}"))
        }
        other => StatementError::new(format!("cannot read {name}: {other}")),
    }
}

pub(super) fn of_row(name: &str, fault: &RowFault) -> StatementError {
    let line = fault.line;
    if fault.has_wrong_quotes {
        return StatementError::new(format!(
            "{name}:{line}: a quote is not closed, or text stands behind a closing one"
        ))
        .hint("fix the file: double a quote that is part of a value");
    }
    let cells = match fault.cells {
        1 => "1 cell".to_string(),
        some => format!("{some} cells"),
    };
    StatementError::new(format!(
        "{name}:{line}: {cells} where {} {}",
        if fault.has_header {
            "the header has"
        } else {
            "the other rows have"
        },
        fault.expected
    ))
    .hint("fix the row: kouan does not guess which cell is missing")
}

/// What is wrong with cells and rows of a file, where there is no package to speak of.
pub(in crate::catalog) fn rejected(report: &Report) -> DataFusionError {
    let problems = report.problems.iter().map(ToString::to_string);
    let mut lines: Vec<String> = problems.take(SHOWN_PROBLEMS).collect();
    let hidden = report.problems_total - lines.len() as u64;
    if hidden > 0 {
        lines.push(format!("and {hidden} more"));
    }
    let error = StatementError::new(lines.join("\n"));
    unreadable(error.hint("fix the file: kouan does not read a value that is not certain"))
}

/// An error of the file rather than of the statement.
pub(super) fn unreadable(mut error: StatementError) -> DataFusionError {
    error.cause = Cause::Input;
    DataFusionError::External(Box::new(error))
}
