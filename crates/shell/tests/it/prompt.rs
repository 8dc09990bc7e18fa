//! The prompt in a pseudo-terminal.

use std::process::Command;

use kouan_testing::Sandbox;
use rexpect::error::Error;
use rexpect::session::{PtySession, spawn_command};

use crate::KOUAN;

/// Long enough for a slow machine; a missing answer is a failure, not a delay.
const PATIENCE_MILLISECONDS: u64 = 30_000;

fn open(sandbox: &Sandbox) -> Result<PtySession, Error> {
    let mut command = Command::new(KOUAN);
    command
        .current_dir(sandbox.work())
        .env_clear()
        .env("HOME", sandbox.home())
        .env("TERM", "xterm-256color")
        .env("NO_COLOR", "1");
    let mut session = spawn_command(command, Some(PATIENCE_MILLISECONDS))?;
    session.exp_string("kouan> ")?;
    Ok(session)
}

fn leave(mut session: PtySession) -> Result<(), Error> {
    session.send_line("\\q")?;
    session.exp_eof()?;
    Ok(())
}

#[test]
fn statements_over_several_lines_commands_and_leaving() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::new()?;
    let mut session = open(&sandbox)?;
    session.send_line("SELECT count(*) AS ports")?;
    session.send_line("FROM ports;")?;
    session.exp_string("95")?;
    session.exp_string("kouan> ")?;
    session.send_line("\\run table1")?;
    session.exp_string("Northeast China")?;
    session.exp_string("kouan> ")?;
    leave(session)?;
    let history = std::fs::read_to_string(sandbox.home().join(".local/state/kouan/history"))?;
    assert!(
        history.contains("\\run table1") || history.contains("run table1"),
        "{history}"
    );
    assert_eq!(
        std::fs::read_dir(sandbox.work())?.count(),
        0,
        "nothing in the working folder"
    );
    Ok(())
}

#[test]
fn an_error_keeps_the_session() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::new()?;
    let mut session = open(&sandbox)?;
    session.send_line("CREATE TABLE kept AS SELECT 41 + 1 AS n;")?;
    session.exp_string("kouan> ")?;
    session.send_line("SELECT plac FROM ports;")?;
    session.exp_string("did you mean `place`?")?;
    session.send_line("SELECT n FROM kept;")?;
    session.exp_string("42")?;
    leave(session)?;
    Ok(())
}

#[test]
fn tab_completes_columns_of_the_table_to_the_right() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::new()?;
    let mut session = open(&sandbox)?;
    session.send("SELECT max(p.) AS last FROM ports p;")?;
    // Ctrl-A goes to the start, Ctrl-F forward to the end of `SELECT max(p.`.
    session.send(&format!("\x01{}opened_y\t\r", "\x06".repeat(13)))?;
    session.flush()?;
    session.exp_string("opened_year")?;
    session.exp_string("2012")?;
    leave(session)?;
    Ok(())
}
