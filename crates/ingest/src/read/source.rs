//! A table's files as streams of text that are hashed while they are read, so that a verdict is on known bytes.

use std::io::{self, Cursor, Read};
use std::sync::{Arc, Mutex, PoisonError};

use kouan_schema::{Data, Encoding, Package, Stamp, Table};

use crate::error::IngestError;
use crate::read::decode;
use crate::read::hash::Hash;

/// How messages name a table's data: its first file, or the place of its rows in the descriptor.
pub(crate) fn describe(package: &Package, table: &Table) -> String {
    describe_part(package, table, 0)
}

/// How messages name one part of a table's data.
pub(crate) fn describe_part(package: &Package, table: &Table, part: usize) -> String {
    match &table.data {
        Data::Files(files) => {
            let file = files.get(part).or_else(|| files.last());
            file.map_or_else(String::new, |file| package.files().describe(&file.path))
        }
        Data::Inline { place, .. } => place.clone(),
    }
}

/// An error of opening or reading a part of a table's data.
pub(crate) fn unreadable(
    package: &Package,
    table: &Table,
    part: usize,
    source: io::Error,
) -> IngestError {
    IngestError::Unreadable {
        file: describe_part(package, table, part),
        source,
    }
}

/// How many parts a table's data have.
pub(crate) fn parts(table: &Table) -> usize {
    match &table.data {
        Data::Files(files) => files.len(),
        Data::Inline { .. } => 1,
    }
}

/// The bytes of a table's data as they are stored, if they are known without reading them.
///
/// [`Progress::bytes`](crate::Progress::bytes) ends there.
pub fn stored_bytes(package: &Package, table: &Table) -> Option<u64> {
    match &table.data {
        Data::Files(files) => files
            .iter()
            .map(|file| package.files().size(&file.path))
            .sum(),
        Data::Inline { csv, .. } => Some(csv.len() as u64),
    }
}

/// What has been read of a table's data.
#[derive(Clone, Default)]
pub(crate) struct Tally(Arc<Mutex<(Option<Hash>, u64)>>);

impl Tally {
    fn add(&self, bytes: &[u8]) {
        let mut tally = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tally.0.get_or_insert_with(Hash::new).write(bytes);
        tally.1 += bytes.len() as u64;
    }

    /// The number of bytes read so far, as they are in the files.
    pub(crate) fn bytes(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1
    }

    /// What the table holds, if all of it has been read.
    pub(crate) fn contents(&self, table: &Table) -> Contents {
        Contents::new(table, self.hash())
    }

    fn hash(&self) -> u128 {
        let tally = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tally.0.clone().unwrap_or_else(Hash::new).finish()
    }
}

/// Opens a part of a table's data as text, of which each byte is counted and hashed.
pub(crate) fn open<'a>(
    package: &'a Package,
    table: &'a Table,
    part: usize,
    tally: &Tally,
) -> Result<Box<dyn Read + Send + 'a>, IngestError> {
    let encoding = match &table.data {
        Data::Files(_) => table.encoding,
        Data::Inline { .. } => Encoding::UTF_8,
    };
    open_as(package, table, part, tally, encoding)
}

/// Opens a part of a table's data as [`open`], but leaves it in its encoding.
pub(crate) fn open_encoded<'a>(
    package: &'a Package,
    table: &'a Table,
    part: usize,
    tally: &Tally,
) -> Result<Box<dyn Read + Send + 'a>, IngestError> {
    open_as(package, table, part, tally, Encoding::UTF_8)
}

fn open_as<'a>(
    package: &'a Package,
    table: &'a Table,
    part: usize,
    tally: &Tally,
    encoding: Encoding,
) -> Result<Box<dyn Read + Send + 'a>, IngestError> {
    let failed = |source| unreadable(package, table, part, source);
    let input = raw(package, table, part).map_err(failed)?;
    let input = Box::new(Counted {
        input,
        tally: tally.clone(),
    });
    let compression = match &table.data {
        Data::Files(files) => files.get(part).and_then(|file| file.compression),
        Data::Inline { .. } => None,
    };
    decode::text(input, compression, encoding).map_err(failed)
}

fn raw<'a>(
    package: &'a Package,
    table: &'a Table,
    part: usize,
) -> io::Result<Box<dyn Read + Send + 'a>> {
    match &table.data {
        Data::Files(files) => match files.get(part) {
            Some(file) => package.files().open(&file.path),
            None => Err(io::ErrorKind::NotFound.into()),
        },
        Data::Inline { csv, .. } => Ok(Box::new(Cursor::new(csv.as_bytes()))),
    }
}

/// Reads a table's data for nothing but their hash.
pub(crate) fn hash_data(package: &Package, table: &Table) -> Result<u128, IngestError> {
    let tally = Tally::default();
    for part in 0..parts(table) {
        let failed = |source| unreadable(package, table, part, source);
        let input = raw(package, table, part).map_err(failed)?;
        let mut input = Counted {
            input,
            tally: tally.clone(),
        };
        io::copy(&mut input, &mut io::sink()).map_err(failed)?;
    }
    Ok(tally.hash())
}

/// The stamps of a table's files, if all have one.
pub(crate) fn stamps(package: &Package, table: &Table) -> Option<Vec<Stamp>> {
    match &table.data {
        Data::Files(files) => files
            .iter()
            .map(|file| package.files().stamp(&file.path))
            .collect(),
        Data::Inline { .. } => None,
    }
}

/// Counts and hashes what passes.
struct Counted<'a> {
    input: Box<dyn Read + Send + 'a>,
    tally: Tally,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.input.read(buffer)?;
        self.tally.add(&buffer[..length]);
        Ok(length)
    }
}

/// The hash of one table's definition and data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Contents {
    whole: u128,
    data: u128,
}

impl Contents {
    /// Of a table whose data have a certain hash.
    pub(crate) fn new(table: &Table, data: u128) -> Self {
        let mut hash = Hash::new();
        hash.write_part(table.full_name().as_bytes());
        // The derived form names every field of the definition, so that no change goes unnoticed.
        hash.write_part(format!("{:?}", table.definition).as_bytes());
        hash.write_part(format!("{:?}", table.dialect).as_bytes());
        hash.write_part(format!("{:?}", table.encoding).as_bytes());
        hash.write_part(&data.to_le_bytes());
        Self {
            whole: hash.finish(),
            data,
        }
    }

    pub(crate) fn to_bytes(self) -> [u8; 16] {
        self.whole.to_le_bytes()
    }

    /// The hash of the data alone.
    pub(crate) fn data(self) -> u128 {
        self.data
    }
}
