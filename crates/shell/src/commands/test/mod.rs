//! `kouan test`: runs saved queries with their examples and holds the answers against what is expected.
//!
//! The expected answer of `queries/<topic>/<name>.sql` is `tests/queries/<topic>/<name>.csv`, in the folder that
//! the queries' own folder lies in; that of a second way to run it `<name>.2.csv`.

mod golden;
mod junit;
mod outcome;

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use kouan_engine::{EngineError, Queries, SavedQuery, quote_word};

use self::outcome::Outcome;
use super::check::{looking_in, of_folder};
use super::opened::{finish, shell};
use crate::arguments::Options;
use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::session::shell::Shell;
use crate::show::answers::{collect, text};
use crate::show::listing::Listing;
use crate::verbs::saved_query::{check_query, checker, of_query};

/// What to test, and what to do with the answers.
pub(crate) struct Asked<'a> {
    /// The folder of queries, unless all that are found.
    pub(crate) folder: Option<&'a Path>,
    /// The present answers become the expected ones.
    pub(crate) bless: bool,
    /// Where the outcome goes as JUnit XML.
    pub(crate) junit: Option<&'a Path>,
}

/// One way to run a query.
struct Case<'q> {
    query: &'q SavedQuery,
    given: &'q [(String, String)],
    /// Which of the query's ways it is, from 1.
    number: usize,
}

/// The result of a case that passed all but had no answer to compare with.
const UNHELD: &str = "no expected answer";

/// Tests every case, even when the first fails.
pub(super) fn test(
    asked: &Asked<'_>,
    options: &Options,
    environment: &Environment,
) -> Result<Exit, Failure> {
    let options = looking_in(asked.folder, options, environment)?;
    test_in(shell(&options, environment)?, asked)
}

/// The same in a session that is open.
pub(crate) fn test_in(mut shell: Shell, asked: &Asked<'_>) -> Result<Exit, Failure> {
    let queries = shell.engine.queries();
    let checker = checker(&shell);
    let mut outcomes: Vec<Outcome> = queries.problems.iter().map(Outcome::of_file).collect();
    for query in of_folder(&queries, asked.folder) {
        match check_query(&shell, &checker, query)? {
            Err(failure) => outcomes.push(Outcome::refused(query, failure)),
            Ok(()) => {
                for case in cases(query) {
                    outcomes.push(try_case(&shell, &case, asked.bless)?);
                }
            }
        }
    }
    let mut listing = Listing::new(["topic", "query", "values", "result"]);
    for outcome in &outcomes {
        for failure in &outcome.failures {
            shell.reporter.failure(failure);
        }
        listing.row([
            Some(outcome.topic.clone()),
            Some(outcome.name.clone()),
            Some(outcome.values.clone()).filter(|values| !values.is_empty()),
            Some(outcome.result.to_string()),
        ]);
    }
    shell.show_rows(&listing.batch()?)?;
    let failed = outcomes
        .iter()
        .filter(|outcome| !outcome.failures.is_empty());
    let failed = failed.count();
    let passed = outcomes.len() - failed;
    let unheld = outcomes.iter().filter(|outcome| outcome.result == UNHELD);
    let unheld = match unheld.count() {
        0 => String::new(),
        several => format!(", {several} of them held against {UNHELD}"),
    };
    shell
        .reporter
        .summary(format_args!("{passed} passed{unheld}, {failed} failed"));
    for file in answers_of_none(&queries, asked.folder) {
        let said = format!("{} is the answer of no query or example", file.display());
        shell.reporter.note(said);
    }
    if let Some(file) = asked.junit {
        let failed = |error| Failure::File(format!("cannot write {}", file.display()), error);
        fs::write(file, junit::report(&outcomes)).map_err(failed)?;
    }
    let exit = if failed == 0 {
        Exit::Done
    } else {
        Exit::CheckFailed
    };
    finish(shell).map(|_| exit)
}

/// Expected answers whose query or example is gone.
fn answers_of_none(queries: &Queries, folder: Option<&Path>) -> Vec<PathBuf> {
    let asked: Vec<&SavedQuery> = of_folder(queries, folder).collect();
    let known: HashSet<PathBuf> = asked
        .iter()
        .flat_map(|query| cases(query))
        .filter_map(|case| case.expected_answer())
        .collect();
    let folders: BTreeSet<&Path> = known.iter().filter_map(|file| file.parent()).collect();
    let entries = folders
        .into_iter()
        .filter_map(|folder| fs::read_dir(folder).ok());
    let files = entries
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()));
    let is_answer = |file: &PathBuf| file.extension().is_some_and(|ending| ending == "csv");
    let mut files: Vec<PathBuf> = files
        .filter(|file| is_answer(file) && !known.contains(file))
        .collect();
    files.sort();
    files
}

