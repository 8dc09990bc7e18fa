//! The rule that text looks the same in every editor.

use anyhow::Result;

use super::{Problem, Tree};

const ENDINGS: &[&str] = &[".json", ".md", ".rs", ".slt", ".sql", ".toml"];

pub(super) fn is_clean(tree: &Tree) -> Result<Vec<Problem>> {
    let problems = tree
        .files()
        .filter(|(path, _)| ENDINGS.iter().any(|ending| path.ends_with(ending)))
        .flat_map(|(path, text)| check(path, text))
        .collect();
    Ok(problems)
}

fn check(path: &str, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    // A quoted example, and an expected answer, may hold tabs.
    let mut is_quoted = path.ends_with(".slt");
    for (index, line) in text.split('\n').enumerate() {
        if path.ends_with(".md") && line.starts_with("```") {
            is_quoted = !is_quoted;
        }
        let problem = if line.contains('\r') {
            "carriage return; end lines with a line feed alone"
        } else if line.contains('\t') && !is_quoted {
            "tab; use blanks"
        } else if line.ends_with([' ', '\t']) {
            "blank at the end of the line"
        } else {
            continue;
        };
        problems.push(Problem::line(path, index, problem));
    }
    if !text.is_empty() && !text.ends_with('\n') {
        problems.push(Problem::file(path, "no line feed at the end"));
    }
    if text.ends_with("\n\n") {
        problems.push(Problem::file(path, "empty lines at the end"));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::super::messages;
    use super::*;

    #[test]
    fn what_editors_show_differently_is_found() -> Result<()> {
        let tree = Tree::of(&[
            ("a.md", "```\na\tb\n```\na\tb\n"),
            ("b.rs", "a \nb\r\nc"),
            ("c.sql", "a\n\n"),
            ("d.csv", "a\tb \r\n"),
        ]);
        let problems = messages(&is_clean(&tree)?);
        assert_eq!(
            problems,
            [
                "a.md:4: tab; use blanks",
                "b.rs:1: blank at the end of the line",
                "b.rs:2: carriage return; end lines with a line feed alone",
                "b.rs: no line feed at the end",
                "c.sql: empty lines at the end",
            ]
        );
        Ok(())
    }
}
