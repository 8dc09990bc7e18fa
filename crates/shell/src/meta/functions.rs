//! `\df`: the functions, or one function's documentation.

use kouan_engine::{FunctionEntry, nearest};

use super::command::{Command, Takes};
use crate::exit::Failure;
use crate::session::shell::{Flow, Shell};
use crate::show::listing::Listing;

pub(super) const COMMAND: Command = Command {
    name: "df",
    arguments: "[function]",
    help: "list the functions of this field, or explain one; `\\df *` lists all",
    takes: Takes::Function,
    run,
};

/// Names that are offered for one that is not there, and beside one that is.
const MOST_NEAR: usize = 6;
/// Ways to call a function that are listed.
const MOST_SIGNATURES: usize = 12;

fn run(shell: &mut Shell, name: &str) -> Result<Flow, Failure> {
    let functions = shell.engine.functions();
    match name {
        "" => list(shell, functions.iter().filter(|function| function.ours))?,
        "*" => list(shell, functions.iter())?,
        name => {
            let text = explanation(&functions, find(&functions, name)?);
            shell.show_text(&text)?;
        }
    }
    Ok(Flow::Continue)
}

fn list<'a>(
    shell: &mut Shell,
    functions: impl Iterator<Item = &'a FunctionEntry>,
) -> Result<(), Failure> {
    let mut rows: Vec<_> = functions
        .map(|function| {
            let about = function.documentation.as_ref();
            let topic = about.map(|about| about.doc_section.label.to_string());
            let gives = about.map(|about| first_sentence(&about.description).to_string());
            [topic, Some(function.name.clone()), gives]
        })
        .collect();
    rows.sort();
    let mut listing = Listing::new(["topic", "function", "what it gives"]);
    rows.into_iter().for_each(|row| listing.row(row));
    shell.show_rows(&listing.batch()?)
}

fn first_sentence(text: &str) -> &str {
    let line = text.trim().lines().next().unwrap_or_default();
    line.find(". ").map_or(line, |end| &line[..=end])
}

fn find<'a>(functions: &'a [FunctionEntry], name: &str) -> Result<&'a FunctionEntry, Failure> {
    let wanted = name.trim_end_matches("()").to_lowercase();
    functions
        .iter()
        .find(|function| function.name == wanted)
        .ok_or_else(|| {
            let near = near(functions, &wanted);
            let hint = match near.split_first() {
                Some((first, [])) => format!("did you mean `{first}`?"),
                Some(_) => format!("did you mean one of {}?", near.join(", ")),
                None => "`\\df` lists the functions".to_string(),
            };
            Failure::Usage(format!("no function is called `{name}`"), Some(hint))
        })
}

/// The nearest name, then others that share a word with what is asked for.
fn near<'a>(functions: &'a [FunctionEntry], wanted: &str) -> Vec<&'a str> {
    let names = || functions.iter().map(|function| function.name.as_str());
    let is_word = |word: &&str| word.len() > 2;
    let words: Vec<&str> = wanted.split('_').filter(is_word).collect();
    let shares = |name: &&str| name.split('_').any(|word| words.contains(&word));
    let mut near: Vec<&str> = nearest(wanted, names()).into_iter().collect();
    near.extend(names().filter(shares));
    let mut seen = std::collections::HashSet::from([wanted]);
    near.retain(|name| seen.insert(*name));
    near.truncate(MOST_NEAR);
    near
}

fn explanation(functions: &[FunctionEntry], function: &FunctionEntry) -> String {
    let mut parts = Vec::new();
    match &function.documentation {
        None => parts.push(format!(
            "{} ({}): no documentation",
            function.name, function.kind
        )),
        Some(documentation) => {
            let mut syntax = vec![documentation.syntax_example.clone()];
            syntax.extend(documentation.alternative_syntax.iter().flatten().cloned());
            parts.push(syntax.join("\n"));
            parts.push(documentation.description.trim().to_string());
        }
    }
    parts.extend(signatures(function));
    if let Some(documentation) = &function.documentation {
        if let Some(arguments) = &documentation.arguments {
            let lines = arguments
                .iter()
                .map(|(name, meaning)| format!("\n  {name}: {meaning}"));
            parts.push(format!("Arguments:{}", lines.collect::<String>()));
        }
        if let Some(example) = &documentation.sql_example {
            let example = example.replace("```sql", "").replace("```", "");
            parts.push(format!("Examples:\n{}", example.trim()));
        }
    }
    let related = function
        .documentation
        .iter()
        .flat_map(|about| about.related_udfs.iter().flatten());
    let mut also: Vec<&str> = related.map(String::as_str).collect();
    also.extend(near(functions, &function.name));
    let mut seen = std::collections::HashSet::new();
    also.retain(|name| seen.insert(*name));
    if !also.is_empty() {
        parts.push(format!("See also: {}", also.join(", ")));
    }
    parts.join("\n\n")
}

/// The types it takes, as far as they are declared: a function may also decide by itself.
fn signatures(function: &FunctionEntry) -> Option<String> {
    const UNDECLARED: &str = "UserDefined";
    if function.signatures.iter().all(|types| types == UNDECLARED) {
        return None;
    }
    let mut lines = vec![format!("Takes ({}):", function.kind)];
    let shown = function.signatures.iter().take(MOST_SIGNATURES);
    lines.extend(shown.map(|types| format!("  {}({types})", function.name)));
    let more = function.signatures.len().saturating_sub(MOST_SIGNATURES);
    if more > 0 {
        lines.push(format!("  and {more} more"));
    }
    Some(lines.join("\n"))
}
