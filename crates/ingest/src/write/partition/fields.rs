//! The fields by which a table is cut, and how folders are named after their values.

use arrow::array::{Array, ArrayRef};
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use kouan_schema::{FieldType, Table};
use kouan_words::nearest_spelling;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value as Json};

use crate::error::IngestError;

/// Stands for NULL, as in Hive, Spark, DuckDB and Arrow.
pub(super) const NULL_FOLDER: &str = "__HIVE_DEFAULT_PARTITION__";

/// The longest name that file systems take, in bytes.
const LONGEST_NAME: usize = 255;

/// What DuckDB and Arrow encode too: all but the unreserved characters of RFC 3986.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// How a table is cut.
pub(super) struct Fields {
    /// The places of the fields in the table.
    pub(super) columns: Vec<usize>,
    /// The fields' names as folders have them.
    names: Vec<String>,
    /// The places of the other fields.
    pub(super) others: Vec<usize>,
    /// The table without the fields.
    pub(super) of_files: Table,
    /// The fields' names and Arrow types, for readers, as JSON.
    pub(super) types: String,
}

impl Fields {
    pub(super) fn new(table: &Table, names: &[String]) -> Result<Self, IngestError> {
        let refused = |reason| Err(refused(table.full_name(), reason));
        let definition = &table.definition;
        let mut columns = Vec::new();
        let mut types = Map::new();
        for name in names {
            let Some((column, field)) = definition.field(name) else {
                let known = definition.fields.iter().map(|field| field.name.as_str());
                let near = nearest_spelling(name, known);
                let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                return refused(format!("there is no field `{name}`{near}"));
            };
            if !names_folders(&field.kind) {
                return refused(format!(
                    "field `{name}` is of type {}; folders are named after values of type string, integer, boolean, date, \
                     year or yearmonth",
                    field.kind.name()
                ));
            }
            if columns.contains(&column) {
                return refused(format!("field `{name}` is named twice"));
            }
            columns.push(column);
            let kind = field.kind.arrow_type().to_string();
            types.insert(name.clone(), Json::String(kind));
        }
        let others: Vec<usize> = (0..definition.fields.len())
            .filter(|column| !columns.contains(column))
            .collect();
        if others.is_empty() {
            return refused("no field would be left for the files".to_string());
        }
        let mut of_files = table.clone();
        of_files.definition = definition.without(names);
        Ok(Self {
            names: names.iter().map(|name| folder_name(name)).collect(),
            columns,
            others,
            of_files,
            types: Json::Object(types).to_string(),
        })
    }

    pub(super) fn refuse(&self, reason: String) -> IngestError {
        refused(self.of_files.full_name(), reason)
    }

    /// The names of folders of one field: for each of its values, then for NULL.
    pub(super) fn folders(&self, field: usize, values: &ArrayRef) -> Result<Folders, IngestError> {
        let name = &self.names[field];
        let failed = |source: ArrowError| IngestError::arrow(&self.of_files, source);
        let formatter =
            ArrayFormatter::try_new(values, &FormatOptions::default()).map_err(failed)?;
        let folder = |row: usize| {
            let value = formatter.value(row).try_to_string().map_err(failed)?;
            if value == NULL_FOLDER {
                return Err(
                    self.refuse(format!("the value {NULL_FOLDER} stands for a missing one"))
                );
            }
            let folder = format!("{name}={}", encoded(&value));
            if folder.len() > LONGEST_NAME {
                return Err(self.refuse(format!(
                    "a value of {} characters is too long for the name of a folder: {}…",
                    value.chars().count(),
                    value.chars().take(40).collect::<String>()
                )));
            }
            Ok(folder)
        };
        Ok(Folders {
            of_values: (0..values.len()).map(folder).collect::<Result<_, _>>()?,
            of_null: format!("{name}={NULL_FOLDER}"),
        })
    }

    /// The partition that a table without rows has.
    pub(super) fn empty_partition(&self) -> String {
        let folders = self
            .names
            .iter()
            .map(|name| format!("{name}={NULL_FOLDER}"));
        folders.collect::<Vec<_>>().join("/")
    }
}

/// The names of folders of one field.
pub(super) struct Folders {
    of_values: Vec<String>,
    of_null: String,
}

impl Folders {
    /// The folder of a value by its number, or of NULL.
    pub(super) fn of(&self, code: u32) -> &str {
        self.of_values.get(code as usize).unwrap_or(&self.of_null)
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// A field's name as it begins a folder's: DuckDB does not decode it, so that only what would not do there is encoded.
fn folder_name(field: &str) -> String {
    let encode = |character: char| match character {
        '/' | '\\' | '=' | '%' | ':' | '*' | '?' | '[' | '"' | '<' | '>' | '|' => {
            format!("%{:02X}", u32::from(character))
        }
        character if character.is_ascii_control() => format!("%{:02X}", u32::from(character)),
        character => character.to_string(),
    };
    field.chars().map(encode).collect()
}

fn refused(table: &str, reason: String) -> IngestError {
    IngestError::NoPartitions {
        table: table.to_string(),
        reason,
    }
}

/// Whether values of a type have one text that is fit for a folder's name.
fn names_folders(kind: &FieldType) -> bool {
    matches!(
        kind,
        FieldType::String(_)
            | FieldType::Integer { .. }
            | FieldType::Boolean { .. }
            | FieldType::Date(_)
            | FieldType::Year
            | FieldType::YearMonth
    )
}
