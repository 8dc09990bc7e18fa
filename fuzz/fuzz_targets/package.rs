//! A descriptor and the data of all its tables, both arbitrary: opening and checking end with a verdict.
//!
//! The descriptor ends at the first NUL; what follows is every file that it names.
#![no_main]

use std::io::{self, Cursor, Read};
use std::sync::Arc;

use kouan_ingest::{Options, validate};
use kouan_schema::{Files, Package};
use libfuzzer_sys::fuzz_target;

#[derive(Debug)]
struct Given {
    descriptor: Vec<u8>,
    data: Vec<u8>,
}

impl Files for Given {
    fn open(&self, path: &str) -> io::Result<Box<dyn Read + Send + '_>> {
        let is_descriptor = path == "datapackage.json";
        let bytes = if is_descriptor {
            &self.descriptor
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
    let mut parts = input.splitn(2, |byte| *byte == 0);
    let mut part = || parts.next().unwrap_or_default().to_vec();
    let given = Given {
        descriptor: part(),
        data: part(),
    };
    let Ok(package) = Package::open(Arc::new(given)) else {
        return;
    };
    for table in package.tables() {
        let _ = validate(&package, table, &Options::default());
    }
});
