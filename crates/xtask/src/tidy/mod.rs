//! `cargo xtask tidy`: the rules of the house, each a function over the tree of files.

mod dependencies;
mod folders;
mod functions;
mod names;
mod package;
mod queries;
mod source;
mod text;

use std::fmt;
use std::path::Path;

use anyhow::{Context, Result};

use crate::tree::Tree;

/// A rule, named as a person would say it.
struct Rule {
    says: &'static str,
    check: fn(&Tree) -> Result<Vec<Problem>>,
}

/// Every rule. A new one is a function in this folder and a row here.
const RULES: &[Rule] = &[
    Rule {
        says: "every Rust file opens with a `//!` sentence",
        check: source::opens_with_a_sentence,
    },
    Rule {
        says: "no Rust file is longer than 600 lines without a listed reason",
        check: source::is_not_too_long,
    },
    Rule {
        says: "only `engine` builds a session",
        check: source::only_engine_builds_a_session,
    },
    Rule {
        says: "only `shell` prints, reads the environment or exits",
        check: source::only_shell_speaks,
    },
    Rule {
        says: "functions are pure: no files, network, clock or environment",
        check: source::functions_are_pure,
    },
    Rule {
        says: "crates depend on each other in one direction",
        check: dependencies::layers,
    },
    Rule {
        says: "`words`, `schema`, `ingest`, `describe` and `render` build without DataFusion",
        check: dependencies::without_datafusion,
    },
    Rule {
        says: "arrow, parquet, datafusion, sqlparser and object_store are there once",
        check: dependencies::one_version,
    },
    Rule {
        says: "listed crates have at most ten files and folders in `src/`",
        check: folders::entries_are_few,
    },
    Rule {
        says: "in listed crates no files import one another in a circle",
        check: folders::imports_have_a_direction,
    },
    Rule {
        says: "types and files of `functions` and `fused` have names of their own",
        check: names::are_unique,
    },
    Rule {
        says: "every function has a file of SQL tests, and the other way round",
        check: functions::have_sql_tests,
    },
    Rule {
        says: "`datapackage.json` names every schema and data file, and they exist",
        check: package::names_its_files,
    },
    Rule {
        says: "every table has a file of SQL tests, and the other way round",
        check: package::tables_have_sql_tests,
    },
    Rule {
        says: "every query is named after its file, once",
        check: queries::are_named_after_their_files,
    },
    Rule {
        says: "every query has an expected answer, and the other way round",
        check: queries::have_expected_answers,
    },
    Rule {
        says: "no recomputation of the audit reads `paper.claims`",
        check: queries::recompute_without_the_claims,
    },
    Rule {
        says: "text has no tabs, trailing blanks or carriage returns, and ends with a line feed",
        check: text::is_clean,
    },
];

/// A place that breaks a rule.
#[derive(Debug, PartialEq, Eq)]
struct Problem {
    path: String,
    line: Option<usize>,
    message: String,
}

impl Problem {
    fn file(path: &str, message: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line: None,
            message: message.into(),
        }
    }

    /// A problem in the line of this index, from 0.
    fn line(path: &str, index: usize, message: impl Into<String>) -> Self {
        Self {
            line: Some(index + 1),
            ..Self::file(path, message)
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.path, self.message),
            None => write!(f, "{}: {}", self.path, self.message),
        }
    }
}

/// Problems as they are printed, for tests of the rules.
#[cfg(test)]
fn messages(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(Problem::to_string).collect()
}

pub(crate) fn run(root: &Path) -> Result<bool> {
    let tree = Tree::read(root)?;
    let mut broken = 0;
    for rule in RULES {
        let problems =
            (rule.check)(&tree).with_context(|| format!("cannot check that {}", rule.says))?;
        if problems.is_empty() {
            continue;
        }
        broken += 1;
        eprintln!("rule broken: {}", rule.says);
        for problem in problems {
            eprintln!("  {problem}");
        }
    }
    match broken {
        0 => println!("tidy: {} rules hold", RULES.len()),
        _ => eprintln!("tidy: {broken} of {} rules are broken", RULES.len()),
    }
    Ok(broken == 0)
}
