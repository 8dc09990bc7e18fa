//! What the machine does to us: closed pipes, full disks, folders that cannot be written.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::PermissionsExt;

use kouan_testing::{Run, Sandbox};

use crate::{KOUAN, answered, failed, kouan};

const PORTS: &str = "SELECT count(*) AS ports FROM ports";

#[test]
fn without_a_home_tables_still_answer() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    let outcome = Run::new(KOUAN, &sandbox)
        .without("HOME")
        .args(["-c", PORTS, "--format", "csv"])
        .outcome()?;
    assert_eq!(outcome, answered("ports\n95\n"));
    Ok(())
}

#[test]
fn a_cache_that_cannot_be_written_is_told_and_replaced() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    // A file where the folder should be: unwritable for every user, root included.
    let blocked = sandbox.write("blocked", "")?;
    let outcome = Run::new(KOUAN, &sandbox)
        .env("XDG_CACHE_HOME", &blocked)
        .args(["-c", PORTS, "--format", "csv"])
        .outcome()?;
    assert_eq!(
        (outcome.code, outcome.stdout.as_str()),
        (Some(0), "ports\n95\n")
    );
    assert!(
        outcome.stderr.starts_with("note: ") && outcome.stderr.contains("cannot be written"),
        "{}",
        outcome.stderr
    );
    Ok(())
}

#[test]
fn a_damaged_cache_is_built_again() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    let expected = answered("ports\n95\n");
    assert_eq!(
        kouan(&sandbox, &["-c", PORTS, "--format", "csv"])?,
        expected
    );
    let mut damaged = 0;
    let mut folders = vec![sandbox.home().join(".cache/kouan")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let length = fs::metadata(&path)?.len();
                fs::set_permissions(&path, fs::Permissions::from_mode(0o644))?;
                OpenOptions::new()
                    .write(true)
                    .open(&path)?
                    .set_len(length / 2)?;
                damaged += 1;
            }
        }
    }
    assert!(damaged > 0);
    assert_eq!(
        kouan(&sandbox, &["-c", PORTS, "--format", "csv"])?,
        expected
    );
    Ok(())
}

#[test]
fn nothing_is_written_to_the_working_folder() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    kouan(&sandbox, &["-c", PORTS])?;
    Run::new(KOUAN, &sandbox).input(PORTS).outcome()?;
    assert_eq!(fs::read_dir(sandbox.work())?.count(), 0);
    Ok(())
}

#[test]
fn files_that_cannot_be_read() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    assert_eq!(
        kouan(&sandbox, &["-c", "SELECT 1", "-f", "missing.sql"])?,
        failed(
            2,
            "error: cannot read missing.sql: No such file or directory (os error 2)\n"
        )
    );
    sandbox.write("latin1.sql", b"SELECT 1;\nSELECT 'caf\xe9'")?;
    assert_eq!(
        kouan(&sandbox, &["-f", "latin1.sql"])?,
        failed(
            2,
            "error: cannot read latin1.sql: it is not UTF-8 text (byte 21, line 2); nothing was run\n"
        )
    );
    let outcome = kouan(&sandbox, &["--package", "nowhere", "-c", "SELECT 1"])?;
    assert_eq!(outcome.code, Some(2));
    assert!(
        outcome
            .stderr
            .starts_with("error: there is no package at nowhere\n"),
        "{}",
        outcome.stderr
    );
    Ok(())
}

#[test]
fn no_colour_leaves_through_a_pipe() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    let outcome = kouan(
        &sandbox,
        &["-c", "SELECT port_id, opened_year FROM ports; SELECT x"],
    )?;
    assert!(!outcome.stdout.contains('\x1b') && !outcome.stderr.contains('\x1b'));
    File::create(sandbox.work().join("done"))?;
    Ok(())
}
