//! Rules about Rust files: how they open, how long they are, what they may name.

use anyhow::Result;

use super::{Problem, Tree};

const LONGEST: usize = 600;
/// Files that may be longer, and why.
const LONGER: &[(&str, &str)] = &[];

pub(super) fn opens_with_a_sentence(tree: &Tree) -> Result<Vec<Problem>> {
    let problems = rust_files(tree)
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(path, _)| Problem::line(path, 0, "say in a `//!` line what this file is for"))
        .collect();
    Ok(problems)
}

pub(super) fn is_not_too_long(tree: &Tree) -> Result<Vec<Problem>> {
    let is_listed = |path: &str| LONGER.iter().any(|(listed, _)| *listed == path);
    let problems = rust_files(tree).filter_map(|(path, text)| {
        let lines = text.lines().count();
        match (lines > LONGEST, is_listed(path)) {
            (true, false) => Some(Problem::file(
                path,
                format!("{lines} lines; split it, or list the reason in xtask's tidy/source.rs"),
            )),
            (false, true) => Some(Problem::file(
                path,
                "no longer too long; take it off the list in xtask's tidy/source.rs",
            )),
            _ => None,
        }
    });
    Ok(problems.collect())
}

pub(super) fn only_engine_builds_a_session(tree: &Tree) -> Result<Vec<Problem>> {
    let names = ["SessionContext", "SessionStateBuilder"];
    let files = rust_files(tree).filter(|(path, _)| !in_crate(path, &["engine", "xtask"]));
    Ok(naming(
        files,
        &names,
        "only `engine` builds a session; ask it for one",
    ))
}

pub(super) fn only_shell_speaks(tree: &Tree) -> Result<Vec<Problem>> {
    let names = [
        "print!(",
        "println!(",
        "eprint!(",
        "eprintln!(",
        "std::env",
        "env::var",
        "env::args",
        "process::exit",
    ];
    let files = rust_files(tree)
        .filter(|(path, _)| path.contains("/src/"))
        .filter(|(path, _)| !in_crate(path, &["shell", "testing", "xtask"]));
    Ok(naming(
        files,
        &names,
        "only `shell` prints, reads the environment or exits; return a value",
    ))
}

pub(super) fn functions_are_pure(tree: &Tree) -> Result<Vec<Problem>> {
    let names = ["std::fs", "std::net", "std::time", "std::env", "now("];
    let files = rust_files(tree).filter(|(path, _)| path.starts_with("crates/functions/src/"));
    Ok(naming(
        files,
        &names,
        "a function may depend on its arguments only",
    ))
}

fn rust_files(tree: &Tree) -> impl Iterator<Item = (&str, &str)> {
    tree.files().filter(|(path, _)| path.ends_with(".rs"))
}

fn in_crate(path: &str, names: &[&str]) -> bool {
    names
        .iter()
        .any(|name| path.starts_with(&format!("crates/{name}/")))
}

/// The lines of code, outside comments and the tests at a file's end, that hold a name.
fn naming<'a>(
    files: impl Iterator<Item = (&'a str, &'a str)>,
    names: &[&str],
    message: &str,
) -> Vec<Problem> {
    files
        .flat_map(|(path, text)| {
            text.lines()
                .enumerate()
                .take_while(|(_, line)| *line != "#[cfg(test)]")
                .filter_map(move |(index, line)| {
                    let code = line.split("//").next().unwrap_or_default();
                    let name = names.iter().find(|name| holds(code, name))?;
                    let message = format!("`{}`: {message}", name.trim_end_matches('('));
                    Some(Problem::line(path, index, message))
                })
        })
        .collect()
}

/// True when the code holds the name and not only as the end of a longer one.
fn holds(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|before| before.is_alphanumeric() || before == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::super::messages;
    use super::*;

    #[test]
    fn a_file_must_say_what_it_is_for() -> Result<()> {
        let tree = Tree::of(&[
            ("crates/a/src/good.rs", "//! Does good.\n"),
            ("crates/a/src/bad.rs", "use std::fmt;\n//! Late.\n"),
            ("crates/a/tests/empty.rs", ""),
        ]);
        let expected = [
            "crates/a/src/bad.rs:1: say in a `//!` line what this file is for",
            "crates/a/tests/empty.rs:1: say in a `//!` line what this file is for",
        ];
        assert_eq!(messages(&opens_with_a_sentence(&tree)?), expected);
        Ok(())
    }

    #[test]
    fn six_hundred_lines_are_enough() -> Result<()> {
        let long = "x\n".repeat(601);
        let tree = Tree::of(&[
            ("crates/a/src/a.rs", &long[2..]),
            ("crates/a/src/b.rs", &long),
        ]);
        let expected = [
            "crates/a/src/b.rs: 601 lines; split it, or list the reason in xtask's tidy/source.rs",
        ];
        assert_eq!(messages(&is_not_too_long(&tree)?), expected);
        Ok(())
    }

    #[test]
    fn sessions_are_the_engine_s() -> Result<()> {
        let code = "//! A.\n// SessionContext is fine here\nlet s = SessionContext::new();\n";
        let tree = Tree::of(&[
            ("crates/engine/src/a.rs", code),
            ("crates/shell/src/a.rs", code),
        ]);
        let expected = [
            "crates/shell/src/a.rs:3: `SessionContext`: only `engine` builds a session; ask it for one",
        ];
        assert_eq!(messages(&only_engine_builds_a_session(&tree)?), expected);
        Ok(())
    }

    #[test]
    fn libraries_are_silent_except_in_their_tests() -> Result<()> {
        let code = "//! A.\nfn f() { println!(\"x\"); pretty_print!(x) }\n\n#[cfg(test)]\nmod tests { print!(\"x\") }\n";
        let tree = Tree::of(&[
            ("crates/ingest/src/a.rs", code),
            ("crates/ingest/tests/a.rs", code),
            ("crates/shell/src/a.rs", code),
        ]);
        let expected = [
            "crates/ingest/src/a.rs:2: `println!`: only `shell` prints, reads the environment or exits; return a value",
        ];
        assert_eq!(messages(&only_shell_speaks(&tree)?), expected);
        Ok(())
    }

    #[test]
    fn functions_do_not_look_at_the_clock() -> Result<()> {
        let code = "//! A.\nlet today = chrono::Utc::now();\nuse std::fs::File;\n";
        let tree = Tree::of(&[
            ("crates/functions/src/a.rs", code),
            ("crates/engine/src/a.rs", code),
        ]);
        assert_eq!(functions_are_pure(&tree)?.len(), 2);
        Ok(())
    }
}
