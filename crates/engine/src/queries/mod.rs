//! Saved queries: plain SQL files whose header comment says what they are and what they take.

mod check;
mod header;
mod parameter;
mod relations;

use std::path::{Path, PathBuf};
use std::{fs, io};

pub use parameter::{Allowed, Parameter};

use datafusion::common::Location;

use crate::Values;
use crate::embedded;
use crate::error::{EngineError, QueryProblem, Result};
use crate::near::nearest;
use crate::script::{Piece, Source, Statement, split};

/// One query file.
#[derive(Debug, Clone)]
pub struct SavedQuery {
    /// How it is run: its file's name without `.sql`.
    pub name: String,
    /// The folder it lies in, below the queries folder; empty at its top.
    pub topic: String,
    /// What it answers, in one line.
    pub title: Option<String>,
    /// Where the question comes from, such as a section of a paper.
    pub source: Option<String>,
    /// What it takes, in the order of the header.
    pub parameters: Vec<Parameter>,
    /// Arguments to try, as one would type them.
    pub examples: Vec<String>,
    /// The file's whole text, header included.
    pub text: Source,
}

impl SavedQuery {
    /// The file's one statement.
    ///
    /// # Errors
    /// The file holds no statement, several, or a command of the shell.
    pub fn statement(&self) -> Result<Statement> {
        let mut statements = Vec::new();
        for piece in split(&self.text) {
            match piece {
                Piece::Statement(statement) => statements.push(statement),
                Piece::Broken(error) => return Err(error.into()),
                Piece::Command { text, at } => {
                    return Err(
                        self.problem(at, format!("`\\{text}` is a command of the shell, not SQL"))
                    );
                }
            }
        }
        let second = statements.get(1).map(|statement| statement.span.start);
        match (statements.pop(), second) {
            (Some(only), None) => Ok(only),
            (None, _) => {
                let end = Location { line: 1, column: 1 };
                Err(self.problem(end, "the file holds no statement".to_string()))
            }
            (_, Some(at)) => Err(self.problem(
                at,
                "a saved query is one statement; a script of several runs with `-f`".to_string(),
            )),
        }
    }

    fn problem(&self, at: Location, reason: String) -> EngineError {
        let path = self.text.name.as_deref().unwrap_or(&self.name).to_string();
        let line = usize::try_from(at.line).unwrap_or(usize::MAX);
        QueryProblem::Header { path, line, reason }.into()
    }
}

/// Checks values as typed against what a query declares, and types them.
///
/// # Errors
/// [`EngineError::Parameters`] with every problem: unknown, repeated, missing, not of the
/// type, not allowed.
pub(crate) fn bind(
    query: &str,
    declared: &[Parameter],
    given: &[(String, String)],
) -> Result<Values> {
    let mut problems = Vec::new();
    let mut values = Values::new();
    for (name, text) in given {
        let Some(parameter) = declared.iter().find(|parameter| parameter.name == *name) else {
            problems.push(unknown_parameter(query, name, declared));
            continue;
        };
        match parameter.parse(text) {
            Ok(value) if values.contains_key(name) => {
                problems.push(format!(
                    "`{name}` is given twice, the second time as {value}"
                ));
            }
            Ok(value) => drop(values.insert(name.clone(), value)),
            Err(problem) => problems.push(format!("`{name}`: {problem}")),
        }
    }
    for parameter in declared {
        let is_given = given.iter().any(|(name, _)| *name == parameter.name);
        match &parameter.default {
            _ if is_given => {}
            Some(default) => drop(values.insert(parameter.name.clone(), default.clone())),
            None => problems.push(format!(
                "`{}` needs a value: {}=…, {parameter}",
                parameter.name, parameter.name
            )),
        }
    }
    if problems.is_empty() {
        Ok(values)
    } else {
        Err(EngineError::Parameters(problems))
    }
}

fn unknown_parameter(query: &str, name: &str, declared: &[Parameter]) -> String {
    let names = || declared.iter().map(|parameter| parameter.name.as_str());
    let next = match nearest(name, names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if declared.is_empty() => "it takes none".to_string(),
        None => format!("it takes {}", names().collect::<Vec<_>>().join(", ")),
    };
    format!("`{query}` has no parameter `{name}`; {next}")
}

/// Where saved queries are looked for.
#[derive(Debug, Clone)]
pub enum QueryFolder {
    /// The folder of the package that the binary carries.
    Embedded,
    /// A folder on disk; one that does not exist holds no queries.
    Disk(PathBuf),
}

