//! Acceptance checks 24 to 31: typing at the prompt.

use std::error::Error;
use std::fs;

use kouan_testing::{Run, Sandbox};

use crate::KOUAN;
use crate::terminal::Terminal;

type Checked = Result<(), Box<dyn Error>>;

/// The key that empties the line.
const CLEAR: &str = "\u{15}";
const TAB: &str = "\t";

/// The keys that type a statement, go back to the cursor `|`, press Tab, and run it.
fn completed(text: &str) -> String {
    let (before, after) = text.split_once('|').unwrap_or((text, ""));
    let left = "\u{2}".repeat(after.chars().count());
    format!("{before}{after}{left}{TAB}\r")
}

/// Types up to the cursor `|` and behind it, goes back, presses Tab twice, and returns what is
/// offered up to `until`; then the list is left, if it fills the screen, and the line is emptied.
fn offered(
    terminal: &mut Terminal,
    text: &str,
    until: &str,
) -> Result<String, rexpect::error::Error> {
    let (before, after) = text.split_once('|').unwrap_or((text, ""));
    let left = "\u{2}".repeat(after.chars().count());
    terminal
        .session
        .send(&format!("{before}{after}{left}{TAB}{TAB}"))?;
    terminal.session.flush()?;
    let seen = terminal.session.exp_string(until)?;
    terminal.session.send(&format!("q\u{5}{CLEAR}"))?;
    terminal.session.flush()?;
    Ok(seen)
}

#[test]
fn check_24_columns_of_from_first_and_of_aliases_using_and_with() -> Checked {
    let sandbox = Sandbox::new()?;
    let mut terminal = Terminal::open(&sandbox, 100, &[])?;
    let seen = offered(&mut terminal, "SELECT | FROM port_countries", "port_mode(")?;
    let (column, function) = (seen.find("since_year"), seen.find("geodesic_km("));
    assert!(column.is_some() && column < function, "{seen}");
    // A lone candidate is written out, so these statements are complete when they run.
    // `port_id` is the only column that both tables have; data/port_countries.csv has 88 rows.
    let seen = terminal.keys(
        "SELECT count(*) AS n FROM ports JOIN port_countries USING (\t);\r",
        "1 row",
    )?;
    assert!(seen.contains("88"), "{seen}");
    let seen = terminal.keys(
        &completed("SELECT max(p.opened_y|) AS y FROM ports p;"),
        "1 row",
    )?;
    assert!(seen.contains("p.opened_year)"), "{seen}");
    // Kaishantun opened in 1933, before all others.
    let with = "WITH early AS (SELECT opened_year AS since FROM ports) SELECT";
    let query = format!("{with} min(e.si|) AS y FROM early e;");
    assert!(terminal.keys(&completed(&query), "1 row")?.contains("1933"));
    let query = format!("{with} min(since) AS y FROM ear|;");
    assert!(terminal.keys(&completed(&query), "1 row")?.contains("1933"));
    terminal.leave()?;
    Ok(())
}

#[test]
fn check_25_types_and_signatures_are_shown_and_new_tables_known() -> Checked {
    let sandbox = Sandbox::new()?;
    let mut terminal = Terminal::open(&sandbox, 100, &[])?;
    let seen = offered(
        &mut terminal,
        "SELECT opened_| FROM ports",
        "opened_stage  varchar",
    )?;
    assert!(seen.contains("opened_year  integer"), "{seen}");
    offered(
        &mut terminal,
        "SELECT port_st|",
        "port_stage(value[, boundaries[, labels]])",
    )?;
    terminal.ask("CREATE TABLE fresh AS SELECT 6 * 7 AS answer;", "done")?;
    let seen = terminal.keys(&completed("SELECT f.ans| FROM fresh f;"), "1 row")?;
    assert!(seen.contains("42"), "{seen}");
    terminal.leave()?;
    Ok(())
}

#[test]
fn check_26_files_and_values_in_strings() -> Checked {
    let sandbox = Sandbox::new()?;
    sandbox.write("folder/things.csv", "a,b\n1,tea\n")?;
    let mut terminal = Terminal::open(&sandbox, 100, &[])?;
    let seen = terminal.keys("SELECT b FROM 'fol\tthi\t;\r", "1 row")?;
    assert!(seen.contains("tea"), "{seen}");
    let seen = offered(&mut terminal, "SELECT * FROM ports WHERE type = '|", "road")?;
    assert!(
        seen.contains("air") && seen.contains("rail") && seen.contains("river"),
        "{seen}"
    );
    // One region alone begins so, and its quote is closed.
    let seen = terminal.keys(
        "SELECT count(*) AS n FROM ports p WHERE p.region IN ('Northw\t);\r",
        "1 row",
    )?;
    assert!(seen.contains("Northwest'"), "{seen}");
    terminal.leave()?;
    Ok(())
}

#[test]
fn check_28_a_pasted_script_stops_at_its_first_error() -> Checked {
    let sandbox = Sandbox::new()?;
    let mut terminal = Terminal::open(&sandbox, 80, &[])?;
    let line = |number: usize| match number {
        60 => "SELECT plac FROM ports;".to_string(),
        10 => "SELECT 'a;b' AS text; -- c;d".to_string(),
        number => format!("SELECT {number} + 1000 AS n;"),
    };
    let script: Vec<String> = (1..=100).map(line).collect();
    let paste = format!("\u{1b}[200~{}\u{1b}[201~\r", script.join("\r"));
    let seen = terminal.keys(&paste, "did you mean `place`?")?;
    assert!(
        seen.contains("│ a;b") && seen.contains("│   1059 │"),
        "{seen}"
    );
    let seen = terminal.ask("SELECT 'here' AS still;", "1 row")?;
    assert!(!seen.contains("│   1061 │"), "{seen}");
    terminal.leave()?;
    Ok(())
}

