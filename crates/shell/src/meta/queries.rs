//! `\queries`: the saved queries.

use super::{Command, Takes};
use crate::exit::Failure;
use crate::listing::Listing;
use crate::shell::{Flow, Shell};

pub(super) const COMMAND: Command = Command {
    name: "queries",
    arguments: "",
    help: "list the saved queries",
    takes: Takes::Nothing,
    run,
};

fn run(shell: &mut Shell, _: &str) -> Result<Flow, Failure> {
    let engine = std::sync::Arc::clone(&shell.engine);
    let queries = engine.queries();
    for problem in &queries.problems {
        shell.reporter.note(problem);
    }
    let mut listing = Listing::new(["topic", "query", "title", "parameters"]);
    for query in queries.iter() {
        let parameters = query
            .parameters
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>();
        listing.row([
            Some(query.topic.clone()),
            Some(query.name.clone()),
            query.title.clone(),
            Some(parameters.join("; ")).filter(|text| !text.is_empty()),
        ]);
    }
    shell.show_rows(&listing.batch()?)?;
    Ok(Flow::Continue)
}
