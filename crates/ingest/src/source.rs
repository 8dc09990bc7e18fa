//! A table's CSV as a stream that is hashed while it is read, so that a verdict is on known bytes.

use std::fmt;
use std::io::{self, Read};

use kouan_schema::{Package, Table};

use crate::IngestError;
use crate::hash::Hash;

/// How messages name a table's CSV.
pub(crate) fn describe(package: &Package, table: &Table) -> String {
    package.files().describe(&table.path)
}

/// An error of opening or reading a table's CSV.
pub(crate) fn unreadable(package: &Package, table: &Table, source: io::Error) -> IngestError {
    IngestError::Unreadable {
        file: describe(package, table),
        source,
    }
}

/// Reads a table's CSV and hashes what passes.
pub(crate) struct Source<'a> {
    table: &'a Table,
    input: Box<dyn Read + Send + 'a>,
    hash: Hash,
    bytes: u64,
}

impl<'a> Source<'a> {
    pub(crate) fn open(package: &'a Package, table: &'a Table) -> Result<Self, IngestError> {
        let input = package.files().open(&table.path);
        let input = input.map_err(|source| unreadable(package, table, source))?;
        Ok(Self {
            table,
            input,
            hash: Hash::new(),
            bytes: 0,
        })
    }

    /// The number of bytes read so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// What the table holds, if all of it has been read.
    pub(crate) fn into_contents(self) -> Contents {
        Contents::new(self.table, self.hash.finish())
    }
}

impl Read for Source<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.input.read(buffer)?;
        self.hash.write(&buffer[..length]);
        self.bytes += length as u64;
        Ok(length)
    }
}

impl fmt::Debug for Source<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Source")
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}

/// The hash of one table's definition and CSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Contents(u128);

impl Contents {
    fn new(table: &Table, csv: u128) -> Self {
        let mut hash = Hash::new();
        hash.write_part(table.full_name().as_bytes());
        // The derived form names every field of the definition, so that no change goes unnoticed.
        hash.write_part(format!("{:?}", table.definition).as_bytes());
        hash.write_part(format!("{:?}", table.dialect).as_bytes());
        hash.write_part(&csv.to_le_bytes());
        Self(hash.finish())
    }

    pub(crate) fn to_bytes(self) -> [u8; 16] {
        self.0.to_le_bytes()
    }
}
