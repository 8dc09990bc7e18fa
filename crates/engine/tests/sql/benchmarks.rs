//! The statements that `cargo bench --bench functions` times: each function has one, and all of them run.

#[path = "../../benches/functions/lines.rs"]
mod lines;

use std::collections::HashSet;
use std::sync::Arc;

use kouan_functions::{Function, PlaceSource};
use libtest_mimic::{Failed, Trial};

use crate::session::{self, Session};

pub(crate) fn trials(session: &Arc<Session>) -> Vec<Trial> {
    let session = Arc::clone(session);
    vec![
        Trial::test(
            "benchmarks::every_function_has_a_line",
            every_function_has_a_line,
        ),
        Trial::test("benchmarks::lines_run", move || run(&session)),
    ]
}

fn every_function_has_a_line() -> Result<(), Failed> {
    let timed: HashSet<_> = lines::LINES.iter().map(|line| line.function).collect();
    let functions = kouan_functions::all(&PlaceSource::none());
    let names: HashSet<_> = functions.iter().map(Function::name).collect();
    let different: Vec<_> = names.symmetric_difference(&timed).collect();
    if !different.is_empty() || timed.len() != lines::LINES.len() {
        return Err(
            format!("benches/functions/lines.rs differs from the list: {different:?}").into(),
        );
    }
    Ok(())
}

/// Each on some rows: a peer that answered less than the function would make it look slow.
fn run(session: &Session) -> Result<(), Failed> {
    let engine = session.engine()?;
    session.runtime.block_on(async {
        for sql in lines::tables(2000, 100) {
            session::run(&engine, &sql).await?;
        }
        for line in lines::LINES {
            let count = |batches: &[arrow::array::RecordBatch]| -> usize {
                batches.iter().map(|batch| batch.num_rows()).sum()
            };
            let rows = count(&session::run(&engine, line.sql).await?.batches);
            let Some(peer) = &line.against else { continue };
            let others = count(&session::run(&engine, peer.sql).await?.batches);
            if rows == 0 || rows != others {
                let (function, name) = (line.function, peer.name);
                return Err(format!("{function} gives {rows} rows, {name} {others}").into());
            }
        }
        Ok(())
    })
}
