//! Reads a table from its resource, and from the files that the resource names.

use serde_json::Value as Json;

use crate::data::dialect::Dialect;
use crate::data::encoding::Encoding;
use crate::data::{Compression, Data, INLINE_NULL};
use crate::descriptor::json::{Document, Node};
use crate::descriptor::metadata::{License, Source, read_licenses, read_sources};
use crate::descriptor::path::read_path;
use crate::descriptor::vocabulary::Vocabulary;
use crate::error::{Result, SchemaError};
use crate::files::Files;
use crate::package::name::TableName;
use crate::table::Table;
use crate::table::table_schema::TableSchema;

/// `bytes` and `hash` describe the file as published. They are accepted and not compared.
const VOCABULARY: Vocabulary = Vocabulary::open(
    "a resource",
    &[
        "name",
        "path",
        "data",
        "type",
        "profile",
        "schema",
        "dialect",
        "format",
        "encoding",
        "compression",
    ],
    &[
        "$schema",
        "title",
        "description",
        "mediatype",
        "bytes",
        "hash",
        "sources",
        "licenses",
    ],
    &["url", "innerpath", "extrapaths", "layout", "control"],
);

/// The resource that a table will be made of, with the files that describe it.
#[derive(Debug)]
pub(crate) struct Draft<'d> {
    resource: Node<'d>,
    pub(crate) name: TableName,
    schema: Descriptor<'d>,
    dialect: Option<Descriptor<'d>>,
}

impl<'d> Draft<'d> {
    /// Reads what a resource is called and what describes it. `None` if it is no table: a
    /// package may also carry pictures, documents and the like.
    pub(crate) fn read(resource: &Node<'d>, files: &dyn Files) -> Result<Option<Self>> {
        resource.check(&VOCABULARY)?;
        if !is_table(resource)? {
            return Ok(None);
        }
        let schema = resource.required("schema", "kouan does not guess what columns hold")?;
        Ok(Some(Self {
            name: TableName::read(&resource.required("name", "it is the table's name")?)?,
            schema: Descriptor::read(schema, files)?,
            dialect: resource
                .get("dialect")
                .map(|node| Descriptor::read(node, files))
                .transpose()?,
            resource: resource.clone(),
        }))
    }

    pub(crate) fn name_node(&self) -> Node<'d> {
        self.resource.child("name")
    }

    pub(crate) fn schema_node(&self) -> Node<'_> {
        self.schema.node()
    }

    /// The table, its references not yet looked at.
    pub(crate) fn table(&self, sources: &[Source], licenses: &[License]) -> Result<Table> {
        let resource = &self.resource;
        let delimiter = default_delimiter(resource)?;
        let mut dialect = match &self.dialect {
            Some(dialect) => Dialect::read(&dialect.node(), delimiter)?,
            None => Dialect {
                delimiter,
                ..Dialect::default()
            },
        };
        let mut encoding = Encoding::read(resource)?;
        if resource.get("data").is_some() {
            encoding = Encoding::UTF_8;
        }
        if Data::is_json(resource) {
            dialect = Dialect {
                null_sequence: Some(INLINE_NULL.to_string()),
                header_rows: dialect.header_rows,
                ..Dialect::default()
            };
        }
        let mut definition = TableSchema::read(&self.schema.node())?;
        if let Some(sequence) = &dialect.null_sequence {
            definition.add_missing_value(sequence);
        }
        Ok(Table {
            resource: self.name.resource.clone(),
            schema_name: self.name.schema.clone(),
            name: self.name.table.clone(),
            full_name: self.name.full(),
            title: resource.optional_text("title")?,
            description: resource.optional_text("description")?,
            data: Data::read(resource)?,
            encoding,
            definition,
            dialect,
            sources: read_sources(resource)?.unwrap_or_else(|| sources.to_vec()),
            licenses: read_licenses(resource)?.unwrap_or_else(|| licenses.to_vec()),
        })
    }
}

