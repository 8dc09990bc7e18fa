//! Runs a saved query with values as they are typed.

use super::nesting::Nesting;
use super::planner::Planner;
use super::run::{run, unknown_values};
use crate::answer::Answer;
use crate::error::{EngineError, Result};
use crate::queries::binding::bind;
use crate::queries::file::arguments::read_values;
use crate::queries::file::parameter::Parameter;
use crate::queries::file::saved_query::SavedQuery;

/// What a saved query takes: as its header declares, else as its statement uses it. Reads no data.
pub(crate) async fn parameters(planner: &Planner, query: &SavedQuery) -> Result<Vec<Parameter>> {
    let statement = query.statement()?;
    let nesting = Nesting::default().within(query);
    let parameters = Box::pin(planner.parameters_of(query, &statement, &nesting)).await;
    Ok(parameters.map_err(|error| planner.diagnoser.diagnose(&error, &statement))?)
}

/// Starts a saved query with values as typed on a command line.
pub(crate) async fn run_query(
    planner: &Planner,
    query: &SavedQuery,
    given: &[(String, String)],
) -> Result<Answer> {
    let statement = query.statement()?;
    let nesting = Nesting::default().within(query);
    let declared = parameters(planner, query).await?;
    let values = bind(&query.name, &declared, given)?;
    nesting.hold(&declared, given);
    let unknown = unknown_values(planner, &nesting).await?;
    if !unknown.is_empty() {
        return Err(EngineError::Parameters(unknown));
    }
    Ok(run(planner, &statement, &values, &nesting).await?)
}

/// Starts a saved query with values among words, as a person types them: `name=value`, `--name value`.
pub(crate) async fn run_query_with(
    planner: &Planner,
    query: &SavedQuery,
    words: &[String],
) -> Result<Answer> {
    let (given, mut problems) = read_values(words);
    if problems.is_empty() {
        return run_query(planner, query, &given).await;
    }
    let declared = parameters(planner, query).await?;
    if let Err(EngineError::Parameters(more)) = bind(&query.name, &declared, &given) {
        problems.extend(more);
    }
    Err(EngineError::Parameters(problems))
}
