//! `\d+`: one table as its package describes it.

use std::sync::Arc;

use super::command::{Command, Takes};
use super::describe::{find, heading};
use crate::exit::Failure;
use crate::session::shell::{Flow, Shell};
use crate::show::listing::Listing;
use crate::verbs::dictionary;

pub(super) const COMMAND: Command = Command {
    name: "d+",
    arguments: "table",
    help: "all that the package says of a table: description, keys, sources, licence, and the rules of its columns",
    takes: Takes::Table,
    run,
};

fn run(shell: &mut Shell, name: &str) -> Result<Flow, Failure> {
    if name.is_empty() {
        return Err(Failure::Usage(
            "`\\d+` takes the name of a table".to_string(),
            Some("`\\d` lists them".to_string()),
        ));
    }
    let tables = shell.engine.tables();
    let table = find(&tables, name)?;
    let Some(definition) = shell.engine.definition(&table.schema, &table.name) else {
        return Err(Failure::Usage(
            format!("`{name}` is of no package, so nothing more is known of it"),
            Some(format!("`\\d {name}` shows its columns")),
        ));
    };
    let (engine, asked) = (Arc::clone(&shell.engine), table.clone());
    let counts = shell.wait(async move { engine.count_values(&asked).await })?;
    let lines = [
        vec![heading(table, counts.as_ref())],
        dictionary::about(&definition),
    ]
    .concat();
    shell.show_prose(&lines.join("\n"))?;
    let columns = dictionary::columns(&definition);
    // A grid would cut the sentences that were asked for.
    if shell.output.is_on_terminal(&shell.environment) {
        shell.show_prose(&columns.iter().map(block).collect::<String>())?;
        return Ok(Flow::Continue);
    }
    let mut listing = Listing::new(["column", "type", "unit", "rules", "description"]);
    for cells in columns {
        listing.row(cells.map(|cell| Some(cell).filter(|cell| !cell.is_empty())));
    }
    shell.show_rows(&listing.batch()?)?;
    Ok(Flow::Continue)
}

/// A column for reading: its name and type, then its unit, rules and description, each where there is one.
fn block([name, kind, unit, rules, description]: &[String; 5]) -> String {
    let unit = Some(unit).filter(|unit| !unit.is_empty());
    let unit = unit.map(|unit| format!(", in {unit}")).unwrap_or_default();
    let mut text = format!("\n{name}  {kind}{unit}");
    for line in [rules, description] {
        if !line.is_empty() {
            text.push_str(&format!("\n    {line}"));
        }
    }
    text
}
