//! What a run does: a saved query, a check, a conversion, a script, or the prompt.

#[cfg(test)]
mod broken_off;
mod check;
mod conversion;
mod convert;
mod describe;
mod docs;
mod fill;
mod init;
mod opened;
mod run;
mod script;
mod test;
mod validate;

use opened::{finish, shell};

use crate::arguments::{Arguments, Task};
use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::{meta, prompt};

/// Does what the arguments ask for.
pub(crate) fn run(arguments: &Arguments, environment: &Environment) -> Result<Exit, Failure> {
    let options = &arguments.options;
    match &arguments.task {
        Some(_) if !arguments.scripts.is_empty() => Err(Failure::usage(format!(
            "-c and -f run statements and do not go with `{}`",
            arguments.task_name
        ))),
        Some(Task::Run { words }) => run::run(words, options, environment),
        Some(Task::Queries) => {
            let mut shell = shell(options, environment)?;
            meta::run(&mut shell, "queries")?;
            finish(shell)
        }
        Some(Task::Check { folder }) => check::check(folder.as_deref(), options, environment),
        Some(Task::Test {
            folder,
            bless,
            junit,
        }) => {
            let asked = test::Asked {
                folder: folder.as_deref(),
                bless: *bless,
                junit: junit.as_deref(),
            };
            test::test(&asked, options, environment)
        }
        Some(Task::Fill { pages, check }) => fill::fill(pages, *check, options, environment),
        Some(Task::Validate { tables }) => validate::validate(tables, options, environment),
        Some(Task::Convert {
            tables,
            out,
            on_error,
            layout,
            partition_by,
        }) => {
            let wanted = convert::Wanted {
                folder: out,
                on_error: *on_error,
                layout: *layout,
                partition_by,
            };
            convert::convert(tables, &wanted, options, environment)
        }
        Some(Task::Describe { files }) => describe::describe(files, options, environment),
        Some(Task::Init { folder }) => init::init(folder, options, environment),
        Some(Task::Docs { folder }) => docs::write(folder),
        None if !arguments.scripts.is_empty() => {
            script::run(&arguments.scripts, options, environment)
        }
        None if environment.stdin_is_terminal => prompt::run(shell(options, environment)?),
        None => script::run_standard_input(options, environment),
    }
}
