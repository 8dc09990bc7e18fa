//! Packages and data that are wrong: each problem with its place, and nothing is written.

use std::io;

use kouan_testing::{Outcome, Sandbox};

use crate::kouan;

const FIELDS: &str = r#"{"name": "id", "type": "string", "constraints": {"required": true, "unique": true}},
    {"name": "year", "type": "integer", "constraints": {"minimum": 1800, "maximum": 2100}},
    {"name": "share", "type": "number"}"#;

/// Validates a table of these bytes; every way must leave with 2, and `convert` without a file.
fn refused(csv: impl AsRef<[u8]>) -> io::Result<String> {
    let sandbox = Sandbox::new()?;
    sandbox.package("sample", FIELDS, csv)?;
    let outcome = kouan(
        &sandbox,
        &[
            "convert",
            "--package",
            "sample",
            "--out",
            "parquet",
            "--format",
            "csv",
        ],
    )?;
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    assert_eq!(
        std::fs::read_dir(sandbox.work().join("parquet"))?.count(),
        0,
        "no file is left"
    );
    let asked = kouan(
        &sandbox,
        &["--package", "sample", "-c", "SELECT * FROM things"],
    )?;
    assert_eq!(
        (asked.code, asked.stdout.as_str()),
        (Some(2), ""),
        "{asked:?}"
    );
    let checked = kouan(&sandbox, &["validate", "--package", "sample"])?;
    assert_eq!((checked.code, &checked.stderr), (Some(2), &outcome.stderr));
    Ok(outcome.stderr)
}

fn accepted(csv: impl AsRef<[u8]>) -> io::Result<String> {
    let sandbox = Sandbox::new()?;
    sandbox.package("sample", FIELDS, csv)?;
    let outcome = kouan(
        &sandbox,
        &[
            "--package",
            "sample",
            "--format",
            "csv",
            "-c",
            "SELECT * FROM things",
        ],
    )?;
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""));
    Ok(outcome.stdout)
}

#[test]
fn every_bad_cell_is_told_with_line_and_field() -> io::Result<()> {
    let said = refused("id,year,share\na,1950,0.5\na,30000,0.5\n,1950,x\nb,19x,0.1\n")?;
    for expected in [
        "things.csv:3:1 id \"a\": ",
        "things.csv:3:3 year \"30000\": ",
        "things.csv:4:",
        "things.csv:4:7 share \"x\": ",
        "things.csv:5:3 year \"19x\": ",
    ] {
        assert!(said.contains(expected), "{expected} in\n{said}");
    }
    assert!(
        said.contains("error: table things has 5 problems in 4 rows"),
        "{said}"
    );
    Ok(())
}

#[test]
fn shapes_that_are_not_the_table() -> io::Result<()> {
    for (csv, expected) in [
        ("", "empty"),
        ("id,yaer,share\na,1950,1\n", "yaer"),
        ("id,year,share\na,1950\n", "things.csv:2"),
        ("id,year,share\na,1950,1,2\n", "things.csv:2"),
        ("id,year,share\n\"a,1950,1\n", "things.csv:2"),
    ] {
        let said = refused(csv)?;
        assert!(said.contains(expected), "{expected} in\n{said}");
    }
    let latin1 = refused(b"id,year,share\ncaf\xe9,1950,1\n")?;
    assert!(
        latin1.contains("things.csv:2") && latin1.contains("UTF-8"),
        "{latin1}"
    );
    let huge = refused(format!("id,year,share\n{},1950,1\n", "x".repeat(64 << 20)))?;
    assert!(
        huge.contains("things.csv:2") && huge.len() < 4096,
        "{} bytes",
        huge.len()
    );
    Ok(())
}

#[test]
fn harmless_shapes_are_read() -> io::Result<()> {
    assert_eq!(accepted("id,year,share\n")?, "id,year,share\n");
    assert_eq!(
        accepted("\u{feff}id,year,share\r\na,1950,0.5\r\n")?,
        "id,year,share\na,1950,0.5\n"
    );
    assert_eq!(
        accepted("id,year,share\n\"two\nlines\",,\n")?,
        "id,year,share\n\"two\nlines\",,\n"
    );
    let ten_megabytes = "y".repeat(10 << 20);
    assert_eq!(
        accepted(format!("id,year,share\n{ten_megabytes},1950,1"))?.len(),
        (10 << 20) + 14 + 10
    );
    Ok(())
}

fn opened(files: &[(&str, &str)]) -> io::Result<Outcome> {
    let sandbox = Sandbox::new()?;
    for (path, contents) in files {
        sandbox.write(format!("sample/{path}"), contents)?;
    }
    let outcome = kouan(&sandbox, &["--package", "sample", "-c", "SELECT 1"])?;
    assert_eq!(
        (outcome.code, outcome.stdout.as_str()),
        (Some(2), ""),
        "{outcome:?}"
    );
    Ok(outcome)
}

#[test]
fn packages_that_cannot_be_opened() -> io::Result<()> {
    let resource = |name: &str, path: &str| {
        format!(
            r#"{{"name": "{name}", "path": "{path}", "schema": {{"fields": [{{"name": "a", "type": "string"}}]}}}}"#
        )
    };
    let package = |resources: &str| format!(r#"{{"name": "sample", "resources": [{resources}]}}"#);
    let missing_schema =
        package(r#"{"name": "things", "path": "things.csv", "schema": "schemas/things.json"}"#);
    let climbing = package(&resource("things", "../../secret.csv"));
    let twice = package(&format!(
        "{}, {}",
        resource("things", "a.csv"),
        resource("things", "b.csv")
    ));
    for (descriptor, expected) in [
        (missing_schema.as_str(), "schemas/things.json"),
        ("{\"name\": \"sample\",", "datapackage.json:1:"),
        (climbing.as_str(), "#/resources/0/path"),
        (twice.as_str(), "#/resources/1"),
    ] {
        let outcome = opened(&[("datapackage.json", descriptor)])?;
        assert!(
            outcome.stderr.contains(expected),
            "{expected} in\n{}",
            outcome.stderr
        );
    }
    assert!(
        opened(&[("readme.txt", "")])?
            .stderr
            .contains("datapackage.json")
    );
    Ok(())
}

#[test]
fn a_missing_table_file_fails_at_its_first_use_only() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    sandbox.package("sample", FIELDS, "id,year,share\n")?;
    std::fs::remove_file(sandbox.work().join("sample/data/things.csv"))?;
    let outcome = kouan(
        &sandbox,
        &[
            "--package",
            "sample",
            "-c",
            "SELECT 1 AS n",
            "--format",
            "csv",
        ],
    )?;
    assert_eq!(outcome.stdout, "n\n1\n");
    let outcome = kouan(
        &sandbox,
        &["--package", "sample", "-c", "SELECT * FROM things"],
    )?;
    assert_eq!(outcome.code, Some(2));
    assert!(outcome.stderr.contains("things.csv"), "{}", outcome.stderr);
    Ok(())
}
