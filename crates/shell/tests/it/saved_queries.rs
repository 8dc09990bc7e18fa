//! Saved queries: what their headers promise is checked, tested, saved, edited and written into pages.

use std::fs;
use std::io;
use std::path::Path;

use kouan_testing::{Run, Sandbox};
use rexpect::error::Error;

use crate::terminal::Terminal;
use crate::{KOUAN, answered, failed, kouan};

const PORTS: &str = "-- title: ports of a type\n\
    -- param: kind text [values: SELECT DISTINCT type FROM ports]\n\
    -- param: top tinyint = 3 between 1 and 100\n\
    -- expect: columns (place varchar, type varchar) ; unique (place, type)\n\
    -- expect: rows <= $top\n\
    -- expect: place is not null\n\
    -- example: kind=river\n\
    SELECT place, type FROM ports WHERE type = $kind ORDER BY place LIMIT $top;\n";

#[test]
fn the_queries_of_this_package_answer_what_is_expected() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let package = root.to_string_lossy();
    let outcome = kouan(
        &sandbox,
        &["test", "--package", &package, "--format", "csv"],
    )?;
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    assert!(outcome.stdout.contains("paper,table1,,passed\n"));
    assert!(
        !outcome.stdout.contains("no expected answer"),
        "{}",
        outcome.stdout
    );
    Ok(())
}

/// All problems at once, before data are read, and nothing that a value holds is run.
#[test]
fn check_38_values_change_nothing_but_the_message() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    sandbox.write("queries/ports_of.sql", PORTS)?;
    let problems = failed(
        2,
        "error: `loose` is not understood; values are given as name=value\n\
         `ports_of` has no parameter `kin`; did you mean `kind`?\n\
         `top`: \"300\" is not a whole number from -128 to 127\n\
         `kind` needs a value: kind=…, kind text\n",
    );
    assert_eq!(
        kouan(
            &sandbox,
            &["run", "ports_of", "kin=road", "loose", "--top", "300"]
        )?,
        problems
    );
    for value in ["x' OR '1'='1", "0 or true"] {
        let told = failed(2, &format!("error: `kind`: there is no {value:?}\n"));
        assert_eq!(
            kouan(&sandbox, &["run", "ports_of", "--kind", value])?,
            told
        );
    }
    // A call in SQL is held to the same.
    let call = "SELECT * FROM queries.ports_of(kind => 'raod')";
    let near = "error: `kind`: there is no \"raod\"; did you mean \"road\"?\n";
    let outcome = kouan(&sandbox, &["-c", call])?;
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.stderr.starts_with(near), "{}", outcome.stderr);
    let near = failed(
        2,
        "error: `kind`: there is no \"raod\"; did you mean \"road\"?\n",
    );
    assert_eq!(kouan(&sandbox, &["run", "ports_of", "kind=raod"])?, near);
    // Heihe's and two more of the 16 river ports, in the order of their names.
    let outcome = kouan(
        &sandbox,
        &["run", "ports_of", "kind=river", "--format", "csv"],
    )?;
    assert_eq!(outcome.stdout.lines().count(), 4);
    let help = kouan(&sandbox, &["run", "ports_of", "--help"])?;
    for part in [
        "kouan run ports_of kind=… [top=…]",
        "top tinyint = 3 between 1 and 100",
    ] {
        assert!(help.stdout.contains(part), "{}", help.stdout);
    }
    Ok(())
}

#[test]
fn an_expectation_that_cannot_be_asked_is_found_without_data() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    sandbox.write(
        "mine/bad.sql",
        "-- expect: columns (place integer)\n-- expect: unique (plaec)\n-- expect: place + 1\n\
         -- expect: rows > many\n-- expect: empty table_1\n-- param: x text\nSELECT place FROM ports",
    )?;
    let outcome = kouan(&sandbox, &["check", "mine", "--format", "csv"])?;
    assert_eq!(outcome.code, Some(3));
    for part in [
        "bad.sql:6: `x` is declared but not used",
        "bad.sql:1: column `place integer` is expected, the answer has: place varchar",
        "bad.sql:2: the answer has no column `plaec`; did you mean `place`?",
        "bad.sql:3: `place + 1`",
        "bad.sql:4: `rows > many`",
        "bad.sql:5: no saved query is called `table_1`; did you mean `table1`?",
    ] {
        assert!(
            outcome.stderr.contains(part),
            "{part} in {}",
            outcome.stderr
        );
    }
    assert!(!sandbox.home().join(".cache").exists(), "data were read");
    Ok(())
}

