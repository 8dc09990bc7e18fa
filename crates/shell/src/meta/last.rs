//! `\last`: the last answer again, with every row and column, without running anything.

use std::io::{self, Write};
use std::process::{Command as Program, Stdio};

use kouan_engine::LastAnswer;

use super::command::{Command, Takes};
use crate::exit::Failure;
use crate::session::shell::{Flow, Shell};
use crate::show::answers::written;

/// Scrolls sideways instead of breaking lines, and leaves at once when all fits.
const PAGER: &str = "less -SFX";

pub(super) const COMMAND: Command = Command {
    name: "last",
    arguments: "",
    help: "show the last answer in full, in $PAGER or less, without running it again; it is also table `_`",
    takes: Takes::Nothing,
    run,
};

fn run(shell: &mut Shell, _: &str) -> Result<Flow, Failure> {
    let answer = answer(shell)?;
    let text = written(shell.output.format, &answer.schema, &answer.batches)?;
    let pages = shell.output.is_on_terminal(&shell.environment)
        && shell.lend_terminal(|environment| {
            let pager = environment.pager.clone();
            page(&pager.unwrap_or_else(|| PAGER.into()), &text).is_ok()
        });
    if !pages {
        shell.output.write_all(&text)?;
        shell.output.flush()?;
    }
    Ok(Flow::Continue)
}

/// The last answer, or why there is none.
pub(super) fn answer(shell: &Shell) -> Result<LastAnswer, Failure> {
    shell.engine.last_answer().ok_or_else(|| {
        Failure::Usage(
            "there is no last answer".to_string(),
            Some("the prompt keeps answers of up to 64 MiB; scripts keep none".to_string()),
        )
    })
}

/// Shows text in a pager.
///
/// # Errors
/// There is no such program; nothing was shown.
fn page(pager: &std::ffi::OsStr, text: &[u8]) -> io::Result<()> {
    let mut child = Program::new("sh")
        .arg("-c")
        .arg(pager)
        .stdin(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // Who leaves the pager early has seen enough.
        let _ = stdin.write_all(text);
    }
    const NOT_FOUND: i32 = 127;
    match child.wait()?.code() {
        Some(NOT_FOUND) => Err(io::ErrorKind::NotFound.into()),
        _ => Ok(()),
    }
}
