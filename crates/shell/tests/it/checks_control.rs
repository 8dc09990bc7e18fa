//! Acceptance checks 17 to 23: a person keeps control of what runs.

use std::error::Error;
use std::fs;
use std::io::{self, Read};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use kouan_testing::{Run, Sandbox};

use crate::terminal::Terminal;
use crate::{KOUAN, kouan};

type Checked = Result<(), Box<dyn Error>>;

const CTRL_C: &str = "\x03";
/// Work that no machine ends while a test waits.
const ENDLESS: &str = "SELECT count(*) FROM generate_series(1, 3000000) a \
    CROSS JOIN generate_series(1, 3000000) b WHERE a.value % 7 = b.value % 11";
const MANY: &str = "SELECT value FROM generate_series(1, 3000000)";
/// Far above the 300 ms that a quiet machine keeps to, far below the end of the work.
const AT_ONCE: Duration = Duration::from_secs(3);

/// Starts the binary with its outputs caught.
fn start(sandbox: &Sandbox, arguments: &[&str]) -> io::Result<Child> {
    Command::new(KOUAN)
        .args(arguments)
        .current_dir(sandbox.work())
        .env("HOME", sandbox.home())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
}

#[test]
fn check_17_control_c_stops_any_operator_and_keeps_the_session() -> Checked {
    let sandbox = Sandbox::new()?;
    let rows: String = (0..400_000)
        .map(|row| format!("{row},{}\n", row % 1_000))
        .collect();
    sandbox.write("wide.csv", format!("a,b\n{rows}"))?;
    let mut terminal = Terminal::open(&sandbox, 100, &[])?;
    terminal.ask("CREATE TABLE kept AS SELECT 42 AS answer;", "done")?;
    let series = "generate_series(1, 100000000)";
    for sql in [
        ENDLESS.to_string(),
        format!(
            "SELECT count(*) FROM {series} a JOIN {series} b ON a.value % 1000 = b.value % 1000"
        ),
        format!("SELECT sum(value) OVER (ORDER BY value % 7, value) FROM {series}"),
        format!("SELECT value FROM {series} ORDER BY value % 1000, value DESC"),
        format!("SELECT value % 1000000 AS g, count(*), sum(value) FROM {series} GROUP BY g"),
        "SELECT count(*) FROM 'wide.csv' x, 'wide.csv' y, 'wide.csv' z WHERE x.a < y.b + z.b"
            .to_string(),
        format!(
            "SELECT max(geodesic_km(value % 180, value % 90, value % 90, value % 45)) FROM {series}"
        ),
    ] {
        terminal.session.send_line(&format!("{sql};"))?;
        sleep(Duration::from_millis(1_300));
        let pressed = Instant::now();
        let seen = terminal.keys(CTRL_C, "cancelled after ")?;
        assert!(
            pressed.elapsed() < AT_ONCE,
            "{sql}: {:?}",
            pressed.elapsed()
        );
        assert!(!seen.contains("error"), "{sql}: {seen}");
    }
    terminal.ask("SELECT answer FROM kept;", "42")?;
    terminal.leave()?;
    Ok(())
}

#[test]
fn check_17_what_was_cancelled_says_how_far_it_was() -> Checked {
    let sandbox = Sandbox::new()?;
    let mut terminal = Terminal::open(&sandbox, 100, &[])?;
    terminal
        .session
        .send_line("SELECT max(value) FROM generate_series(1, 4000000000);")?;
    sleep(Duration::from_millis(1_300));
    terminal.keys(CTRL_C, " rows read")?;
    terminal.leave()?;
    Ok(())
}

#[test]
fn check_18_control_c_never_leaves() -> Checked {
    let sandbox = Sandbox::new()?;
    let mut terminal = Terminal::open(&sandbox, 100, &[])?;
    terminal.ask("\\format csv", "csv")?;
    terminal
        .session
        .send_line("SELECT value FROM generate_series(1, 100000000);")?;
    terminal.session.exp_string("1000\r\n")?;
    terminal.keys(CTRL_C, "cancelled after ")?;
    // At the prompt it clears the line, again and again.
    for _ in 0..3 {
        terminal.session.send("SELECT nosuch")?;
        terminal.session.flush()?;
        terminal.keys(CTRL_C, "")?;
    }
    terminal.ask("SELECT 6 * 7 AS answer;", "42")?;
    terminal.leave()?;
    Ok(())
}

