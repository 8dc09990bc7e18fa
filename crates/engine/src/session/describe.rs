//! The columns that a statement or a saved query would answer.

use super::nesting::Nesting;
use super::planner::Planner;
use crate::catalog::entries::{ColumnEntry, columns};
use crate::error::{Result, StatementError};
use crate::queries::binding::Values;
use crate::queries::file::saved_query::SavedQuery;
use crate::statement::script::Statement;

/// The columns that a statement would answer; runs nothing.
pub(crate) async fn describe(
    planner: &Planner,
    statement: &Statement,
) -> Result<Vec<ColumnEntry>, Box<StatementError>> {
    columns_within(planner, statement, &Nesting::default()).await
}

/// The columns that a saved query answers, whatever values it has; runs nothing.
pub(crate) async fn columns_of(planner: &Planner, query: &SavedQuery) -> Result<Vec<ColumnEntry>> {
    let statement = query.statement()?;
    let nesting = Nesting::default().within(query);
    Ok(columns_within(planner, &statement, &nesting).await?)
}

async fn columns_within(
    planner: &Planner,
    statement: &Statement,
    nesting: &Nesting,
) -> Result<Vec<ColumnEntry>, Box<StatementError>> {
    let plan = Box::pin(planner.plan(statement, &Values::new(), nesting)).await;
    let plan = plan.map_err(|error| planner.diagnoser.diagnose(&error, statement))?;
    Ok(columns(plan.schema().as_arrow()))
}
