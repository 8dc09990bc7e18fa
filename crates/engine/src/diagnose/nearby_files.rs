//! Data files beside the person that a statement may mean, and what is wrong inside one.

use std::path::Path;

use kouan_ingest::RaggedRow;

use crate::catalog::file_sets::is_pattern;
use crate::error::{Cause, StatementError};
use kouan_words::{counted, nearest};

/// The endings that `FROM 'file'` reads.
const ENDINGS: [&str; 11] = [
    "csv", "tsv", "tab", "psv", "txt", "dat", "gz", "zst", "parquet", "json", "arrow",
];

/// The data files of the current folder.
fn here() -> Vec<String> {
    let Ok(entries) = Path::new(".").read_dir() else {
        return Vec::new();
    };
    let names = entries.flatten().map(|entry| entry.file_name());
    let is_data = |name: &String| {
        let ending = Path::new(name)
            .extension()
            .and_then(|ending| ending.to_str());
        ending.is_some_and(|ending| ENDINGS.contains(&ending))
    };
    names
        .filter_map(|name| name.into_string().ok())
        .filter(is_data)
        .collect()
}

/// The file that a name which is no table's, or no file's, may mean.
pub(crate) fn meant_by(name: &str) -> Option<String> {
    let files = here();
    let stem = |file: &str| file.split('.').next().unwrap_or_default().to_owned();
    let exactly = files
        .iter()
        .find(|file| *file == name || stem(file) == name);
    let near = || {
        let stems: Vec<String> = files.iter().map(|file| stem(file)).collect();
        let near = nearest(&stem(name), stems.iter().map(String::as_str))?;
        files.iter().find(|file| stem(file) == near)
    };
    exactly.or_else(near).cloned()
}

/// Names the file, the line and the counts of a CSV row that is too long or too short, where the reader
/// of the file says only that there is one.
pub(crate) fn ragged(message: &str, files: impl Iterator<Item = String>) -> Option<StatementError> {
    let is_ragged = ["unequal lengths", "incorrect number of fields"];
    if !is_ragged.iter().any(|words| message.contains(words)) {
        return None;
    }
    let (file, row) = files
        .filter_map(|file| {
            let row = kouan_ingest::first_ragged_row(Path::new(&file)).ok()??;
            Some((file, row))
        })
        .next()?;
    let RaggedRow {
        line,
        found,
        expected,
    } = row;
    let message = format!(
        "{file}:{line}: {} where the header has {expected}",
        counted(found as u64, "cell")
    );
    let mut error = StatementError::new(message)
        .hint("fix the row: kouan does not guess which cell is missing");
    error.cause = Cause::Input;
    Some(error)
}

/// Names the file that cannot be read, where its reader tells only what is wrong inside.
pub(crate) fn unreadable(
    message: &str,
    files: impl Iterator<Item = String>,
) -> Option<StatementError> {
    let of_readers = [
        "Parquet argument error: ",
        "Parquet error: ",
        "Csv error: ",
        "Json error: ",
    ];
    let is_known = of_readers.iter().any(|words| message.starts_with(words));
    if !is_known {
        return None;
    }
    let mut reason = message;
    while let Some(rest) = (of_readers.iter()).find_map(|words| reason.strip_prefix(words)) {
        reason = rest;
    }
    let is_file = |file: &String| is_pattern(file) || Path::new(file).exists();
    let files: Vec<String> = files.filter(is_file).collect();
    if files.is_empty() {
        return None;
    }
    let mut error = StatementError::new(format!("{}: {reason}", files.join(" or ")));
    error.cause = Cause::Input;
    Some(error)
}
