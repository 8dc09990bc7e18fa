//! The list of what does not apply, each under its reason.

use std::collections::{HashMap, HashSet};
use std::io;

const LIST: &str = include_str!("excluded.txt");

/// Files and lines that are not held against the suite.
#[derive(Debug, Default)]
pub(super) struct Excluded {
    files: HashSet<String>,
    lines: HashMap<String, HashSet<u32>>,
}

impl Excluded {
    /// Reads the list.
    ///
    /// # Errors
    /// A line is not understood, or stands under no reason.
    pub(super) fn read() -> io::Result<Self> {
        let mut list = Self::default();
        let mut reason = None;
        for (index, line) in LIST.lines().enumerate() {
            let wrong = |what: &str| {
                let said = format!("excluded.txt:{}: {what}: {line}", index + 1);
                io::Error::new(io::ErrorKind::InvalidData, said)
            };
            if let Some(given) = line.strip_prefix("= ") {
                reason = Some(given);
                continue;
            }
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if reason.is_none() {
                return Err(wrong("no reason stands above"));
            }
            let (file, lines) = line.split_once(": ").ok_or_else(|| wrong("no lines"))?;
            if lines == "*" {
                list.files.insert(file.to_string());
                continue;
            }
            let known = list.lines.entry(file.to_string()).or_default();
            for lines in lines.split(' ') {
                let (first, last) = lines.split_once('-').unwrap_or((lines, lines));
                match (first.parse::<u32>(), last.parse::<u32>()) {
                    (Ok(first), Ok(last)) => known.extend(first..=last),
                    _ => return Err(wrong("not a line")),
                }
            }
        }
        Ok(list)
    }

    /// True when no statement of a file is run.
    pub(super) fn holds_file(&self, file: &str) -> bool {
        let in_folder =
            |excluded: &String| excluded.ends_with('/') && file.starts_with(excluded.as_str());
        self.files.contains(file) || self.files.iter().any(in_folder)
    }

    /// True when what a statement answers does not count.
    pub(super) fn holds(&self, file: &str, line: u32) -> bool {
        self.lines
            .get(file)
            .is_some_and(|lines| lines.contains(&line))
    }
}
