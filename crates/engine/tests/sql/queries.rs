//! Every saved query with its defaults, against the answer in `tests/queries`.

use std::fs;
use std::sync::Arc;

use kouan_engine::{EngineError, Queries, QueryFolder};
use libtest_mimic::{Failed, Trial};

use crate::session::{self, Session};

pub(crate) fn trials(session: &Arc<Session>) -> Vec<Trial> {
    let queries = Queries::load(&[QueryFolder::Embedded]);
    let problems = queries.problems.iter().map(|problem| {
        let problem = problem.to_string();
        Trial::test("queries::headers", move || Err(Failed::from(problem)))
    });
    let answers = queries.iter().map(|query| {
        let name = format!("{}/{}", query.topic, query.name);
        let session = Arc::clone(session);
        Trial::test(format!("queries::{name}"), move || check(&session, &name))
    });
    problems.chain(answers).collect()
}

fn check(session: &Session, name: &str) -> Result<(), Failed> {
    let engine = session.engine()?;
    let query = engine
        .queries()
        .find(name.rsplit('/').next().unwrap_or(name))?
        .clone();
    let rows = session.runtime.block_on(async {
        let answer = engine.run_query(&query, &[]).await?;
        session::collect(answer)
            .await
            .map_err(EngineError::Statement)
    })?;
    let answer = rows.written_as("csv")?;
    let file = session::root().join(format!("tests/queries/{name}.csv"));
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(&file, &answer)?;
    }
    let expected =
        fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    if answer == expected {
        return Ok(());
    }
    let difference = answer
        .lines()
        .zip(expected.lines())
        .position(|(ours, theirs)| ours != theirs);
    let line = difference.unwrap_or_else(|| answer.lines().count().min(expected.lines().count()));
    Err(Failed::from(format!(
        "line {} differs\n  expected: {}\n  answered: {}",
        line + 1,
        expected.lines().nth(line).unwrap_or("(no line)"),
        answer.lines().nth(line).unwrap_or("(no line)"),
    )))
}
