//! `kouan check`: plans saved queries without reading data.

use std::path::Path;
use std::sync::Arc;

use kouan_engine::{Checker, EngineError, Queries, QueryFolder, SavedQuery};

use super::{finish, shell};
use crate::arguments::Options;
use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::listing::Listing;
use crate::open;
use crate::shell::Shell;

/// Checks the queries of a folder, or all that are found; every one, even when the first is wrong.
pub(super) fn check(
    folder: Option<&Path>,
    options: &Options,
    environment: &Environment,
) -> Result<Exit, Failure> {
    let mut shell = shell(&looking_in(folder, options, environment)?, environment)?;
    let queries = shell.engine.queries();
    let checker = checker(&shell);
    let mut listing = Listing::new(["query", "result"]);
    let mut exit = Exit::Done;
    let mut refused = |shell: &Shell, failure: &Failure| {
        exit = Exit::CheckFailed;
        shell.reporter.failure(failure);
    };
    for problem in &queries.problems {
        refused(&shell, &Failure::Engine(problem.clone().into()));
    }
    for query in of_folder(&queries, folder) {
        let result = match check_query(&shell, &checker, query)? {
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

/// The options with a folder in front of the others, so that its queries find one another; one that lies in a
/// folder of queries is found without.
pub(super) fn looking_in(
    folder: Option<&Path>,
    options: &Options,
    environment: &Environment,
) -> Result<Options, Failure> {
    let mut options = options.clone();
    let Some(folder) = folder else {
        return Ok(options);
    };
    let known = open::query_folders(&options, environment)?;
    let holds_it = |known: &QueryFolder| match known {
        QueryFolder::Disk(known) => lies_in(folder, known),
        QueryFolder::Embedded => false,
    };
    if !known.iter().any(holds_it) {
        options.queries.insert(0, folder.to_path_buf());
    }
    Ok(options)
}

/// The queries of a folder, or all that were found.
pub(super) fn of_folder<'q>(
    queries: &'q Queries,
    folder: Option<&'q Path>,
) -> impl Iterator<Item = &'q SavedQuery> {
    let is_asked = move |query: &&SavedQuery| match (folder, &query.file) {
        (None, _) => true,
        (Some(folder), Some(file)) => lies_in(file, folder),
        (Some(_), None) => false,
    };
    queries.iter().filter(is_asked)
}

fn lies_in(path: &Path, folder: &Path) -> bool {
    match (path.canonicalize(), folder.canonicalize()) {
        (Ok(path), Ok(folder)) => path.starts_with(folder),
        _ => false,
    }
}

/// Checks the queries of a session.
pub(crate) fn checker(shell: &Shell) -> Arc<Checker> {
    Arc::new(shell.engine.checker())
}

/// What is wrong with a query; the outer failure is Ctrl-C.
pub(crate) fn check_query(
    shell: &Shell,
    checker: &Arc<Checker>,
    query: &SavedQuery,
) -> Result<Result<(), Failure>, Failure> {
    let (checker, asked) = (Arc::clone(checker), query.clone());
    let checked = shell.wait(async move { checker.check(&asked).await })?;
    Ok(checked.map_err(|error| of_query(query, error)))
}

/// A failure of a saved query, with its own file as the place.
pub(crate) fn of_query(query: &SavedQuery, error: EngineError) -> Failure {
    match error {
        EngineError::Statement(error) => Failure::Statement(query.text.clone(), error),
        other => Failure::Engine(other),
    }
}
