//! What an engine is opened with.

use std::path::PathBuf;

use arrow::datatypes::DataType;

use crate::queries::library::QueryFolder;

/// What an engine is opened with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The folder that keeps converted tables. Without one, or when it cannot be written,
    /// a temporary folder serves and goes with the engine.
    pub cache: Option<PathBuf>,
    /// Where temporary folders are made.
    pub temporary: PathBuf,
    /// Bytes that statements and kept answers may hold in memory together; what sorts, joins and groups
    /// hold beyond it goes to files in `temporary` where they can, else the statement fails. `None`: all there is.
    pub memory: Option<usize>,
    /// Where saved queries are looked for, nearest first.
    pub query_folders: Vec<QueryFolder>,
    /// How answers of `SUMMARIZE` call a type.
    pub type_name: fn(&DataType) -> String,
}
