//! Acceptance checks 32 to 37: what a person sees of an answer.

use std::error::Error;

use kouan_testing::{Run, Sandbox};
use unicode_width::UnicodeWidthStr;

use crate::terminal::Terminal;
use crate::{KOUAN, answered, kouan};

type Checked = Result<(), Box<dyn Error>>;

/// The lines of a grid.
fn grid(text: &str) -> Vec<&str> {
    let is_grid = |line: &&str| line.starts_with(['┌', '│', '├', '└']);
    text.lines().map(str::trim_end).filter(is_grid).collect()
}

#[test]
fn check_32_the_table_fits_the_terminal() -> Checked {
    let sandbox = Sandbox::new()?;
    let mut terminal = Terminal::open(&sandbox, 80, &[])?;
    let seen = terminal.ask("SELECT * FROM ports LIMIT 3;", " shown)")?;
    let lines = grid(&seen);
    assert_eq!(lines.len(), 4 + 3 + 1, "{seen}");
    assert!(lines.iter().all(|line| line.width() <= 80), "{seen}");
    assert!(
        lines[1].contains("port_id") && lines[1].contains('…'),
        "{seen}"
    );
    assert!(
        lines[2].contains("varchar"),
        "types under the names: {seen}"
    );
    assert!(seen.contains("3 rows, 22 columns ("), "{seen}");

    let seen = terminal.ask(
        "SELECT value AS n FROM generate_series(1, 1000);",
        "1,000 rows (40 shown)",
    )?;
    let lines = grid(&seen);
    assert!(
        lines[4].ends_with("   1 │") && lines[lines.len() - 2].ends_with("1000 │"),
        "{seen}"
    );

    let hard = "SELECT '口岸' AS zh, '👩‍🔬' AS emoji, chr(27) || '[31mred' AS esc, \
                'a' || chr(10) || 'b' || chr(9) || 'c' AS lines, '' AS empty, NULL AS none, 12 AS n;";
    let seen = terminal.ask(hard, "1 row")?;
    let answer = seen.rsplit_once('┌').map_or("", |(_, answer)| answer);
    assert!(!answer.contains('\u{1b}'), "{answer:?}");
    assert!(
        answer.contains("\\x1b[31mred") && answer.contains("a\\nb\\tc"),
        "{answer}"
    );
    let lines = grid(answer);
    assert!(
        lines.iter().all(|line| line.width() == lines[0].width()),
        "{answer}"
    );
    let cells: Vec<&str> = lines[3].split('│').map(str::trim).collect();
    assert_eq!(cells[5..8], ["", "NULL", "12"], "{answer}");
    terminal.leave()?;
    Ok(())
}

#[test]
fn check_33_the_last_answer_is_shown_in_full_and_asked_again() -> Checked {
    let sandbox = Sandbox::new()?;
    let mut terminal = Terminal::open(&sandbox, 80, &[("PAGER", "sed s/^/paged:/")])?;
    terminal.ask(
        "CREATE TABLE t AS SELECT value AS n FROM generate_series(1, 100);",
        "done",
    )?;
    let seen = terminal.ask(
        "SELECT a.n, b.n FROM t a JOIN t b ON a.n = b.n ORDER BY 1;",
        "100 rows (40 shown)",
    )?;
    assert!(!seen.contains("│     57 │"), "{seen}");
    // Without its table the answer could not be run again.
    terminal.ask("DROP TABLE t;", "done")?;
    let seen = terminal.ask("\\last", "paged:└")?;
    assert!(seen.contains("paged:│     57 │     57 │"), "{seen}");
    // The sum of 1 to 100, by Gauss; the column that is there twice has a name of its own.
    let seen = terminal.ask("SELECT sum(n_2) AS total FROM _;", "1 row")?;
    assert!(seen.contains("5050"), "{seen}");

    let seen = terminal.ask(
        "\\gdesc SELECT count(*) AS n, place FROM ports GROUP BY ALL",
        "└",
    )?;
    assert!(seen.contains("│ n       │ bigint  │ no"), "{seen}");
    terminal.ask("\\x auto", "one line per row, or per value")?;
    let seen = terminal.ask("SELECT * FROM ports LIMIT 1;", "1 row")?;
    assert!(seen.contains("─[ record 1 ]"), "{seen}");
    let seen = terminal.ask("SELECT place FROM ports LIMIT 1;", "1 row")?;
    assert!(seen.contains("│ place"), "{seen}");

    // 16 million numbers of 8 bytes are more than the 64 MiB that are kept.
    terminal.ask(
        "SELECT value FROM generate_series(1, 16000000);",
        "are not available",
    )?;
    terminal.ask("\\last", "there is no last answer")?;
    terminal.leave()?;
    Ok(())
}

#[test]
fn check_34_summarize_and_describe_fit_one_screen() -> Checked {
    let sandbox = Sandbox::new()?;
    // By hand: of four rows each column misses one; 1, 2, 3 have the median 2.
    let query =
        "SUMMARIZE SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (3, NULL), (NULL, 'b')) AS t(n, s)";
    assert_eq!(
        kouan(&sandbox, &["-c", query, "--format", "csv"])?,
        answered(
            "column,type,count,null_share,distinct,min,quartiles,max\n\
             n,bigint,3,0.25,3,1,\"[1.25,2.0,2.75]\",3\n\
             s,varchar,3,0.25,2,a,,b\n"
        )
    );
    let mut terminal = Terminal::open(&sandbox, 100, &[])?;
    for (line, end, expected) in [
        ("SUMMARIZE ports;", "22 rows", "opened_year"),
        ("\\d", "└", "Border ports"),
        ("\\d ports", "└", "ports: Border ports, 95 rows"),
    ] {
        let seen = terminal.ask(line, end)?;
        assert!(seen.contains(expected), "{seen}");
        assert!(!seen.contains("│ … │"), "a column is hidden: {seen}");
        assert!(seen.lines().count() < 50, "{seen}");
        assert!(grid(&seen).iter().all(|line| line.width() <= 100), "{seen}");
    }
    // 14 of the 95 rows of data/ports.csv have no opened_year.
    let seen = terminal.ask("\\d ports", "└")?;
    let year = grid(&seen)
        .into_iter()
        .find(|line| line.contains(" opened_year "));
    assert!(
        year.is_some_and(|line| line.contains("integer") && line.contains("14.7 %")),
        "{seen}"
    );
    terminal.leave()?;
    Ok(())
}

