//! What the footer of a Parquet file says about its table, for people and for programs that read maps.

use kouan_schema::{FieldType, FileLayout, License, Table};
use parquet::file::metadata::KeyValue;
use serde_json::{Map, Value as Json, json};

use crate::fingerprint::FORMAT;

/// Tells readers that a row group of floats has bounds only if no value in it is NaN, so that they may prune by them.
const FLOAT_BOUNDS_KEY: &str = "kouan.float_bounds";
const FLOAT_BOUNDS_WITHOUT_NAN: &str = "only without NaN";

pub(crate) fn entry(key: &str, value: &str) -> KeyValue {
    KeyValue::new(key.to_string(), value.to_string())
}

/// The entries that do not depend on the rows. Titles, licences and units are there where the package gives them.
pub(crate) fn entries(table: &Table, layout: FileLayout) -> Vec<KeyValue> {
    let mut entries = vec![
        entry("kouan.writer", FORMAT),
        entry("kouan.layout", layout.name()),
        entry("kouan.table", table.full_name()),
        entry(FLOAT_BOUNDS_KEY, FLOAT_BOUNDS_WITHOUT_NAN),
    ];
    let texts = [("title", &table.title), ("description", &table.description)];
    for (key, text) in texts {
        entries.extend(text.as_ref().map(|text| entry(key, text)));
    }
    if !table.licenses.is_empty() {
        let licenses: Vec<String> = table.licenses.iter().filter_map(license).collect();
        entries.push(entry("licenses", &licenses.join(", ")));
    }
    let fields = table.definition.fields.iter();
    let units = fields.filter_map(|field| Some((field.name.clone(), field.unit.clone()?.into())));
    let units: Map<String, Json> = units.collect();
    if !units.is_empty() {
        entries.push(entry("units", &Json::Object(units).to_string()));
    }
    entries.extend(geo(table).map(|geo| entry("geo", &geo.to_string())));
    entries
}

/// A licence by its identifier, else by what else is known of it.
fn license(license: &License) -> Option<String> {
    let known = [&license.name, &license.title, &license.path];
    known.into_iter().flatten().next().cloned()
}

/// The points of a table, as GeoParquet 1.1 describes them: structs of `x` and `y`, in longitude and latitude of WGS 84,
/// which is what its standard means where no reference system is named.
fn geo(table: &Table) -> Option<Json> {
    let fields = table.definition.fields.iter();
    let points = fields.filter(|field| matches!(field.kind, FieldType::Point(_)));
    let names: Vec<&str> = points.map(|field| field.name.as_str()).collect();
    let primary = *names.first()?;
    let column = |name: &&str| {
        let column = json!({"encoding": "point", "geometry_types": ["Point"]});
        (name.to_string(), column)
    };
    let columns: Map<String, Json> = names.iter().map(column).collect();
    Some(json!({"version": "1.1.0", "primary_column": primary, "columns": columns}))
}
