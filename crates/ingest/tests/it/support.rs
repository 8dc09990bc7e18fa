//! Packages in memory, and what the tests do with them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::{Arc, Mutex};

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use kouan_ingest::{Options, Report};
use kouan_schema::{Files, Package, Table};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// Files that exist only here, and can be changed behind a package's back.
#[derive(Debug, Default)]
pub(crate) struct Memory(Mutex<BTreeMap<String, Vec<u8>>>);

impl Memory {
    pub(crate) fn set(&self, path: &str, bytes: impl Into<Vec<u8>>) {
        self.0
            .lock()
            .unwrap()
            .insert(path.to_string(), bytes.into());
    }
}

impl Files for Memory {
    fn open(&self, path: &str) -> io::Result<Box<dyn Read + Send + '_>> {
        let bytes = self.0.lock().unwrap().get(path).cloned();
        Ok(Box::new(Cursor::new(bytes.ok_or(io::ErrorKind::NotFound)?)))
    }

    fn describe(&self, path: &str) -> String {
        path.to_string()
    }
}

/// A table of a test package: its schema, and its CSV if there is one.
pub(crate) struct Source<'a> {
    pub(crate) name: &'a str,
    pub(crate) schema: &'a str,
    pub(crate) dialect: &'a str,
    pub(crate) csv: Option<&'a [u8]>,
}

/// A package called `test`, whose table `x` is read from `data/x.csv`.
pub(crate) fn package_of(sources: &[Source<'_>]) -> (Package, Arc<Memory>) {
    let memory = Arc::new(Memory::default());
    let mut resources = Vec::new();
    for Source {
        name,
        schema,
        dialect,
        csv,
    } in sources
    {
        resources.push(format!(
            r#"{{"name": "{name}", "type": "table", "path": "data/{name}.csv", "dialect": {dialect}, "schema": {schema}}}"#
        ));
        if let Some(csv) = csv {
            memory.set(&format!("data/{name}.csv"), *csv);
        }
    }
    let descriptor = format!(
        r#"{{"name": "test", "resources": [{}]}}"#,
        resources.join(", ")
    );
    memory.set("datapackage.json", descriptor);
    let files: Arc<dyn Files> = Arc::<Memory>::clone(&memory);
    (Package::open(files).unwrap(), memory)
}

/// A package of one table, `t`.
pub(crate) fn package(schema: &str, csv: impl AsRef<[u8]>) -> Package {
    package_of(&[Source {
        name: "t",
        schema,
        dialect: "{}",
        csv: Some(csv.as_ref()),
    }])
    .0
}

/// The schema of ports as the bad inputs need it.
pub(crate) const PORTS: &str = r#"{
    "fields": [
        {"name": "port_id", "type": "string", "constraints": {"pattern": "[a-z-]+"}},
        {"name": "name", "type": "string", "constraints": {"maxLength": 20}},
        {"name": "opened", "type": "year", "constraints": {"minimum": 1800, "maximum": 2100}},
        {"name": "tonnes", "type": "number"}
    ],
    "primaryKey": "port_id"
}"#;

pub(crate) fn table(package: &Package) -> &Table {
    package.table("t").unwrap()
}

/// Checks table `t`.
pub(crate) fn validate(package: &Package) -> Report {
    kouan_ingest::validate(package, table(package), &Options::default()).unwrap()
}

/// Every problem of table `t`, as shown.
pub(crate) fn problems(package: &Package) -> Vec<String> {
    let report = validate(package);
    assert_eq!(report.problems_total, report.problems.len() as u64);
    report.problems.iter().map(ToString::to_string).collect()
}

/// All rows of a Parquet file.
pub(crate) fn read(path: &Path) -> RecordBatch {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    let schema = Arc::clone(reader.schema());
    let batches = reader
        .build()
        .unwrap()
        .collect::<Result<Vec<_>, _>>()
        .unwrap();
    concat_batches(&schema, &batches).unwrap()
}