#[test]
fn check_39_answers_are_held_against_what_is_expected() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    sandbox.write("queries/ports_of.sql", PORTS)?;
    sandbox.write(
        "queries/mine/types.sql",
        "-- expect: ports > 10 ; unique (all_of_them) ; rows = 3\n-- expect: empty ports_of kind=air\n\
         SELECT type, count(*) AS ports, 95 AS all_of_them FROM ports GROUP BY type",
    )?;
    let test = ["test", "queries", "--format", "csv"];
    // Table 1 of the paper: 60 road, 16 river, 11 rail, 8 air.
    let outcome = kouan(&sandbox, &test)?;
    assert_eq!(outcome.code, Some(3));
    assert!(
        outcome
            .stderr
            .contains("`ports > 10` fails in 1 row, first in type=air, ports=8"),
        "{}",
        outcome.stderr
    );
    assert!(
        outcome
            .stderr
            .contains("(all_of_them) is not unique, first all_of_them=95, times=4")
    );
    assert!(
        outcome
            .stderr
            .contains("`rows = 3` is expected, the answer has 4 rows")
    );
    assert!(
        outcome
            .stderr
            .contains("`ports_of` should answer nothing and has 3 rows")
    );

    sandbox.write(
        "queries/mine/types.sql",
        "SELECT type, count(*) AS ports FROM ports GROUP BY type",
    )?;
    assert!(
        kouan(&sandbox, &test)?
            .stdout
            .contains("mine,types,,no expected answer\n")
    );
    let blessed = kouan(&sandbox, &["test", "queries", "--bless", "--format", "csv"])?;
    assert!(
        blessed.stdout.contains("mine,types,,blessed\n"),
        "{}",
        blessed.stderr
    );
    let file = sandbox.work().join("tests/queries/mine/types.csv");
    assert_eq!(fs::read_to_string(&file)?.lines().count(), 5);
    // Any order will do; another number will not.
    fs::write(&file, "type,ports\nair,8\nrail,11\nriver,15\nroad,60\n")?;
    let outcome = kouan(&sandbox, &["test", "queries", "--junit", "outcome.xml"])?;
    assert_eq!(outcome.code, Some(3));
    assert!(
        outcome.stderr.contains("- river,15\n+ river,16\n"),
        "{}",
        outcome.stderr
    );
    let junit = fs::read_to_string(sandbox.work().join("outcome.xml"))?;
    assert!(junit.contains("tests=\"2\" failures=\"1\""), "{junit}");
    assert!(junit.contains("<testcase classname=\"\" name=\"ports_of kind=river\""));
    fs::write(&file, "type,ports\nair,8\nrail,11\nriver,16\nroad,60\n")?;
    assert_eq!(kouan(&sandbox, &test)?.code, Some(0));
    Ok(())
}

#[test]
fn queries_pass_their_parameters_on() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    sandbox.write("queries/ports_of.sql", PORTS)?;
    sandbox.write(
        "queries/count_of.sql",
        "-- param: kind text = 'river'\n-- param: most tinyint = 2\n\
         SELECT count(*) AS ports FROM queries.ports_of(kind => $kind, top => $most)",
    )?;
    sandbox.write(
        "queries/undeclared.sql",
        "SELECT * FROM queries.count_of($what, 5)",
    )?;
    let csv = |words: &[&str]| kouan(&sandbox, &[words, &["--format", "csv"]].concat());
    assert_eq!(csv(&["run", "count_of"])?, answered("ports\n2\n"));
    assert_eq!(
        csv(&["run", "count_of", "most=90", "kind=road"])?,
        answered("ports\n60\n")
    );
    assert_eq!(
        csv(&["run", "undeclared", "what=rail"])?,
        answered("ports\n5\n")
    );
    let outcome = csv(&["run", "count_of", "most=101"])?;
    assert_eq!(outcome.code, Some(1));
    assert!(
        outcome.stderr.contains("101 is not between 1 and 100"),
        "{}",
        outcome.stderr
    );
    sandbox.write("queries/hen.sql", "SELECT * FROM queries.egg")?;
    sandbox.write("queries/egg.sql", "SELECT * FROM queries.hen")?;
    let outcome = csv(&["run", "hen"])?;
    let circle = "in a circle: hen → egg → hen";
    assert!(outcome.stderr.contains(circle), "{}", outcome.stderr);
    Ok(())
}

