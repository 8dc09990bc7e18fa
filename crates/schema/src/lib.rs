//! What a table must be: reads a [Data Package](https://datapackage.org) and its
//! [Table Schemas](https://datapackage.org/standard/table-schema/) into an Arrow schema with
//! constraints, keys and a CSV dialect.
//!
//! [`Package::open`] reads descriptions only. It understands versions 1 and 2 of the standard;
//! what it does not support (files on the web, spreadsheets, JSON files, `jsonSchema`) is an error
//! that names it, never ignored. Every error says the file and the place in it.
//!
//! The types of cells are here too: [`Field::parse`] turns a text into a [`Value`], or names the
//! [`Rule`] that it breaks.
//!
//! ```text
//! package   the descriptor with its tables, and the references between them
//!    │
//!  table    columns, keys, constraints, storage
//!    │
//!  types    what a cell means: FieldType, Value, Rule
//!    │
//!   data    where the rows are, and how their CSV is written
//!    │
//! descriptor   JSON with places, and the properties that there are
//!    │
//!  files    a folder, or the binary itself
//! ```
//!
//! ```
//! # use std::sync::Arc;
//! use kouan_schema::{Embedded, Package, Value};
//!
//! static FILES: &[(&str, &[u8])] = &[("datapackage.json", br#"{
//!     "name": "border-ports",
//!     "resources": [{
//!         "name": "ports",
//!         "path": "ports.csv",
//!         "schema": {"fields": [
//!             {"name": "opened_year", "type": "year", "constraints": {"maximum": 2014}}
//!         ]}
//!     }]
//! }"#)];
//!
//! let package = Package::open(Arc::new(Embedded::new(FILES)))?;
//! assert_eq!(package.name(), "border_ports");
//! let opened_year = &package.tables()[0].definition.fields[0];
//! assert_eq!(opened_year.parse("1992"), Ok(Value::Year(1992)));
//! let broken = opened_year.parse("30000").map_err(|rule| rule.to_string());
//! assert_eq!(broken, Err("above the maximum 2014".to_string()));
//! # Ok::<(), kouan_schema::SchemaError>(())
//! ```

mod data;
mod descriptor;
mod error;
mod files;
mod package;
mod table;
mod types;

#[cfg(test)]
mod testing;

pub use data::dialect::Dialect;
pub use data::encoding::Encoding;
pub use data::{Compression, Data, DataFile};
pub use descriptor::metadata::{License, Source};
pub use descriptor::near::nearest;
pub use error::{Position, Result, SchemaError};
pub use files::stamp::Stamp;
pub use files::{Embedded, Files, Folder};
pub use package::Package;
pub use package::name::suggest_name;
pub use table::Table;
pub use table::categories::{Categories, Category};
pub use table::constraints::Constraints;
pub use table::field::Field;
pub use table::fields_match::FieldsMatch;
pub use table::keys::ForeignKey;
pub use table::marked_point::MarkedPoint;
pub use table::storage::{FileLayout, Storage};
pub use table::table_schema::TableSchema;
pub use types::any_form::AnyForm;
pub use types::duration::Duration;
pub use types::field_type::{FieldType, ListFormat};
pub use types::geo::{Point, PointFormat};
pub use types::json_text::{JsonKind, JsonText};
pub use types::pattern::Pattern;
pub use types::rule::Rule;
pub use types::temporal::TemporalFormat;
pub use types::temporal_pattern::TemporalPattern;
pub use types::text::StringFormat;
pub use types::value::Value;
