//! Mistakes in statements: what is wrong, where, and what to try.

use std::io;

use kouan_testing::Sandbox;

use crate::{answered, failed, kouan};

fn said(sql: &str) -> io::Result<String> {
    let outcome = kouan(&Sandbox::new()?, &["-c", sql, "--format", "csv"])?;
    assert_eq!(
        (outcome.code, outcome.stdout.as_str()),
        (Some(1), ""),
        "{}",
        outcome.stderr
    );
    Ok(outcome.stderr)
}

#[test]
fn a_mistyped_table_and_function() -> io::Result<()> {
    assert_eq!(
        said("SELECT 1 FROM prots")?,
        "error: no table is called `prots`\n1 | SELECT 1 FROM prots\n                  ^^^^^\nhint: did you mean `ports`?\n"
    );
    assert!(said("SELECT 1 FROM table1")?.ends_with("hint: did you mean `paper.table1`?\n"));
    assert_eq!(
        said("SELECT port_stag(1950)")?,
        "error: no function is called `port_stag`\n1 | SELECT port_stag(1950)\n           ^^^^^^^^^\nhint: did you mean `port_stage`?\n"
    );
    Ok(())
}

#[test]
fn a_value_that_a_function_refuses_is_no_internal_error() -> io::Result<()> {
    for sql in [
        "SELECT port_stage(30000)",
        "SELECT geodesic_km(0, 91, 0, 0)",
        "SELECT port_stage(true)",
        "SELECT substr(1, 2, 3, 4)",
    ] {
        let said = said(sql)?;
        assert!(
            !said.contains("nternal error") && !said.contains("bug report"),
            "{said}"
        );
        assert!(said.contains("^^^"), "{said}");
    }
    Ok(())
}

#[test]
fn a_semicolon_inside_text_and_comments() -> io::Result<()> {
    let outcome = kouan(
        &Sandbox::new()?,
        &[
            "-c",
            "SELECT 'a;b' AS x -- ; not here\n/* nor ; here */; SELECT 2 AS x",
            "--format",
            "csv",
        ],
    )?;
    assert_eq!(outcome, answered("x\na;b\nx\n2\n"));
    Ok(())
}

#[test]
fn an_unclosed_string_and_an_unknown_command() -> io::Result<()> {
    assert!(
        said("SELECT 'abc")?.starts_with("error: Unterminated string literal\n1 | SELECT 'abc\n")
    );
    assert_eq!(
        kouan(&Sandbox::new()?, &["-c", "\\rnu x"])?,
        failed(
            2,
            "error: there is no command `\\rnu`\nhint: did you mean `\\run`?\n"
        )
    );
    Ok(())
}

#[test]
fn a_parameter_without_a_value() -> io::Result<()> {
    assert!(
        said("SELECT $year")?
            .starts_with("error: `$year` has no value\n1 | SELECT $year\n           ^^^^^\nhint: ")
    );
    Ok(())
}

#[test]
fn the_packages_own_tables_are_kept() -> io::Result<()> {
    assert!(
        said("DROP TABLE ports")?
            .contains("table 'ports' belongs to the package and cannot be dropped")
    );
    let outcome = kouan(
        &Sandbox::new()?,
        &[
            "-c",
            "CREATE TABLE mine AS SELECT 1 AS n; SELECT * FROM mine; DROP TABLE mine",
            "--format",
            "csv",
        ],
    )?;
    assert_eq!(outcome, answered("n\n1\n"));
    Ok(())
}

#[test]
fn long_chains_of_operators_are_run_or_refused() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    let chain = |length: usize| format!("SELECT 1{} AS n", " + 1".repeat(length - 1));
    let outcome = kouan(&sandbox, &["-c", &chain(2_000), "--format", "csv"])?;
    assert_eq!(outcome, answered("n\n2000\n"));
    assert!(said(&chain(20_000))?.starts_with("error: the statement joins more than 3000 values"));
    let nested = format!("SELECT {}1{} AS n", "(".repeat(100), ")".repeat(100));
    assert_eq!(
        kouan(&sandbox, &["-c", &nested, "--format", "csv"])?,
        answered("n\n1\n")
    );
    assert!(said(&format!("SELECT {}1", "(".repeat(5_000)))?.contains("nested too deeply"));
    Ok(())
}