#[test]
fn folders_are_searched_nearest_first() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    sandbox.write("asked/table1.sql", "SELECT 'asked' AS folder")?;
    sandbox.write("queries/table1.sql", "SELECT 'here' AS folder")?;
    let own = sandbox.home().join(".config/kouan/queries");
    fs::create_dir_all(&own)?;
    fs::write(own.join("table1.sql"), "SELECT 'own' AS folder")?;
    fs::write(
        own.join("mine.sql"),
        "-- title: One of my own\nSELECT 'own' AS folder",
    )?;
    let run = ["run", "table1", "--format", "csv"];
    assert_eq!(kouan(&sandbox, &run)?, answered("folder\nhere\n"));
    let asked = kouan(&sandbox, &[&run[..], &["--queries", "asked"]].concat())?;
    assert_eq!(asked, answered("folder\nasked\n"));
    assert_eq!(
        kouan(&sandbox, &["run", "mine", "--format", "csv"])?,
        answered("folder\nown\n")
    );
    let outcome = kouan(&sandbox, &["-c", "\\queries my OWN", "--format", "csv"])?;
    assert_eq!(
        outcome.stdout,
        "topic,query,title,parameters\n\"\",mine,One of my own,\n"
    );
    assert!(
        outcome
            .stderr
            .contains("queries/paper/table1.sql is hidden by queries/table1.sql"),
        "{}",
        outcome.stderr
    );
    Ok(())
}

#[test]
fn answers_go_to_files_of_any_format() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    assert_eq!(
        kouan(&sandbox, &["run", "table1", "-o", "table1.parquet"])?,
        answered("")
    );
    // Table 1 of the paper: 95 ports, in the four regions and in the total.
    let sum = "SELECT sum(ports) AS ports FROM 'table1.parquet'";
    assert_eq!(
        kouan(&sandbox, &["-c", sum, "--format", "csv"])?,
        answered("ports\n190\n")
    );
    let twice = kouan(&sandbox, &["-c", "SELECT 1; SELECT 2", "-o", "two.parquet"])?;
    assert_eq!(twice.code, Some(2));
    assert!(
        twice.stderr.contains("holds one answer") && !sandbox.work().join("two.parquet").exists()
    );
    Ok(())
}

#[test]
fn pages_are_filled() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    sandbox.write("queries/one.sql", "-- param: n integer = 1\nSELECT $n AS n")?;
    let page = sandbox.write(
        "page.md",
        "# Page\n<!-- kouan run one n=2 -->\nold\n<!-- end -->\nprose\n",
    )?;
    assert_eq!(
        kouan(&sandbox, &["fill", "--check", "page.md"])?.code,
        Some(3)
    );
    assert_eq!(kouan(&sandbox, &["fill", "page.md"])?, answered(""));
    assert_eq!(
        fs::read_to_string(page)?,
        "# Page\n<!-- kouan run one n=2 -->\n\n| n |\n| ---: |\n| 2 |\n\n<!-- end -->\nprose\n"
    );
    assert_eq!(
        kouan(&sandbox, &["fill", "--check", "page.md"])?.code,
        Some(0)
    );
    sandbox.write("page.md", "<!-- kouan run one -->\n")?;
    assert!(
        kouan(&sandbox, &["fill", "page.md"])?
            .stderr
            .contains("page.md:1: this place has no end")
    );
    Ok(())
}

#[test]
fn check_40_a_statement_is_saved_edited_and_run() -> Result<(), Error> {
    let sandbox = Sandbox::new()?;
    fs::create_dir(sandbox.work().join("queries"))?;
    let editor = "sed -i s/place/name_zh/";
    let mut terminal = Terminal::open(&sandbox, 100, &[("EDITOR", editor)])?;
    terminal.ask(
        "SELECT place FROM ports WHERE type = 'river' ORDER BY place LIMIT 3;",
        "3 rows",
    )?;
    terminal.session.send_line("\\save mine/river_ports")?;
    terminal.session.exp_string("none:")?;
    terminal.ask("1", "runs it")?;
    terminal.ask("\\run river_ports type=air", "3 rows")?;
    let file = sandbox.work().join("queries/mine/river_ports.sql");
    let saved = "-- name: river_ports\n-- title: river ports\n-- param: type text = 'river'\n\
                 SELECT place FROM ports WHERE type = $type ORDER BY place LIMIT 3;\n";
    assert_eq!(fs::read_to_string(&file)?, saved);
    terminal.ask("\\save river_ports", "is called `river_ports` already")?;
    terminal.ask("\\edit river_ports", "runs it")?;
    terminal.ask("\\run river_ports", "name_zh")?;
    // Tab completes the query's name, then the parameter's.
    terminal.keys("\\run river_p\t ty\tair\r", "3 rows")?;
    Ok(())
}

