//! What can be read: packages as SQL schemas of converted tables, files by their names, functions.

pub(crate) mod converted;
pub(crate) mod embedded;
pub(crate) mod entries;
pub(crate) mod file_sets;
mod files;
pub(crate) mod location;
pub(crate) mod names;
pub(crate) mod package_tables;
pub(crate) mod packages;
pub(crate) mod whole_files;
