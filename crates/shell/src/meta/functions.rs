//! `\df`: the functions, or one function's documentation.

use kouan_engine::{FunctionEntry, nearest};

use super::{Command, Takes};
use crate::exit::Failure;
use crate::listing::Listing;
use crate::shell::{Flow, Shell};

pub(super) const COMMAND: Command = Command {
    name: "df",
    arguments: "[function]",
    help: "list the functions of this field, or explain one; `\\df *` lists all",
    takes: Takes::Function,
    run,
};

fn run(shell: &mut Shell, name: &str) -> Result<Flow, Failure> {
    let functions = shell.engine.functions();
    match name {
        "" => list(shell, functions.iter().filter(|function| function.ours))?,
        "*" => list(shell, functions.iter())?,
        name => {
            let text = explanation(find(&functions, name)?);
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
    let wanted = name.to_lowercase();
    functions
        .iter()
        .find(|function| function.name == wanted)
        .ok_or_else(|| {
            let names = functions.iter().map(|function| function.name.as_str());
            let hint = match nearest(&wanted, names) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`\\df` lists the functions".to_string(),
            };
            Failure::Usage(format!("no function is called `{name}`"), Some(hint))
        })
}

fn explanation(function: &FunctionEntry) -> String {
    let Some(documentation) = &function.documentation else {
        return format!("{} ({}): no documentation", function.name, function.kind);
    };
    let mut text = format!(
        "{}\n\n{}",
        documentation.syntax_example,
        documentation.description.trim()
    );
    if let Some(arguments) = &documentation.arguments {
        text.push_str("\n\nArguments:");
        for (name, meaning) in arguments {
            text.push_str(&format!("\n  {name}: {meaning}"));
        }
    }
    if let Some(example) = &documentation.sql_example {
        text.push_str(&format!(
            "\n\nExample:\n{}",
            example.replace("```sql", "").replace("```", "").trim()
        ));
    }
    if let Some(related) = &documentation.related_udfs {
        text.push_str(&format!("\n\nSee also: {}", related.join(", ")));
    }
    text
}
