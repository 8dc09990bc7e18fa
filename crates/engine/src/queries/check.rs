//! Checks a saved query without reading data: its statement plans, its parameters and examples fit it.

use datafusion::error::DataFusionError;
use datafusion::scalar::ScalarValue;

use super::{Parameter, SavedQuery, bind};
use crate::error::{EngineError, Result};
use crate::near::nearest;
use crate::{Engine, Values};

impl Engine {
    /// Plans a saved query with its defaults, and looks whether it uses the parameters that its header
    /// declares and whether the values of its examples are of their types and allowed.
    ///
    /// # Errors
    /// What is wrong with its file, its statement, or every problem with its parameters.
    pub async fn check_query(
        &self,
        query: &SavedQuery,
        examples: &[Vec<(String, String)>],
    ) -> Result<()> {
        let statement = query.statement()?;
        let diagnosed = |error: DataFusionError| self.diagnose(&error, &statement);
        let plan = Box::pin(self.plan(&statement)).await.map_err(diagnosed)?;
        let inferred;
        let declared = if query.parameters.is_empty() {
            inferred = Parameter::of_plan(&plan).map_err(diagnosed)?;
            &inferred
        } else {
            &query.parameters
        };
        let used = plan.get_parameter_names().map_err(diagnosed)?;
        let used = used.iter().map(|name| name.trim_start_matches('$'));
        let mut problems = disagreements(declared, used.collect());
        for example in examples {
            match bind(&query.name, declared, example) {
                Ok(_) => {}
                Err(EngineError::Parameters(found)) => {
                    problems.extend(found.into_iter().map(|found| format!("example: {found}")));
                }
                Err(other) => return Err(other),
            }
        }
        if !problems.is_empty() {
            return Err(EngineError::Parameters(problems));
        }
        let values = declared.iter().map(value).collect::<Result<Values, _>>();
        let plan = self.bind(plan, &values.map_err(diagnosed)?, &statement)?;
        kouan_functions::check_literals(&plan).map_err(diagnosed)?;
        self.context.state().optimize(&plan).map_err(diagnosed)?;
        Ok(())
    }
}

/// Its default, or NULL of its type.
fn value(parameter: &Parameter) -> Result<(String, ScalarValue), DataFusionError> {
    let value = match &parameter.default {
        Some(default) => default.clone(),
        None => ScalarValue::try_new_null(&parameter.data_type)?,
    };
    Ok((parameter.name.clone(), value))
}

/// Parameters that are declared and not used, or used and not declared.
fn disagreements(declared: &[Parameter], mut used: Vec<&str>) -> Vec<String> {
    used.sort_unstable();
    let declared: Vec<&str> = declared
        .iter()
        .map(|parameter| parameter.name.as_str())
        .collect();
    let unused = declared.iter().filter(|name| !used.contains(name));
    let unknown = used.iter().filter(|name| !declared.contains(name));
    let unused = unused.map(|name| format!("`{name}` is declared but not used"));
    let unknown = unknown.map(|name| {
        let next = match nearest(name, declared.iter().copied()) {
            Some(near) => format!("did you mean `${near}`?"),
            None => format!("add `-- param: {name} type` to the header"),
        };
        format!("`${name}` is not declared; {next}")
    });
    unused.chain(unknown).collect()
}
