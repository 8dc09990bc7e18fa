//! `\run`: a saved query with its values.

use super::{Command, Takes};
use crate::exit::Failure;
use crate::shell::{Flow, Shell};
use crate::words;

pub(super) const COMMAND: Command = Command {
    name: "run",
    arguments: "query [name=value…]",
    help: "run a saved query",
    takes: Takes::Query,
    run,
};

fn run(shell: &mut Shell, arguments: &str) -> Result<Flow, Failure> {
    let words = words::split(arguments).map_err(Failure::usage)?;
    let Some((name, values)) = words.split_first() else {
        return Err(Failure::Usage(
            "`\\run` needs the name of a saved query".to_string(),
            Some("`\\queries` lists them".to_string()),
        ));
    };
    let values = words::values(values).map_err(Failure::usage)?;
    shell.run_query(name, values)?;
    Ok(Flow::Continue)
}
