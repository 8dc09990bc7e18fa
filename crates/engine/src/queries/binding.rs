//! Values as typed become typed values, or every problem with them is told at once.

use std::collections::HashMap;

use datafusion::scalar::ScalarValue;

use super::file::parameter::Parameter;
use crate::catalog::near::nearest;
use crate::error::{EngineError, Result};

/// Values for `$name` parameters, by name.
pub type Values = HashMap<String, ScalarValue>;

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