#[test]
fn check_19_an_interrupted_run_says_so_and_closes_its_json() -> Checked {
    let sandbox = Sandbox::new()?;
    let endless = "SELECT value FROM generate_series(1, 4000000000)";
    for (sql, format) in [(ENDLESS, "csv"), (endless, "json")] {
        let mut child = start(&sandbox, &["-c", sql, "--format", format])?;
        let mut stdout = child.stdout.take();
        let reader = std::thread::spawn(move || {
            let mut text = String::new();
            stdout
                .as_mut()
                .map(|stdout| stdout.read_to_string(&mut text));
            text
        });
        sleep(Duration::from_millis(800));
        Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status()?;
        let outcome = child.wait_with_output()?;
        assert_eq!(outcome.status.code(), Some(130));
        let said = String::from_utf8(outcome.stderr)?;
        assert!(
            said.starts_with("cancelled after ") && said.lines().count() == 1,
            "{said}"
        );
        let text = reader.join().unwrap_or_default();
        if format == "json" {
            let rows: Vec<serde_json::Value> = serde_json::from_str(&text)?;
            assert!(!rows.is_empty());
        }
    }
    Ok(())
}

#[test]
fn check_20_a_reader_that_leaves_is_no_failure() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    for format in ["csv", "json", "jsonl", "tsv", "markdown", "vertical"] {
        let mut child = start(&sandbox, &["-c", MANY, "--format", format])?;
        let mut first = [0; 64];
        if let Some(mut stdout) = child.stdout.take() {
            stdout.read_exact(&mut first)?;
        }
        let output = child.wait_with_output()?;
        assert_eq!(
            (output.status.code(), output.stderr.as_slice()),
            (Some(0), [].as_slice()),
            "{format}"
        );
    }
    Ok(())
}

#[test]
fn check_21_the_first_rows_do_not_wait_for_the_last() -> Checked {
    let sandbox = Sandbox::new()?;
    let mut terminal = Terminal::open(&sandbox, 100, &[])?;
    let asked = Instant::now();
    terminal
        .session
        .send_line("SELECT value AS n FROM generate_series(1, 4000000000);")?;
    terminal.wait_for("│     20 │")?;
    assert!(asked.elapsed() < AT_ONCE, "{:?}", asked.elapsed());
    terminal.keys(CTRL_C, "cancelled after ")?;
    // Wider last rows are not cut: they stand in a grid of their own.
    let seen = terminal.ask(
        "SELECT value AS n FROM generate_series(1, 10000000);",
        "10,000,000 rows (40 shown)",
    )?;
    assert!(seen.contains("│ 10000000 │"), "{seen}");
    terminal.leave()?;
    Ok(())
}

#[cfg(target_os = "linux")]
#[test]
fn check_21_a_long_answer_does_not_fill_memory() -> Checked {
    let sandbox = Sandbox::new()?;
    let sql = "SELECT value, value * 2 AS x FROM generate_series(1, 4000000000)";
    let mut child = start(&sandbox, &["-c", sql, "--format", "csv"])?;
    let mut stdout = child.stdout.take().ok_or("no standard output")?;
    let mut read = vec![0; 64 << 20];
    stdout.read_exact(&mut read)?;
    let status = fs::read_to_string(format!("/proc/{}/status", child.id()))?;
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .ok_or("no VmHWM")?;
    let kilobytes: u64 = peak.trim().trim_end_matches(" kB").parse()?;
    assert!(kilobytes < 200_000, "{kilobytes} kB");
    child.kill()?;
    child.wait()?;
    Ok(())
}

