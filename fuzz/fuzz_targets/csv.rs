//! Arbitrary bytes as the data of a table with keys and columns of many types, in one of several dialects.
//!
//! What the check finds without a problem is also written, and the file has as many rows.
#![no_main]

use std::io::{self, Cursor, Read};
use std::sync::Arc;

use kouan_ingest::{Options, convert, validate};
use kouan_schema::{Files, Package};
use libfuzzer_sys::fuzz_target;

const DIALECTS: [&str; 8] = [
    "{}",
    r#"{"delimiter": ";"}"#,
    r#"{"delimiter": "\t", "header": false}"#,
    r#"{"doubleQuote": false, "escapeChar": "\\"}"#,
    r##"{"commentChar": "#", "skipInitialSpace": true}"##,
    r#"{"headerRows": [1, 2], "headerJoin": "-"}"#,
    r#"{"commentRows": [2], "nullSequence": "-"}"#,
    r#"{"quoteChar": "'"}"#,
];

const ENCODINGS: [&str; 4] = ["utf-8", "utf-16", "gb18030", "latin-1"];

const FIELDS: &str = r#"[
    {"name": "id", "type": "integer"},
    {"name": "text", "constraints": {"maxLength": 5, "pattern": "[^x]*"}},
    {"name": "number", "type": "number", "groupChar": " ", "decimalChar": ",", "bareNumber": false},
    {"name": "day", "type": "date", "format": "%d/%m/%Y", "constraints": {"minimum": "01/01/1900"}},
    {"name": "moment", "type": "datetime", "format": "any"},
    {"name": "list", "type": "list", "itemType": "integer"},
    {"name": "point", "type": "geopoint"},
    {"name": "object", "type": "object"},
    {"name": "length", "type": "duration"},
    {"name": "other", "type": "integer"}
]"#;

#[derive(Debug)]
struct Given {
    descriptor: String,
    data: Vec<u8>,
}

impl Files for Given {
    fn open(&self, path: &str) -> io::Result<Box<dyn Read + Send + '_>> {
        let is_descriptor = path == "datapackage.json";
        let bytes = if is_descriptor {
            self.descriptor.as_bytes()
        } else {
            &self.data
        };
        Ok(Box::new(Cursor::new(bytes)))
    }

    fn describe(&self, path: &str) -> String {
        path.to_string()
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((choice, data)) = input.split_first() else {
        return;
    };
    let dialect = DIALECTS[usize::from(choice % 8)];
    let encoding = ENCODINGS[usize::from(choice / 8 % 4)];
    let path = if choice & 64 == 0 {
        "t.csv"
    } else {
        "t.csv.gz"
    };
    let descriptor = format!(
        r#"{{"name": "p", "resources": [{{"name": "t", "path": "{path}", "encoding": "{encoding}",
            "dialect": {dialect}, "schema": {{"fields": {FIELDS}, "fieldsMatch": ["partial"], "primaryKey": "id",
            "uniqueKeys": [["text", "day"]],
            "foreignKeys": [{{"fields": "other", "reference": {{"resource": "", "fields": "id"}}}}]}}}}]}}"#
    );
    let given = Given {
        descriptor,
        data: data.to_vec(),
    };
    let package = Package::open(Arc::new(given)).expect("the package is valid");
    let table = &package.tables()[0];
    let Ok(report) = validate(&package, table, &Options::default()) else {
        return;
    };
    let folder = tempfile::tempdir_in("/dev/shm").expect("a folder in memory");
    let target = folder.path().join("t.parquet");
    match convert(&package, table, &target, &Options::default()) {
        Ok(written) => assert_eq!((written.rows, report.is_clean()), (report.rows, true)),
        Err(_) => assert!(!target.exists()),
    }
});
