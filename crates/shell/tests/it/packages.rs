//! Packages of one's own: described, begun, opened beside others.

use std::fs;
use std::io;

use kouan_testing::Sandbox;

use crate::{answered, failed, kouan};

#[test]
fn describe_writes_a_package_that_opens() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    sandbox.write(
        "ports.csv",
        "port_id;place;tonnes\nerh;Erenhot;1,5\nmzl;Manzhouli;2,5\n",
    )?;
    let written = kouan(
        &sandbox,
        &["describe", "ports.csv", "-o", "datapackage.json"],
    )?;
    assert_eq!(written, answered(""));
    let rows = kouan(
        &sandbox,
        &["--format", "csv", "-c", "SELECT place, tonnes FROM ports"],
    )?;
    assert_eq!(rows, answered("place,tonnes\nErenhot,1.5\nManzhouli,2.5\n"));
    // What is there is not written over.
    let again = kouan(
        &sandbox,
        &["describe", "ports.csv", "-o", "datapackage.json"],
    )?;
    let problem = "error: datapackage.json exists; it may hold what somebody wrote by hand\n\
                   hint: name another file, or remove it first\n";
    assert_eq!(again, failed(2, problem));
    Ok(())
}

#[test]
fn describe_tells_what_it_cannot_know() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    sandbox.write(
        "days.csv",
        "day,tonnes\n03/04/2014,1\n05/06/2014,2\n07/08/2014\n",
    )?;
    let outcome = kouan(&sandbox, &["describe", "days.csv"])?;
    assert!(
        outcome.stdout.contains(r#""format": "%d/%m/%Y""#),
        "{}",
        outcome.stdout
    );
    assert_eq!(
        outcome.stderr,
        "note: days.csv: `day` could be format \"%d/%m/%Y\" or format \"%m/%d/%Y\", as in `03/04/2014`; the first is written\n\
         days.csv:4:1: 1 cells; the schema has 2 fields\n\
         error: table days has 1 problem in 3 rows\n"
    );
    assert_eq!(outcome.code, Some(2));
    let missing = kouan(&sandbox, &["describe", "none.csv"])?;
    let problem = "error: cannot read none.csv: No such file or directory (os error 2)\n";
    assert_eq!(missing, failed(2, problem));
    Ok(())
}

#[test]
fn init_makes_a_package_whose_parts_work() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    assert_eq!(kouan(&sandbox, &["init", "new"])?.code, Some(0));
    for command in ["validate", "check", "test"] {
        let outcome = kouan(&sandbox, &["--package", "new", command])?;
        assert_eq!(outcome.code, Some(0), "{command}: {}", outcome.stderr);
    }
    let asked = [
        "--package",
        "new",
        "--format",
        "csv",
        "run",
        "openings",
        "since=1980",
    ];
    assert_eq!(
        kouan(&sandbox, &asked)?,
        answered("opened_year,stage,place\n1983,1980-1999,Horgos\n1990,1980-1999,Alashankou\n")
    );
    let again = kouan(&sandbox, &["init", "new"])?;
    let problem = "error: new/datapackage.json exists; nothing was written\n\
                   hint: choose a folder without a package\n";
    assert_eq!(again, failed(2, problem));
    Ok(())
}

#[test]
fn several_packages_are_sql_schemas() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    for name in ["one", "two"] {
        kouan(&sandbox, &["init", name])?;
        let file = sandbox.work().join(name).join("datapackage.json");
        let text = fs::read_to_string(&file)?.replace("my_ports", name);
        fs::write(file, text)?;
    }
    let both = ["--package", "one", "--package", "two", "--format", "csv"];
    let ask = |sql: &'static str| [&both[..], &["-c", sql]].concat();
    let rows = "SELECT count(*) AS n FROM ports JOIN two.ports AS t USING (port_id)";
    assert_eq!(kouan(&sandbox, &ask(rows))?, answered("n\n3\n"));
    let clash = kouan(
        &sandbox,
        &["--package", "one", "--package", "one", "-c", "SELECT 1"],
    )?;
    let problem = "error: an SQL schema `one` is open already, and package `one` has one too; attach it AS another \
                   name, or rename the schema in it\n";
    assert_eq!(clash, failed(2, problem));
    let script = "\\attach two AS other\nSELECT count(*) AS n FROM other.ports;\n\\detach othr\n\\detach other\n\
                  SELECT 1 FROM other.ports;\n\\attach two\n\\detach one\n";
    sandbox.write("s.sql", script)?;
    let outcome = kouan(
        &sandbox,
        &[
            "--package",
            "one",
            "--format",
            "csv",
            "--keep-going",
            "-f",
            "s.sql",
        ],
    )?;
    assert_eq!(outcome.stdout, "n\n3\n");
    for said in [
        "note: attached other: other.ports\n",
        "error: no package `othr` was attached; did you mean `other`?\n",
        "note: detached other\n",
        "error: no table is called `other.ports`\n",
        "note: attached two: two.ports\n",
        // The package that the session began with stays.
        "error: no package `one` was attached",
    ] {
        assert!(outcome.stderr.contains(said), "{said}\n{}", outcome.stderr);
    }
    Ok(())
}

#[test]
fn a_table_is_shown_as_its_package_describes_it() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    kouan(&sandbox, &["init", "new"])?;
    sandbox.write(
        "s.sql",
        "\\d+ ports\n\\d+ prots\nCREATE TABLE t AS SELECT 1 AS a;\n\\d+ t\n",
    )?;
    let asked = [
        "--package",
        "new",
        "--format",
        "csv",
        "--keep-going",
        "-f",
        "s.sql",
    ];
    let outcome = kouan(&sandbox, &asked)?;
    for shown in [
        "ports: Ports, 3 rows\nA row for each port.\nKey: port_id.\n",
        "Licence: CC-BY-4.0.\n",
        "type,varchar not null,,\"one of rail, road, river, air\",Type of transport.\n",
        "lon,double,degree,at least -180; at most 180,\"Longitude, east of Greenwich.\"\n",
    ] {
        assert!(
            outcome.stdout.contains(shown),
            "{shown}\n{}",
            outcome.stdout
        );
    }
    for said in [
        "did you mean `ports`?",
        "error: `t` is of no package, so nothing more is known of it\n",
    ] {
        assert!(outcome.stderr.contains(said), "{said}\n{}", outcome.stderr);
    }
    Ok(())
}
