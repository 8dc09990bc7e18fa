//! Scripts from arguments, files and standard input; saved queries; output to files.

use std::fs;
use std::io;

use kouan_testing::{Run, Sandbox};

use crate::{KOUAN, answered, failed, kouan};

/// Table 1 of the paper: 60 road, 16 river, 11 rail, 8 air.
const TYPES: &str = "SELECT type, count(*) AS ports FROM ports GROUP BY type ORDER BY ports DESC";

#[test]
fn every_way_of_giving_a_statement_gives_the_same_answer() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    let expected = answered("type,ports\nroad,60\nriver,16\nrail,11\nair,8\n");
    sandbox.write("types.sql", format!("\u{feff}-- by type;\r\n{TYPES};\r\n"))?;
    assert_eq!(
        kouan(&sandbox, &["-c", TYPES, "--format", "csv"])?,
        expected
    );
    assert_eq!(
        kouan(&sandbox, &["-f", "types.sql", "--format", "csv"])?,
        expected
    );
    let piped = Run::new(KOUAN, &sandbox)
        .args(["--format", "csv"])
        .input(TYPES)
        .outcome()?;
    assert_eq!(piped, expected);
    let dash = Run::new(KOUAN, &sandbox)
        .args(["-f", "-", "--format=csv"])
        .input(TYPES)
        .outcome()?;
    assert_eq!(dash, expected);
    Ok(())
}

#[test]
fn scripts_run_in_the_order_given() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    sandbox.write("two.sql", "SELECT 2 AS n; \\format jsonl\nSELECT 3 AS n")?;
    let outcome = kouan(
        &sandbox,
        &[
            "--format",
            "csv",
            "-c",
            "SELECT 1 AS n",
            "-f",
            "two.sql",
            "-c",
            "SELECT 4 AS n",
        ],
    )?;
    assert_eq!(outcome, answered("n\n1\nn\n2\n{\"n\":3}\n{\"n\":4}\n"));
    Ok(())
}

#[test]
fn saved_queries_take_values_in_both_spellings() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    sandbox.write(
        "queries/mine/since.sql",
        "-- name: since\n-- title: Ports opened since a year\n-- param: year integer between 1800 and 2100 -- first year\n\
         -- param: kind text = road in (road, rail)\n-- example: year=2010\n\
         SELECT count(*) AS ports FROM ports WHERE opened_year >= $year AND type = $kind;\n",
    )?;
    let expected = kouan(
        &sandbox,
        &[
            "--format",
            "csv",
            "-c",
            "SELECT count(*) AS ports FROM ports WHERE opened_year >= 2010 AND type = 'road'",
        ],
    )?;
    assert_eq!(
        kouan(&sandbox, &["run", "since", "year=2010", "--format", "csv"])?,
        expected
    );
    assert_eq!(
        kouan(
            &sandbox,
            &[
                "--format",
                "csv",
                "run",
                "since",
                "--year",
                "2010",
                "--kind=road"
            ]
        )?,
        expected
    );
    let help = kouan(&sandbox, &["run", "since", "--help"])?;
    assert_eq!(
        help,
        answered(
            "Ports opened since a year\n\nUsage: kouan run since year=… [kind=…]\n\nParameters:\n  year integer between 1800 and 2100\n      first year\n  kind text = road in (road, rail)\n\nExamples:\n  kouan run since year=2010\n"
        )
    );
    Ok(())
}

#[test]
fn all_problems_with_values_are_told_at_once() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    sandbox.write(
        "queries/since.sql",
        "-- param: year tinyint\n-- param: kind text in (road, rail)\n-- param: of text\nSELECT $year, $kind, $of",
    )?;
    let outcome = kouan(
        &sandbox,
        &["run", "since", "year=300", "kind=x' OR '1'='1", "yaer=1"],
    )?;
    assert_eq!(
        outcome,
        failed(
            2,
            "error: `year`: \"300\" is not a whole number from -128 to 127\n`kind`: \"x' OR '1'='1\" is not one of road, rail\n`since` has no parameter `yaer`; did you mean `year`?\n`of` needs a value: of=…, of text\n"
        )
    );
    Ok(())
}

#[test]
fn a_query_without_a_header_infers_its_parameters() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    sandbox.write(
        "queries/bare.sql",
        "SELECT place FROM ports WHERE opened_year = $year",
    )?;
    // The paper, section 2.1.1: Kaishantun was opened in 1933.
    assert_eq!(
        kouan(&sandbox, &["run", "bare", "year=1933", "--format", "csv"])?,
        answered("place\nKaishantun\n")
    );
    let outcome = kouan(&sandbox, &["run", "bare", "year=0 or true"])?;
    assert_eq!(outcome.code, Some(2), "{}", outcome.stderr);
    Ok(())
}

