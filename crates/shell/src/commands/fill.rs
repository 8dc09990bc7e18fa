//! `kouan fill`: writes the answers of saved queries into a Markdown page.
//!
//! ```text
//! <!-- kouan run table1 -->
//! …what stands here is replaced by the answer…
//! <!-- end -->
//! ```

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kouan_engine::{EngineError, named_values, split_words};

use super::opened::{finish, shell};
use crate::arguments::Options;
use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::session::shell::Shell;
use crate::show::answers::{collect, text};
use crate::verbs::saved_query::of_query;
use crate::verbs::source::read_file;

const BEGIN: &str = "<!-- kouan run ";
const BEGIN_END: &str = "-->";
const END: &str = "<!-- end -->";

/// Fills pages, or with `only_check` says which are out of date.
pub(super) fn fill(
    pages: &[PathBuf],
    only_check: bool,
    options: &Options,
    environment: &Environment,
) -> Result<Exit, Failure> {
    fill_in(shell(options, environment)?, pages, only_check)
}

/// The same in a session that is open.
pub(crate) fn fill_in(shell: Shell, pages: &[PathBuf], only_check: bool) -> Result<Exit, Failure> {
    let mut exit = Exit::Done;
    for page in pages {
        let present = read_file(page)?.text;
        let filled = filled(&shell, page, &present)?;
        if *filled == *present {
            continue;
        }
        if only_check {
            exit = Exit::CheckFailed;
            shell.reporter.failure(&Failure::Usage(
                format!("{} is out of date", page.display()),
                Some("`kouan fill` writes its answers anew".to_string()),
            ));
        } else {
            let failed = |error| Failure::File(format!("cannot write {}", page.display()), error);
            fs::write(page, filled).map_err(failed)?;
        }
    }
    finish(shell).map(|_| exit)
}

/// The page with the present answers.
fn filled(shell: &Shell, page: &Path, text: &str) -> Result<String, Failure> {
    let mut filled = String::with_capacity(text.len());
    let mut lines = text.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        filled.push_str(line);
        filled.push('\n');
        let Some(call) = call(line) else {
            continue;
        };
        if !lines.any(|(_, line)| line.trim() == END) {
            return Err(Failure::Usage(
                format!("{}:{}: this place has no end", page.display(), number + 1),
                Some(format!("put a line `{END}` after it")),
            ));
        }
        filled.push_str(&format!("\n{}\n{END}\n", answer(shell, call)?));
    }
    Ok(filled)
}

/// The query and its values, where a line calls for an answer.
fn call(line: &str) -> Option<&str> {
    line.trim().strip_prefix(BEGIN)?.strip_suffix(BEGIN_END)
}

/// A query's answer as a Markdown table.
fn answer(shell: &Shell, call: &str) -> Result<String, Failure> {
    let words = split_words(call).map_err(Failure::usage)?;
    let (name, values) = words
        .split_first()
        .ok_or_else(|| Failure::usage(format!("`{BEGIN}` needs the name of a saved query")))?;
    let given = named_values(values).map_err(EngineError::Parameters)?;
    let query = shell.engine.queries().find(name)?.clone();
    let (engine, asked) = (Arc::clone(&shell.engine), query.clone());
    let answered = shell.wait_for_answer(async move {
        let answer = engine.run_query(&asked, &given).await?;
        Ok::<_, EngineError>(collect(answer).await?)
    })?;
    let (schema, rows) = answered.map_err(|error| of_query(&query, error))?;
    text("markdown", &schema, &rows)
}
