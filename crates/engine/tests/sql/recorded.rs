//! `tests/differential/recorded`: statements over small tables with DuckDB's answers, asked on 1, 2 and 16 partitions, with
//! aggregations fused over Parquet files, and not fused over tables in memory.
//!
//! `tests/differential/recorded.py` writes the files and says what is in them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::util::display::{ArrayFormatter, FormatOptions};
use kouan_engine::Engine;
use libtest_mimic::{Failed, Trial};
use tempfile::TempDir;

use crate::session::{self, Session};

const PARTITIONS: [usize; 3] = [1, 2, 16];

pub(crate) fn trials(session: &Arc<Session>) -> Vec<Trial> {
    let folder = session::root().join("tests/differential/recorded");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    files.sort();
    files
        .into_iter()
        .flat_map(|file| [(file.clone(), true), (file, false)])
        .map(|(file, fused)| {
            let session = Arc::clone(session);
            let name = file.file_stem().unwrap_or_default().display();
            let kind = if fused {
                "recorded"
            } else {
                "recorded_not_fused"
            };
            Trial::test(format!("{kind}::{name}"), move || {
                check(&session, &file, fused)
            })
        })
        .collect()
}

/// Asks all questions of a file and tells every one that is answered otherwise.
fn check(session: &Session, file: &Path, fused: bool) -> Result<(), Failed> {
    let text = std::fs::read_to_string(file)?;
    let mut wrong = Vec::new();
    let mut asked = 0;
    session.runtime.block_on(async {
        let mut engine = session.engine()?;
        let folder = TempDir::new()?;
        for (number, block) in blocks(&text).enumerate() {
            if block.head == "tables" {
                let place = folder.path().join(number.to_string());
                engine = if fused {
                    in_files(session, block.body, &place).await?
                } else {
                    in_memory(session, block.body).await?
                };
                session::run(&engine, &format!("SET kouan.fused = {fused}")).await?;
                continue;
            }
            for partitions in PARTITIONS {
                asked += 1;
                let setting = format!("SET datafusion.execution.target_partitions = {partitions}");
                session::run(&engine, &setting).await?;
                let answer = answer(&engine, block.body).await;
                if let Err(said) = block.holds(&answer) {
                    let sql = block.body;
                    wrong.push(format!("on {partitions} partitions: {sql}\n{said}"));
                }
            }
        }
        Ok::<(), Failed>(())
    })?;
    if asked == 0 {
        return Err("no question is in this file".into());
    }
    match wrong.len() {
        0 => Ok(()),
        count => {
            wrong.truncate(20);
            Err(format!("{count} of {asked} answers:\n\n{}", wrong.join("\n\n")).into())
        }
    }
}

async fn in_memory(session: &Session, statements: &str) -> Result<Arc<Engine>, Failed> {
    let engine = session.engine()?;
    for statement in each(statements) {
        session::run(&engine, statement).await?;
    }
    Ok(engine)
}

/// The same tables in Parquet files, which are what aggregations are fused over.
async fn in_files(
    session: &Session,
    statements: &str,
    folder: &Path,
) -> Result<Arc<Engine>, Failed> {
    let from = in_memory(session, statements).await?;
    let engine = session.engine()?;
    let names = each(statements).filter_map(|statement| {
        let rest = statement.strip_prefix("CREATE TABLE ")?;
        rest.split([' ', '(']).next()
    });
    for name in names {
        let path = folder.join(format!("{name}.parquet"));
        let path = path.display();
        session::run(&from, &format!("COPY {name} TO '{path}' STORED AS PARQUET")).await?;
        let create = format!("CREATE EXTERNAL TABLE {name} STORED AS PARQUET LOCATION '{path}'");
        session::run(&engine, &create).await?;
    }
    Ok(engine)
}

/// The statements of a block of tables, which end at the line's end with a semicolon.
fn each(statements: &str) -> impl Iterator<Item = &str> {
    statements
        .trim_end_matches(';')
        .split(";\n")
        .filter(|statement| !statement.is_empty())
}

type Row = Vec<Option<String>>;

/// Tables, or a question with its answer.
struct Block<'file> {
    head: &'file str,
    body: &'file str,
    expected: &'file str,
}

fn blocks(text: &str) -> impl Iterator<Item = Block<'_>> {
    let pieces = text.split("\n\n").map(|piece| piece.trim_matches('\n'));
    pieces.filter(|piece| !piece.is_empty()).map(|piece| {
        // A question that needs no tables stands behind the word alone.
        let (head, rest) = piece.split_once('\n').unwrap_or((piece, ""));
        let (body, expected) = rest
            .split_once("\n----\n")
            .unwrap_or_else(|| (rest.trim_end_matches("\n----"), ""));
        Block {
            head,
            body,
            expected,
        }
    })
}

