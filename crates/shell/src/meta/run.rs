//! `\run`: a saved query with its values.

use kouan_engine::split_words;

use super::command::{Command, Takes};
use crate::exit::Failure;
use crate::session::shell::{Flow, Shell};
use crate::verbs::saved_query::query_help;

pub(super) const COMMAND: Command = Command {
    name: "run",
    arguments: "query [name=value…]",
    help: "run a saved query; `\\run query --help` explains it",
    takes: Takes::Query,
    run,
};

fn run(shell: &mut Shell, arguments: &str) -> Result<Flow, Failure> {
    let words = split_words(arguments).map_err(Failure::usage)?;
    let Some((name, values)) = words.split_first() else {
        return Err(Failure::Usage(
            "`\\run` needs the name of a saved query".to_string(),
            Some("`\\queries` lists them".to_string()),
        ));
    };
    if values.iter().any(|word| word == "--help") {
        let help = query_help(shell, name, "\\run")?;
        shell.show_prose(&help)?;
        return Ok(Flow::Continue);
    }
    shell.run_query(name, values.to_vec())?;
    Ok(Flow::Continue)
}
