//! Rules about crates: which may depend on which, and that none is there twice.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{Problem, Tree};

/// Each crate and the crates of the workspace it may build on.
const LAYERS: &[(&str, &[&str])] = &[
    ("kouan-words", &[]),
    ("kouan-schema", &["kouan-words"]),
    ("kouan-ingest", &["kouan-words", "kouan-schema"]),
    ("kouan-describe", &["kouan-schema", "kouan-ingest"]),
    ("kouan-functions", &[]),
    ("kouan-semantics", &[]),
    ("kouan-dialect", &[]),
    ("kouan-scan", &[]),
    ("kouan-fused", &["kouan-semantics", "kouan-scan"]),
    (
        "kouan-engine",
        &[
            "kouan-words",
            "kouan-schema",
            "kouan-ingest",
            "kouan-describe",
            "kouan-functions",
            "kouan-fused",
            "kouan-semantics",
            "kouan-dialect",
            "kouan-scan",
        ],
    ),
    ("kouan-assist", &["kouan-dialect", "kouan-engine"]),
    ("kouan-render", &["kouan-words"]),
    (
        "kouan",
        &[
            "kouan-words",
            "kouan-schema",
            "kouan-ingest",
            "kouan-describe",
            "kouan-functions",
            "kouan-engine",
            "kouan-assist",
            "kouan-render",
        ],
    ),
    ("kouan-testing", &[]),
    ("xtask", &[]),
];

/// Crates that readers of a package may use without the engine.
const WITHOUT_DATAFUSION: &[&str] = &[
    "kouan-words",
    "kouan-schema",
    "kouan-ingest",
    "kouan-describe",
    "kouan-render",
];

/// Families whose types cross crates, so that two versions do not fit together.
const ONCE: &[&str] = &[
    "arrow",
    "parquet",
    "datafusion",
    "sqlparser",
    "object_store",
];

pub(super) fn layers(tree: &Tree) -> Result<Vec<Problem>> {
    let metadata = cargo(
        tree.root(),
        &["metadata", "--no-deps", "--format-version", "1"],
    )?;
    check_layers(&serde_json::from_str(&metadata).context("cargo metadata is not JSON")?)
}

fn check_layers(metadata: &Value) -> Result<Vec<Problem>> {
    let packages = metadata["packages"]
        .as_array()
        .context("cargo metadata lists no packages")?;
    let members: Vec<&str> = packages.iter().filter_map(name).collect();
    let mut problems = Vec::new();
    for package in packages {
        let Some(member) = name(package) else {
            continue;
        };
        let manifest = manifest(member);
        let Some((_, allowed)) = LAYERS.iter().find(|(known, _)| *known == member) else {
            let message =
                format!("`{member}` is in no layer; add it to LAYERS in xtask's dependencies.rs");
            problems.push(Problem::file(&manifest, message));
            continue;
        };
        let dependencies = package["dependencies"].as_array().into_iter().flatten();
        for dependency in dependencies.filter(|dependency| dependency["kind"] != "dev") {
            let used = name(dependency).unwrap_or_default();
            if members.contains(&used) && !allowed.contains(&used) {
                let message = format!("`{member}` may not build on `{used}`");
                problems.push(Problem::file(&manifest, message));
            }
        }
    }
    Ok(problems)
}

fn name(value: &Value) -> Option<&str> {
    value["name"].as_str()
}

fn manifest(member: &str) -> String {
    let folder = match member {
        "kouan" => "shell",
        other => other.strip_prefix("kouan-").unwrap_or(other),
    };
    format!("crates/{folder}/Cargo.toml")
}

pub(super) fn without_datafusion(tree: &Tree) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for member in WITHOUT_DATAFUSION {
        let crates = cargo(
            tree.root(),
            &[
                "tree",
                "--package",
                member,
                "--edges",
                "normal,build",
                "--prefix",
                "none",
                "--format",
                "{p}",
                "--locked",
                "--offline",
            ],
        )?;
        if let Some(found) = crates.lines().find(|line| line.starts_with("datafusion")) {
            let message = format!("`{member}` builds on {found}; see `cargo tree -p {member}`");
            problems.push(Problem::file(&manifest(member), message));
        }
    }
    Ok(problems)
}

pub(super) fn one_version(tree: &Tree) -> Result<Vec<Problem>> {
    let lock = tree.text("Cargo.lock").context("there is no Cargo.lock")?;
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in lock.split("[[package]]").skip(1) {
        let value = |key: &str| {
            package.lines().find_map(|line| {
                line.strip_prefix(key)?
                    .strip_prefix(" = \"")?
                    .strip_suffix('"')
            })
        };
        if let (Some(name), Some(version)) = (value("name"), value("version")) {
            versions.entry(name).or_default().push(version);
        }
    }
    let is_watched = |name: &str| {
        ONCE.iter()
            .any(|family| name == *family || name.starts_with(&format!("{family}-")))
    };
    let problems = versions
        .into_iter()
        .filter(|(name, versions)| versions.len() > 1 && is_watched(name))
        .map(|(name, versions)| {
            let message = format!(
                "{name} is there as {}; see `cargo tree -d -i {name}`",
                versions.join(" and ")
            );
            Problem::file("Cargo.lock", message)
        });
    Ok(problems.collect())
}

fn cargo(root: &Path, arguments: &[&str]) -> Result<String> {
    let output = Command::new("cargo")
        .args(arguments)
        .current_dir(root)
        .output()
        .context("cannot start cargo")?;
    ensure!(
        output.status.success(),
        "cargo {} failed: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(String::from_utf8(output.stdout)?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::messages;
    use super::*;

    #[test]
    fn a_dependency_upwards_is_found() -> Result<()> {
        let metadata = json!({"packages": [
            {"name": "kouan-schema", "dependencies": [
                {"name": "kouan-engine", "kind": null},
                {"name": "kouan-testing", "kind": "dev"},
                {"name": "arrow", "kind": null},
            ]},
            {"name": "kouan-engine", "dependencies": [{"name": "kouan-schema", "kind": null}]},
            {"name": "kouan-testing", "dependencies": []},
            {"name": "kouan-plot", "dependencies": []},
        ]});
        let expected = [
            "crates/schema/Cargo.toml: `kouan-schema` may not build on `kouan-engine`",
            "crates/plot/Cargo.toml: `kouan-plot` is in no layer; add it to LAYERS in xtask's dependencies.rs",
        ];
        assert_eq!(messages(&check_layers(&metadata)?), expected);
        Ok(())
    }

    #[test]
    fn two_versions_of_one_family_are_found() -> Result<()> {
        let lock = "version = 4\n\n\
            [[package]]\nname = \"arrow-array\"\nversion = \"59.1.0\"\n\n\
            [[package]]\nname = \"arrow-array\"\nversion = \"60.0.0\"\n\n\
            [[package]]\nname = \"hashbrown\"\nversion = \"0.14.5\"\n\n\
            [[package]]\nname = \"hashbrown\"\nversion = \"0.15.2\"\n";
        let tree = Tree::of(&[("Cargo.lock", lock)]);
        let expected = [
            "Cargo.lock: arrow-array is there as 59.1.0 and 60.0.0; see `cargo tree -d -i arrow-array`",
        ];
        assert_eq!(messages(&one_version(&tree)?), expected);
        Ok(())
    }
}
