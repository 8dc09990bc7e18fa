//! A Data Package: tables, with what is known about them together.

pub(crate) mod draft;
pub(crate) mod name;
pub(crate) mod references;

use std::collections::HashMap;
use std::io::{self, Read};
use std::sync::Arc;

use crate::data::Data;
use crate::descriptor::json::{Document, Node};
use crate::descriptor::metadata::{License, Source, read_licenses, read_sources};
use crate::descriptor::vocabulary::Vocabulary;
use crate::error::{Result, SchemaError};
use crate::files::Files;
use crate::package::draft::Draft;
use crate::package::name::{package_name, usable_schema};
use crate::package::references::resolve_references;
use crate::table::Table;

/// The SQL schema of a package without a name.
const UNNAMED: &str = "main";

/// The file that describes a package.
const DESCRIPTOR: &str = "datapackage.json";

const VOCABULARY: Vocabulary = Vocabulary::open(
    "a package",
    &["name", "resources"],
    &[
        "$schema",
        "profile",
        "id",
        "title",
        "description",
        "licenses",
        "sources",
        "version",
        "created",
        "homepage",
        "image",
        "keywords",
        "contributors",
    ],
    &[],
);

/// A Data Package, read and checked; its data are not.
#[derive(Debug, Clone)]
pub struct Package {
    name: String,
    title: Option<String>,
    description: Option<String>,
    licenses: Vec<License>,
    sources: Vec<Source>,
    tables: Vec<Table>,
    files: Arc<dyn Files>,
}

impl Package {
    /// Reads `datapackage.json` and every schema and dialect file that it names.
    ///
    /// Resources that are no tables are left out. Properties of one's own are accepted on the
    /// package and its resources; what changes how data are read is understood or refused.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn open(files: Arc<dyn Files>) -> Result<Self> {
        let document = Document::read(&*files, DESCRIPTOR, None)?;
        let root = document.root();
        root.check(&VOCABULARY)?;
        let name = root
            .get("name")
            .map(|name| package_name(&name))
            .transpose()?;
        let name = name.unwrap_or_else(|| UNNAMED.to_string());
        let licenses = read_licenses(&root)?.unwrap_or_default();
        let sources = read_sources(&root)?.unwrap_or_default();
        let drafts = read_drafts(&root, &*files)?;
        check_names(&drafts, &name)?;
        let mut tables: Vec<Table> = drafts
            .iter()
            .map(|draft| draft.table(&sources, &licenses))
            .collect::<Result<_>>()?;
        resolve_references(&mut tables, &drafts)?;
        Ok(Self {
            title: root.optional_text("title")?,
            description: root.optional_text("description")?,
            name,
            licenses,
            sources,
            tables,
            files,
        })
    }

    /// The name, which is that of the package's SQL schema; hyphens and dots are underscores.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The same package under another name, as one opens it beside others.
    ///
    /// # Errors
    /// Why the name cannot be that of an SQL schema.
    pub fn renamed(self, name: &str) -> std::result::Result<Self, String> {
        let name = usable_schema(name)?;
        Ok(Self { name, ..self })
    }

    /// A short name for people.
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// What the data are.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// The licences of the package; a table may have its own.
    pub fn licenses(&self) -> &[License] {
        &self.licenses
    }

    /// What the data were made from; a table may have its own.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The tables, in the order of the package. No two have one name in one SQL schema.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// A table by its full name, such as `ports` or `paper.table1`, or by its resource's name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables
            .iter()
            .find(|table| table.full_name() == name || table.resource == name)
    }

    /// The SQL schema that a table of this package is in.
    pub fn schema_of<'a>(&'a self, table: &'a Table) -> &'a str {
        table.schema_name.as_ref().unwrap_or(&self.name)
    }

    /// Whether a table's data are at most so many bytes, as its files hold them. No more than that is read.
    ///
    /// # Errors
    /// Those of opening and reading the files.
    pub fn is_within(&self, table: &Table, bytes: u64) -> io::Result<bool> {
        let files = match &table.data {
            Data::Files(files) => files,
            Data::Inline { csv, .. } => return Ok(csv.len() as u64 <= bytes),
        };
        let mut left = bytes;
        for file in files {
            let mut start = self.files.open(&file.path)?.take(left + 1);
            match left.checked_sub(io::copy(&mut start, &mut io::sink())?) {
                Some(rest) => left = rest,
                None => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Where the files of the package are read from.
    pub fn files(&self) -> &Arc<dyn Files> {
        &self.files
    }
}

fn read_drafts<'d>(root: &Node<'d>, files: &dyn Files) -> Result<Vec<Draft<'d>>> {
    let resources = root.required("resources", "it lists the tables")?;
    let nodes = resources.items()?;
    if nodes.is_empty() {
        let reason = "a package needs at least one resource".to_string();
        return Err(SchemaError::BadValue {
            at: resources.at(),
            value: "[]".to_string(),
            reason,
        });
    }
    nodes
        .iter()
        .filter_map(|node| Draft::read(node, files).transpose())
        .collect()
}