#[test]
fn check_22_a_line_of_progress_comes_and_goes() -> Checked {
    let sandbox = Sandbox::new()?;
    let mut terminal = Terminal::open(&sandbox, 100, &[])?;
    terminal
        .session
        .send_line("SELECT max(value) FROM generate_series(1, 4000000000);")?;
    terminal.session.exp_string(" rows/s")?;
    terminal.session.exp_string("B memory")?;
    terminal.keys(CTRL_C, "\r\x1b[Kcancelled after ")?;
    terminal.leave()?;
    // Never in a pipe, and not on a terminal that cannot take a line back.
    let outcome = kouan(&sandbox, &["-c", ENDLESS, "--timeout", "1500ms"])?;
    assert!(
        !outcome.stderr.contains("rows/s") && !outcome.stderr.contains('\x1b'),
        "{}",
        outcome.stderr
    );
    let mut dumb = Terminal::open(&sandbox, 100, &[("TERM", "dumb")])?;
    dumb.session.send_line(&format!("{ENDLESS};"))?;
    sleep(Duration::from_millis(1_500));
    let seen = dumb.keys(CTRL_C, "cancelled after ")?;
    assert!(!seen.contains("rows/s"), "{seen}");
    dumb.leave()?;
    Ok(())
}

#[test]
fn check_22_a_known_total_gives_a_share_and_an_end() -> Checked {
    let sandbox = Sandbox::new()?;
    let mut terminal = Terminal::open(&sandbox, 120, &[])?;
    terminal.ask(
        "COPY (SELECT value FROM generate_series(1, 200000)) TO 'many.parquet';",
        "1 row",
    )?;
    let slow =
        "SELECT max(sqrt(a.value) * b.value) FROM 'many.parquet' a CROSS JOIN 'many.parquet' b;";
    terminal.session.send_line(slow)?;
    terminal.session.exp_string(" %, ")?;
    terminal.session.exp_string(" s left")?;
    terminal.keys(CTRL_C, "cancelled after ")?;
    terminal.leave()?;
    Ok(())
}

#[test]
fn check_23_a_sort_larger_than_memory_goes_to_disk() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    let sort =
        "SELECT value, value % 1000 AS x FROM generate_series(1, 1500000) ORDER BY x, value DESC";
    let sorted = Run::new(KOUAN, &sandbox)
        .args(["--memory", "20MB", "-c", sort, "--format", "csv"])
        .outcome()?;
    assert_eq!((sorted.code, sorted.stderr.as_str()), (Some(0), ""));
    assert_eq!(sorted.stdout.lines().count(), 1_500_001);
    assert!(sorted.stdout.starts_with("value,x\n1500000,0\n1499000,0\n"));
    Ok(())
}

#[test]
fn check_23_what_cannot_go_to_disk_names_limit_operator_and_setting() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    let join = "SELECT count(*) FROM generate_series(1, 3000000) a JOIN generate_series(1, 3000000) b ON a.value = b.value";
    let outcome = kouan(&sandbox, &["--memory", "10MB", "-c", join])?;
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""));
    let said = &outcome.stderr;
    assert!(
        said.starts_with("error: not enough memory: a join needs "),
        "{said}"
    );
    assert!(
        said.contains("more than the limit of 10 MB leaves\nhint: --memory sets the limit"),
        "{said}"
    );
    Ok(())
}

#[test]
fn a_statement_ends_at_its_time_limit() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    let started = Instant::now();
    let outcome = kouan(&sandbox, &["--timeout", "1s", "-c", ENDLESS])?;
    assert!(started.elapsed() < Duration::from_secs(1) + AT_ONCE);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(4), ""));
    assert!(
        outcome
            .stderr
            .ends_with(": the time limit is 1 s\nhint: --timeout sets it\n"),
        "{}",
        outcome.stderr
    );
    for wrong in ["1x", "0s", "-1s", "s"] {
        let time = format!("--timeout={wrong}");
        assert_eq!(
            kouan(&sandbox, &[&time, "-c", "SELECT 1"])?.code,
            Some(2),
            "{wrong}"
        );
    }
    Ok(())
}
