//! What a Parquet file was made from, as one number.
//!
//! A fingerprint covers the writer's format, the table's definition, the bytes of its CSV, and the definition and
//! bytes of every table it refers to, since the verdict on a foreign key depends on them. XXH3 is fast and
//! tells any two honest files apart; it is no defence against one who wants two files to look the same.

use std::fmt;

use kouan_schema::{Package, Table};

use crate::IngestError;
use crate::hash::Hash;
use crate::keys::referenced_tables;
use crate::source::{Contents, hash_data};

/// Changes whenever the same table would be written differently, so that older files are made anew.
pub(crate) const FORMAT: &str = "kouan-parquet-4";

/// 128 bits that differ when anything differs that a Parquet file depends on; shown as 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(pub(crate) u128);

impl fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:032x}", self.0)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Fingerprint({self})")
    }
}

impl Fingerprint {
    /// The fingerprint of a table as its files are now. Reads its CSV, and those it refers to, once.
    ///
    /// # Errors
    /// [`IngestError::Unreadable`], [`IngestError::UnknownReference`].
    pub fn of(package: &Package, table: &Table) -> Result<Self, IngestError> {
        Self::from_data(package, table, |table| hash_data(package, table))
    }

    /// The fingerprint of a table, where `data` tells the hash of a table's data.
    pub(crate) fn from_data(
        package: &Package,
        table: &Table,
        data: impl Fn(&Table) -> Result<u128, IngestError>,
    ) -> Result<Self, IngestError> {
        let contents = |table| Ok(Contents::new(table, data(table)?));
        let referenced = referenced_tables(package, table)?.into_iter();
        let referenced: Vec<Contents> = referenced.map(contents).collect::<Result<_, _>>()?;
        Ok(Self::from_contents(contents(table)?, &referenced))
    }

    /// The fingerprint of a table with certain contents that refers to tables with certain contents.
    pub(crate) fn from_contents(own: Contents, referenced: &[Contents]) -> Self {
        let mut hash = Hash::new();
        hash.write_part(FORMAT.as_bytes());
        hash.write_part(&own.to_bytes());
        for contents in referenced {
            hash.write_part(&contents.to_bytes());
        }
        Self(hash.finish())
    }
}