#[test]
fn an_unknown_query_names_the_nearest() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    assert_eq!(
        kouan(&sandbox, &["run", "tabel1"])?,
        failed(
            2,
            "error: no saved query is called `tabel1`; did you mean `table1`?\n"
        )
    );
    Ok(())
}

#[test]
fn output_goes_to_a_file_in_the_format_of_its_ending() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    assert_eq!(
        kouan(&sandbox, &["-c", TYPES, "-o", "types.json"])?,
        answered("")
    );
    let written = fs::read_to_string(sandbox.work().join("types.json"))?;
    assert!(
        written.contains("\"type\":\"road\",\"ports\":60"),
        "{written}"
    );
    Ok(())
}

#[test]
fn a_failed_run_leaves_the_old_file() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    sandbox.write("out.csv", "old\n")?;
    let outcome = kouan(
        &sandbox,
        &["-c", "SELECT 1; SELECT nothing", "-o", "out.csv"],
    )?;
    assert_eq!(outcome.code, Some(1));
    assert_eq!(fs::read_to_string(sandbox.work().join("out.csv"))?, "old\n");
    assert_eq!(
        fs::read_dir(sandbox.work())?.count(),
        1,
        "no temporary file is left"
    );
    Ok(())
}

#[test]
fn validate_and_convert_the_embedded_package() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    let outcome = kouan(
        &sandbox,
        &["validate", "ports", "paper.table1", "--format", "csv"],
    )?;
    assert_eq!(
        outcome,
        answered("table,rows,result\nports,95,checked\npaper.table1,5,checked\n")
    );
    let outcome = kouan(
        &sandbox,
        &["convert", "ports", "--out", "parquet", "--format", "csv"],
    )?;
    assert_eq!(
        outcome,
        answered("table,rows,result\nports,95,parquet/ports.parquet\n")
    );
    let first = fs::read(sandbox.work().join("parquet/ports.parquet"))?;
    kouan(&sandbox, &["convert", "ports", "--out", "parquet"])?;
    assert_eq!(
        fs::read(sandbox.work().join("parquet/ports.parquet"))?,
        first,
        "same input, same bytes"
    );
    Ok(())
}

#[test]
fn explain_shows_whole_lines() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    let logical = "SET datafusion.explain.logical_plan_only = true";
    let asked = "EXPLAIN SELECT port_id FROM ports WHERE port_stage(opened_year) = 'pre-1949'";
    assert_eq!(
        kouan(&sandbox, &["-c", logical, "-c", asked])?,
        answered(
            "logical_plan\n  Projection: ports.port_id\n    Filter: ports.opened_year < Int32(1950)\n      \
             TableScan: ports projection=[port_id, opened_year], partial_filters=[ports.opened_year < Int32(1950)]\n"
        )
    );
    Ok(())
}

#[test]
fn check_39_queries_are_planned_without_data() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    let outcome = kouan(&sandbox, &["check", "--format", "csv"])?;
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""));
    assert!(outcome.stdout.starts_with("query,result\n") && !outcome.stdout.contains("refused"));
    // Nothing was read: no table has been converted.
    assert!(!sandbox.home().join(".cache/kouan").exists());

    sandbox.write("mine/bad.sql", "SELECT nosuch FROM ports")?;
    sandbox.write(
        "mine/names.sql",
        "-- param: a integer\n-- example: a=x\nSELECT $b + 1\n",
    )?;
    sandbox.write("mine/good.sql", "-- param: a integer = 3\nSELECT $a + 1\n")?;
    let outcome = kouan(&sandbox, &["check", "mine", "--format", "csv"])?;
    assert_eq!(outcome.code, Some(3));
    assert_eq!(
        outcome.stdout,
        "query,result\nbad,refused\ngood,planned\nnames,refused\n"
    );
    for said in [
        "no column is called `nosuch`\n  at mine/bad.sql:1:8\n",
        "mine/names.sql:1: `a` is declared but not used\n",
        "mine/names.sql:1: `$b` is not declared; did you mean `$a`?\n",
        "mine/names.sql:2: `a`: \"x\" is not a whole number\n",
    ] {
        assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
    }
    Ok(())
}
