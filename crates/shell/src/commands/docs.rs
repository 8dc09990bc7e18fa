//! `kouan docs`: the reference pages, written from the lists that the program itself uses.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use kouan_engine::PackageLocation;
use kouan_render::type_name;
use kouan_schema::{Package, Table};

use crate::exit::{Exit, Failure};
use crate::meta;

/// Writes `commands.md`, `formats.md`, `functions.md` and `tables.md`.
pub(super) fn write(folder: &Path) -> Result<Exit, Failure> {
    let package = PackageLocation::Embedded.open()?;
    let pages = [
        ("commands.md", meta::commands_markdown()),
        ("formats.md", kouan_render::formats_markdown()?),
        ("functions.md", kouan_engine::functions_markdown()),
        ("tables.md", tables_markdown(&package)),
    ];
    for (name, page) in pages {
        let path = folder.join(name);
        let failed = |error| Failure::File(format!("cannot write {}", path.display()), error);
        fs::write(&path, page).map_err(failed)?;
    }
    Ok(Exit::Done)
}

/// Every table of the built-in package with its columns.
fn tables_markdown(package: &Package) -> String {
    let mut page = String::from(
        "# Tables\n\n\
         Written from `datapackage.json` and `schemas/`; do not edit by hand. Where the values come from,\n\
         how sure they are and where they miss the paper is told in [data.md](data.md).\n",
    );
    for table in package.tables() {
        write_table(&mut page, table);
    }
    page
}

// Writing to a String does not fail.
fn write_table(page: &mut String, table: &Table) {
    let _ = write!(page, "\n## {}\n", table.full_name());
    if let Some(description) = &table.description {
        let _ = write!(page, "\n{description}\n");
    }
    let definition = &table.definition;
    if !definition.primary_key.is_empty() {
        let _ = write!(page, "\nKey: {}.\n", definition.primary_key.join(", "));
    }
    for key in &definition.foreign_keys {
        let (fields, to) = (key.fields.join(", "), key.reference_fields.join(", "));
        let _ = write!(
            page,
            "\nRefers by {fields} to {} ({to}).\n",
            key.reference_table
        );
    }
    page.push_str("\n| column | type | unit | description |\n|---|---|---|---|\n");
    for (column, field) in definition
        .arrow_schema()
        .fields()
        .iter()
        .zip(&definition.fields)
    {
        let _ = writeln!(
            page,
            "| {} | {}{} | {} | {} |",
            field.name,
            type_name(column.data_type()),
            if column.is_nullable() {
                ""
            } else {
                " not null"
            },
            field.unit.as_deref().unwrap_or_default(),
            field
                .description
                .as_deref()
                .unwrap_or_default()
                .replace('|', "\\|")
                .replace('\n', " "),
        );
    }
}
