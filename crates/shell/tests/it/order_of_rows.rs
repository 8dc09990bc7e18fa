//! Files as tables: rows in their order, six runs, one answer; files that do not fit are refused.

use std::fmt::Write as _;
use std::fs;
use std::io;

use kouan_testing::Sandbox;

use crate::kouan;

const RUNS: usize = 6;

/// Numbers in order, in files that are large enough to be read in parts (over 1 MiB).
fn numbers(sandbox: &Sandbox) -> io::Result<()> {
    let rows = 60_000;
    let (mut csv, mut json) = (String::from("i,t\n"), String::new());
    for i in 0..rows {
        let text = "x".repeat(20);
        let _ = writeln!(csv, "{i},{text}");
        let _ = writeln!(json, "{{\"i\":{i},\"t\":\"{text}\"}}");
    }
    sandbox.write("numbers.csv", csv)?;
    sandbox.write("numbers.json", json)?;
    let copy = "COPY (SELECT i, repeat(CAST(i * 7919 % 1000003 AS VARCHAR), 3) AS t FROM 'numbers.csv') \
                TO 'numbers.parquet' OPTIONS (compression 'uncompressed', max_row_group_size '5000')";
    let outcome = kouan(sandbox, &["-c", copy])?;
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""));
    Ok(())
}

/// The answers of several runs, which have to be one.
fn same(sandbox: &Sandbox, threads: usize, sql: &str) -> io::Result<String> {
    let threads = format!("SET datafusion.execution.target_partitions = {threads}");
    let run = || kouan(sandbox, &["--format", "csv", "-c", &threads, "-c", sql]);
    let first = run()?;
    assert_eq!(first.code, Some(0), "{sql}: {}", first.stderr);
    for _ in 1..RUNS {
        assert_eq!(run()?, first, "{sql}");
    }
    Ok(first.stdout)
}

#[test]
fn a_look_at_a_file_begins_with_its_first_row() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    numbers(&sandbox)?;
    for file in ["numbers.csv", "numbers.json", "numbers.parquet"] {
        for threads in [1, 4] {
            let sql = format!("SELECT i FROM '{file}' LIMIT 2");
            assert_eq!(same(&sandbox, threads, &sql)?, "i\n0\n1\n", "{file}");
        }
    }
    Ok(())
}

#[test]
fn rows_that_are_chosen_keep_their_order() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    numbers(&sandbox)?;
    let expected: String =
        (0..60_000)
            .filter(|i| i % 3 == 1)
            .fold(String::from("i\n"), |mut text, i| {
                let _ = writeln!(text, "{i}");
                text
            });
    for file in ["numbers.csv", "numbers.json", "numbers.parquet"] {
        let sql = format!("SELECT i FROM '{file}' WHERE i % 3 = 1");
        assert!(same(&sandbox, 4, &sql)? == expected, "{file}");
    }
    Ok(())
}

#[test]
fn what_is_written_keeps_the_order() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    numbers(&sandbox)?;
    let threads = "SET datafusion.execution.target_partitions = 4";
    for run in 0..RUNS {
        let copy = format!("COPY (SELECT i FROM 'numbers.parquet') TO 'copy{run}.csv'");
        let outcome = kouan(&sandbox, &["-c", threads, "-c", &copy])?;
        assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
        let table = "CREATE TABLE kept AS SELECT i FROM 'numbers.parquet'";
        let kept = "SELECT i FROM kept";
        let output = ["--format", "csv", "-o", "out.csv"];
        let statements = ["-c", threads, "-c", table, "-c", kept];
        let outcome = kouan(&sandbox, &[output.as_slice(), &statements].concat())?;
        assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
        let expected: Vec<String> = (0..60_000).map(|i| i.to_string()).collect();
        for file in [format!("copy{run}.csv"), "out.csv".to_string()] {
            let written = fs::read_to_string(sandbox.work().join(&file))?;
            let rows: Vec<&str> = written.lines().filter(|line| is_number(line)).collect();
            assert!(rows == expected, "{file}");
        }
    }
    Ok(())
}

fn is_number(line: &str) -> bool {
    !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit())
}

#[test]
fn a_limit_over_a_folder_begins_with_its_first_file() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    for file in 0..12 {
        let copy = format!(
            "COPY (SELECT {file} * 2 + i AS i FROM generate_series(0, 1) AS t(i)) TO 'folder/{file:02}.parquet'"
        );
        let outcome = kouan(&sandbox, &["-c", &copy])?;
        assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    }
    for sql in [
        "SELECT i FROM 'folder/' LIMIT 3",
        "SELECT i FROM 'folder/*.parquet' LIMIT 3",
        "CREATE EXTERNAL TABLE listed STORED AS PARQUET LOCATION 'folder/'; SELECT i FROM listed LIMIT 3",
    ] {
        assert_eq!(same(&sandbox, 4, sql)?, "i\n0\n1\n2\n", "{sql}");
    }
    Ok(())
}

#[test]
fn files_that_do_not_fit_are_no_table() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    sandbox.write("csv/1.csv", "x,y\n1,2\n")?;
    sandbox.write("csv/2.csv", "y,x\n3,4\n")?;
    for (name, columns) in [
        ("less/1", "1 AS a, 2 AS b"),
        ("less/2", "1 AS a"),
        ("types/1", "1 AS a"),
        ("types/2", "'1' AS a"),
    ] {
        let copy = format!("COPY (SELECT {columns}) TO '{name}.parquet'");
        let outcome = kouan(&sandbox, &["-c", &copy])?;
        assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    }
    for (files, words) in [
        ("csv/*.csv", "stand in another order than those of"),
        ("csv/", "stand in another order than those of"),
        ("less/*.parquet", "has a column 'b' that"),
        ("types/", "column 'a' is Int64 in"),
    ] {
        let outcome = kouan(&sandbox, &["-c", &format!("FROM '{files}'")])?;
        assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""));
        assert!(outcome.stderr.contains(words), "{}", outcome.stderr);
    }
    Ok(())
}
