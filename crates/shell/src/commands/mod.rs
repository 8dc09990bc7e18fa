//! What a run does: a saved query, a check, a conversion, a script, or the prompt.

mod check;
mod conversion;
mod convert;
mod describe;
mod docs;
mod fill;
mod init;
mod run;
mod script;
mod test;
mod validate;

pub(crate) use check::{check_query, checker, of_query};
#[cfg(test)]
pub(crate) use fill::fill_in;
pub(crate) use run::query_help;
pub(crate) use script::read_file;
#[cfg(test)]
pub(crate) use test::{Asked, test_in};

use crate::arguments::{Arguments, Options, Task};
use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::meta;
use crate::output::Output;
use crate::shell::Shell;
use crate::{open, prompt};

/// Does what the arguments ask for.
pub(crate) fn run(arguments: &Arguments, environment: &Environment) -> Result<Exit, Failure> {
    let options = &arguments.options;
    match &arguments.task {
        Some(task) if !arguments.scripts.is_empty() => Err(mixed(task)),
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

/// Opens a session that answers where the options say.
fn shell(options: &Options, environment: &Environment) -> Result<Shell, Failure> {
    let engine = open::engine(options, environment)?;
    let output = Output::new(options.output.as_deref(), options.format, environment)?;
    let mut shell = Shell::new(engine, environment, output)?;
    shell.keep_going = options.keep_going;
    shell.time_limit = options.timeout;
    Ok(shell)
}

/// Ends a session: the last bytes are written, or the reason why not is known.
fn finish(shell: Shell) -> Result<Exit, Failure> {
    shell.output.close(shell.first_failure.is_some())?;
    Ok(shell.first_failure.unwrap_or(Exit::Done))
}

fn mixed(task: &Task) -> Failure {
    let name = match task {
        Task::Run { .. } => "run",
        Task::Queries => "queries",
        Task::Check { .. } => "check",
        Task::Test { .. } => "test",
        Task::Fill { .. } => "fill",
        Task::Validate { .. } => "validate",
        Task::Convert { .. } => "convert",
        Task::Describe { .. } => "describe",
        Task::Init { .. } => "init",
        Task::Docs { .. } => "docs",
    };
    Failure::usage(format!(
        "-c and -f run statements and do not go with `{name}`"
    ))
}