#[test]
fn check_35_help_of_functions_and_commands() -> Checked {
    let sandbox = Sandbox::new()?;
    let outcome = kouan(&sandbox, &["-c", "\\help port_stage"])?;
    let text = &outcome.stdout;
    assert!(text.starts_with("port_stage(value"), "{text}");
    assert!(text.matches("> SELECT port_stage(").count() >= 2, "{text}");
    assert!(
        text.contains("See also:") && text.contains("try_port_stage"),
        "{text}"
    );
    assert_eq!(outcome, kouan(&sandbox, &["-c", "\\df port_stage"])?);
    let outcome = kouan(&sandbox, &["-c", "\\help substr"])?;
    assert!(
        outcome.stdout.contains("substr(str, start_pos[, length])"),
        "{}",
        outcome.stdout
    );
    let outcome = kouan(&sandbox, &["-c", "\\help port_stge"])?;
    assert!(outcome.stderr.contains("port_stage"), "{}", outcome.stderr);

    let help = kouan(&sandbox, &["-c", "\\help"])?;
    assert_eq!(help, kouan(&sandbox, &["-c", "\\?"])?);
    let names: Vec<&str> = help
        .stdout
        .lines()
        .filter_map(|line| {
            line.trim_start()
                .strip_prefix('\\')?
                .split_whitespace()
                .next()
        })
        .collect();
    assert!(names.len() >= 12, "{}", help.stdout);
    for name in names {
        let outcome = kouan(&sandbox, &["-c", &format!("\\{name}")])?;
        assert!(
            !outcome.stderr.contains("there is no command"),
            "{name}: {}",
            outcome.stderr
        );
    }
    Ok(())
}

#[test]
fn check_36_explain_analyze_is_a_tree_with_the_slowest_step() -> Checked {
    let sandbox = Sandbox::new()?;
    let query = "SELECT region, count(*) AS ports FROM ports GROUP BY region ORDER BY ports DESC";
    let outcome = Run::new(KOUAN, &sandbox)
        .args(["-c", &format!("EXPLAIN ANALYZE {query}")])
        .outcome()?;
    let text = &outcome.stdout;
    assert!(text.lines().all(|line| line.width() <= 80), "{text}");
    assert_eq!(text.matches("◄ slowest").count(), 1, "{text}");
    // 95 ports are read, in the paper's four regions.
    let rows_of = |step: &str| {
        let line = text.lines().find(|line| line.contains(step))?;
        line.split_whitespace().next()
    };
    assert_eq!(rows_of("DataSource"), Some("95"), "{text}");
    assert_eq!(rows_of("SortPreservingMerge"), Some("4"), "{text}");
    assert!(
        text.contains('%') && text.contains("└─ ") && text.contains("elapsed"),
        "{text}"
    );

    let outcome = Run::new(KOUAN, &sandbox)
        .args(["-c", &format!("EXPLAIN ANALYZE VERBOSE {query}")])
        .outcome()?;
    assert!(outcome.stdout.contains("metrics=["), "{}", outcome.stdout);
    Ok(())
}

#[test]
fn check_37_charts_of_the_last_answer() -> Checked {
    let sandbox = Sandbox::new()?;
    let mut terminal = Terminal::open(&sandbox, 60, &[])?;
    terminal.ask(
        "SELECT * FROM (VALUES ('rail', 4), ('road', 2)) AS t(mode, n);",
        "2 rows",
    )?;
    // 60 columns less a label of 4, a number of 1 and 2 blanks leave 53; half of it is 26 and a half.
    let seen = terminal.ask("\\chart", "▌")?;
    assert!(
        seen.contains(&format!("rail 4 {}\r\n", "█".repeat(53))),
        "{seen}"
    );
    assert!(
        seen.ends_with(&format!("road 2 {}", "█".repeat(26))),
        "{seen}"
    );

    terminal.ask(
        "SELECT region, opened_stage, count(*) AS n FROM ports GROUP BY ALL;",
        "rows",
    )?;
    let seen = terminal.ask("\\chart", "Southwest ")?;
    assert!(seen.contains("█ ") && seen.contains("▓ "), "{seen}");
    terminal.ask(
        "SELECT value AS x, value * value AS y FROM generate_series(1, 20) ORDER BY 1;",
        "20 rows",
    )?;
    let seen = terminal.ask("\\chart", " 20\r")?;
    assert!(seen.contains("400 ┤"), "{seen}");
    terminal.ask("SELECT lon, lat FROM ports;", "95 rows")?;
    let seen = terminal.ask("\\chart", "95 of 95 points; lon 73.97 to ")?;
    assert!(
        seen.chars().any(|c| ('\u{2801}'..='\u{28ff}').contains(&c)),
        "{seen}"
    );

    terminal.ask("SELECT place FROM ports LIMIT 1;", "1 row")?;
    terminal.ask("\\chart", "these columns make no chart")?;
    terminal.leave()?;
    Ok(())
}
