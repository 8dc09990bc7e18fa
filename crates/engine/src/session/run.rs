//! Runs a statement: planned, bound, checked, started. A value given to a saved query may have to be among those
//! that another query tells, which is then run first.

use arrow::array::AsArray;
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::LogicalPlan;

use super::all_unknown_names::further_problems;
use super::bind::bind;
use super::nesting::Nesting;
use super::planner::Planner;
use crate::answer::Answer;
use crate::answer::execute::execute;
use crate::catalog::near::nearest;
use crate::diagnose::panics;
use crate::error::{EngineError, Result, StatementError};
use crate::queries::binding::Values;
use crate::queries::file::parameter::Parameter;
use crate::statement::kind::Request;
use crate::statement::script::Statement;

/// Starts the statement of the last of the saved queries that read one another, or one of none.
pub(crate) async fn run(
    planner: &Planner,
    statement: &Statement,
    values: &Values,
    nesting: &Nesting,
) -> Result<Answer, Box<StatementError>> {
    Box::pin(panics::caught(start(planner, statement, values, nesting))).await
}

async fn start(
    planner: &Planner,
    statement: &Statement,
    values: &Values,
    nesting: &Nesting,
) -> Result<Answer, Box<StatementError>> {
    let diagnoser = &planner.diagnoser;
    let diagnosed = |error: DataFusionError| diagnoser.diagnose(&error, statement);
    let request = Request::of(statement);
    let query = request.query();
    let plan = match planner.plan(query, values, nesting).await {
        Ok(plan) => plan,
        Err(error) => {
            let mut first = diagnosed(error);
            first.further = Box::pin(further_problems(planner, query, values, &first)).await;
            return Err(first);
        }
    };
    let plan = bind(plan, values, query, diagnoser)?;
    refuse_unknown_values(planner, nesting, query).await?;
    kouan_functions::check_literals(&plan).map_err(diagnosed)?;
    refuse_no_columns(&plan, query)?;
    let kind = request.kind(plan);
    let work = execute(&planner.context, kind, diagnoser.type_name);
    let work = Box::pin(work).await.map_err(diagnosed)?;
    Ok(Answer::new(work, statement, diagnoser))
}

/// A query without columns answers nothing that could be shown; a command, such as CREATE, may.
fn refuse_no_columns(plan: &LogicalPlan, query: &Statement) -> Result<(), Box<StatementError>> {
    let is_command = matches!(
        plan,
        LogicalPlan::Ddl(_)
            | LogicalPlan::Dml(_)
            | LogicalPlan::Statement(_)
            | LogicalPlan::Copy(_)
    );
    if is_command || !plan.schema().fields().is_empty() {
        return Ok(());
    }
    let error = StatementError::new("the answer has no columns").at(Some(query.span));
    Err(Box::new(error.hint("SELECT * gives all columns")))
}

/// The values that a parameter's query tells; nothing when it has none.
///
/// # Errors
/// The query fails.
pub(crate) async fn told_values(
    planner: &Planner,
    parameter: &Parameter,
    nesting: &Nesting,
) -> Result<Option<Vec<String>>> {
    let statement = parameter.values_statement();
    let statement = statement.map_err(|reason| EngineError::Parameters(vec![reason]))?;
    let Some(statement) = statement else {
        return Ok(None);
    };
    let answer = run(planner, &statement, &Values::new(), nesting).await?;
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

/// What is wrong with values that were given to queries, those of calls included: a parameter's query
/// does not tell them.
pub(crate) async fn unknown_values(planner: &Planner, nesting: &Nesting) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for held in nesting.take_held() {
        let known = told_values(planner, &held.parameter, &held.nesting);
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

/// Refuses values in a statement's calls that are not among those told.
async fn refuse_unknown_values(
    planner: &Planner,
    nesting: &Nesting,
    statement: &Statement,
) -> Result<(), Box<StatementError>> {
    let unknown = unknown_values(planner, nesting).await;
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
