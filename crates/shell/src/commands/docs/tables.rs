//! Writes the page of `docs/` about the tables of the built-in package.

use std::fmt::Write;

use kouan_schema::{Package, Table};

use crate::verbs::dictionary::{about, columns};

/// Every table of the built-in package with its columns.
pub(super) fn tables_markdown(package: &Package) -> String {
    let before = "Written from `datapackage.json` and `schemas/`; do not edit by hand. Where the values come from,\n\
                  how sure they are and where they miss the paper is told in [data.md](data.md).";
    page(before, package.tables())
}

/// A page with every one of some tables. `before` stands under its heading.
fn page<'t>(before: &str, tables: impl IntoIterator<Item = &'t Table>) -> String {
    let mut page = format!("# Tables\n\n{before}\n");
    for table in tables {
        // Writing to a String does not fail.
        let _ = write!(page, "\n## {}\n", table.full_name());
        for line in about(table) {
            let _ = write!(page, "\n{line}\n");
        }
        page.push_str("\n| column | type | unit | rules | description |\n|---|---|---|---|---|\n");
        for cells in columns(table) {
            let cells = cells.map(|cell| cell.replace('|', "\\|").replace('\n', " "));
            let _ = writeln!(page, "| {} |", cells.join(" | "));
        }
    }
    page
}