/// A description within the package's own, or in a file of its own.
#[derive(Debug)]
enum Descriptor<'d> {
    Inline(Node<'d>),
    File(Document),
}

impl<'d> Descriptor<'d> {
    fn read(node: Node<'d>, files: &dyn Files) -> Result<Self> {
        if !node.json().is_string() {
            return Ok(Self::Inline(node));
        }
        let path = read_path(&node)?;
        Document::read(files, &path, Some(&node)).map(Self::File)
    }

    fn node(&self) -> Node<'_> {
        match self {
            Self::Inline(node) => node.clone(),
            Self::File(document) => document.root(),
        }
    }
}

/// By its type or, in version 1 of the standard, its profile; else by what is said of it.
fn is_table(resource: &Node<'_>) -> Result<bool> {
    if let Some(kind) = resource.get("type") {
        return match kind.text()? {
            "table" => Ok(true),
            other => Err(SchemaError::Unsupported {
                at: kind.at(),
                what: format!("type {other}"),
            }),
        };
    }
    let profile = resource
        .get("profile")
        .map(|node| node.text())
        .transpose()?
        .unwrap_or_default();
    let says_so = profile.contains("tabular-data-resource")
        || resource.get("schema").is_some()
        || resource.get("dialect").is_some();
    Ok(says_so || matches!(extension(resource)?.as_deref(), Some("csv" | "tsv")))
}

/// What kind of file it is, by its format or else its name without `.gz` or `.zst`.
fn extension(resource: &Node<'_>) -> Result<Option<String>> {
    if let Some(format) = resource.get("format") {
        return Ok(Some(format.text()?.to_lowercase()));
    }
    let path = resource.get("path");
    let path = path.as_ref().and_then(|path| match path.json() {
        Json::Array(paths) => paths.first()?.as_str(),
        path => path.as_str(),
    });
    let path = path.map(
        |path| match (Compression::of_name(path), path.rsplit_once('.')) {
            (Some(_), Some((path, _))) => path,
            _ => path,
        },
    );
    let name = path.map(|path| path.rsplit_once('/').map_or(path, |(_, name)| name));
    Ok(name
        .and_then(|name| name.rsplit_once('.'))
        .map(|(_, extension)| extension.to_lowercase()))
}

/// Formats that would only be misread as CSV.
const OTHER_FORMATS: &[&str] = &[
    "xls", "xlsx", "ods", "json", "jsonl", "ndjson", "geojson", "parquet", "feather", "sqlite",
    "sql", "db", "yaml", "yml", "xml", "html", "zip", "shp", "dbf", "sav", "rds",
];

fn default_delimiter(resource: &Node<'_>) -> Result<u8> {
    if Data::is_json(resource) {
        return Ok(b',');
    }
    let is_said = resource.get("format").is_some();
    match extension(resource)?.as_deref() {
        Some("tsv") => Ok(b'\t'),
        Some("csv") | None => Ok(b','),
        Some(other) if is_said || OTHER_FORMATS.contains(&other) => Err(SchemaError::Unsupported {
            at: resource.child(if is_said { "format" } else { "path" }).at(),
            what: format!("a table in format {other} (save it as CSV)"),
        }),
        Some(_) => Ok(b','),
    }
}

#[cfg(test)]
mod tests {
    use crate::data::Data;
    use crate::table::Table;
    use crate::testing::{open, open_files, refused, resource};

