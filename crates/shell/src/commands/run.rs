//! `kouan run NAME`: a saved query with its values.

use std::error::Error;

use clap::error::{ContextKind, ContextValue};
use clap::{Arg, Args, Command, FromArgMatches};

use super::opened::{finish, shell};
use crate::arguments::Options;
use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::verbs::saved_query::query_help;

const HELP: &str = "\
Run a saved query

Usage: kouan run NAME [name=value…]
       kouan run NAME --help

Values are given as name=value or --name value, with quotes around spaces. `kouan queries`
lists the queries. Options of the program may stand anywhere: -o FILE, --format FORMAT,
--package DIR, --queries DIR, --timeout TIME, --memory SIZE.";

/// Runs the query that the first word names; options of the program may stand among its values.
pub(crate) fn run(
    words: &[String],
    options: &Options,
    environment: &Environment,
) -> Result<Exit, Failure> {
    let mut options = options.clone();
    let Some((name, given)) = own_options(words, &mut options)? else {
        return Err(Failure::Usage(
            "`run` needs the name of a saved query".to_string(),
            Some("`kouan queries` lists them".to_string()),
        ));
    };
    let mut shell = shell(&options, environment)?;
    if name == "--help" || name == "-h" {
        shell.show_text(HELP)?;
        return finish(shell);
    }
    if given.iter().any(|word| word == "--help" || word == "-h") {
        let help = query_help(&shell, &name, "kouan run")?;
        shell.show_prose(&help)?;
        return finish(shell);
    }
    shell.run_query(&name, given)?;
    finish(shell)
}

/// Takes the program's own options out of the words, and the query's name.
fn own_options(
    words: &[String],
    options: &mut Options,
) -> Result<Option<(String, Vec<String>)>, Failure> {
    let mut command = Options::augment_args(Command::new("run"))
        .no_binary_name(true)
        .args_override_self(true)
        .disable_help_flag(true);
    let (mut own, mut rest) = (Vec::new(), Vec::new());
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let (option, value) = match word.split_once('=') {
            Some((option, value)) => (option, Some(value)),
            None => (word.as_str(), None),
        };
        let Some(known) = command
            .get_arguments()
            .find(|known| is_written(known, option))
        else {
            rest.push(word.clone());
            continue;
        };
        if !known.get_action().takes_values() {
            own.push(word.clone());
            continue;
        }
        let value = value.or_else(|| words.next().map(String::as_str));
        let value =
            value.ok_or_else(|| Failure::usage(format!("`{option}` needs a value after it")))?;
        own.push(format!("{option}={value}"));
    }
    let own = command
        .try_get_matches_from_mut(own)
        .and_then(|matches| Options::from_arg_matches(&matches))
        .map_err(|error| Failure::usage(reason(&error)))?;
    options.add(own);
    if rest.is_empty() {
        return Ok(None);
    }
    let name = rest.remove(0);
    Ok(Some((name, rest)))
}

/// True when a word is an option's name: `--output`, `-o`.
fn is_written(known: &Arg, word: &str) -> bool {
    let long = known.get_long().map(|long| format!("--{long}"));
    let short = known.get_short().map(|short| format!("-{short}"));
    long.as_deref() == Some(word) || short.as_deref() == Some(word)
}

/// What is wrong with an option's value, without the frame that clap puts around it.
fn reason(error: &clap::Error) -> String {
    let given = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let option = given(ContextKind::InvalidArg).and_then(|option| option.split(' ').next());
    match (option, given(ContextKind::InvalidValue), error.source()) {
        (Some(option), Some(value), Some(why)) => format!("{option} {value}: {why}"),
        _ => error.to_string(),
    }
}
