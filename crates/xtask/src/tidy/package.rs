//! Rules about the dataset: its files and their tests are those that `datapackage.json` names.

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Problem, Tree};

const PACKAGE: &str = "datapackage.json";
const TESTS: &str = "tests/slt/tables/";

/// What `datapackage.json` says of a table.
struct Resource {
    name: String,
    files: Vec<String>,
}

pub(super) fn names_its_files(tree: &Tree) -> Result<Vec<Problem>> {
    let resources = resources(tree)?;
    let named: Vec<&str> = resources
        .iter()
        .flat_map(|resource| resource.files.iter().map(String::as_str))
        .collect();
    let missing = named
        .iter()
        .filter(|path| tree.text(path).is_none())
        .map(|path| Problem::file(PACKAGE, format!("names {path}, which does not exist")));
    let schemas = tree.below("schemas/", ".json");
    let forgotten = schemas
        .chain(tree.below("data/", ".csv"))
        .filter(|(_, path, _)| !named.contains(path))
        .map(|(_, path, _)| Problem::file(path, format!("is not named by {PACKAGE}")));
    Ok(missing.chain(forgotten).collect())
}

pub(super) fn tables_have_sql_tests(tree: &Tree) -> Result<Vec<Problem>> {
    let tables: Vec<String> = resources(tree)?
        .into_iter()
        .map(|resource| resource.name.replace('.', "/"))
        .collect();
    let untested = tables
        .iter()
        .map(|table| format!("{TESTS}{table}.slt"))
        .filter(|test| tree.text(test).is_none())
        .map(|test| Problem::file(PACKAGE, format!("has a table without {test}")));
    let orphaned = tree
        .below(TESTS, ".slt")
        .filter(|(stem, _, _)| !tables.iter().any(|table| table == stem))
        .map(|(_, path, _)| Problem::file(path, format!("tests no table of {PACKAGE}")));
    Ok(untested.chain(orphaned).collect())
}

/// The tables in order; none when there is no package.
fn resources(tree: &Tree) -> Result<Vec<Resource>> {
    let Some(text) = tree.text(PACKAGE) else {
        return Ok(Vec::new());
    };
    let package: Value =
        serde_json::from_str(text).with_context(|| format!("{PACKAGE} is not JSON"))?;
    let resources = package["resources"].as_array().into_iter().flatten();
    resources
        .map(|resource| {
            let name = resource["name"]
                .as_str()
                .context("a resource has no name")?;
            let files = [&resource["path"], &resource["schema"]];
            Ok(Resource {
                name: name.to_owned(),
                files: files
                    .into_iter()
                    .filter_map(|file| file.as_str().map(str::to_owned))
                    .collect(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::messages;
    use super::*;

    fn tree() -> Tree {
        let package = r#"{"resources": [
            {"name": "ports", "path": "data/ports.csv", "schema": "schemas/ports.json"},
            {"name": "paper.table1", "path": "data/paper/table1.csv", "schema": "schemas/paper/table1.json"}
        ]}"#;
        Tree::of(&[
            (PACKAGE, package),
            ("data/ports.csv", ""),
            ("data/paper/table1.csv", ""),
            ("data/extra.csv", ""),
            ("schemas/ports.json", ""),
            ("schemas/old.json", ""),
            ("tests/slt/tables/ports.slt", ""),
            ("tests/slt/tables/table1.slt", ""),
        ])
    }

    #[test]
    fn files_and_names_are_the_same_set() -> Result<()> {
        assert_eq!(
            messages(&names_its_files(&tree())?),
            [
                "datapackage.json: names schemas/paper/table1.json, which does not exist",
                "schemas/old.json: is not named by datapackage.json",
                "data/extra.csv: is not named by datapackage.json",
            ]
        );
        Ok(())
    }

    #[test]
    fn tables_and_tests_are_pairs() -> Result<()> {
        assert_eq!(
            messages(&tables_have_sql_tests(&tree())?),
            [
                "datapackage.json: has a table without tests/slt/tables/paper/table1.slt",
                "tests/slt/tables/table1.slt: tests no table of datapackage.json",
            ]
        );
        Ok(())
    }
}
