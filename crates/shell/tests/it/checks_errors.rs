//! Acceptance checks 9 to 16: errors say what, where and what to do next.

use std::io;

use kouan_testing::Sandbox;

use crate::{failed, kouan};

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
fn check_09_unknown_column_has_caret_and_name() -> io::Result<()> {
    let outcome = kouan(
        &Sandbox::new()?,
        &[
            "-c",
            "SELECT 1 AS n; SELECT 2 AS n; SELECT p.opend_year FROM ports p",
            "--format",
            "csv",
        ],
    )?;
    assert_eq!(outcome.stdout, "n\n1\nn\n2\n");
    assert_eq!(
        outcome.stderr,
        "error: no column is called `p.opend_year`\n\
         1 | SELECT 1 AS n; SELECT 2 AS n; SELECT p.opend_year FROM ports p\n\
         \u{20}                                        ^^^^^^^^^^^^\n\
         hint: did you mean `opened_year`?\n"
    );
    Ok(())
}

#[test]
fn check_09_a_column_like_no_other_lists_those_in_scope() -> io::Result<()> {
    let said = said("SELECT zzzz FROM countries")?;
    assert!(
        said.contains("hint: the columns here are country, "),
        "{said}"
    );
    Ok(())
}

#[test]
fn check_10_unknown_table_names_tables_and_files() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    sandbox.write("crossings.csv", "a\n1\n")?;
    for (table, hint) in [
        ("prots", "did you mean `ports`?"),
        ("table1", "did you mean `paper.table1`?"),
        (
            "crosings",
            "to read the file here, write FROM 'crossings.csv'",
        ),
        (
            "crossings.csv",
            "to read the file here, write FROM 'crossings.csv'",
        ),
        ("'crosings.csv'", "did you mean 'crossings.csv'?"),
        ("zzzz", "`\\d` lists the tables"),
    ] {
        let outcome = kouan(&sandbox, &["-c", &format!("SELECT 1 FROM {table}")])?;
        let expected = format!("hint: {hint}\n");
        assert!(
            outcome.stderr.ends_with(&expected),
            "{table}: {}",
            outcome.stderr
        );
    }
    Ok(())
}

#[test]
fn check_11_a_mistyped_keyword() -> io::Result<()> {
    assert_eq!(
        said("SELECT place FORM ports")?,
        "error: expected end of statement, found `ports`\n1 | SELECT place FORM ports\n                 ^^^^\nhint: did you mean FROM?\n"
    );
    assert!(said("SELCT 1")?.ends_with("1 | SELCT 1\n    ^^^^^\nhint: did you mean SELECT?\n"));
    Ok(())
}

#[test]
fn check_12_text_in_double_quotes() -> io::Result<()> {
    assert!(
        said("SELECT * FROM ports WHERE type = \"ROAD\"")?
            .ends_with("hint: double quotes name a column; for text write 'ROAD'\n")
    );
    Ok(())
}

#[test]
fn check_13_wrong_types_stand_above_a_caret() -> io::Result<()> {
    assert_eq!(
        said("SELECT sqrt('abc')")?,
        "error: sqrt does not take (varchar)\n1 | SELECT sqrt('abc')\n                ^^^^^\nhint: it takes sqrt(double or real)\n"
    );
    assert_eq!(
        said("SELECT * FROM ports WHERE opened_year = 'abc'")?,
        "error: 'abc' is not of type integer\n1 | SELECT * FROM ports WHERE opened_year = 'abc'\n                                            ^^^^^\n"
    );
    for sql in [
        "SELECT place + 1 FROM ports",
        "SELECT sum(place) FROM ports",
        "SELECT date_trunc(1, 2)",
        "SELECT hhi(place) FROM ports",
        "SELECT port_stage([1])",
        "SELECT * FROM ports WHERE opened_year = true",
    ] {
        let said = said(sql)?;
        assert!(said.contains("^"), "{said}");
        for noise in ["Internal error", "bug", "Utf8", "Int64", "DataFusion"] {
            assert!(!said.contains(noise), "{said}");
        }
    }
    Ok(())
}

#[test]
fn check_14_all_unknown_names_at_once() -> io::Result<()> {
    let said = said("SELECT plac, zzzz FROM ports p JOIN port_event e ON uppr(p.typ) = 'X'")?;
    let mut wrong: Vec<&str> = said
        .lines()
        .filter_map(|line| line.strip_prefix("error: ")?.rsplit('`').nth(1))
        .collect();
    wrong.sort_unstable();
    assert_eq!(
        wrong,
        ["p.typ", "plac", "port_event", "uppr", "zzzz"],
        "{said}"
    );
    Ok(())
}

#[test]
fn check_15_a_file_that_is_no_utf8_runs_nothing() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    sandbox.write("latin1.sql", b"SELECT 1;\nSELECT 'caf\xe9'")?;
    assert_eq!(
        kouan(&sandbox, &["-c", "SELECT 1", "-f", "latin1.sql"])?,
        failed(
            2,
            "error: cannot read latin1.sql: it is not UTF-8 text (byte 21, line 2); nothing was run\n"
        )
    );
    Ok(())
}

#[test]
fn check_16_every_exit_code_is_documented() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    let help = kouan(&sandbox, &["--help"])?.stdout;
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    for code in [
        "0 success",
        "1 a statement failed",
        "2 wrong usage",
        "3 a check failed",
        "4 time limit",
        "130 interrupted",
    ] {
        assert!(help.contains(code), "{help}");
    }
    let code = |arguments: &[&str]| Ok::<_, io::Error>(kouan(&sandbox, arguments)?.code);
    assert_eq!(code(&["-c", "SELECT 1"])?, Some(0));
    assert_eq!(code(&["-c", "SELECT nosuch"])?, Some(1));
    assert_eq!(code(&["-f", "missing.sql"])?, Some(2));
    assert_eq!(code(&["--nosuch"])?, Some(2));
    Ok(())
}