/// To read a saved query changes nothing, neither files nor tables.
#[test]
fn a_saved_query_is_a_question() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    let refused = "must be a query; run other statements with `-f`";
    for (name, text) in [
        ("w", "COPY (SELECT 1 AS a) TO 'out.csv';\n"),
        ("c", "CREATE TABLE t AS SELECT 1 AS a;\n"),
        ("s", "SET kouan.fused = true;\n"),
        ("i", "INSERT INTO ports VALUES (1);\n"),
    ] {
        sandbox.write(format!("queries/{name}.sql"), text)?;
        let read = format!("FROM queries.{name}");
        for words in [&["run", name][..], &["-c", &read], &["check", "queries"]] {
            let outcome = kouan(&sandbox, words)?;
            assert!(outcome.code != Some(0), "{words:?}");
            assert!(
                outcome.stderr.contains(refused),
                "{words:?}: {}",
                outcome.stderr
            );
        }
    }
    assert!(!sandbox.work().join("out.csv").exists());
    Ok(())
}

/// A comment that looks like an entry is prose where nothing is an entry.
#[test]
fn a_file_without_header_may_begin_with_prose() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    sandbox.write(
        "queries/a.sql",
        "-- todo: more ports\nSELECT $least + 1 AS a;\n",
    )?;
    let csv = ["--format", "csv"];
    let run = [&csv[..], &["run", "a", "least=2"]].concat();
    assert_eq!(kouan(&sandbox, &run)?, answered("a\n3\n"));
    let help = kouan(&sandbox, &["run", "a", "--help"])?;
    assert_eq!(
        help.stdout,
        "a\n\nUsage: kouan run a least=…\n\nParameters:\n  least bigint\n"
    );
    let general = kouan(&sandbox, &["run", "--help"])?;
    assert!(
        general.stdout.contains("Usage: kouan run NAME"),
        "{}",
        general.stdout
    );
    sandbox.write(
        "queries/b.sql",
        "-- title: b\n-- todo: more\nSELECT 1 AS a;\n",
    )?;
    let refused = kouan(&sandbox, &["run", "b"])?;
    assert!(
        refused
            .stderr
            .contains("`todo:` is not known in a query's header"),
        "{}",
        refused.stderr
    );
    Ok(())
}

/// A built-in query is edited as a copy that is run from then on, if it was changed.
#[test]
fn a_built_in_query_is_edited_as_a_copy() -> Result<(), Error> {
    let sandbox = Sandbox::new()?;
    let copy = sandbox.work().join("queries/paper/table3.sql");
    for (editor, kept) in [("true", false), ("sed -i '/^SELECT/i -- changed'", true)] {
        let mut terminal = Terminal::open(&sandbox, 100, &[("EDITOR", editor)])?;
        let said = if kept {
            "runs it as it is now"
        } else {
            "no copy is kept"
        };
        terminal.ask("\\edit table3", said)?;
        assert_eq!(copy.exists(), kept);
    }
    let listed = kouan(&sandbox, &["queries"])?;
    let said = "note: embedded:queries/paper/table3.sql is hidden by queries/paper/table3.sql\n";
    assert!(listed.stderr.contains(said), "{}", listed.stderr);
    Ok(())
}

#[test]
fn the_columns_of_a_saved_query_are_described() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    sandbox.write("queries/ports_of.sql", PORTS)?;
    sandbox.write("s.sql", "\\d queries.ports_of\n")?;
    let outcome = kouan(&sandbox, &["--format", "csv", "-f", "s.sql"])?;
    let columns = "queries.ports_of: ports of a type\ncolumn,type\nplace,varchar\ntype,varchar\n";
    assert_eq!(outcome, answered(columns));
    Ok(())
}

/// Where there is nobody to ask, `all` takes every literal and nothing takes none.
#[test]
fn a_script_saves_without_asking() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    fs::create_dir(sandbox.work().join("queries"))?;
    let script = "SELECT 1 AS n WHERE 1 < 2;\n\\save one all\n\\run one --help\n";
    let outcome = Run::new(KOUAN, &sandbox)
        .args(["--format", "csv"])
        .input(script)
        .outcome()?;
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    assert!(
        outcome.stdout.contains("Usage: \\run one"),
        "{}",
        outcome.stdout
    );
    Ok(())
}
