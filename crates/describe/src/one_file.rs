//! One file by itself: how its cells are read, and nothing that another month's file would not fulfil.

use std::path::Path;

use kouan_ingest::Guess;
use kouan_schema::{Compression, suggest_name};
use serde_json::{Value as Json, json};

use crate::column::Column;
use crate::doubt::Doubt;
use crate::error::DescribeError;
use crate::forms::{self, Form};
use crate::layout;
use crate::table::{RowFault, Table, compression};

/// How one file is read.
#[derive(Debug, Clone)]
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
    Ok(described(&table, file, &forms))
}

/// How the beginning of a file says that all of it is read.
///
/// [`describe_file`] says the same if [`Guess::holds`] for every cell, and no row has another shape.
#[derive(Debug)]
pub struct GuessedFile {
    /// What is guessed.
    pub description: FileDescription,
    forms: Vec<Form>,
    columns: Vec<Column>,
}

impl Guess for GuessedFile {
    fn holds(&self, field: usize, text: &str) -> bool {
        let column = self.columns.get(field);
        column.is_some_and(|column| column.holds(text, &self.forms))
    }
}

/// Guesses how one file is read, from its beginning; nothing if that does not tell enough, so that all of it has to be read.
///
/// # Errors
/// [`DescribeError::Unreadable`].
pub fn guess_file(file: &Path) -> Result<Option<GuessedFile>, DescribeError> {
    let forms = forms::forms()?;
    let Some(table) = Table::read_beginning(file, &forms)? else {
        return Ok(None);
    };
    Ok(Some(GuessedFile {
        description: described(&table, file, &forms),
        columns: table.columns,
        forms,
    }))
}

fn described(table: &Table, file: &Path, forms: &[Form]) -> FileDescription {
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
        .map(|column| column.bare_field(forms))
        .collect();
    let missing = table.columns.iter().filter_map(|column| {
        let texts = column.missing_texts(forms);
        let name = &column.name;
        (!texts.is_empty()).then(|| {
            format!(
                "`{}` in `{name}` is read as a missing value",
                texts.join("`, `")
            )
        })
    });
    let doubts = table.doubts.iter().filter_map(Doubt::of_file);
    let notes = doubts.map(str::to_string).chain(missing).collect();
    let name = name.unwrap_or_else(|| "table".to_string());
    let resource = table.resource(&name, path, json!({ "fields": fields }));
    let descriptor = json!({ "name": "files", "resources": [resource] });
    FileDescription {
        text: layout::lines(&descriptor),
        path: path.to_string(),
        notes,
        fault: table.fault.clone(),
    }
}
