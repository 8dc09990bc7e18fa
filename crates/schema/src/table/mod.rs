//! One table of a package: where its data are, how they are written, what they must be.

pub(crate) mod categories;
pub(crate) mod constraints;
pub(crate) mod field;
pub(crate) mod fields_match;
pub(crate) mod keys;
pub(crate) mod marked_point;
pub(crate) mod missing;
pub(crate) mod rules;
pub(crate) mod storage;
pub(crate) mod table_schema;
pub(crate) mod with_points;

use crate::data::Data;
use crate::data::dialect::Dialect;
use crate::data::encoding::Encoding;
use crate::descriptor::metadata::{License, Source};
use crate::table::table_schema::TableSchema;

/// One table: a tabular resource of a package.
///
/// A resource named `a.b` is table `b` of SQL schema `a`; any other is in the SQL schema named
/// after the package. Hyphens in names become underscores.
#[derive(Debug, Clone)]
pub struct Table {
    /// The resource's name, as the package writes it.
    pub resource: String,
    /// The SQL schema, if the name says one.
    pub schema_name: Option<String>,
    /// The table's name in its SQL schema.
    pub name: String,
    /// A short name for people.
    pub title: Option<String>,
    /// What the rows are.
    pub description: Option<String>,
    /// Where the rows are.
    pub data: Data,
    /// The encoding of the files.
    pub encoding: Encoding,
    /// What the rows must be.
    pub definition: TableSchema,
    /// How the CSV file is written.
    pub dialect: Dialect,
    /// What the data were made from: the table's own sources, else the package's.
    pub sources: Vec<Source>,
    /// The licences: the table's own, else the package's.
    pub licenses: Vec<License>,
    pub(crate) full_name: String,
}

impl Table {
    /// The name by which other tables and [`Package::table`](crate::Package::table) know it:
    /// `ports`, or `paper.table1` with its SQL schema if that is not the package's.
    pub fn full_name(&self) -> &str {
        &self.full_name
    }
}
