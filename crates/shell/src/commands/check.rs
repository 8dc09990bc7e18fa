//! `kouan check`: plans saved queries without reading data.

use std::path::Path;

use kouan_engine::{Queries, QueryFolder, SavedQuery};

use super::opened::{finish, shell};
use crate::arguments::Options;
use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::session::open;
use crate::session::shell::Shell;
use crate::show::listing::Listing;
use crate::verbs::saved_query::{check_query, checker};

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
