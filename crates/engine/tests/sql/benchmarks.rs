//! What benchmarks time: the statement of each function runs, and the questions of movements are answered alike by all
//! that run here.

#[path = "../../benches/movements/answers.rs"]
mod answers;
#[path = "../../benches/functions/tables.rs"]
mod functions;
#[path = "../../benches/movements/questions.rs"]
mod questions;
#[path = "../../benches/movements/statement.rs"]
mod statement;
#[path = "../../benches/movements/tables.rs"]
mod tables;

use std::sync::Arc;

use kouan_functions::PlaceSource;
use libtest_mimic::{Failed, Trial};
use tempfile::TempDir;

use crate::fused::answer;
use crate::session::{self, Session};

pub(crate) fn trials(session: &Arc<Session>) -> Vec<Trial> {
    let (session, movements) = (Arc::clone(session), Arc::clone(session));
    vec![
        Trial::test("benchmarks::functions_run", move || run(&session)),
        Trial::test("benchmarks::movements_are_asked", move || ask(&movements)),
    ]
}

/// Each on some rows: a peer that answered less than the function would make it look slow.
fn run(session: &Session) -> Result<(), Failed> {
    let engine = session.engine()?;
    session.runtime.block_on(async {
        for sql in functions::tables(2000, 100) {
            session::run(&engine, &sql).await?;
        }
        for function in kouan_functions::all(&PlaceSource::none()) {
            let name = function.name();
            let line = function.benchmark().ok_or(name)?;
            let count = |batches: &[arrow::array::RecordBatch]| -> usize {
                batches.iter().map(|batch| batch.num_rows()).sum()
            };
            let rows = count(&session::run(&engine, line.sql).await?.batches);
            if rows == 0 || !line.sql.contains(name) {
                return Err(format!("the benchmark of {name} gives {rows} rows").into());
            }
            let Some(peer) = line.peer else { continue };
            let others = count(&session::run(&engine, peer.sql).await?.batches);
            if rows != others {
                let peer = peer.name;
                return Err(format!("{name} gives {rows} rows, {peer} {others}").into());
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
