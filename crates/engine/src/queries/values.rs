//! The values that a parameter may take, where a query tells them: for completion, and held against what is given.

use std::sync::Arc;

use arrow::array::AsArray;
use arrow::compute::cast;
use arrow::datatypes::DataType;

use super::Parameter;
use super::check::values_statement;
use crate::error::{EngineError, Result, StatementError};
use crate::near::nearest;
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
        let statement = values_statement(parameter);
        let statement = statement.map_err(|reason| EngineError::Parameters(vec![reason]))?;
        let Some(statement) = statement else {
            return Ok(None);
        };
        let rows = self
            .run(&statement, &Values::new())
            .await?
            .collect()
            .await?;
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

    /// Refuses values that a parameter's query does not tell.
    pub(crate) async fn refuse_unknown_values(
        self: &Arc<Self>,
        declared: &[Parameter],
        given: &[(String, String)],
    ) -> Result<()> {
        let mut problems = Vec::new();
        for (name, value) in given {
            let Some(parameter) = declared.iter().find(|parameter| parameter.name == *name) else {
                continue;
            };
            let known = Box::pin(self.values_of_parameter(parameter)).await?;
            let Some(known) = known.filter(|known| !known.contains(value)) else {
                continue;
            };
            let next = match nearest(value, known.iter().map(String::as_str)) {
                Some(near) => format!("; did you mean {near:?}?"),
                None => String::new(),
            };
            problems.push(format!("`{name}`: there is no {value:?}{next}"));
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(EngineError::Parameters(problems))
        }
    }
}
