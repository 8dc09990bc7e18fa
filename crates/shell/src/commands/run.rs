//! `kouan run NAME`: a saved query with its values.

use std::path::PathBuf;
use std::sync::Arc;

use kouan_engine::{Parameter, SavedQuery};

use super::check::of_query;
use super::{finish, shell};
use crate::arguments::{Options, parse_format, parse_size, parse_time};
use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::shell::Shell;

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
    let mut rest = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let (option, value) = match word.split_once('=') {
            Some((option, value)) => (option, Some(value.to_string())),
            None => (word.as_str(), None),
        };
        let is_own = matches!(
            option,
            "--format" | "--output" | "-o" | "--package" | "--queries" | "--timeout" | "--memory"
        );
        if !is_own {
            rest.push(word.clone());
            continue;
        }
        let value = value
            .or_else(|| words.next().cloned())
            .ok_or_else(|| Failure::usage(format!("`{option}` needs a value after it")))?;
        match option {
            "--format" => options.format = Some(read(option, &value, parse_format)?),
            "--timeout" => options.timeout = Some(read(option, &value, parse_time)?),
            "--memory" => options.memory = Some(read(option, &value, parse_size)?),
            "--queries" => options.queries.push(PathBuf::from(value)),
            "--package" => options.package.push(PathBuf::from(value)),
            _ => options.output = Some(PathBuf::from(value)),
        }
    }
    if rest.is_empty() {
        return Ok(None);
    }
    let name = rest.remove(0);
    Ok(Some((name, rest)))
}

fn read<T>(
    option: &str,
    value: &str,
    parse: impl FnOnce(&str) -> Result<T, String>,
) -> Result<T, Failure> {
    parse(value).map_err(|why| Failure::usage(format!("{option} {value}: {why}")))
}

/// What a query's header says, as help for one who runs it by this command.
pub(crate) fn query_help(shell: &Shell, name: &str, command: &str) -> Result<String, Failure> {
    let query = shell.engine.queries().find(name)?.clone();
    let (engine, asked) = (Arc::clone(&shell.engine), query.clone());
    let parameters = shell.wait(async move { engine.parameters(&asked).await })?;
    let parameters = parameters.map_err(|error| of_query(&query, error))?;
    Ok(help_text(&query, &parameters, command))
}

fn help_text(query: &SavedQuery, parameters: &[Parameter], command: &str) -> String {
    let mut text = query.title.clone().unwrap_or_else(|| query.name.clone());
    if let Some(source) = &query.source {
        text.push_str(&format!("\nSource: {source}"));
    }
    let values = parameters.iter().map(|parameter| match &parameter.default {
        Some(_) => format!(" [{}=…]", parameter.name),
        None => format!(" {}=…", parameter.name),
    });
    text.push_str(&format!(
        "\n\nUsage: {command} {}{}",
        query.name,
        values.collect::<String>()
    ));
    if !parameters.is_empty() {
        text.push_str("\n\nParameters:");
        for parameter in parameters {
            text.push_str(&format!("\n  {parameter}"));
            if let Some(description) = &parameter.description {
                text.push_str(&format!("\n      {description}"));
            }
            if let Some(values) = &parameter.values {
                text.push_str(&format!("\n      one of those that {values} answers"));
            }
        }
    }
    if !query.examples.is_empty() {
        text.push_str("\n\nExamples:");
        for example in &query.examples {
            text.push_str(&format!("\n  {command} {} {}", query.name, example.text));
        }
    }
    text
}
