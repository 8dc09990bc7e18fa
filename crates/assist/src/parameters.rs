//! Candidates for the values that a saved query is run with.

use std::sync::Arc;

use arrow::datatypes::DataType;
use kouan_engine::{Allowed, Engine, Parameter, quote_word};

use crate::candidate::Candidate;
use crate::in_time::in_time;

/// The parameters of a query that have no value yet among the words `given`, and the values of the one being typed.
pub fn parameters(
    engine: &Arc<Engine>,
    query: &str,
    given: &[&str],
    typed: &str,
) -> Vec<Candidate> {
    let queries = engine.queries();
    let Ok(query) = queries.find(query) else {
        return Vec::new();
    };
    let mut candidates = Vec::new();
    for parameter in &query.parameters {
        let prefix = parameter.prefix();
        if typed.starts_with(&prefix) {
            let values = values_of(engine, parameter);
            let word = |value: &String| format!("{prefix}{}", quote_word(value));
            candidates.extend(values.iter().map(|value| Candidate::name(&word(value))));
        } else if !given.iter().any(|word| word.starts_with(&prefix)) {
            candidates.push(Candidate::described(&prefix, &parameter.to_string()));
        }
    }
    candidates
}

/// The values that a parameter may take, where its declaration or its query tells them.
fn values_of(engine: &Arc<Engine>, parameter: &Parameter) -> Vec<String> {
    match &parameter.allowed {
        Allowed::OneOf(values) => values.iter().map(ToString::to_string).collect(),
        Allowed::Any if parameter.data_type == DataType::Boolean => {
            ["true", "false"].map(str::to_string).to_vec()
        }
        _ => {
            let (engine, parameter) = (Arc::clone(engine), parameter.clone());
            let values = in_time(async move { engine.values_of_parameter(&parameter).await.ok() });
            values.flatten().flatten().unwrap_or_default()
        }
    }
}
