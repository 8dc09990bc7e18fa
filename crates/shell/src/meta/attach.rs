//! `\attach`: one more package beside those that are open.

use std::path::Path;

use kouan_engine::split_words;

use super::command::{Command, Takes};
use crate::exit::Failure;
use crate::session::open;
use crate::session::shell::{Flow, Shell};

pub(super) const COMMAND: Command = Command {
    name: "attach",
    arguments: "folder [AS name]",
    help: "open one more package: its tables are name.table",
    takes: Takes::Folder,
    run,
};

fn run(shell: &mut Shell, arguments: &str) -> Result<Flow, Failure> {
    let words = split_words(arguments).map_err(Failure::usage)?;
    let (folder, name) = match words.as_slice() {
        [folder] => (folder, None),
        [folder, word, name] if word.eq_ignore_ascii_case("as") => (folder, Some(name.as_str())),
        _ => {
            return Err(Failure::Usage(
                "`\\attach` takes a folder, and a name after AS".to_string(),
                Some("`\\attach ../crossings AS bts`".to_string()),
            ));
        }
    };
    let package = shell
        .engine
        .attach(&open::package_at(Path::new(folder))?, name)?;
    let tables: Vec<String> = package
        .tables()
        .iter()
        .map(|table| format!("{}.{}", package.schema_of(table), table.name))
        .collect();
    shell.reporter.note(format_args!(
        "attached {}: {}",
        package.name(),
        tables.join(", ")
    ));
    Ok(Flow::Continue)
}
