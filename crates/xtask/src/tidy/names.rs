//! The rule that a name says which thing is meant: a type and a file are named once in their crate.

use std::collections::BTreeMap;

use anyhow::Result;

use super::{Problem, Tree};

/// Crates that keep the rule. One is added when its last two things of one name are told apart.
const CRATES: &[&str] = &["functions", "fused"];

/// Files that every folder or crate may have.
const FILES: &[&str] = &["lib", "mod", "main"];

pub(super) fn are_unique(tree: &Tree) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for name in CRATES {
        let folder = format!("crates/{name}/src/");
        let mut first: BTreeMap<String, &str> = BTreeMap::new();
        for (path, text) in tree.files() {
            let Some(inside) = path.strip_prefix(&folder) else {
                continue;
            };
            let Some(stem) = inside
                .rsplit('/')
                .next()
                .and_then(|file| file.strip_suffix(".rs"))
            else {
                continue;
            };
            if !FILES.contains(&stem)
                && let Some(other) = first.insert(format!("file {stem}.rs"), path)
            {
                let message = format!("is named as {other} is; say in the name what it is of");
                problems.push(Problem::file(path, message));
            }
            for (index, line) in text.lines().enumerate() {
                if line == "#[cfg(test)]" {
                    break;
                }
                let Some(declared) = declared(line) else {
                    continue;
                };
                if let Some(other) = first.insert(format!("type {declared}"), path)
                    && other != path
                {
                    let message =
                        format!("`{declared}` is also in {other}; say in the name what it is of");
                    problems.push(Problem::line(path, index, message));
                }
            }
        }
    }
    Ok(problems)
}

/// The type that a line without indentation declares.
fn declared(line: &str) -> Option<&str> {
    let line = match line.strip_prefix("pub") {
        Some(rest) => match rest.strip_prefix('(') {
            Some(rest) => rest.split_once(") ")?.1,
            None => rest.strip_prefix(' ')?,
        },
        None => line,
    };
    let (keyword, rest) = line.split_once(' ')?;
    if !["struct", "enum", "trait", "type"].contains(&keyword) {
        return None;
    }
    rest.split(|end: char| !end.is_alphanumeric() && end != '_')
        .next()
}

#[cfg(test)]
mod tests {
    use super::super::messages;
    use super::*;

    #[test]
    fn a_second_type_or_file_of_one_name_is_found() -> Result<()> {
        let tree = Tree::of(&[
            (
                "crates/functions/src/a/pairs.rs",
                "//! A.\n\npub(super) struct Pairs;\n",
            ),
            (
                "crates/functions/src/b/mod.rs",
                "//! B.\nenum Pairs {}\n#[cfg(test)]\nstruct A;\n",
            ),
            (
                "crates/functions/src/b/pairs.rs",
                "//! B.\nimpl Pairs {\n    type A = ();\n}\n",
            ),
            (
                "crates/ingest/src/pairs.rs",
                "//! Another crate.\npub trait Pairs {}\n",
            ),
        ]);
        assert_eq!(
            messages(&are_unique(&tree)?),
            [
                "crates/functions/src/b/mod.rs:2: `Pairs` is also in crates/functions/src/a/pairs.rs; say in the name what it is of",
                "crates/functions/src/b/pairs.rs: is named as crates/functions/src/a/pairs.rs is; say in the name what it is of",
            ]
        );
        Ok(())
    }
}