impl Block<'_> {
    fn holds(&self, answer: &Result<Vec<Row>, String>) -> Result<(), String> {
        let rows = match (answer, self.head) {
            (Err(_), "error") => return Ok(()),
            (Ok(rows), "error") => {
                return Err(format!(
                    "expected an error: {}\nanswer: {rows:?}",
                    self.expected
                ));
            }
            (Err(error), _) => return Err(format!("error: {error}")),
            (Ok(rows), _) => rows,
        };
        let words = self.head.split(' ').skip(1);
        let kinds: Vec<&str> = words.clone().filter(|word| *word != "ordered").collect();
        let ordered = words.clone().any(|word| word == "ordered");
        let mut left: Vec<&Row> = rows.iter().collect();
        let mut missing = Vec::new();
        let expected: Vec<Row> = self.expected.lines().map(cells).collect();
        for row in &expected {
            let place = left.iter().position(|other| alike(row, other, &kinds));
            match place {
                Some(at) if at == 0 || !ordered => {
                    left.remove(at);
                }
                _ => missing.push(row),
            }
        }
        if missing.is_empty() && left.is_empty() {
            return Ok(());
        }
        Err(format!("expected: {expected:?}\nanswer: {rows:?}"))
    }
}

fn cells(line: &str) -> Row {
    line.split('\t')
        .map(|cell| match cell {
            "\\N" => None,
            "(empty)" => Some(String::new()),
            cell => Some(unescape(cell)),
        })
        .collect()
}

fn unescape(cell: &str) -> String {
    let mut text = String::new();
    let mut signs = cell.chars();
    while let Some(sign) = signs.next() {
        text.push(match (sign, sign == '\\') {
            (_, true) => match signs.next() {
                Some('t') => '\t',
                Some('n') => '\n',
                Some('r') => '\r',
                other => other.unwrap_or('\\'),
            },
            (sign, false) => sign,
        });
    }
    text
}

fn alike(expected: &[Option<String>], answer: &[Option<String>], kinds: &[&str]) -> bool {
    expected.len() == answer.len()
        && expected
            .iter()
            .zip(answer)
            .zip(kinds)
            .all(|(cells, kind)| match cells {
                (Some(one), Some(two)) => alike_cells(one, two, kind),
                (one, two) => one == two,
            })
}

/// Equal by the column's kind: exact numbers whatever zeros stand behind, floats to a tolerance, moments whatever their unit.
fn alike_cells(expected: &str, answer: &str, kind: &str) -> bool {
    match kind {
        "exact" => number(expected) == number(answer),
        "moment" => moment(expected) == moment(answer),
        "float" | "real" => {
            let (Ok(one), Ok(two)) = (expected.parse::<f64>(), answer.parse::<f64>()) else {
                return false;
            };
            let tolerance = if kind == "real" { 2e-6 } else { 1e-9 };
            one == two
                || (one.is_nan() && two.is_nan())
                || (one - two).abs() <= tolerance * one.abs().max(two.abs()).max(tolerance)
                || is_rounded(one, two, answer)
        }
        _ => expected == answer,
    }
}

/// An average of decimals is a decimal here, with four digits behind the point or more.
fn is_rounded(one: f64, two: f64, answer: &str) -> bool {
    let digits = answer.split_once('.').map_or(0, |(_, digits)| digits.len());
    digits >= 4 && (one - two).abs() <= 0.51 * 0.1_f64.powi(digits.try_into().unwrap_or(i32::MAX))
}

fn number(text: &str) -> &str {
    let text = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        text
    };
    if text == "-0" { "0" } else { text }
}

fn moment(text: &str) -> String {
    let text = text.trim_end_matches('Z').trim_end_matches("+00:00");
    if text.contains('T') {
        let whole = text.contains('.');
        let text = if whole {
            text.trim_end_matches('0').trim_end_matches('.')
        } else {
            text
        };
        text.to_string()
    } else {
        format!("{text}T00:00:00")
    }
}

async fn answer(engine: &Arc<Engine>, sql: &str) -> Result<Vec<Row>, String> {
    let rows = session::run(engine, sql)
        .await
        .map_err(|error| error.message.clone())?;
    let options = FormatOptions::default();
    let mut lines = Vec::new();
    for batch in &rows.batches {
        let columns: Result<Vec<_>, _> = batch
            .columns()
            .iter()
            .map(|column| ArrayFormatter::try_new(column, &options))
            .collect();
        let columns = columns.map_err(|error| error.to_string())?;
        for row in 0..batch.num_rows() {
            let cells = batch.columns().iter().zip(&columns);
            let cells = cells.map(|(column, shown)| {
                (!arrow::array::Array::is_null(column, row)).then(|| shown.value(row).to_string())
            });
            lines.push(cells.collect());
        }
    }
    Ok(lines)
}