/// No two tables may share a name in one SQL schema, not even after hyphens are replaced.
fn check_names(drafts: &[Draft<'_>], package: &str) -> Result<()> {
    let mut seen = HashMap::new();
    for draft in drafts {
        let schema = draft.name.schema.as_deref().unwrap_or(package);
        if let Some(first) = seen.insert((schema, &draft.name.table), draft) {
            return Err(SchemaError::NameTwice {
                at: draft.name_node().at(),
                what: "table",
                name: draft.name.full(),
                first: first.name_node().at(),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use crate::testing::{open, open_files, refused};
    use crate::{Folder, Package};

    #[test]
    fn the_package_of_this_project_opens() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let package = Package::open(Arc::new(Folder::new(root))).unwrap();
        assert_eq!(package.name(), "border_ports");
        let ports = package.table("ports").unwrap();
        assert_eq!(ports.schema_name, None);
        assert_eq!(ports.definition.primary_key, ["port_id"]);
        let table1 = package.table("paper.table1").unwrap();
        assert_eq!(
            (table1.schema_name.as_deref(), table1.name.as_str()),
            (Some("paper"), "table1")
        );
    }

    #[test]
    fn the_size_of_all_files_counts() {
        let descriptor: &[u8] = br#"{"resources": [
            {"name": "t", "path": ["a.csv", "b.csv"], "schema": {"fields": [{"name": "a"}]}}]}"#;
        let files = [
            ("datapackage.json", descriptor),
            ("a.csv", b"a\n1\n"),
            ("b.csv", b"a\n2\n"),
        ];
        let package = open_files(&files).unwrap();
        let within = |bytes| package.is_within(&package.tables()[0], bytes).unwrap();
        assert!(within(8) && within(9) && !within(7) && !within(3));
    }

    #[test]
    fn metadata_are_kept() {
        let package = open(
            r#"{"$schema": "s", "profile": "tabular-data-package", "name": "p", "title": "T", "description": "D",
                "version": "1.0", "created": "2014-09-30", "homepage": "h", "keywords": ["k"], "id": "i",
                "contributors": [{"title": "c"}], "licenses": [{"name": "CC0", "title": "t", "path": "l", "x": 1}],
                "my:note": 1, "temporal": {},
                "resources": [{"name": "t", "path": "t.csv", "schema": {"fields": [{"name": "a"}]}}]}"#,
        )
        .unwrap();
        assert_eq!(
            (package.title(), package.description()),
            (Some("T"), Some("D"))
        );
        assert_eq!(package.licenses()[0].title.as_deref(), Some("t"));
        assert!(package.sources().is_empty() && package.table("u").is_none());
        assert_eq!(package.files().describe("t.csv"), "t.csv");
    }

    #[test]
    fn tables_have_names_of_their_own() {
        let resource = |name: &str| {
            format!(
                r#"{{"name": "{name}", "path": "t.csv", "schema": {{"fields": [{{"name": "a"}}]}}}}"#
            )
        };
        let pair = |first: &str, second: &str| {
            format!(
                "{{\"name\": \"p\", \"resources\": [\n{},\n{}]}}",
                resource(first),
                resource(second)
            )
        };
        for (first, second, name) in [
            ("ports", "ports", "ports"),
            ("port-events", "port_events", "port_events"),
            ("t", "p.t", "p.t"),
        ] {
            let problem = format!(
                "datapackage.json#/resources/1/name (line 3, column 10): a second table named `{name}`; the first \
                 is at datapackage.json#/resources/0/name (line 2, column 10); rename one of them"
            );
            refused(&pair(first, second), &problem);
        }
        assert!(open(&pair("table1", "paper.table1")).is_ok());
    }

    #[test]
    fn packages_are_read_strictly() {
        for (descriptor, problem) in [
            (
                r#"{"name": "p"}"#,
                "property `resources` is missing: it lists the tables",
            ),
            (
                r#"{"name": "p", "resources": []}"#,
                "a package needs at least one resource",
            ),
            (
                r#"{"name": "p", "resources": {}}"#,
                "must be a list, not an object",
            ),
            (
                r#"{"name": "p", "ressources": []}"#,
                "did you mean `resources`?",
            ),
            (r#"{"name": 3, "resources": []}"#, "must be a text, not 3"),
            (
                r#"{"name": "p", "licenses": ["MIT"], "resources": []}"#,
                r#"must be an object, not "MIT""#,
            ),
            (
                r#"{"name": "p", "name": "q"}"#,
                "datapackage.json:1:20: not valid JSON: a second property `name`",
            ),
            ("[]", "datapackage.json: must be an object, not a list"),
            (
                "",
                "datapackage.json:1:1: not valid JSON: the file is empty",
            ),
        ] {
            refused(descriptor, problem);
        }
    }
}
