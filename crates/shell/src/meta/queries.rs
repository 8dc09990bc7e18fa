//! `\queries`: the saved queries by topic, all or those that a word occurs in.

use kouan_engine::SavedQuery;

use super::command::{Command, Takes};
use crate::exit::Failure;
use crate::session::shell::{Flow, Shell};
use crate::show::listing::Listing;

pub(super) const COMMAND: Command = Command {
    name: "queries",
    arguments: "[words]",
    help: "list the saved queries, or those whose name, topic, title or source has all the words",
    takes: Takes::Nothing,
    run,
};

fn run(shell: &mut Shell, words: &str) -> Result<Flow, Failure> {
    let queries = shell.engine.queries();
    for problem in &queries.problems {
        shell.reporter.note(problem);
    }
    for hidden in &queries.hidden {
        let said = format!("{} is hidden by {}", hidden.path, hidden.by);
        shell.reporter.note(said);
    }
    let mut listing = Listing::new(["topic", "query", "title", "parameters"]);
    for query in queries.iter().filter(|query| has_all(query, words)) {
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

fn has_all(query: &SavedQuery, words: &str) -> bool {
    let about = [&query.name, &query.topic].into_iter();
    let about = about.chain(&query.title).chain(&query.source);
    let about = about.map(|text| text.to_lowercase()).collect::<Vec<_>>();
    words
        .split_whitespace()
        .all(|word| about.iter().any(|text| text.contains(&word.to_lowercase())))
}