/// With defaults if it has them for all that it takes, then with each example.
fn cases(query: &SavedQuery) -> Vec<Case<'_>> {
    let alone = query.runs_alone().then_some(&[][..]);
    let examples = query
        .examples
        .iter()
        .map(|example| example.given.as_slice());
    let ways = alone.into_iter().chain(examples).enumerate();
    ways.map(|(place, given)| Case {
        query,
        given,
        number: place + 1,
    })
    .collect()
}

/// Runs a case; the failure is Ctrl-C.
fn try_case(shell: &Shell, case: &Case<'_>, bless: bool) -> Result<Outcome, Failure> {
    let started = Instant::now();
    let (engine, query) = (Arc::clone(&shell.engine), case.query.clone());
    let given = case.given.to_vec();
    let answered = shell.wait_for_answer(async move {
        let answer = engine.run_query(&query, &given).await?;
        let (schema, rows) = collect(answer).await?;
        let unmet = engine.unmet(&query, &given, &schema, &rows).await?;
        Ok::<_, EngineError>((schema, rows, unmet))
    })?;
    let (mut result, mut failures) = ("failed", Vec::new());
    match answered {
        Err(error) => failures.push(of_query(case.query, error)),
        Ok((schema, rows, unmet)) => {
            if !unmet.is_empty() {
                failures.push(Failure::Engine(EngineError::QueryProblems(unmet)));
            }
            match compare(case, &schema, &rows, bless) {
                Ok(compared) => result = compared,
                Err(failure) => failures.push(failure),
            }
        }
    }
    Ok(Outcome {
        topic: case.query.topic.clone(),
        name: case.query.name.clone(),
        values: case.values(),
        result: if failures.is_empty() {
            result
        } else {
            "failed"
        },
        failures,
        took: started.elapsed(),
    })
}

/// Holds an answer against the expected one, or makes it the expected one.
fn compare(
    case: &Case<'_>,
    schema: &SchemaRef,
    rows: &[RecordBatch],
    bless: bool,
) -> Result<&'static str, Failure> {
    let Some(file) = case.expected_answer() else {
        return Ok(UNHELD);
    };
    let answered = text("csv", schema, rows)?;
    let cannot = |what: &str| {
        let what = format!("cannot {what} {}", file.display());
        move |error| Failure::File(what, error)
    };
    let expected = match fs::read_to_string(&file) {
        Ok(expected) => Some(expected),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(cannot("read")(error)),
    };
    let difference = match &expected {
        Some(expected) => golden::difference(expected, &answered, schema, case.query.is_ordered()?),
        None if bless => Some(String::new()),
        None => return Ok(UNHELD),
    };
    match difference {
        None => Ok("passed"),
        Some(_) if bless => {
            let folder = file.parent().unwrap_or_else(|| Path::new(""));
            fs::create_dir_all(folder)
                .and_then(|()| fs::write(&file, answered))
                .map_err(cannot("write"))?;
            Ok("blessed")
        }
        Some(difference) => Err(Failure::Usage(
            format!(
                "{} answers other than {} (- expected, + answered)\n{difference}",
                case.command(),
                file.display()
            ),
            Some("if the new answer is right, `kouan test --bless` keeps it".to_string()),
        )),
    }
}

impl Case<'_> {
    fn values(&self) -> String {
        let words = self
            .given
            .iter()
            .map(|(name, value)| format!("{name}={}", quote_word(value)));
        words.collect::<Vec<_>>().join(" ")
    }

    fn command(&self) -> String {
        format!("`run {} {}", self.query.name, self.values())
            .trim_end()
            .to_string()
            + "`"
    }

    fn expected_answer(&self) -> Option<PathBuf> {
        let folder = self.query.folder()?;
        let name = match self.number {
            1 => format!("{}.csv", self.query.name),
            number => format!("{}.{number}.csv", self.query.name),
        };
        let beside = folder.parent()?.join("tests").join(folder.file_name()?);
        Some(beside.join(&self.query.topic).join(name))
    }
}
