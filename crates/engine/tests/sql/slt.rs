//! `tests/slt/**/*.slt`: SQL behaviour with types, values and errors, with aggregations fused and not.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::datatypes::DataType;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use async_trait::async_trait;
use kouan_engine::{Engine, StatementError};
use libtest_mimic::{Failed, Trial};
use sqllogictest::{AsyncDB, ColumnType, DBOutput, Runner};

use crate::session::{self, Rows, Session};

pub(crate) fn trials(session: &Arc<Session>) -> Vec<Trial> {
    let folder = session::root().join("tests/slt");
    let mut files = Vec::new();
    collect(&folder, &mut files);
    files.sort();
    files
        .into_iter()
        .flat_map(|file| [(file.clone(), true), (file, false)])
        .map(|(file, fused)| {
            let name = file
                .strip_prefix(&folder)
                .unwrap_or(&file)
                .display()
                .to_string();
            let session = Arc::clone(session);
            let kind = if fused { "slt" } else { "slt_not_fused" };
            Trial::test(format!("{kind}::{name}"), move || {
                check(&session, &file, fused)
            })
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(Result::ok);
    for path in entries.map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "slt") {
            files.push(path);
        }
    }
}

fn check(session: &Session, file: &Path, fused: bool) -> Result<(), Failed> {
    let mut runner = Runner::new(|| async {
        let engine = session
            .engine()
            .map_err(|error| Box::new(StatementError::new(error.to_string())))?;
        session::run(&engine, &format!("SET kouan.fused = {fused}")).await?;
        Ok(Database(engine))
    });
    let text = std::fs::read_to_string(file)?;
    let outcome = session
        .runtime
        .block_on(runner.run_script_with_name_async(&text, file.display().to_string()));
    outcome.map_err(|error| Failed::from(error.display(false).to_string()))
}

struct Database(Arc<Engine>);

#[async_trait]
impl AsyncDB for Database {
    type Error = Box<StatementError>;
    type ColumnType = Letter;

    async fn run(&mut self, sql: &str) -> Result<DBOutput<Letter>, Box<StatementError>> {
        let rows = session::run(&self.0, sql).await?;
        if rows.schema.fields().is_empty() {
            return Ok(DBOutput::StatementComplete(0));
        }
        let types = rows
            .schema
            .fields()
            .iter()
            .map(|field| Letter::of(field.data_type()))
            .collect();
        let rows =
            cells(&rows).map_err(|error| Box::new(StatementError::new(error.to_string())))?;
        Ok(DBOutput::Rows { types, rows })
    }

    async fn shutdown(&mut self) {}
}

/// Cells as text: NULL is `NULL`, no text is `(empty)`, numbers as the shell shows them.
fn cells(rows: &Rows) -> Result<Vec<Vec<String>>, arrow::error::ArrowError> {
    let options = FormatOptions::default().with_null("NULL");
    let mut lines = Vec::new();
    for batch in &rows.batches {
        let columns = batch
            .columns()
            .iter()
            .map(|column| ArrayFormatter::try_new(column, &options));
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        for row in 0..batch.num_rows() {
            let cells = columns
                .iter()
                .map(|column| match column.value(row).to_string() {
                    text if text.is_empty() => "(empty)".to_string(),
                    text => text,
                });
            lines.push(cells.collect());
        }
    }
    Ok(lines)
}

/// A column's type as sqllogictest writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Letter {
    Text,
    Integer,
    Real,
    Boolean,
    Date,
    Other,
}

impl Letter {
    fn of(data_type: &DataType) -> Self {
        match data_type {
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Self::Text,
            DataType::Dictionary(_, value) => Self::of(value),
            DataType::Float16 | DataType::Float32 | DataType::Float64 => Self::Real,
            DataType::Decimal128(..) | DataType::Decimal256(..) => Self::Real,
            DataType::Boolean => Self::Boolean,
            DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => Self::Date,
            number if number.is_integer() => Self::Integer,
            _ => Self::Other,
        }
    }
}

impl ColumnType for Letter {
    fn from_char(letter: char) -> Option<Self> {
        match letter {
            'T' => Some(Self::Text),
            'I' => Some(Self::Integer),
            'R' => Some(Self::Real),
            'B' => Some(Self::Boolean),
            'D' => Some(Self::Date),
            '?' => Some(Self::Other),
            _ => None,
        }
    }

    fn to_char(&self) -> char {
        match self {
            Self::Text => 'T',
            Self::Integer => 'I',
            Self::Real => 'R',
            Self::Boolean => 'B',
            Self::Date => 'D',
            Self::Other => '?',
        }
    }
}
