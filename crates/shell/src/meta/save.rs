//! `\save`: the last statement as a saved query, with literals of the person's choice as parameters.

use std::fs;
use std::io::{BufRead, stdin};
use std::path::{Path, PathBuf};

use kouan_engine::{Literal, QueryFolder, Statement};

use super::command::{Command, Takes};
use crate::exit::Failure;
use crate::session::shell::{Flow, Shell};
use crate::verbs::saved_query::{check_query, checker};

pub(super) const COMMAND: Command = Command {
    name: "save",
    arguments: "[topic/]name [all]",
    help: "save the last statement as a query; offers its literals as parameters, or takes all",
    takes: Takes::Nothing,
    run,
};

fn run(shell: &mut Shell, arguments: &str) -> Result<Flow, Failure> {
    let (name, choice) = match arguments.split_once(char::is_whitespace) {
        Some((name, rest)) => (name, Some(rest.trim())),
        None => (arguments, None),
    };
    let Some(statement) = shell.last_statement.clone() else {
        return Err(Failure::Usage(
            "there is no statement to save".to_string(),
            Some("run one; `\\save` keeps the last that worked".to_string()),
        ));
    };
    let file = free_file(shell, name)?;
    let literals = statement.literals();
    let chosen = match choice {
        Some("all") => literals,
        Some(other) => {
            return Err(Failure::usage(format!(
                "`\\save` takes a name and `all`, not `{other}`"
            )));
        }
        None if shell.interactive => choose(shell, literals)?,
        None => Vec::new(),
    };
    write(&file, &statement, &chosen)?;
    let said = format!(
        "saved {}; `\\run {}` runs it",
        file.display(),
        own_name(name)
    );
    shell.reporter.note(said);
    check(shell, own_name(name))?;
    Ok(Flow::Continue)
}

/// Says what is wrong with a query that was just written, if something is.
pub(super) fn check(shell: &Shell, name: &str) -> Result<(), Failure> {
    let queries = shell.engine.queries();
    let query = queries.find(name)?;
    check_query(shell, &checker(shell), query)?
}

/// A new query's file, in the nearest folder that can be written.
fn free_file(shell: &Shell, name: &str) -> Result<PathBuf, Failure> {
    let is_word = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    if name.is_empty() || !name.split('/').all(is_word) {
        return Err(Failure::Usage(
            format!("`{name}` cannot be the name of a query"),
            Some(
                "`\\save busy_ports` or `\\save traffic/busy_ports`: letters, digits and _"
                    .to_string(),
            ),
        ));
    }
    let file = own_folder(shell)?.join(format!("{name}.sql"));
    let queries = shell.engine.queries();
    if let Ok(query) = queries.find(own_name(name)) {
        return Err(Failure::Usage(
            format!(
                "a saved query is called `{}` already: {}",
                query.name,
                query.path()
            ),
            Some(format!("choose another name, or `\\edit {}`", query.name)),
        ));
    }
    Ok(file)
}

/// The nearest folder of queries that exists; else the person's own.
fn own_folder(shell: &Shell) -> Result<PathBuf, Failure> {
    let folders = shell.engine.query_folders().iter();
    let on_disk = folders.filter_map(|folder| match folder {
        QueryFolder::Disk(folder) => Some(folder),
        QueryFolder::Embedded => None,
    });
    let mut last = None;
    for folder in on_disk {
        if folder.is_dir() {
            return Ok(folder.clone());
        }
        last = Some(folder.clone());
    }
    last.ok_or_else(|| {
        Failure::Usage(
            "there is no folder for saved queries".to_string(),
            Some("make a folder `queries` here, or name one with --queries".to_string()),
        )
    })
}

fn own_name(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// Asks which literals become parameters.
fn choose(shell: &mut Shell, literals: Vec<Literal>) -> Result<Vec<Literal>, Failure> {
    if literals.is_empty() {
        return Ok(literals);
    }
    let lines = literals.iter().enumerate().map(|(place, literal)| {
        format!(
            "  {}  {} {} = {}",
            place + 1,
            literal.name,
            literal.type_name,
            literal.text
        )
    });
    let lines = lines.collect::<Vec<_>>().join("\n");
    shell.show_text(&format!(
        "{lines}\nWhich become parameters? Numbers, `all`, or Enter for none:"
    ))?;
    let mut answer = String::new();
    let read = stdin().lock().read_line(&mut answer);
    read.map_err(|error| Failure::File("cannot read the answer".to_string(), error))?;
    if answer.trim() == "all" {
        return Ok(literals);
    }
    let mut chosen = Vec::new();
    let words = answer
        .split([',', ' ', '\n', '\r'])
        .filter(|word| !word.is_empty());
    for word in words {
        let place = word
            .parse::<usize>()
            .ok()
            .filter(|place| (1..=literals.len()).contains(place));
        let place = place.ok_or_else(|| {
            Failure::usage(format!(
                "`{word}` is none of 1 to {}; nothing was saved",
                literals.len()
            ))
        })?;
        chosen.push(place - 1);
    }
    chosen.sort_unstable();
    chosen.dedup();
    Ok(chosen
        .into_iter()
        .map(|place| literals[place].clone())
        .collect())
}

fn write(file: &Path, statement: &Statement, parameters: &[Literal]) -> Result<(), Failure> {
    let name = file
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned());
    let text = statement.as_saved_query(&name.unwrap_or_default(), parameters);
    let folder = file.parent().unwrap_or_else(|| Path::new(""));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(file, text))
        .map_err(|error| Failure::File(format!("cannot write {}", file.display()), error))
}
