//! Packages made of a few lines of JSON, for the tests of this crate.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::Arc;

use crate::{Field, Files, Package, Result, TableSchema};

/// Files in memory.
#[derive(Debug, Default)]
struct Memory(BTreeMap<String, Vec<u8>>);

impl Files for Memory {
    fn open(&self, path: &str) -> io::Result<Box<dyn Read + Send + '_>> {
        match self.0.get(path) {
            Some(bytes) => Ok(Box::new(bytes.as_slice())),
            None if path.ends_with("folder") => Err(io::ErrorKind::IsADirectory.into()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn describe(&self, path: &str) -> String {
        path.to_string()
    }
}

/// Opens a package of these files.
pub(crate) fn open_files(files: &[(&str, &[u8])]) -> Result<Package> {
    let files = files
        .iter()
        .map(|(path, bytes)| (path.to_string(), bytes.to_vec()))
        .collect();
    Package::open(Arc::new(Memory(files)))
}

/// Opens a package that this text describes.
pub(crate) fn open(descriptor: &str) -> Result<Package> {
    open_files(&[("datapackage.json", descriptor.as_bytes())])
}

/// Makes sure that such a package is refused, and that the message says so.
pub(crate) fn refused(descriptor: &str, problem: &str) {
    let message = open(descriptor)
        .err()
        .map_or_else(|| "accepted".to_string(), |error| error.to_string());
    assert!(message.starts_with("datapackage.json"), "{message}");
    assert!(
        message.contains(problem),
        "{message}\nshould contain {problem}\nfor {descriptor}"
    );
}

/// A package of one table, whose resource has these properties too.
pub(crate) fn resource(more: &str) -> String {
    format!(
        r#"{{"name": "p", "resources": [{{"name": "t", "path": "t.csv", "schema": {{"fields": [{{"name": "a"}}]}}{more}}}]}}"#
    )
}

fn with_schema(schema: &str) -> String {
    format!(
        r#"{{"name": "p", "resources": [{{"name": "t", "path": "t.csv", "schema": {schema}}}]}}"#
    )
}

fn with_field(field: &str) -> String {
    with_schema(&format!(r#"{{"fields": [{field}]}}"#))
}

/// The schema that this text describes.
pub(crate) fn read_schema(schema: &str) -> TableSchema {
    open(&with_schema(schema)).unwrap().tables()[0]
        .definition
        .clone()
}

/// Makes sure that such a schema is refused, and that the message says so.
pub(crate) fn refused_schema(schema: &str, problem: &str) {
    refused(&with_schema(schema), problem);
}

/// The field that this text describes.
pub(crate) fn read_field(field: &str) -> Field {
    open(&with_field(field)).unwrap().tables()[0]
        .definition
        .fields[0]
        .clone()
}

/// Makes sure that such a field is refused, and that the message says so.
pub(crate) fn refused_field(field: &str, problem: &str) {
    refused(&with_field(field), problem);
}
