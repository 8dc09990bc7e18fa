//! `\gdesc`: the columns that a statement would answer, without running it.

use std::sync::Arc;

use kouan_engine::{Piece, Source, split};

use super::command::{Command, Takes};
use crate::exit::Failure;
use crate::session::shell::{Flow, Shell};
use crate::show::listing::Listing;
use kouan_words::type_name;

pub(super) const COMMAND: Command = Command {
    name: "gdesc",
    arguments: "[statement]",
    help: "the columns and types that a statement would answer, without running it; alone, those of the last answer",
    takes: Takes::Statement,
    run,
};

pub(super) fn run(shell: &mut Shell, text: &str) -> Result<Flow, Failure> {
    let text = if text.is_empty() { "FROM _" } else { text };
    let source = Source::typed(text);
    let statement = match split(&source).into_iter().next() {
        Some(Piece::Statement(statement)) => statement,
        Some(Piece::Broken(error)) => return Err(Failure::Statement(source, error)),
        _ => return Err(Failure::usage("`\\gdesc` takes a statement")),
    };
    let engine = Arc::clone(&shell.engine);
    let columns = shell
        .wait(async move { engine.describe(&statement).await })?
        .map_err(|error| Failure::Statement(source, error))?;
    let mut listing = Listing::new(["column", "type", "null"]);
    for column in columns {
        listing.row([
            Some(column.name),
            Some(type_name(&column.data_type)),
            Some(if column.nullable { "yes" } else { "no" }.to_string()),
        ]);
    }
    shell.show_rows(&listing.batch()?)?;
    Ok(Flow::Continue)
}
