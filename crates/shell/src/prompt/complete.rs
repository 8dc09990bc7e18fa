//! Completion at the prompt: SQL as `kouan_assist` completes it, commands from their list.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use kouan_assist::{About, Candidate};
use kouan_engine::Engine;
use kouan_render::{FORMATS, cut, type_name};
use rustyline::completion::Pair;

use crate::meta::COMMANDS;
use crate::meta::command::Takes;

/// Columns of a function's syntax in the list.
const WIDEST: usize = 76;

/// The byte where the completed word starts, and what it may become, best first.
pub(super) fn complete(engine: &Arc<Engine>, text: &str, position: usize) -> (usize, Vec<Pair>) {
    let Some(line) = CommandLine::read(&text[..position]) else {
        let completion = kouan_assist::complete(engine, text, position, files);
        return (completion.start, pairs(completion.candidates));
    };
    let pairs = match line.words.split_first() {
        None => commands(),
        Some((command, words)) => arguments(engine, command, words, line.word),
    };
    let typed = line.word.to_lowercase();
    let fits = |pair: &Pair| pair.replacement.to_lowercase().starts_with(&typed);
    (line.start, pairs.into_iter().filter(fits).collect())
}

/// A command of the prompt up to the cursor.
#[derive(Debug, PartialEq, Eq)]
struct CommandLine<'a> {
    /// The byte where the word starts that is being typed.
    start: usize,
    word: &'a str,
    /// The words before it, the command's name first.
    words: Vec<&'a str>,
}

impl<'a> CommandLine<'a> {
    /// The command in which a text ends; nothing when it ends in SQL.
    fn read(text: &'a str) -> Option<Self> {
        let line_start = text.rfind('\n').map_or(0, |newline| newline + 1);
        let command = text[line_start..].trim_start().strip_prefix('\\')?;
        let word_start = command.rfind(char::is_whitespace).map(|space| space + 1);
        let (words, word) = command.split_at(word_start.unwrap_or(0));
        Some(Self {
            start: text.len() - word.len(),
            word,
            words: words.split_whitespace().collect(),
        })
    }
}

fn pairs(candidates: Vec<Candidate>) -> Vec<Pair> {
    let pair = |candidate: Candidate| {
        let label = candidate.label;
        let display = match candidate.about {
            About::Nothing => label,
            About::Text(about) => format!("{label}  {about}"),
            About::Type(data_type) => format!("{label}  {}", type_name(&data_type)),
            About::Function => cut(&label, WIDEST).into_owned(),
        };
        Pair {
            display,
            replacement: candidate.replacement,
        }
    };
    candidates.into_iter().map(pair).collect()
}

fn pair(name: &str, about: &str) -> Pair {
    let display = if about.is_empty() {
        name.to_string()
    } else {
        format!("{name}  {about}")
    };
    Pair {
        display,
        replacement: name.to_string(),
    }
}

fn commands() -> Vec<Pair> {
    COMMANDS
        .iter()
        .map(|command| pair(command.name, command.help))
        .collect()
}

fn arguments(engine: &Arc<Engine>, command: &str, words: &[&str], typed: &str) -> Vec<Pair> {
    let Some(command) = COMMANDS.iter().find(|other| other.name == command) else {
        return Vec::new();
    };
    match (command.takes, words) {
        (Takes::Table, []) => pairs(kouan_assist::tables(engine)),
        (Takes::Function, []) => pairs(kouan_assist::functions(engine)),
        (Takes::Format, []) => FORMATS
            .iter()
            .map(|format| pair(format.name, format.description))
            .collect(),
        (Takes::File | Takes::Folder, []) => {
            files(typed).iter().map(|file| pair(file, "")).collect()
        }
        (Takes::Package, []) => attached(engine),
        (Takes::Query, []) => pairs(kouan_assist::queries(engine)),
        (Takes::Query, [query, given @ ..]) => {
            pairs(kouan_assist::parameters(engine, query, given, typed))
        }
        _ => Vec::new(),
    }
}

/// The packages that can be detached.
fn attached(engine: &Arc<Engine>) -> Vec<Pair> {
    let packages = engine.packages();
    let attached = packages.iter().skip(1);
    attached
        .map(|package| pair(package.name(), package.title().unwrap_or_default()))
        .collect()
}

/// Files and folders whose path starts as typed.
fn files(typed: &str) -> Vec<String> {
    let (folder, _) = typed
        .rsplit_once('/')
        .map_or(("", typed), |(folder, rest)| (folder, rest));
    let prefix = if typed.contains('/') {
        format!("{folder}/")
    } else {
        String::new()
    };
    let path = if prefix.is_empty() {
        Path::new(".")
    } else {
        Path::new(&prefix)
    };
    let Ok(entries) = fs::read_dir(path) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .map(|entry| {
            let slash = if entry.path().is_dir() { "/" } else { "" };
            format!("{prefix}{}{slash}", entry.file_name().to_string_lossy())
        })
        .collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_and_their_words() {
        let read = |text| {
            let line = CommandLine::read(text)?;
            Some((line.start, line.word, line.words))
        };
        assert_eq!(read("\\ru"), Some((1, "ru", vec![])));
        assert_eq!(read("\\run "), Some((5, "", vec!["run"])));
        assert_eq!(
            read("SELECT 1;\n \\run openings y"),
            Some((24, "y", vec!["run", "openings"]))
        );
        assert_eq!(read("SELECT 1"), None);
    }
}