#[test]
fn check_29_history_of_many_lines_without_secrets_and_repetitions() -> Checked {
    let sandbox = Sandbox::new()?;
    let mut terminal = Terminal::open(&sandbox, 80, &[])?;
    let up = "\u{1b}[A";
    terminal.keys("SELECT 1 AS a,\r       2 AS b;\r", "1 row")?;
    // Back to the statement, up to its first line, and there behind the 1.
    let seen = terminal.keys(&format!("{up}{up}\u{1}{}1\r", "\u{6}".repeat(8)), "1 row")?;
    assert!(seen.contains("│     11 │      2 │"), "{seen}");
    for line in ["SELECT 5 AS x;", "SELECT 6 AS x;", "SELECT 5 AS x;"] {
        terminal.ask(line, "1 row")?;
    }
    terminal.ask("CREATE SECRET s (TYPE s3, KEY_ID 'k');", "error")?;
    terminal.ask(
        "SELECT 'hunter2' AS password, 'password=hunter2' AS p;",
        "1 row",
    )?;
    terminal.leave()?;
    // The next session tidies what it reads, and finds it by Ctrl-R.
    let mut terminal = Terminal::open(&sandbox, 80, &[])?;
    let seen = terminal.keys("\u{12}AS b\r", "1 row")?;
    assert!(seen.contains("│     11 │      2 │"), "{seen}");
    terminal.leave()?;
    let history = fs::read_to_string(sandbox.home().join(".local/state/kouan/history"))?;
    assert_eq!(history.matches("SELECT 5 AS x;").count(), 1, "{history}");
    assert!(
        !history.contains("SECRET") && !history.contains("hunter2"),
        "{history}"
    );
    assert_eq!(fs::read_dir(sandbox.work())?.count(), 0);
    Ok(())
}

#[test]
fn check_30_no_escapes_where_none_are_wanted() -> Checked {
    let sandbox = Sandbox::new()?;
    // A dumb terminal gets nothing but text.
    let mut dumb = Terminal::open(&sandbox, 80, &[("TERM", "dumb"), ("NO_COLOR", "")])?;
    let seen = dumb.ask(
        "SELECT NULL AS n, plac FROM ports;",
        "did you mean `place`?",
    )?;
    assert!(!seen.contains('\u{1b}'), "{seen:?}");
    let seen = dumb.ask("SELECT NULL AS n;", "1 row")?;
    assert!(!seen.contains('\u{1b}'), "{seen:?}");
    dumb.leave()?;
    // With NO_COLOR the editor still moves the cursor, but nothing has a colour.
    let mut plain = Terminal::open(&sandbox, 80, &[])?;
    let seen = plain.ask("SELECT NULL AS n;", "1 row")?;
    let sets_colour = |text: &str| {
        text.split("\u{1b}[").skip(1).any(|rest| {
            let end = rest.find(|c: char| c.is_ascii_alphabetic());
            end.is_some_and(|end| rest[end..].starts_with('m'))
        })
    };
    assert!(!sets_colour(&seen), "{seen:?}");
    plain.leave()?;
    let mut colourful = Terminal::open(&sandbox, 80, &[("NO_COLOR", "")])?;
    let seen = colourful.ask("SELECT NULL AS n;", "1 row")?;
    assert!(sets_colour(&seen), "{seen:?}");
    let outcome = Run::new(KOUAN, &sandbox)
        .input("SELECT NULL AS n; SELECT plac FROM ports")
        .outcome()?;
    assert!(!outcome.stdout.contains('\u{1b}') && !outcome.stderr.contains('\u{1b}'));
    Ok(())
}

#[test]
fn check_31_a_bad_line_of_the_settings_is_told_and_the_prompt_opens() -> Checked {
    let sandbox = Sandbox::new()?;
    let folder = sandbox.home().join(".config/kouan");
    fs::create_dir_all(&folder)?;
    let file = folder.join("config.toml");
    fs::write(
        &file,
        "expanded = \"on\"\nkeys = \"nano\"\nformat = = 3\nfromat = \"csv\"\ntiming = true\n",
    )?;
    let mut terminal = Terminal::open(&sandbox, 80, &[])?;
    let said = terminal.before_prompt.clone();
    assert!(
        said.contains("config.toml:2: `keys` takes \"emacs\" or \"vi\""),
        "{said}"
    );
    assert!(said.contains("config.toml:3: "), "{said}");
    assert!(
        said.contains("config.toml:4: there is no setting `fromat`; there are format, "),
        "{said}"
    );
    // The good lines hold.
    let seen = terminal.ask("SELECT 42 AS n;", " s\r")?;
    assert!(
        seen.contains("n │ 42") && seen.contains("1 row, 0."),
        "{seen}"
    );
    terminal.leave()?;
    // Scripts answer the same whatever a person's settings are.
    let outcome = Run::new(KOUAN, &sandbox)
        .args(["-c", "SELECT 42 AS n"])
        .outcome()?;
    assert!(outcome.stdout.contains("│     42 │") && outcome.stderr.is_empty());
    Ok(())
}
