//! `\edit`: a saved query's file in the person's editor.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command as Program;

use kouan_engine::{QueryFolder, SavedQuery};

use super::command::{Command, Takes};
use super::save::check;
use crate::exit::Failure;
use crate::session::shell::{Flow, Shell};

/// Where neither $VISUAL nor $EDITOR is set.
const EDITOR: &str = "vi";

pub(super) const COMMAND: Command = Command {
    name: "edit",
    arguments: "query",
    help: "edit a saved query in $VISUAL or $EDITOR, then check it",
    takes: Takes::Query,
    run,
};

fn run(shell: &mut Shell, name: &str) -> Result<Flow, Failure> {
    if name.is_empty() {
        return Err(Failure::Usage(
            "`\\edit` needs the name of a saved query".to_string(),
            Some(
                "`\\queries` lists them; `\\save name` makes one of the last statement".to_string(),
            ),
        ));
    }
    let queries = shell.engine.queries();
    let query = queries.find(name)?;
    let file = match &query.file {
        Some(file) => file.clone(),
        None => own_copy(shell, query)?,
    };
    shell.lend_terminal(|environment| {
        let editor = environment.editor.clone();
        open(&editor.unwrap_or_else(|| EDITOR.into()), &file)
    })?;
    if query.file.is_none() && !keeps_change(&file, query) {
        shell
            .reporter
            .note("nothing was changed, so no copy is kept");
        return Ok(Flow::Continue);
    }
    check(shell, name)?;
    let said = format!("`\\run {name}` runs it as it is now");
    shell.reporter.note(said);
    Ok(Flow::Continue)
}

/// A copy of a query that the binary carries, in a folder that is nearer, so that it hides it.
fn own_copy(shell: &Shell, query: &SavedQuery) -> Result<PathBuf, Failure> {
    let nearest = shell
        .engine
        .query_folders()
        .iter()
        .find_map(|folder| match folder {
            QueryFolder::Disk(folder) => Some(folder),
            QueryFolder::Embedded => None,
        });
    let folder = nearest.map_or_else(|| Path::new("queries"), PathBuf::as_path);
    let folder = folder.join(&query.topic);
    let file = folder.join(format!("{}.sql", query.name));
    fs::create_dir_all(&folder)
        .and_then(|()| fs::write(&file, &*query.text.text))
        .map_err(|error| Failure::File(format!("cannot write {}", file.display()), error))?;
    let said = format!("{} is a copy that hides the built-in query", file.display());
    shell.reporter.note(said);
    Ok(file)
}

/// True when a copy differs from what the binary carries; one that does not is taken away.
fn keeps_change(file: &Path, query: &SavedQuery) -> bool {
    let is_same = fs::read(file).is_ok_and(|bytes| bytes == query.text.text.as_bytes());
    !(is_same && fs::remove_file(file).is_ok())
}

/// Runs an editor, whose name may have arguments of its own, on a file.
fn open(editor: &std::ffi::OsStr, file: &Path) -> Result<(), Failure> {
    let mut command = editor.to_os_string();
    command.push(" \"$1\"");
    let status = Program::new("sh")
        .arg("-c")
        .arg(command)
        .arg("sh")
        .arg(file)
        .status();
    let editor = editor.to_string_lossy();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::Usage(
            format!("`{editor}` ended with {status}"),
            Some("set $VISUAL or $EDITOR to your editor".to_string()),
        )),
        Err(error) => Err(Failure::File(format!("cannot start `{editor}`"), error)),
    }
}
