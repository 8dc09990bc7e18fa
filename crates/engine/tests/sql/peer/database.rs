//! A session as the suite asks it, and its columns in the suite's letters.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use arrow::datatypes::DataType;
use async_trait::async_trait;
use kouan_engine::{Engine, StatementError};
use sqllogictest::{AsyncDB, ColumnType, DBOutput};

use super::values;
use crate::session;

/// What takes longer hangs.
const LONGEST: Duration = Duration::from_secs(60);

pub(super) struct Peer(pub(super) Arc<Engine>);

pub(super) fn said(error: impl Display) -> Box<StatementError> {
    Box::new(StatementError::new(error.to_string()))
}

#[async_trait]
impl AsyncDB for Peer {
    type Error = Box<StatementError>;
    type ColumnType = Letter;

    async fn run(&mut self, sql: &str) -> Result<DBOutput<Letter>, Box<StatementError>> {
        let answer = tokio::time::timeout(LONGEST, session::run(&self.0, sql));
        let rows = answer.await.map_err(said)??;
        let fields = rows.schema.fields();
        if fields.is_empty() {
            return Ok(DBOutput::StatementComplete(0));
        }
        let types = fields.iter().map(|field| Letter::of(field.data_type()));
        Ok(DBOutput::Rows {
            types: types.collect(),
            rows: values::rows(&rows.batches).map_err(said)?,
        })
    }

    fn engine_name(&self) -> &str {
        "DataFusion"
    }

    async fn shutdown(&mut self) {}
}

/// A column's type, as the suite tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Letter {
    Boolean,
    DateTime,
    Integer,
    Float,
    Text,
    Timestamp,
    Another,
}

impl Letter {
    fn of(data_type: &DataType) -> Self {
        match data_type {
            DataType::Boolean => Self::Boolean,
            number if number.is_integer() => Self::Integer,
            number if number.is_numeric() => Self::Float,
            text if text.is_string() => Self::Text,
            DataType::Timestamp(..) => Self::Timestamp,
            DataType::Date32 | DataType::Date64 | DataType::Time32(_) | DataType::Time64(_) => {
                Self::DateTime
            }
            DataType::Dictionary(_, values) if values.is_string() => Self::Text,
            _ => Self::Another,
        }
    }
}

const LETTERS: [(char, Letter); 7] = [
    ('B', Letter::Boolean),
    ('D', Letter::DateTime),
    ('I', Letter::Integer),
    ('R', Letter::Float),
    ('T', Letter::Text),
    ('P', Letter::Timestamp),
    ('?', Letter::Another),
];

impl ColumnType for Letter {
    fn from_char(letter: char) -> Option<Self> {
        let known = LETTERS.iter().find(|(known, _)| *known == letter);
        Some(known.map_or(Self::Another, |(_, kind)| *kind))
    }

    fn to_char(&self) -> char {
        let known = LETTERS.iter().find(|(_, kind)| kind == self);
        known.map_or('?', |(letter, _)| *letter)
    }
}
