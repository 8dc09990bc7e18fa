//! The examples of the list of syntax: each does what its row says.

use std::sync::Arc;

use kouan_dialect::{Outcome, SYNTAX};
use libtest_mimic::{Failed, Trial};

use crate::session::{self, Session};

pub(crate) fn trials(session: &Arc<Session>) -> Vec<Trial> {
    SYNTAX
        .iter()
        .map(|syntax| {
            let session = Arc::clone(session);
            let name = format!("syntax::{}", syntax.name);
            Trial::test(name, move || {
                check(&session, syntax.example, syntax.outcome)
            })
        })
        .collect()
}

fn check(session: &Session, example: &str, expected: Outcome) -> Result<(), Failed> {
    let engine = session.engine()?;
    let answer = session.runtime.block_on(session::run(&engine, example));
    match (answer, expected) {
        (Ok(_), Outcome::Runs) => Ok(()),
        (Err(error), Outcome::Refused(message)) if error.message == message => Ok(()),
        (Ok(_), Outcome::Refused(_)) => Err(format!("{example} is not refused").into()),
        (Err(error), _) => Err(format!("{example}: {}", error.message).into()),
    }
}
