//! Where the rows of a table are: in files of the package, or in its descriptor.

pub(crate) mod dialect;
pub(crate) mod encoding;

use serde_json::Value as Json;

use crate::descriptor::json::Node;
use crate::descriptor::path::read_path;
use crate::error::{Result, SchemaError};

/// Where the rows of a table are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// Files that follow each other, each with a header if the dialect has one; at least one.
    Files(Vec<DataFile>),
    /// Rows that stand in the descriptor, as CSV text.
    Inline {
        /// How messages name the place.
        place: String,
        /// The rows as CSV.
        csv: String,
    },
}

/// One file of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFile {
    /// Its path in the package.
    pub path: String,
    /// How it is compressed, if it is.
    pub compression: Option<Compression>,
}

/// How a file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// Gzip, of one or several members.
    Gzip,
    /// Zstandard, of one or several frames.
    Zstandard,
}

const EXTENSIONS: [(&str, Compression); 2] =
    [("gz", Compression::Gzip), ("zst", Compression::Zstandard)];

/// Stands for JSON's `null` in the CSV of inline rows: a character that Unicode keeps for private use.
pub(crate) const INLINE_NULL: &str = "\u{E000}";

impl Data {
    /// Whether the rows are JSON values, which no dialect applies to.
    pub(crate) fn is_json(resource: &Node<'_>) -> bool {
        resource
            .get("data")
            .is_some_and(|data| !data.json().is_string())
    }

    pub(crate) fn read(resource: &Node<'_>) -> Result<Self> {
        if let Some(data) = resource.get("data") {
            if let Some(path) = resource.get("path") {
                return Err(SchemaError::BadValue {
                    at: path.at(),
                    value: path.shown(),
                    reason: "stands beside `data`; the rows are either here or there".to_string(),
                });
            }
            let csv = match data.json() {
                Json::String(csv) => csv.clone(),
                _ => csv_of(&data)?,
            };
            let place = data.at().to_string();
            return Ok(Self::Inline { place, csv });
        }
        let path = resource.required("path", "it says where the data are")?;
        let paths = if path.json().is_array() {
            path.items()?
        } else {
            vec![path.clone()]
        };
        if paths.is_empty() {
            return Err(SchemaError::BadValue {
                at: path.at(),
                value: "[]".to_string(),
                reason: "must name at least one file".to_string(),
            });
        }
        let compression = read_compression(resource)?;
        let file = |node: &Node<'_>| {
            let path = read_path(node)?;
            let compression = compression.unwrap_or_else(|| Compression::of_name(&path));
            Ok(DataFile { path, compression })
        };
        paths
            .iter()
            .map(file)
            .collect::<Result<_>>()
            .map(Self::Files)
    }
}

impl Compression {
    /// The compression that a file's name tells.
    pub fn of_name(path: &str) -> Option<Self> {
        let (_, extension) = path.rsplit_once('.')?;
        let found = EXTENSIONS
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(extension));
        found.map(|(_, compression)| *compression)
    }
}

/// The compression that a resource tells, which may be none.
fn read_compression(resource: &Node<'_>) -> Result<Option<Option<Compression>>> {
    let Some(node) = resource.get("compression") else {
        return Ok(None);
    };
    match node.text()? {
        "" | "no" => Ok(Some(None)),
        "gz" | "gzip" => Ok(Some(Some(Compression::Gzip))),
        "zst" | "zstd" => Ok(Some(Some(Compression::Zstandard))),
        other => Err(SchemaError::Unsupported {
            at: node.at(),
            what: format!("compression {other} (gz and zst are)"),
        }),
    }
}

/// Rows of JSON as CSV: lists as they stand, objects under the names of the first that has each.
fn csv_of(data: &Node<'_>) -> Result<String> {
    let rows = data.items()?;
    let mut names: Vec<&str> = Vec::new();
    for row in rows.iter().filter_map(|row| row.json().as_object()) {
        let new: Vec<&str> = row.keys().map(String::as_str).collect();
        names.extend(
            new.into_iter()
                .filter(|name| !names.contains(name))
                .collect::<Vec<_>>(),
        );
    }
    let mut csv = String::new();
    if !names.is_empty() {
        let header = names.iter().map(|name| quoted(name));
        csv.push_str(&header.collect::<Vec<_>>().join(","));
        csv.push('\n');
    }
    for row in &rows {
        let cells: Vec<String> = match row.json() {
            Json::Array(cells) if names.is_empty() => cells.iter().map(cell).collect(),
            Json::Object(object) => {
                let cells = names
                    .iter()
                    .map(|name| object.get(*name).map_or(&Json::Null, |cell| cell));
                cells.map(cell).collect()
            }
            _ => {
                return Err(SchemaError::WrongType {
                    at: row.at(),
                    expected: "a row: all rows are lists, or all are objects".to_string(),
                    found: row.shown(),
                });
            }
        };
        csv.push_str(&cells.join(","));
        csv.push('\n');
    }
    Ok(csv)
}

fn cell(value: &Json) -> String {
    match value {
        Json::Null => INLINE_NULL.to_string(),
        Json::String(text) => quoted(text),
        other => quoted(&other.to_string()),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{open, refused};

    fn data(properties: &str) -> Data {
        let package = open(&format!(
            r#"{{"resources": [{{"name": "t", {properties}, "schema": {{"fields": [{{"name": "a"}}]}}}}]}}"#
        ));
        package.unwrap().tables()[0].data.clone()
    }

    #[test]
    fn files_may_be_several_and_compressed() {
        let file = |path: &str, compression| DataFile {
            path: path.to_string(),
            compression,
        };
        assert_eq!(
            data(r#""path": ["a.csv", "b.csv.gz", "c.csv.zst"]"#),
            Data::Files(vec![
                file("a.csv", None),
                file("b.csv.gz", Some(Compression::Gzip)),
                file("c.csv.zst", Some(Compression::Zstandard)),
            ])
        );
        assert_eq!(
            data(r#""path": "a.csv", "compression": "gz""#),
            Data::Files(vec![file("a.csv", Some(Compression::Gzip))])
        );
    }

    #[test]
    fn rows_may_stand_in_the_descriptor() {
        let csv = |rows: &str| match data(&format!(r#""data": {rows}"#)) {
            Data::Inline { csv, .. } => csv.replace(INLINE_NULL, "NULL"),
            files => format!("{files:?}"),
        };
        assert_eq!(
            csv(r#"[["a", "b"], [1, null], ["x \"y\"", true]]"#),
            "\"a\",\"b\"\n\"1\",NULL\n\"x \"\"y\"\"\",\"true\"\n"
        );
        assert_eq!(
            csv(r#"[{"a": 1}, {"b": [2], "a": ""}]"#),
            "\"a\",\"b\"\n\"1\",NULL\n\"\",\"[2]\"\n"
        );
        assert_eq!(csv(r#""a\n1\n""#), "a\n1\n");
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for (properties, problem) in [
            (
                r#""data": [[1], {"a": 1}]"#,
                "must be a row: all rows are lists, or all are objects",
            ),
            (r#""data": [], "path": "t.csv""#, "stands beside `data`"),
            (r#""path": []"#, "must name at least one file"),
            (
                r#""path": "t.csv", "compression": "rar""#,
                "compression rar (gz and zst are) is not supported yet",
            ),
        ] {
            refused(
                &format!(
                    r#"{{"resources": [{{"name": "t", {properties}, "schema": {{"fields": [{{"name": "a"}}]}}}}]}}"#
                ),
                problem,
            );
        }
    }
}
