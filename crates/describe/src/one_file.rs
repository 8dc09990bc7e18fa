//! One file by itself: how its cells are read, and nothing that another month's file would not fulfil.

use std::path::Path;

use kouan_schema::{Compression, suggest_name};
use serde_json::{Value as Json, json};

use crate::error::DescribeError;
use crate::forms;
use crate::layout;
use crate::table::{RowFault, Table, compression};

/// How one file is read.
#[derive(Debug)]
pub struct FileDescription {
    /// The text of a `datapackage.json` with one table, whose only file is [`FileDescription::path`].
    pub text: String,
    /// What that description calls the file.
    pub path: String,
    /// What a person should know.
    pub notes: Vec<String>,
    /// The first row that has not the shape of the others; the file cannot be converted then.
    pub fault: Option<RowFault>,
}

/// Describes one file: its types hold for all of its cells, and it has no keys, ranges or lists of values.
///
/// # Errors
/// [`DescribeError::Unreadable`], [`DescribeError::Empty`].
pub fn describe_file(file: &Path) -> Result<FileDescription, DescribeError> {
    let forms = forms::forms()?;
    let table = Table::read(file, &forms, false)?;
    let path = match compression(file) {
        None => "data.csv",
        Some(Compression::Gzip) => "data.csv.gz",
        Some(Compression::Zstandard) => "data.csv.zst",
    };
    let stem = file.file_name().and_then(|name| name.to_str());
    let stem = stem.and_then(|name| name.split('.').find(|part| !part.is_empty()));
    let name = stem.and_then(suggest_name);
    let fields: Vec<Json> = table
        .columns
        .iter()
        .map(|column| column.bare_field(&forms))
        .collect();
    let missing = table.columns.iter().filter_map(|column| {
        let texts = column.missing_texts(&forms);
        let name = &column.name;
        (!texts.is_empty()).then(|| {
            format!(
                "`{}` in `{name}` is read as a missing value",
                texts.join("`, `")
            )
        })
    });
    let notes = table.doubts.iter().cloned().chain(missing).collect();
    let name = name.unwrap_or_else(|| "table".to_string());
    let resource = table.resource(&name, path, json!({ "fields": fields }));
    let descriptor = json!({ "name": "files", "resources": [resource] });
    Ok(FileDescription {
        text: layout::lines(&descriptor),
        path: path.to_string(),
        notes,
        fault: table.fault,
    })
}
