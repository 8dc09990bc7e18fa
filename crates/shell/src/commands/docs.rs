//! `kouan docs`: the reference pages, written from the lists that the program itself uses.

use std::fs;
use std::path::Path;

use kouan_engine::PackageLocation;
use kouan_schema::Package;

use crate::exit::{Exit, Failure};
use crate::{dictionary, meta};

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
    let before = "Written from `datapackage.json` and `schemas/`; do not edit by hand. Where the values come from,\n\
                  how sure they are and where they miss the paper is told in [data.md](data.md).";
    dictionary::page(before, package.tables())
}