    #[test]
    fn metadata_of_a_table_are_kept_or_inherited() {
        let package = open(
            r#"{"name": "p", "licenses": [{"name": "CC-BY-4.0"}], "sources": [{"title": "paper"}], "resources": [
                {"name": "a", "path": "./data/a.csv", "title": "A", "description": "All.", "bytes": 3, "hash": "x",
                 "encoding": "UTF-8", "mediatype": "text/csv", "$schema": "s", "my:note": 1, "temporal": "2012",
                 "sources": [{"title": "survey", "path": "https://example.org", "year": 2012}],
                 "schema": {"fields": [{"name": "a"}]}},
                {"name": "b", "path": ["b.csv"], "profile": "tabular-data-resource", "schema": {"fields": [{"name": "a"}]}}]}"#,
        )
        .unwrap();
        let [a, b] = package.tables() else {
            panic!("two tables")
        };
        assert_eq!(
            (a.title.as_deref(), a.description.as_deref()),
            (Some("A"), Some("All."))
        );
        let path = |table: &Table| match &table.data {
            Data::Files(files) => files[0].path.clone(),
            inline => format!("{inline:?}"),
        };
        assert_eq!((path(a), path(b)), ("data/a.csv".into(), "b.csv".into()));
        assert_eq!(a.sources[0].path.as_deref(), Some("https://example.org"));
        assert_eq!(b.sources, package.sources());
        assert_eq!(a.licenses, package.licenses());
        assert_eq!(b.licenses[0].name.as_deref(), Some("CC-BY-4.0"));
    }

    #[test]
    fn schema_and_dialect_may_be_files() {
        let descriptor = br#"{"name": "p", "resources": [
            {"name": "t", "path": "t.csv", "schema": "schemas/t.json", "dialect": "./dialect.json"}]}"#;
        let package = open_files(&[
            ("datapackage.json", descriptor),
            ("schemas/t.json", br#"{"fields": [{"name": "a"}]}"#),
            ("dialect.json", br#"{"delimiter": ";"}"#),
        ]);
        let package = package.unwrap();
        let table = &package.tables()[0];
        assert_eq!(table.definition.fields[0].name, "a");
        assert_eq!(table.dialect.delimiter, b';');
    }

    #[test]
    fn files_that_are_no_tables_are_left_out() {
        let package = open(
            r#"{"name": "p", "resources": [
                {"name": "map", "path": "Map of ports.png", "format": "png"}, {"name": "Read-me", "path": "README.md"},
                {"name": "t", "path": "t.csv", "schema": {"fields": [{"name": "a"}]}}]}"#,
        );
        assert_eq!(package.unwrap().tables().len(), 1);
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for (more, problem) in [
            (r#", "type": "json""#, "type json is not supported yet"),
            (
                r#", "format": "xlsx""#,
                "a table in format xlsx (save it as CSV) is not supported yet",
            ),
            (r#", "url": "x""#, "property `url` is not supported yet"),
            (
                r#", "dialct": {}"#,
                "a resource has no property `dialct`; did you mean `dialect`?",
            ),
            (r#", "sources": "paper""#, r#"must be a list, not "paper""#),
            (
                r#", "title": 3"#,
                "#/resources/0/title (line 1, column 108): must be a text, not 3",
            ),
        ] {
            refused(&resource(more), problem);
        }
        for (resource, problem) in [
            (
                r#"{"name": "t", "path": "t.csv"}"#,
                "property `schema` is missing: kouan does not guess what columns hold",
            ),
            (
                r#"{"path": "t.csv", "schema": {"fields": [{"name": "a"}]}}"#,
                "property `name` is missing",
            ),
            (
                r#"{"name": "t", "schema": {"fields": [{"name": "a"}]}}"#,
                "property `path` is missing",
            ),
            (
                r#"{"name": "t", "path": "t.xlsx", "schema": {"fields": [{"name": "a"}]}}"#,
                "a table in format xlsx (save it as CSV) is not supported yet",
            ),
            (
                r#"{"name": "t", "path": "../t.csv", "schema": {"fields": [{"name": "a"}]}}"#,
                r#"/path (line 1, column 51): path "../t.csv" climbs out"#,
            ),
            (
                r#"{"name": "t", "path": "t.csv", "schema": "/etc/passwd"}"#,
                r#"path "/etc/passwd" is absolute"#,
            ),
            (
                r#"{"name": "t", "path": "t.csv", "schema": "https://example.org/s.json"}"#,
                "is on the web",
            ),
            ("3", "must be an object, not 3"),
        ] {
            refused(
                &format!(r#"{{"name": "p", "resources": [{resource}]}}"#),
                problem,
            );
        }
    }
}
