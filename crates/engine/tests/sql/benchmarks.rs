//! What benchmarks time: each function has a statement, and the questions of movements are answered alike by all
//! that run here.

#[path = "../../benches/movements/answers.rs"]
mod answers;
#[path = "../../benches/functions/lines.rs"]
mod lines;
#[path = "../../benches/movements/questions.rs"]
mod questions;
#[path = "../../benches/movements/statement.rs"]
mod statement;
#[path = "../../benches/movements/tables.rs"]
mod tables;

use std::collections::HashSet;
use std::sync::Arc;

use kouan_functions::{Function, PlaceSource};
use libtest_mimic::{Failed, Trial};
use tempfile::TempDir;

use crate::fused::answer;
use crate::session::{self, Session};

pub(crate) fn trials(session: &Arc<Session>) -> Vec<Trial> {
    let (session, movements) = (Arc::clone(session), Arc::clone(session));
    vec![
        Trial::test(
            "benchmarks::every_function_has_a_line",
            every_function_has_a_line,
        ),
        Trial::test("benchmarks::lines_run", move || run(&session)),
        Trial::test("benchmarks::movements_are_asked", move || ask(&movements)),
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

/// Each question has rows, the same ones with fused operators, which its plan has, without, and in plain SQL.
fn ask(session: &Session) -> Result<(), Failed> {
    let folder = TempDir::new()?;
    let text = |error: Box<dyn std::error::Error>| Failed::from(error.to_string());
    session.runtime.block_on(async {
        let engine = session.engine()?;
        let ports = tables::ports(&engine).await.map_err(text)?;
        let movements: Vec<_> = tables::movements(&ports, 70_000).collect();
        let schema = movements[0].as_ref().map_err(ToString::to_string)?.schema();
        for (name, schema, batches) in [
            ("movements", schema, movements),
            ("movement_ports", ports.schema(), vec![Ok(ports)]),
        ] {
            let path = folder.path().join(format!("{name}.parquet"));
            tables::write(&path, schema, batches.into_iter()).map_err(text)?;
            let path = path.display();
            let sql = format!("CREATE EXTERNAL TABLE {name} STORED AS PARQUET LOCATION '{path}'");
            session::run(&engine, &sql).await?;
        }
        for question in questions::ONE_TABLE
            .iter()
            .chain(&questions::JOINS_AND_FUNCTIONS)
        {
            let mut both = Vec::new();
            for fused in [true, false] {
                session::run(&engine, &format!("SET kouan.fused = {fused}")).await?;
                let plan = answer(&engine, &format!("EXPLAIN {}", question.sql)).await?;
                let is_fused = plan.iter().flatten().any(|line| line.contains("Fused"));
                if is_fused != fused {
                    return Err(format!("{}: {plan:?}", question.name).into());
                }
                let batches = session::run(&engine, question.sql).await?.batches;
                both.push(answers::rows(&batches)?);
            }
            let (Some(stock), Some(fused)) = (both.pop(), both.pop()) else {
                return Err("no answers".into());
            };
            if fused.is_empty() {
                return Err(format!("{} has no rows", question.name).into());
            }
            // Trigonometry is not part of kouan's SQL.
            let plain = question.plain.filter(|sql| !sql.contains("asin("));
            let plain = match plain {
                Some(sql) => answers::rows(&session::run(&engine, sql).await?.batches)?,
                None => stock.clone(),
            };
            for other in [stock, plain] {
                if let Some(difference) = answers::difference(fused.clone(), other) {
                    return Err(format!("{}: {difference}", question.name).into());
                }
            }
        }
        Ok(())
    })
}
