//! What can go wrong between a person's words and an answer.

use datafusion::common::{Location, Span};
use datafusion::error::DataFusionError;
use kouan_ingest::IngestError;
use kouan_schema::SchemaError;

/// The result of engine operations.
pub type Result<T, E = EngineError> = std::result::Result<T, E>;

/// What the person asked for that the engine could not do.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The package or one of its schemas cannot be read.
    #[error(transparent)]
    Package(#[from] SchemaError),
    /// A table's data do not fit its schema, or cannot be read or kept.
    #[error(transparent)]
    Data(#[from] IngestError),
    /// A statement could not be planned or run.
    #[error(transparent)]
    Statement(#[from] Box<StatementError>),
    /// A saved query's file is not understood.
    #[error(transparent)]
    Query(#[from] QueryProblem),
    /// What a saved query's header says does not fit its statement; every problem is listed.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    QueryProblems(Vec<QueryProblem>),
    /// No saved query has this name.
    #[error("no saved query is called `{name}`; {}", did_you_mean(.near, "`queries` lists them"))]
    UnknownQuery {
        /// The name asked for.
        name: String,
        /// The nearest existing name.
        near: Option<String>,
    },
    /// The values given for a query's parameters do not fit; every problem is listed.
    #[error("{}", .0.join("\n"))]
    Parameters(Vec<String>),
    /// A package brings an SQL schema of a name that is taken.
    #[error(
        "an SQL schema `{name}` is open already, and package `{package}` has one too; \
             attach it AS another name, or rename the schema in it"
    )]
    SchemaTaken {
        /// The SQL schema.
        name: String,
        /// The package that cannot be opened.
        package: String,
    },
    /// A name that no SQL schema can have.
    #[error("{name:?}: {reason}")]
    BadName {
        /// The name.
        name: String,
        /// Why it cannot be one.
        reason: String,
    },
    /// No package of this name was attached.
    #[error("no package `{name}` was attached; {}", did_you_mean(.near, "`\\d` lists the tables, each with its SQL schema"))]
    NotAttached {
        /// The name asked for.
        name: String,
        /// The nearest name of an attached package.
        near: Option<String>,
    },
    /// No table has this name.
    #[error("no table is called `{name}`; {}", did_you_mean(.near, "`\\d` lists them"))]
    UnknownTable {
        /// The name asked for.
        name: String,
        /// The nearest existing name.
        near: Option<String>,
    },
}

impl EngineError {
    /// What the session itself refuses.
    #[expect(clippy::needless_pass_by_value, reason = "given to map_err")]
    pub(crate) fn session(error: DataFusionError) -> Self {
        Self::Statement(Box::new(StatementError::new(error.strip_backtrace())))
    }
}

/// An error of ours on its way through DataFusion.
pub(crate) fn external(error: EngineError) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}

/// What is wrong with a file of saved queries.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryProblem {
    /// Its header is not understood.
    #[error("{path}:{line}: {reason}")]
    Header {
        /// The query's file.
        path: String,
        /// The line that is not understood, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// Two query files bear one name.
    #[error("two saved queries are called `{name}`: {first} and {second}; rename one of them")]
    Twice {
        /// The name.
        name: String,
        /// The file that was read first.
        first: String,
        /// The file that was read second.
        second: String,
    },
    /// A file or folder cannot be read.
    #[error("cannot read {path}: {reason}")]
    Unreadable {
        /// The file or folder.
        path: String,
        /// Why.
        reason: String,
    },
}

impl QueryProblem {
    /// The one file that it is about.
    pub(crate) fn path(&self) -> Option<&str> {
        match self {
            Self::Header { path, .. } | Self::Unreadable { path, .. } => Some(path),
            Self::Twice { .. } => None,
        }
    }
}

fn did_you_mean(near: &Option<String>, otherwise: &str) -> String {
    match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => otherwise.to_string(),
    }
}

/// Whose fault a failed statement is, which decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The statement is wrong, or failed while running.
    Statement,
    /// The data it reads cannot be read or do not fit their schema.
    Input,
    /// The program or a library of it panicked.
    Fault,
}

/// A statement that failed: what, where in its source, and what to try next.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct StatementError {
    /// What is wrong, in one or a few lines.
    pub message: String,
    /// The words that are wrong, as lines and columns of the source.
    pub span: Option<Span>,
    /// Next steps, best first.
    pub hints: Vec<String>,
    /// Whose fault it is.
    pub cause: Cause,
    /// Other unknown names of the statement.
    pub further: Vec<StatementError>,
    /// What the wrong word may be replaced by to find them.
    pub(crate) repair: Option<Repair>,
}

/// What may stand in the place of an unknown name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Repair {
    /// The name that was probably meant.
    Name(String),
    /// Any value.
    Null,
}

impl StatementError {
    /// An error of the statement itself, with no place yet.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            span: None,
            hints: Vec::new(),
            cause: Cause::Statement,
            further: Vec::new(),
            repair: None,
        }
    }

    /// A panic of the program or of a library, which said this.
    pub fn fault(panic: &str) -> Self {
        // Libraries panic where the system gives them no thread.
        if panic.contains("spawn") && panic.contains("thread") {
            let error = Self::new("the system gives the program no more threads");
            return error.hint("allow it more of them, as by `ulimit -u`");
        }
        let mut error = Self::new(format!("a fault of the program stopped the work: {panic}"));
        error.cause = Cause::Fault;
        error
    }

    /// Says what may stand in the place of the unknown name.
    pub(crate) fn mended_by(mut self, repair: Repair) -> Self {
        self.repair = Some(repair);
        self
    }

    /// Says where.
    pub fn at(mut self, span: Option<Span>) -> Self {
        self.span = span;
        self
    }

    /// Adds a next step.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Text that the tokenizer could not read to its end.
    pub(crate) fn unreadable(reason: &str, at: Location) -> Self {
        Self::new(reason.trim_end_matches('.')).at(Some(Span::new(at, at)))
    }
}
