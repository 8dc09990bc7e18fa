//! Random tables and questions, answered with aggregations fused and not: the answers must be the same.
//!
//! `KOUAN_FUSED_TABLES` sets how many tables are made, `KOUAN_FUSED_SEED` the first of their seeds.

mod grammar;
mod plans;
mod questions;
mod tables;

use std::env;
use std::sync::Arc;

use arrow::util::display::{ArrayFormatter, FormatOptions};
use fastrand::Rng;
use kouan_engine::Engine;
use libtest_mimic::{Failed, Trial};
use plans::{cancelled_queries_stop, damaged_files_are_errors, plans_say_so};
use questions::{SMALL_TABLES, question};
use tables::write;
use tempfile::TempDir;

use crate::session::{self, Session};

const TABLES: u64 = 48;
const QUESTIONS: usize = 20;
const TRIALS: u64 = 4;

pub(crate) fn trials(session: &Arc<Session>) -> Vec<Trial> {
    let number = |name: &str, default: u64| {
        env::var(name)
            .ok()
            .and_then(|text| text.parse().ok())
            .unwrap_or(default)
    };
    let (tables, seed) = (
        number("KOUAN_FUSED_TABLES", TABLES),
        number("KOUAN_FUSED_SEED", 0),
    );
    let trial = |part: u64| {
        let session = Arc::clone(session);
        Trial::test(format!("fused::same_answers_{part}"), move || {
            let mut outcome = Outcome::default();
            for table in (0..tables).filter(|table| table % TRIALS == part) {
                compare(&session, seed + table, &mut outcome)?;
            }
            outcome.judged()
        })
    };
    let others = [
        (
            "fused::plans_say_so",
            plans_say_so as fn(&Session) -> Result<(), Failed>,
        ),
        ("fused::damaged_files_are_errors", damaged_files_are_errors),
        ("fused::cancelled_queries_stop", cancelled_queries_stop),
    ];
    let others = others.map(|(name, test)| {
        let session = Arc::clone(session);
        Trial::test(name, move || test(&session))
    });
    (0..TRIALS).map(trial).chain(others).collect()
}

/// Answers in text, sorted: groups come in any order.
pub(crate) async fn answer(engine: &Arc<Engine>, sql: &str) -> Result<Vec<Vec<String>>, String> {
    let rows = session::run(engine, sql)
        .await
        .map_err(|error| error.message.clone())?;
    let options = FormatOptions::default().with_null("NULL");
    let mut lines = Vec::new();
    for batch in &rows.batches {
        let columns: Vec<_> = batch
            .columns()
            .iter()
            .map(|column| ArrayFormatter::try_new(column, &options).expect("a type that is shown"))
            .collect();
        for row in 0..batch.num_rows() {
            lines.push(
                columns
                    .iter()
                    .map(|column| column.value(row).to_string())
                    .collect(),
            );
        }
    }
    lines.sort();
    Ok(lines)
}

/// Equal texts, or numbers that differ by rounding only.
fn alike(one: &str, two: &str) -> bool {
    let numbers = one.parse::<f64>().ok().zip(two.parse::<f64>().ok());
    one == two
        || numbers.is_some_and(|(one, two)| {
            let size = one.abs().max(two.abs()).max(1.0);
            (one.is_nan() && two.is_nan()) || (one - two).abs() <= size * 1e-9
        })
}

/// What became of the questions of a trial.
#[derive(Default)]
struct Outcome {
    asked: usize,
    answered: usize,
    differing: Vec<String>,
}

impl Outcome {
    fn judged(&self) -> Result<(), Failed> {
        let (asked, answered) = (self.asked, self.answered);
        if let Some(first) = self.differing.first() {
            let differing = self.differing.len();
            return Err(
                format!("{differing} of {asked} answers differ, the first: {first}").into(),
            );
        }
        // Questions that are refused, as for a number beyond its type, show nothing.
        match answered * 4 >= asked * 3 {
            true => Ok(()),
            false => Err(format!("{answered} of {asked} questions have an answer").into()),
        }
    }
}

/// Asks questions of random tables.
fn compare(session: &Session, seed: u64, outcome: &mut Outcome) -> Result<(), Failed> {
    let mut random = Rng::with_seed(seed);
    let folder = TempDir::new()?;
    for file in 0..random.usize(1..4) {
        write(&mut random, &folder.path().join(format!("{file}.parquet")));
    }
    let engine = session.engine()?;
    session.runtime.block_on(async {
        let place = folder.path().display();
        session::run(
            &engine,
            &format!("CREATE EXTERNAL TABLE t STORED AS PARQUET LOCATION '{place}/'"),
        )
        .await?;
        // By statistics, which leave NaN out, DataFusion passes over row groups in which it is the greatest.
        session::run(
            &engine,
            "SET datafusion.optimizer.enable_topk_dynamic_filter_pushdown = false",
        )
        .await?;
        for sql in SMALL_TABLES {
            session::run(&engine, sql).await?;
        }
        session::run(&engine, "CREATE TABLE in_memory AS SELECT * FROM t").await?;
        for _ in 0..QUESTIONS {
            let mut sql = question(&mut random);
            if random.u8(..) < 50 {
                sql = sql.replace("FROM t", "FROM in_memory AS t");
            }
            session::run(&engine, "SET kouan.fused = true").await?;
            let fused = answer(&engine, &sql).await;
            session::run(&engine, "SET kouan.fused = false").await?;
            let plain = answer(&engine, &sql).await;
            outcome.asked += 1;
            outcome.answered += usize::from(plain.is_ok());
            let same = match (&fused, &plain) {
                (Ok(fused), Ok(plain)) => {
                    let cells = |lines: &Vec<Vec<String>>| {
                        lines.iter().flatten().cloned().collect::<Vec<_>>()
                    };
                    let (fused, plain) = (cells(fused), cells(plain));
                    fused.len() == plain.len()
                        && fused.iter().zip(&plain).all(|(one, two)| alike(one, two))
                }
                // Either may meet another of the values that an expression fails on.
                (Err(_), Err(_)) => true,
                // An outer join that adds neither rows nor columns is left out with its key.
                (Ok(_), Err(_)) => sql.contains("LEFT JOIN"),
                (Err(_), Ok(_)) => false,
            };
            if !same {
                outcome.differing.push(format!(
                    "seed {seed}: {sql}\n fused {fused:?}\n plain {plain:?}"
                ));
            }
        }
        Ok(())
    })
}
