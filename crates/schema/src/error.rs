//! Why a package cannot be opened: what is wrong, where, and what to do.

use std::{fmt, io};

/// The result of reading a package.
pub type Result<T, E = SchemaError> = std::result::Result<T, E>;

/// A place in a JSON file. Shown as `schemas/ports.json#/fields/3/type (line 12, column 16)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The file, as the package's files describe it.
    pub file: String,
    /// The JSON pointer (RFC 6901) of the value in it; empty for the whole file.
    pub pointer: String,
    /// The line of the value, from 1.
    pub line: usize,
    /// The column of the value in its line, in characters from 1.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            pointer,
            line,
            column,
        } = self;
        formatter.write_str(file)?;
        if !pointer.is_empty() {
            write!(formatter, "#{pointer} (line {line}, column {column})")?;
        }
        Ok(())
    }
}

/// What is wrong with a package.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// A file is named that does not exist.
    #[error("{file}: no such file{}", named(.named_at))]
    FileMissing {
        /// The file.
        file: String,
        /// Where it is named; the descriptor itself is named nowhere.
        named_at: Option<Box<Position>>,
    },
    /// A file cannot be read, or is a folder.
    #[error("{file}: cannot be read: {source}{}", named(.named_at))]
    FileUnreadable {
        /// The file.
        file: String,
        /// Where it is named; the descriptor itself is named nowhere.
        named_at: Option<Box<Position>>,
        /// What the system says.
        source: io::Error,
    },
    /// A JSON file is in another encoding.
    #[error("{file}:{line}:{column}: not UTF-8 (byte 0x{byte:02X}); save the file as UTF-8")]
    NotUtf8 {
        /// The file.
        file: String,
        /// The line of the first byte that does not fit, from 1.
        line: usize,
        /// Its column in characters, from 1.
        column: usize,
        /// The byte.
        byte: u8,
    },
    /// A JSON file breaks JSON's syntax, or an object in it has two properties of one name.
    #[error("{file}:{line}:{column}: not valid JSON: {reason}")]
    BadJson {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The column in its line, in characters from 1.
        column: usize,
        /// What is wrong.
        reason: String,
    },
    /// A property is left out that kouan needs.
    #[error("{at}: property `{name}` is missing: {purpose}")]
    PropertyMissing {
        /// The object that lacks it.
        at: Box<Position>,
        /// The property.
        name: &'static str,
        /// What it is needed for.
        purpose: &'static str,
    },
    /// A property is given that does not exist.
    #[error("{at}: {of} has no property `{name}`{}", near_or_custom(.near))]
    PropertyUnknown {
        /// The property.
        at: Box<Position>,
        /// Its name.
        name: String,
        /// What it is given to, such as "a field".
        of: &'static str,
        /// The nearest property that exists.
        near: Option<String>,
    },
    /// A property is given to a field of another type.
    #[error(
        "{at}: `{name}` belongs to {belongs_to}, but the field's type is {kind}; remove one or change the other"
    )]
    PropertyMisplaced {
        /// The property.
        at: Box<Position>,
        /// Its name.
        name: String,
        /// The types that it belongs to.
        belongs_to: String,
        /// The field's type.
        kind: String,
    },
    /// Something of the standard is used that kouan cannot do yet.
    #[error("{at}: {what} is not supported yet")]
    Unsupported {
        /// Where.
        at: Box<Position>,
        /// What it is.
        what: String,
    },
    /// A value is of the wrong JSON type.
    #[error("{at}: must be {expected}, not {found}")]
    WrongType {
        /// The value.
        at: Box<Position>,
        /// What belongs there, with its article.
        expected: String,
        /// What is there.
        found: String,
    },
    /// A value is of the right JSON type, but makes no sense there.
    #[error("{at}: {value:?}: {reason}")]
    BadValue {
        /// The value.
        at: Box<Position>,
        /// The value as text.
        value: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A path leads out of the package, or not to a file of it.
    #[error("{at}: path {path:?} {reason}")]
    PathForbidden {
        /// The path.
        at: Box<Position>,
        /// The path as written.
        path: String,
        /// What is wrong with it, and what would do.
        reason: &'static str,
    },
    /// A name cannot be one in SQL.
    #[error("{at}: the name {name:?} {reason}")]
    NameUnusable {
        /// The name.
        at: Box<Position>,
        /// The name as written.
        name: String,
        /// What is wrong with it, and what would do.
        reason: String,
    },
    /// Two tables or fields have one name.
    #[error("{at}: a second {what} named `{name}`; the first is at {first}; rename one of them")]
    NameTwice {
        /// The second one.
        at: Box<Position>,
        /// What has the name, such as "table".
        what: &'static str,
        /// The name.
        name: String,
        /// The first one.
        first: Box<Position>,
    },
    /// A key names a field that its table does not have.
    #[error("{at}: there is no field `{field}`{}", did_you_mean(.near))]
    FieldUnknown {
        /// Where it is named.
        at: Box<Position>,
        /// The name.
        field: String,
        /// The nearest field that exists.
        near: Option<String>,
    },
    /// A foreign key names a table that the package does not have.
    #[error("{at}: the package has no table `{table}`{}", did_you_mean(.near))]
    TableUnknown {
        /// Where it is named.
        at: Box<Position>,
        /// The name.
        table: String,
        /// The nearest table that exists.
        near: Option<String>,
    },
    /// A key does not fit what it refers to.
    #[error("{at}: {reason}")]
    KeyMismatch {
        /// The key.
        at: Box<Position>,
        /// What does not fit, and what would.
        reason: String,
    },
}

fn named(at: &Option<Box<Position>>) -> String {
    match at {
        Some(at) => format!(", named at {at}"),
        None => "; a package is a folder with a file datapackage.json".to_string(),
    }
}

fn did_you_mean(near: &Option<String>) -> String {
    near.as_ref()
        .map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

fn near_or_custom(near: &Option<String>) -> String {
    match near {
        Some(_) => did_you_mean(near),
        None => "; properties of your own need a prefix, as in `my:note`".to_string(),
    }
}
