//! The data dictionary: what a package says of a table, for `\d+` and for `docs/tables.md`.

use kouan_render::type_name;
use kouan_schema::{License, Source, Table};

/// A table of a package: title, description, keys, sources, licences, each a line.
pub(crate) fn about(table: &Table) -> Vec<String> {
    let mut lines: Vec<String> = table.description.iter().cloned().collect();
    lines.extend(
        table
            .definition
            .rules()
            .into_iter()
            .map(|rule| format!("{rule}.")),
    );
    let sources: Vec<String> = table.sources.iter().filter_map(source).collect();
    if !sources.is_empty() {
        lines.push(format!("Sources: {}.", sources.join("; ")));
    }
    let licenses: Vec<&str> = table.licenses.iter().filter_map(license).collect();
    if !licenses.is_empty() {
        lines.push(format!("Licence: {}.", licenses.join("; ")));
    }
    lines
}

/// The columns of a table: name, type, unit, rules, description.
pub(crate) fn columns(table: &Table) -> Vec<[String; 5]> {
    let definition = &table.definition;
    let rows = definition.fields.iter().map(|field| {
        let required = if definition.is_required(field) {
            " not null"
        } else {
            ""
        };
        let title = field.title.as_ref().map(|title| format!("{title}. "));
        [
            field.name.clone(),
            type_name(&field.kind.arrow_type()) + required,
            field.unit.clone().unwrap_or_default(),
            field.rules().join("; "),
            title.unwrap_or_default() + field.description.as_deref().unwrap_or_default(),
        ]
    });
    rows.collect()
}

fn source(source: &Source) -> Option<String> {
    match (&source.title, &source.path) {
        (Some(title), Some(path)) => Some(format!("{title} <{path}>")),
        (title, path) => title.as_ref().or(path.as_ref()).cloned(),
    }
}

fn license(license: &License) -> Option<&str> {
    let License { name, title, path } = license;
    [name, title, path].into_iter().find_map(Option::as_deref)
}
