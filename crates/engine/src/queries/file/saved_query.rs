//! A saved query as read from its file.

use std::path::{Path, PathBuf};

use datafusion::common::Location;

use super::expectation::Expectation;
use super::parameter::Parameter;
use crate::error::{QueryProblem, Result, StatementError};
use crate::statement::parse;
use crate::statement::script::{Piece, Source, Statement, split};

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
    /// What its answer must be.
    pub expectations: Vec<Expectation>,
    /// Values to try.
    pub examples: Vec<Example>,
    /// Where its file lies, unless the binary carries it.
    pub file: Option<PathBuf>,
    /// The file's whole text, header included, under the name that messages call it by.
    pub text: Source,
}

/// Values that a query's header gives to be tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// As one would type them.
    pub text: String,
    /// The same as names and values.
    pub given: Vec<(String, String)>,
    /// Its line in the file, from 1.
    pub line: usize,
}

impl SavedQuery {
    /// The file as messages name it.
    pub fn path(&self) -> &str {
        self.text.name.as_deref().unwrap_or(&self.name)
    }

    /// True when it runs without values given: what it takes has defaults.
    pub fn runs_alone(&self) -> bool {
        self.parameters
            .iter()
            .all(|parameter| parameter.default.is_some())
    }

    /// The folder of queries that its topic is counted from, if its file lies in one.
    pub fn folder(&self) -> Option<&Path> {
        let mut levels = self.topic.split('/').filter(|level| !level.is_empty());
        let own = self.file.as_deref()?.parent()?;
        levels.try_fold(own, |folder, _| folder.parent())
    }

    /// True when its statement says in which order the rows come.
    ///
    /// # Errors
    /// The file holds no statement that is understood.
    pub fn is_ordered(&self) -> Result<bool> {
        let statement = self.statement()?;
        let says = parse::says_order(&statement);
        Ok(says.map_err(|error| Box::new(StatementError::new(error.strip_backtrace())))?)
    }

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
                    let reason = format!("`\\{text}` is a command of the shell, not SQL");
                    return Err(self.problem_at(at, reason).into());
                }
            }
        }
        let second = statements.get(1).map(|statement| statement.span.start);
        match (statements.pop(), second) {
            (Some(only), None) => Ok(only),
            (None, _) => Err(self.problem(1, "the file holds no statement").into()),
            (_, Some(at)) => {
                let reason = "a saved query is one statement; a script of several runs with `-f`";
                Err(self.problem_at(at, reason).into())
            }
        }
    }

    /// True when the header says what the query takes; else its statement tells.
    pub(crate) fn is_declared(&self) -> bool {
        !self.parameters.is_empty()
    }

    fn problem_at(&self, at: Location, reason: impl Into<String>) -> QueryProblem {
        self.problem(usize::try_from(at.line).unwrap_or(usize::MAX), reason)
    }

    /// What is wrong in a line of the file.
    pub(crate) fn problem(&self, line: usize, reason: impl Into<String>) -> QueryProblem {
        QueryProblem::Header {
            path: self.path().to_string(),
            line,
            reason: reason.into(),
        }
    }
}
