//! `kouan docs`: the reference pages, written from the lists that the program itself uses.

mod commands;
mod formats;
mod tables;

use std::fs;
use std::path::Path;

use kouan_engine::PackageLocation;

use crate::exit::{Exit, Failure};

/// Writes `commands.md`, `formats.md`, `functions.md` and `tables.md`.
pub(super) fn write(folder: &Path) -> Result<Exit, Failure> {
    let package = PackageLocation::Embedded.open()?;
    let pages = [
        ("commands.md", commands::commands_markdown()),
        ("formats.md", formats::formats_markdown()?),
        ("functions.md", kouan_engine::functions_markdown()),
        ("tables.md", tables::tables_markdown(&package)),
    ];
    for (name, page) in pages {
        let path = folder.join(name);
        let failed = |error| Failure::File(format!("cannot write {}", path.display()), error);
        fs::write(&path, page).map_err(failed)?;
    }
    Ok(Exit::Done)
}
