//! `kouan check`: plans saved queries without reading data.

use std::path::Path;
use std::sync::Arc;

use kouan_engine::{EngineError, Queries, QueryFolder, QueryProblem, SavedQuery};

use super::{finish, shell};
use crate::arguments::Options;
use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::listing::Listing;
use crate::shell::Shell;
use crate::words;

/// Checks the queries of a folder, or all that are found; every one, even when the first is wrong.
pub(crate) fn check(
    folder: Option<&Path>,
    options: &Options,
    environment: &Environment,
) -> Result<Exit, Failure> {
    let mut shell = shell(options, environment)?;
    let of_folder = folder.map(in_folder).transpose()?;
    let engine = Arc::clone(&shell.engine);
    let queries = of_folder.as_ref().unwrap_or_else(|| engine.queries());
    let mut listing = Listing::new(["query", "result"]);
    let mut exit = Exit::Done;
    let mut refused = |shell: &Shell, failure: &Failure| {
        exit = Exit::CheckFailed;
        shell.reporter.failure(failure);
    };
    for problem in &queries.problems {
        refused(&shell, &Failure::Engine(problem.clone().into()));
    }
    for query in queries.iter() {
        let result = match check_one(&shell, query)? {
            Ok(()) => "planned",
            Err(failure) => {
                refused(&shell, &failure);
                "refused"
            }
        };
        listing.row([Some(query.name.clone()), Some(result.to_string())]);
    }
    shell.show_rows(&listing.batch()?)?;
    finish(shell).map(|_| exit)
}

fn in_folder(folder: &Path) -> Result<Queries, Failure> {
    if folder.is_dir() {
        return Ok(Queries::load(&[QueryFolder::Disk(folder.to_path_buf())]));
    }
    let hint = "`check` takes a folder of .sql files".to_string();
    let message = format!("there is no folder {}", folder.display());
    Err(Failure::Usage(message, Some(hint)))
}

/// What is wrong with a query; the outer failure is Ctrl-C.
fn check_one(shell: &Shell, query: &SavedQuery) -> Result<Result<(), Failure>, Failure> {
    let examples: Result<Vec<_>, String> = query
        .examples
        .iter()
        .map(|example| words::values(&words::split(example)?))
        .collect();
    let path = query
        .text
        .name
        .as_deref()
        .unwrap_or(&query.name)
        .to_string();
    let examples = match examples {
        Ok(examples) => examples,
        Err(reason) => {
            let problem = QueryProblem::Header {
                path,
                line: 1,
                reason,
            };
            return Ok(Err(Failure::Engine(problem.into())));
        }
    };
    let (engine, asked) = (Arc::clone(&shell.engine), query.clone());
    let checked = shell.wait(async move { engine.check_query(&asked, &examples).await })?;
    Ok(checked.map_err(|error| match error {
        EngineError::Statement(error) => Failure::Statement(query.text.clone(), error),
        EngineError::Parameters(problems) => Failure::Engine(EngineError::Parameters(
            problems
                .into_iter()
                .map(|problem| format!("{path}: {problem}"))
                .collect(),
        )),
        other => Failure::Engine(other),
    }))
}
