//! Saved queries: checked, explained, and their failures told with their files.

use std::sync::Arc;

use kouan_engine::{Checker, EngineError, Parameter, SavedQuery};

use crate::exit::Failure;
use crate::session::shell::Shell;

/// Checks the queries of a session.
pub(crate) fn checker(shell: &Shell) -> Arc<Checker> {
    Arc::new(shell.engine.checker())
}

/// What is wrong with a query; the outer failure is Ctrl-C.
pub(crate) fn check_query(
    shell: &Shell,
    checker: &Arc<Checker>,
    query: &SavedQuery,
) -> Result<Result<(), Failure>, Failure> {
    let (checker, asked) = (Arc::clone(checker), query.clone());
    let checked = shell.wait(async move { checker.check(&asked).await })?;
    Ok(checked.map_err(|error| of_query(query, error)))
}

/// A failure of a saved query, with its own file as the place.
pub(crate) fn of_query(query: &SavedQuery, error: EngineError) -> Failure {
    match error {
        EngineError::Statement(error) => Failure::Statement(query.text.clone(), error),
        other => Failure::Engine(other),
    }
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
