//! The values that a parameter may take, where a query tells them: for completion, and held against what is given.

use std::sync::Arc;

use arrow::array::AsArray;
use arrow::compute::cast;
use arrow::datatypes::DataType;

use super::check::values_statement;
use super::{Nesting, Parameter};
use crate::error::{EngineError, Result, StatementError};
use crate::near::nearest;
use crate::script::Statement;
use crate::{Engine, Values};

impl Engine {
    /// The values that a parameter's query tells; nothing when it has none.
    ///
    /// # Errors
    /// The query fails.
    pub async fn values_of_parameter(
        self: &Arc<Self>,
        parameter: &Parameter,
    ) -> Result<Option<Vec<String>>> {
        self.told_values(parameter, &Nesting::default()).await
    }

    async fn told_values(
        self: &Arc<Self>,
        parameter: &Parameter,
        nesting: &Nesting,
    ) -> Result<Option<Vec<String>>> {
        let statement = values_statement(parameter);
        let statement = statement.map_err(|reason| EngineError::Parameters(vec![reason]))?;
        let Some(statement) = statement else {
            return Ok(None);
        };
        let none = Values::new();
        let answer = self.run_within(&statement, &none, nesting).await?;
        let rows = answer.collect().await?;
        let mut values = Vec::new();
        for batch in &rows {
            let Some(column) = batch.columns().first() else {
                continue;
            };
            let texts = cast(column, &DataType::Utf8)
                .map_err(|error| Box::new(StatementError::new(error.to_string())))?;
            values.extend(
                texts
                    .as_string::<i32>()
                    .iter()
                    .flatten()
                    .map(str::to_string),
            );
        }
        Ok(Some(values))
    }

    /// Refuses values in a statement's calls that are not among those told.
    pub(crate) async fn refuse_unknown_values(
        self: &Arc<Self>,
        nesting: &Nesting,
        statement: &Statement,
    ) -> Result<(), Box<StatementError>> {
        let unknown = self.unknown_values(nesting).await;
        let unknown = unknown.or_else(|error| match error {
            EngineError::Statement(error) => Err(error),
            other => Ok(vec![other.to_string()]),
        })?;
        if unknown.is_empty() {
            return Ok(());
        }
        let error = StatementError::new(unknown.join("\n"));
        Err(Box::new(error.at(Some(statement.span))))
    }

    /// What is wrong with values that were given to queries, those of calls included: a parameter's query
    /// does not tell them.
    pub(crate) async fn unknown_values(self: &Arc<Self>, nesting: &Nesting) -> Result<Vec<String>> {
        let mut problems = Vec::new();
        for held in nesting.take_held() {
            let known = self.told_values(&held.parameter, &held.nesting);
            let Some(known) = Box::pin(known).await? else {
                continue;
            };
            let (name, value) = (&held.parameter.name, &held.value);
            if known.contains(value) {
                continue;
            }
            let next = match nearest(value, known.iter().map(String::as_str)) {
                Some(near) => format!("; did you mean {near:?}?"),
                None => String::new(),
            };
            problems.push(format!("`{name}`: there is no {value:?}{next}"));
        }
        Ok(problems)
    }
}
