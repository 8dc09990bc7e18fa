//! Sources of statements: files and standard input.

use std::fs;
use std::io::{self, Read, stdin};
use std::path::Path;

use kouan_engine::Source;

use crate::exit::Failure;

/// Reads a file of statements.
pub(crate) fn read_file(path: &Path) -> Result<Source, Failure> {
    let name = path.display().to_string();
    let bytes =
        fs::read(path).map_err(|error| Failure::File(format!("cannot read {name}"), error))?;
    text(&name, bytes)
}

/// Reads the text that is piped in.
pub(crate) fn read_standard_input() -> Result<Source, Failure> {
    let mut bytes = Vec::new();
    let read = stdin().read_to_end(&mut bytes);
    read.map_err(|error| Failure::File("cannot read standard input".to_string(), error))?;
    text("standard input", bytes)
}

fn text(name: &str, bytes: Vec<u8>) -> Result<Source, Failure> {
    String::from_utf8(bytes)
        .map(|text| Source::file(name, text))
        .map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            let before = &error.as_bytes()[..valid];
            let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
            let reason =
                format!("it is not UTF-8 text (byte {valid}, line {line}); nothing was run");
            Failure::File(
                format!("cannot read {name}"),
                io::Error::new(io::ErrorKind::InvalidData, reason),
            )
        })
}
