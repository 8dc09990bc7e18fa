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

mod any_form;
mod categories;
mod constraints;
mod data;
mod dialect;
mod draft;
mod duration;
mod encoding;
mod error;
mod field;
mod field_type;
mod fields_match;
mod files;
mod geo;
mod json;
mod json_text;
mod keys;
mod list;
mod metadata;
mod missing;
mod name;
mod near;
mod number;
mod package;
mod path;
mod pattern;
mod points;
mod references;
mod rules;
mod stamp;
mod storage;
mod strict_json;
mod table;
mod table_schema;
mod temporal;
mod temporal_pattern;
mod text;
mod text_position;
mod value;
mod vocabulary;

#[cfg(test)]
mod testing;

pub use any_form::AnyForm;
pub use categories::{Categories, Category};
pub use constraints::Constraints;
pub use data::{Compression, Data, DataFile};
pub use dialect::Dialect;
pub use duration::Duration;
pub use encoding::Encoding;
pub use error::{Position, Result, SchemaError};
pub use field::Field;
pub use field_type::FieldType;
pub use fields_match::FieldsMatch;
pub use files::{Embedded, Files, Folder};
pub use geo::PointFormat;
pub use json_text::{JsonKind, JsonText};
pub use keys::ForeignKey;
pub use list::ListFormat;
pub use metadata::{License, Source};
pub use name::suggest_name;
pub use near::nearest;
pub use package::Package;
pub use pattern::Pattern;
pub use points::MarkedPoint;
pub use stamp::Stamp;
pub use storage::{FileLayout, Storage};
pub use table::Table;
pub use table_schema::TableSchema;
pub use temporal::TemporalFormat;
pub use temporal_pattern::TemporalPattern;
pub use text::StringFormat;
pub use value::{Point, Rule, Value};
