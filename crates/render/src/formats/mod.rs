//! The list of output formats, and how one is found by its name or a file's ending.

mod csv;
mod json;
mod jsonl;
mod markdown;
mod parquet;
mod table;
mod tsv;
mod vertical;
mod xlsx;

use std::fmt;
use std::path::Path;

use crate::{Renderer, Settings};

/// An output format: what it is called, what it is for, how it is made.
pub struct Format {
    /// The name that `--format` takes.
    pub name: &'static str,
    /// Other names for it.
    pub aliases: &'static [&'static str],
    /// Endings of files, without the dot, that ask for it.
    pub extensions: &'static [&'static str],
    /// What it is good for and how it writes NULL, in a line.
    pub description: &'static str,
    /// True when a person reads it at a prompt, who also wants the [`Summary`](crate::Summary).
    pub for_people: bool,
    /// True when it can be read on a terminal.
    pub is_text: bool,
    renderer: fn(&Settings) -> Box<dyn Renderer>,
}

impl Format {
    /// A renderer for one result.
    pub fn renderer(&self, settings: &Settings) -> Box<dyn Renderer> {
        (self.renderer)(settings)
    }
}

impl fmt::Debug for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Format").field(&self.name).finish()
    }
}

/// Every output format; the first is the one for a terminal.
pub static FORMATS: &[Format] = &[
    Format {
        name: "table",
        aliases: &["box"],
        extensions: &["txt"],
        description: "a grid that fits the terminal, with types under the names; NULL is the word `NULL`, a text that reads so is quoted, '' is an empty cell",
        for_people: true,
        is_text: true,
        renderer: table::renderer,
    },
    Format {
        name: "vertical",
        aliases: &["line"],
        extensions: &[],
        description: "one line per value, for wide rows; NULL as in `table`",
        for_people: true,
        is_text: true,
        renderer: vertical::renderer,
    },
    Format {
        name: "csv",
        aliases: &[],
        extensions: &["csv"],
        description: "comma-separated values (RFC 4180, lines end in LF); NULL is an empty field, '' is `\"\"`, nested values are JSON",
        for_people: false,
        is_text: true,
        renderer: csv::renderer,
    },
    Format {
        name: "tsv",
        aliases: &[],
        extensions: &["tsv", "tab"],
        description: "tab-separated values as PostgreSQL's COPY writes them; NULL is `\\N`, and `\\t`, `\\n`, `\\r`, `\\\\` stand for tab, line feed, carriage return and backslash",
        for_people: false,
        is_text: true,
        renderer: tsv::renderer,
    },
    Format {
        name: "json",
        aliases: &[],
        extensions: &["json"],
        description: "one array with an object per row; NULL, NaN and infinities are `null`, a name that occurs again gets a number (`a_2`)",
        for_people: false,
        is_text: true,
        renderer: json::renderer,
    },
    Format {
        name: "jsonl",
        aliases: &["ndjson"],
        extensions: &["jsonl", "ndjson"],
        description: "one JSON object per line, values as in `json`",
        for_people: false,
        is_text: true,
        renderer: jsonl::renderer,
    },
    Format {
        name: "markdown",
        aliases: &["md"],
        extensions: &["md", "markdown"],
        description: "a GitHub table for documents; NULL is `*NULL*`, '' is an empty cell",
        for_people: false,
        is_text: true,
        renderer: markdown::renderer,
    },
    Format {
        name: "parquet",
        aliases: &[],
        extensions: &["parquet", "pq"],
        description: "a Parquet file with the types of the answer, compressed with zstd; a name that occurs again gets a number (`a_2`)",
        for_people: false,
        is_text: false,
        renderer: parquet::renderer,
    },
    Format {
        name: "xlsx",
        aliases: &["excel"],
        extensions: &["xlsx"],
        description: "a workbook of one sheet with a header, for Excel and LibreOffice; NULL is an empty cell, and what Excel would not keep is text: NaN, more than 15 digits, dates before 1900, fractions below a millisecond",
        for_people: false,
        is_text: false,
        renderer: xlsx::renderer,
    },
];

/// The format of this name or alias, in any case.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| {
        std::iter::once(&format.name)
            .chain(format.aliases)
            .any(|known| known.eq_ignore_ascii_case(name))
    })
}

/// The format that a file's ending asks for: `ports.csv` is csv.
pub fn format_for_path(path: &Path) -> Option<&'static Format> {
    let extension = path.extension()?.to_str()?;
    FORMATS.iter().find(|format| {
        format
            .extensions
            .iter()
            .any(|known| known.eq_ignore_ascii_case(extension))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_and_endings_are_unique() {
        let mut names = HashSet::new();
        let mut extensions = HashSet::new();
        for format in FORMATS {
            for name in std::iter::once(&format.name).chain(format.aliases) {
                assert!(names.insert(*name), "{name} names two formats");
            }
            for extension in format.extensions {
                assert!(
                    extensions.insert(*extension),
                    ".{extension} asks for two formats"
                );
            }
        }
    }

    #[test]
    fn the_list_equals_the_folder() -> std::io::Result<()> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/formats");
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            files.extend(
                entry?
                    .path()
                    .file_stem()
                    .map(|stem| stem.display().to_string()),
            );
        }
        files.retain(|stem| stem != "mod");
        files.sort();
        let mut names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
        names.sort();
        assert_eq!(files, names);
        Ok(())
    }

    #[test]
    fn found_by_name_alias_and_ending() {
        let name = |format: Option<&'static Format>| format.map(|format| format.name);
        assert_eq!(name(format("csv")), Some("csv"));
        assert_eq!(name(format("MD")), Some("markdown"));
        assert_eq!(name(format("ndjson")), Some("jsonl"));
        assert_eq!(name(format("line")), Some("vertical"));
        assert_eq!(name(format("ods")), None);
        assert_eq!(name(format("excel")), Some("xlsx"));
        assert_eq!(
            name(format_for_path(Path::new("out/ports.JSONL"))),
            Some("jsonl")
        );
        assert_eq!(name(format_for_path(Path::new("ports"))), None);
        assert_eq!(name(format_for_path(Path::new("ports.csv.gz"))), None);
    }
}
