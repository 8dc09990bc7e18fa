//! Describes CSV files as a Data Package, for a person to edit: types, keys, ranges, few values, missing values.
//!
//! ```text
//! files ─► shape ─► columns ─► keys, references ─► descriptor ─► held against the files by `ingest`
//! ```
//!
//! Every cell is read, so that the description accepts the files that it was made of; that is checked before it is
//! given out. What cells cannot tell is among the [`Description::notes`]: whether `03/04/2014` is in March or April,
//! whether `NA` is a value.

mod column;
mod doubt;
mod encoding;
mod error;
mod forms;
mod header;
mod keys;
mod layout;
mod marks;
mod one_file;
mod shape;
mod table;

use std::io::{self, Cursor, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use kouan_ingest::{Options, Report};
use kouan_schema::{Files, Folder, Package, suggest_name};
use serde_json::{Map, Value as Json, json};

pub use error::DescribeError;
pub use one_file::{FileDescription, GuessedFile, describe_file, guess_file};
pub use table::RowFault;

use forms::Form;
use keys::Reference;
use table::Table;

/// The file that describes a package.
const DESCRIPTOR: &str = "datapackage.json";

/// A package that describes some files.
#[derive(Debug)]
pub struct Description {
    /// The text of `datapackage.json`.
    pub text: String,
    /// What a person should look at, each with the file that it is about.
    pub notes: Vec<String>,
    /// What is wrong with the files themselves, such as rows that are too short; one report a table.
    pub reports: Vec<Report>,
}

/// Describes CSV files for a package that will lie in `folder`.
///
/// # Errors
/// [`DescribeError`]: a file cannot be read, has no rows, or is not below the folder.
pub fn describe(files: &[PathBuf], folder: &Path) -> Result<Description, DescribeError> {
    let forms = forms::forms()?;
    let paths = files
        .iter()
        .map(|file| path_below(file, folder))
        .collect::<Result<Vec<_>, _>>()?;
    let tables = files
        .iter()
        .map(|file| Table::read(file, &forms, true))
        .collect::<Result<Vec<_>, _>>()?;
    let keys = tables
        .iter()
        .map(|table| keys::primary_key(table, &forms))
        .collect::<Result<Vec<_>, _>>()?;
    let references = keys::references(&tables, &keys)?;
    let names = names(&paths);
    let schemas = tables.iter().zip(&keys).zip(&references);
    let resources =
        schemas
            .zip(&names)
            .zip(&paths)
            .map(|((((table, key), references), name), path)| {
                let mut schema = schema(table, key, &forms);
                if !references.is_empty() {
                    let written = references
                        .iter()
                        .map(|reference| foreign_key(reference, table, &tables, &names));
                    schema.insert("foreignKeys".to_string(), written.collect());
                }
                table.resource(name, path, schema.into())
            });
    let descriptor = json!({
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": package_name(folder, &names),
        "resources": resources.collect::<Vec<Json>>(),
    });
    let text = layout::lines(&descriptor);
    let about = tables.iter().zip(files).flat_map(|(table, file)| {
        table
            .doubts
            .iter()
            .map(move |doubt| format!("{}: {doubt}", file.display()))
    });
    let notes = about.collect();
    let reports = held_against_files(&text, folder)?;
    Ok(Description {
        text,
        notes,
        reports,
    })
}

fn schema(table: &Table, key: &[usize], forms: &[Form]) -> Map<String, Json> {
    let columns = table.columns.iter().enumerate();
    let fields = columns.map(|(place, column)| column.field(forms, key.contains(&place)));
    let mut schema = Map::new();
    schema.insert("fields".to_string(), fields.collect());
    if !key.is_empty() {
        let names: Vec<&str> = key
            .iter()
            .map(|place| table.columns[*place].name.as_str())
            .collect();
        schema.insert("primaryKey".to_string(), names.into());
    }
    schema
}

fn foreign_key(reference: &Reference, table: &Table, tables: &[Table], names: &[String]) -> Json {
    let (other, key) = reference.to;
    json!({
        "fields": [table.columns[reference.column].name],
        "reference": { "resource": names[other], "fields": [tables[other].columns[key].name] },
    })
}

/// Reads the description as any package is read, and checks the files by it.
fn held_against_files(text: &str, folder: &Path) -> Result<Vec<Report>, DescribeError> {
    let files = Described {
        text: text.as_bytes().to_vec(),
        folder: Folder::new(folder),
    };
    let package = Package::open(Arc::new(files))?;
    let options = Options {
        problem_limit: 5,
        ..Options::default()
    };
    let reports = package
        .tables()
        .iter()
        .map(|table| kouan_ingest::validate(&package, table, &options));
    Ok(reports.collect::<Result<Vec<_>, _>>()?)
}

/// A package whose description is not written yet.
#[derive(Debug)]
struct Described {
    text: Vec<u8>,
    folder: Folder,
}

impl Files for Described {
    fn open(&self, path: &str) -> io::Result<Box<dyn Read + Send + '_>> {
        match path {
            DESCRIPTOR => Ok(Box::new(Cursor::new(&self.text))),
            path => self.folder.open(path),
        }
    }

    fn describe(&self, path: &str) -> String {
        self.folder.describe(path)
    }
}

/// A file's path from a folder, as a package writes it.
fn path_below(file: &Path, folder: &Path) -> Result<String, DescribeError> {
    let outside = || DescribeError::Outside {
        file: file.to_path_buf(),
        folder: folder.to_path_buf(),
    };
    let unreadable = |source| DescribeError::Unreadable {
        file: file.to_path_buf(),
        source,
    };
    let here = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let whole_folder = here.canonicalize().map_err(unreadable)?;
    // The file itself may be a link to anywhere; the folder that it is in may not.
    let parent = file
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent
        .unwrap_or_else(|| Path::new("."))
        .canonicalize()
        .map_err(unreadable)?;
    let name = file.file_name().ok_or_else(outside)?;
    let below = parent.join(name);
    let below = below.strip_prefix(&whole_folder).map_err(|_| outside())?;
    let parts = below.components().map(|part| match part {
        Component::Normal(part) => part.to_str().map(str::to_string).ok_or_else(outside),
        _ => Err(outside()),
    });
    Ok(parts.collect::<Result<Vec<String>, _>>()?.join("/"))
}

/// A name for each file, from its own, as SQL writes it; no two are the same.
fn names(paths: &[String]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for path in paths {
        let file = path.rsplit('/').next().unwrap_or(path);
        let stem = file.split('.').next().unwrap_or(file);
        let name = suggest_name(stem).unwrap_or_else(|| "table".to_string());
        let taken = |name: &String, names: &[String]| names.contains(name);
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let free = [name.clone()]
            .into_iter()
            .chain(numbered)
            .find(|name| !taken(name, &names));
        names.extend(free);
    }
    names
}

/// The folder's name, else the first table's.
fn package_name(folder: &Path, names: &[String]) -> String {
    let here = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let folder = here.canonicalize().ok();
    let name = folder
        .as_ref()
        .and_then(|folder| folder.file_name()?.to_str())
        .and_then(suggest_name);
    name.unwrap_or_else(|| {
        names
            .first()
            .cloned()
            .unwrap_or_else(|| "package".to_string())
    })
}
