//! DataFusion's own sqllogictest files, read from the crate `datafusion-sqllogictest` as the registry has it.
//!
//! `cargo xtask peers` fetches the crate and runs them: the folder is in `KOUAN_PEERS`. Statements that do not apply
//! are in `excluded.txt`, each under its reason; all others must answer as there. Plans are not compared, nor the
//! words of errors. With `KOUAN_PEERS_RENEW=FILE` what is not as expected is written there instead of failing.

mod absent;
mod database;
mod excluded;
mod values;

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use libtest_mimic::{Failed, Trial};
use sqllogictest::{
    ExpectedError, Location, QueryExpect, Record, Runner, StatementExpect, parse_file,
    strict_column_validator,
};

use crate::session::{self, Session};
use absent::Absent;
use database::{Letter, Peer};
use excluded::Excluded;

static AS_EXPECTED: AtomicUsize = AtomicUsize::new(0);
static EXCLUDED: AtomicUsize = AtomicUsize::new(0);
static EXCLUDED_IN_VAIN: AtomicUsize = AtomicUsize::new(0);
static ABSENT: AtomicUsize = AtomicUsize::new(0);
static PLANS: AtomicUsize = AtomicUsize::new(0);

/// One case a file, if the suite is here. They are run from a copy of it, since they write files.
pub(crate) fn trials(session: &Arc<Session>) -> io::Result<Vec<Trial>> {
    let Some(suite) = std::env::var_os("KOUAN_PEERS").map(PathBuf::from) else {
        return Ok(Vec::new());
    };
    let here = std::env::temp_dir().join(format!("kouan-peers-{}", std::process::id()));
    copy(&suite.join("test_files"), &here.join("test_files"))?;
    std::env::set_current_dir(&here)?;
    let excluded = Arc::new(Excluded::read()?);
    let mut files = Vec::new();
    collect(Path::new("test_files"), &mut files)?;
    files.sort();
    let trial = |file: PathBuf| {
        let name = named(&file.to_string_lossy());
        let (session, excluded) = (Arc::clone(session), Arc::clone(&excluded));
        let is_out = excluded.holds_file(&name);
        Trial::test(format!("peer::{name}"), move || {
            check(&session, &file, &excluded)
        })
        .with_ignored_flag(is_out)
    };
    Ok(files.into_iter().map(trial).collect())
}

/// Reports how many statements were compared with the suite, and removes the copy.
#[expect(clippy::print_stdout, reason = "a test program for the terminal")]
pub(crate) fn say_counts() {
    let count = |counter: &AtomicUsize| counter.load(Ordering::SeqCst);
    if count(&AS_EXPECTED) == 0 {
        return;
    }
    println!(
        "peers: {} statements as expected, {} without their data, {} excluded ({} of them would pass), {} plans not compared",
        count(&AS_EXPECTED),
        count(&ABSENT),
        count(&EXCLUDED),
        count(&EXCLUDED_IN_VAIN),
        count(&PLANS),
    );
    if let Ok(here) = std::env::current_dir() {
        let _ = fs::remove_dir_all(here);
    }
}

fn check(session: &Session, file: &Path, excluded: &Excluded) -> Result<(), Failed> {
    let stem = file.file_stem().unwrap_or_default();
    fs::create_dir_all(Path::new("test_files/scratch").join(stem))?;
    let records = parse_file::<Letter>(file).map_err(|error| Failed::from(error.to_string()))?;
    let mut runner = Runner::new(|| async {
        let engine = session.engine().map_err(database::said)?;
        for setting in [
            "SET datafusion.sql_parser.default_null_ordering = 'nulls_max'",
            "SET datafusion.execution.target_partitions = 4",
        ] {
            session::run(&engine, setting).await?;
        }
        Ok(Peer(engine))
    });
    runner.with_normalizer(values::trimmed);
    runner.with_validator(values::are_equal);
    runner.with_column_validator(strict_column_validator);
    let mut failed = Vec::new();
    let mut absent = Absent::default();
    for mut record in records {
        if let Record::Halt { .. } = record {
            break;
        }
        let Some((place, sql)) = asked(&record) else {
            let _ = session.runtime.block_on(runner.run_async(record));
            continue;
        };
        if sql.trim_start().to_ascii_uppercase().starts_with("EXPLAIN") {
            PLANS.fetch_add(1, Ordering::SeqCst);
            continue;
        }
        if absent.needed_by(&sql) {
            // A table that only lacks its rows makes room for the next of its name.
            if absent::drops(&sql) {
                let _ = session.runtime.block_on(runner.run_async(record));
            }
            ABSENT.fetch_add(1, Ordering::SeqCst);
            continue;
        }
        let name = named(place.file());
        let is_out = excluded.holds(&name, place.line());
        any_words(&mut record);
        let counter = match session.runtime.block_on(runner.run_async(record)) {
            Ok(_) if is_out => {
                EXCLUDED_IN_VAIN.fetch_add(1, Ordering::SeqCst);
                &EXCLUDED
            }
            Ok(_) => &AS_EXPECTED,
            Err(_) if is_out => {
                absent.not_made(&sql);
                &EXCLUDED
            }
            Err(error) => {
                absent.not_made(&sql);
                failed.push(format!("{name}:{} {}", place.line(), error.kind()));
                continue;
            }
        };
        counter.fetch_add(1, Ordering::SeqCst);
    }
    if failed.is_empty() {
        return Ok(());
    }
    if let Some(list) = std::env::var_os("KOUAN_PEERS_RENEW") {
        let mut list = OpenOptions::new().create(true).append(true).open(list)?;
        let text: String = failed
            .iter()
            .map(|failure| format!("{}\n", failure.replace('\n', "⏎")))
            .collect();
        return Ok(list.write_all(text.as_bytes())?);
    }
    Err(format!("{} statements\n{}", failed.len(), failed.join("\n")).into())
}

/// Where a record asks something, and what.
fn asked(record: &Record<Letter>) -> Option<(Location, String)> {
    match record {
        Record::Statement { loc, sql, .. } | Record::Query { loc, sql, .. } => {
            Some((loc.clone(), sql.clone()))
        }
        _ => None,
    }
}

/// Errors have other words here.
fn any_words(record: &mut Record<Letter>) {
    match record {
        Record::Statement {
            expected: StatementExpect::Error(words),
            ..
        }
        | Record::Query {
            expected: QueryExpect::Error(words),
            ..
        } => *words = ExpectedError::Empty,
        _ => {}
    }
}

/// A file's name in the suite.
fn named(path: &str) -> String {
    path.trim_start_matches("./")
        .trim_start_matches("test_files/")
        .to_string()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "slt") {
            files.push(path);
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