/// All saved queries that were found, by name.
#[derive(Debug, Default)]
pub struct Queries {
    queries: Vec<SavedQuery>,
    /// Files that are not understood. They do not keep the others from running.
    pub problems: Vec<QueryProblem>,
}

impl Queries {
    /// Reads every `.sql` file below the folders. A name in an earlier folder hides the
    /// same name in a later one; twice within one folder is a problem.
    pub fn load(folders: &[QueryFolder]) -> Self {
        let mut found = Self::default();
        for folder in folders {
            match folder.files() {
                Ok(files) => found.add(files),
                Err(error) => found.problems.push(error),
            }
        }
        found
            .queries
            .sort_by(|a, b| (&a.topic, &a.name).cmp(&(&b.topic, &b.name)));
        found
    }

    /// The queries by topic and name.
    pub fn iter(&self) -> impl Iterator<Item = &SavedQuery> {
        self.queries.iter()
    }

    /// The query of this name.
    ///
    /// # Errors
    /// [`EngineError::UnknownQuery`] with the nearest name, or what is wrong with its file.
    pub fn find(&self, name: &str) -> Result<&SavedQuery> {
        if let Some(query) = self.queries.iter().find(|query| query.name == name) {
            return Ok(query);
        }
        let is_its_file = |problem: &&QueryProblem| matches!(problem, QueryProblem::Header { path, .. } if stem(path) == name);
        if let Some(problem) = self.problems.iter().find(is_its_file) {
            return Err(problem.clone().into());
        }
        let near = nearest(name, self.queries.iter().map(|query| query.name.as_str()));
        Err(EngineError::UnknownQuery {
            name: name.to_string(),
            near: near.map(str::to_string),
        })
    }

    fn add(&mut self, files: Vec<QueryFile>) {
        let first_of_folder = self.queries.len();
        for file in files {
            let query = match header::read(&file) {
                Ok(query) => query,
                Err(problem) => {
                    self.problems.push(problem);
                    continue;
                }
            };
            match self
                .queries
                .iter()
                .position(|other| other.name == query.name)
            {
                None => self.queries.push(query),
                Some(earlier) if earlier < first_of_folder => {}
                Some(twin) => self.problems.push(QueryProblem::Twice {
                    name: query.name,
                    first: self.queries[twin]
                        .text
                        .name
                        .as_deref()
                        .unwrap_or_default()
                        .to_string(),
                    second: file.path,
                }),
            }
        }
    }
}

/// A query file as found: how messages name it, its topic, its text.
struct QueryFile {
    path: String,
    topic: String,
    text: String,
}

impl QueryFolder {
    fn files(&self) -> Result<Vec<QueryFile>, QueryProblem> {
        let mut files = Vec::new();
        match self {
            Self::Embedded => files.extend(embedded::queries().map(|(path, text)| {
                QueryFile {
                    path: format!("queries/{path}"),
                    topic: path
                        .rsplit_once('/')
                        .map_or("", |(topic, _)| topic)
                        .to_string(),
                    text: text.to_string(),
                }
            })),
            Self::Disk(folder) if folder.is_dir() => walk(folder, "", &mut files)?,
            Self::Disk(_) => {}
        }
        Ok(files)
    }
}

fn walk(folder: &Path, topic: &str, files: &mut Vec<QueryFile>) -> Result<(), QueryProblem> {
    let failed = |path: &Path| {
        let path = path.display().to_string();
        move |error: io::Error| QueryProblem::Unreadable {
            path,
            reason: error.to_string(),
        }
    };
    let mut entries = fs::read_dir(folder)
        .and_then(|entries| entries.collect::<Result<Vec<_>, _>>())
        .map_err(failed(folder))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            let topic = if topic.is_empty() {
                name
            } else {
                format!("{topic}/{name}")
            };
            walk(&path, &topic, files)?;
        } else if path.is_file() && path.extension().is_some_and(|ending| ending == "sql") {
            let text = fs::read_to_string(&path).map_err(failed(&path))?;
            let path = path.display().to_string();
            files.push(QueryFile {
                path,
                topic: topic.to_string(),
                text,
            });
        }
    }
    Ok(())
}

/// A path's last part without `.sql`.
fn stem(path: &str) -> &str {
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    file.strip_suffix(".sql").unwrap_or(file)
}
