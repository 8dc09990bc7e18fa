//! The SQL example in each function's documentation: it runs, and answers what it shows.

use std::sync::Arc;

use kouan_functions::{Function, PlaceSource};
use libtest_mimic::{Failed, Trial};

use crate::session::{self, Session};

pub(crate) fn trials(session: &Arc<Session>) -> Vec<Trial> {
    kouan_functions::all(&PlaceSource::none())
        .into_iter()
        .map(|function| {
            let session = Arc::clone(session);
            let name = format!("examples::{}", function.name());
            Trial::test(name, move || check(&session, &function))
        })
        .collect()
}

fn check(session: &Session, function: &Function) -> Result<(), Failed> {
    let documentation = function.documentation().ok_or("it has no documentation")?;
    for example in kouan_functions::examples(documentation)? {
        let engine = session.engine()?;
        let rows = session
            .runtime
            .block_on(session::run(&engine, &example.sql))?;
        let answer = arrow::util::pretty::pretty_format_batches(&rows.batches)?.to_string();
        if answer != example.expected {
            let (sql, expected) = (example.sql, example.expected);
            return Err(Failed::from(format!(
                "{sql}\ndocumented:\n{expected}\nanswered:\n{answer}"
            )));
        }
    }
    Ok(())
}
