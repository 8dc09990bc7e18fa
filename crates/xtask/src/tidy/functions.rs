//! The rule that every SQL function is tested through SQL.

use anyhow::Result;

use super::{Problem, Tree};

const SOURCES: &str = "crates/functions/src/";
const TESTS: &str = "tests/slt/functions/";

/// A function file is one that documents a function.
pub(super) fn have_sql_tests(tree: &Tree) -> Result<Vec<Problem>> {
    let functions: Vec<(&str, &str)> = tree
        .below(SOURCES, ".rs")
        .filter(|(_, _, text)| {
            text.lines()
                .any(|line| line.starts_with("impl Documented for "))
        })
        .map(|(stem, path, _)| (stem, path))
        .collect();
    let tests: Vec<(&str, &str)> = tree
        .below(TESTS, ".slt")
        .map(|(stem, path, _)| (stem, path))
        .collect();

    let untested = functions
        .iter()
        .filter(|(stem, _)| !tests.iter().any(|(tested, _)| tested == stem))
        .map(|(stem, path)| Problem::file(path, format!("has no {TESTS}{stem}.slt")));
    let orphaned = tests
        .iter()
        .filter(|(stem, _)| !functions.iter().any(|(function, _)| function == stem))
        .map(|(stem, path)| {
            Problem::file(path, format!("tests no function of {SOURCES}{stem}.rs"))
        });
    Ok(untested.chain(orphaned).collect())
}

#[cfg(test)]
mod tests {
    use super::super::messages;
    use super::*;

    #[test]
    fn functions_and_tests_are_pairs() -> Result<()> {
        let function = "//! A function.\nimpl Documented for Hhi {\n";
        let tree = Tree::of(&[
            ("crates/functions/src/stages/port_stage.rs", function),
            (
                "crates/functions/src/stages/ranges.rs",
                "//! No function.\n",
            ),
            ("crates/functions/src/modes/port_mode.rs", function),
            ("tests/slt/functions/stages/port_stage.slt", ""),
            ("tests/slt/functions/port_mode.slt", ""),
        ]);
        let problems = messages(&have_sql_tests(&tree)?);
        assert_eq!(
            problems,
            [
                "crates/functions/src/modes/port_mode.rs: has no tests/slt/functions/modes/port_mode.slt",
                "tests/slt/functions/port_mode.slt: tests no function of crates/functions/src/port_mode.rs",
            ]
        );
        Ok(())
    }
}
