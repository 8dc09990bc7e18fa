//! `kouan init`: a new package with a table, its schema and a query, to be replaced by one's own.

use std::fs;
use std::path::Path;

use super::describe::write_new;
use crate::arguments::Options;
use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::show::listing::Listing;
use crate::show::report::Reporter;

/// What a new package holds: paths, and texts.
const FILES: [(&str, &str); 4] = [
    ("datapackage.json", include_str!("datapackage.json")),
    ("data/ports.csv", include_str!("ports.csv")),
    ("schemas/ports.json", include_str!("ports.json")),
    ("queries/openings.sql", include_str!("openings.sql")),
];

/// Writes the files of a new package, none of which may be there yet.
pub(super) fn init(
    folder: &Path,
    options: &Options,
    environment: &Environment,
) -> Result<Exit, Failure> {
    let there = FILES
        .map(|(path, _)| folder.join(path))
        .into_iter()
        .find(|path| path.exists());
    if let Some(there) = there {
        return Err(Failure::Usage(
            format!("{} exists; nothing was written", there.display()),
            Some("choose a folder without a package".to_string()),
        ));
    }
    let mut listing = Listing::new(["file"]);
    for (path, text) in FILES {
        let path = folder.join(path);
        let parent = path.parent().unwrap_or(folder);
        let failed = |error| Failure::File(format!("cannot make {}", parent.display()), error);
        fs::create_dir_all(parent).map_err(failed)?;
        write_new(&path, text.as_bytes())?;
        listing.row([Some(path.display().to_string())]);
    }
    listing.write(options, environment)?;
    let reporter = Reporter::new(environment);
    let folder = folder.display();
    reporter.note(format_args!(
        "`kouan --package {folder}` opens it; `kouan describe` helps with files of your own"
    ));
    Ok(Exit::Done)
}
