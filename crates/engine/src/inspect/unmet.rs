//! Holds an answer against what the header of its query says it must be.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::common::{ParamValues, ScalarValue};
use datafusion::dataframe::DataFrame;
use datafusion::datasource::MemTable;
use datafusion::error::{DataFusionError, Result as PlanResult};
use datafusion::functions_aggregate::expr_fn::count;
use datafusion::logical_expr::{Expr, lit};
use datafusion::prelude::ident;

use super::check::{check_columns, condition_on, rows_schema};
use crate::error::{QueryProblem, Result};
use crate::queries::binding::{Values, bind};
use crate::queries::file::expectation::Rule;
use crate::queries::file::saved_query::SavedQuery;
use crate::session::nesting::Nesting;
use crate::session::planner::Planner;
use crate::session::run_saved::run_query;

/// What the count of equal rows is called meanwhile.
const TIMES: &str = "times";

/// The expectations that an answer of a saved query does not meet, each with the first row that fails.
///
/// # Errors
/// Another query that must answer no row cannot be run.
pub(crate) async fn unmet(
    planner: &Planner,
    query: &SavedQuery,
    given: &[(String, String)],
    schema: &SchemaRef,
    rows: &[RecordBatch],
) -> Result<Vec<QueryProblem>> {
    let statement = query.statement()?;
    let nesting = Nesting::default().within(query);
    let parameters = planner.parameters_of(query, &statement, &nesting);
    let declared = Box::pin(parameters).await;
    let declared = declared.map_err(|error| planner.diagnoser.diagnose(&error, &statement))?;
    let values = bind(&query.name, &declared, given)?;
    let answer = Rows {
        schema,
        batches: rows,
        values: &values,
    };
    let mut problems = Vec::new();
    for expectation in &query.expectations {
        let reason = match &expectation.rule {
            Rule::Columns(columns) => {
                check_columns(columns, schema, planner.diagnoser.type_name).err()
            }
            Rule::Rows(condition) => failing_count(planner, condition, &answer).await,
            Rule::Unique(columns) => repeated(planner, columns, &answer).await,
            Rule::Every(condition) => failing_row(planner, condition, &answer).await,
            Rule::Empty(other, given) => answered_by(planner, other, given).await?,
        };
        problems.extend(reason.map(|reason| query.problem(expectation.line, reason)));
    }
    Ok(problems)
}

/// Why the number of rows is wrong, if it is.
async fn failing_count(planner: &Planner, condition: &str, answer: &Rows<'_>) -> Option<String> {
    let found = answer
        .batches
        .iter()
        .map(RecordBatch::num_rows)
        .sum::<usize>();
    let count = ScalarValue::Int64(i64::try_from(found).ok());
    let checked = async {
        let condition = condition_on(planner, condition, &rows_schema())?;
        let row = planner
            .context
            .read_empty()
            .and_then(|row| row.select(vec![lit(count).alias("rows")]));
        first_failing(row.map_err(|error| told(&error))?, condition, answer.values).await
    };
    let failed = match checked.await {
        Ok(failing) => failing.is_some(),
        Err(reason) => return Some(reason),
    };
    failed.then(|| format!("`{condition}` is expected, the answer has {found} rows"))
}

/// The first row that fails a condition, if one does.
async fn failing_row(planner: &Planner, condition: &str, answer: &Rows<'_>) -> Option<String> {
    let checked = async {
        let rows = answer.frame(planner).map_err(|error| told(&error))?;
        let expression = condition_on(planner, condition, rows.schema())?;
        first_failing(rows, expression, answer.values).await
    };
    match checked.await {
        Ok(failing) => failing.map(|(row, count)| {
            format!(
                "`{condition}` fails in {}, first in {row}",
                rows_in_words(count)
            )
        }),
        Err(reason) => Some(reason),
    }
}

/// The first values that stand in several rows, if some do.
async fn repeated(planner: &Planner, columns: &[String], answer: &Rows<'_>) -> Option<String> {
    let keys: Vec<Expr> = columns.iter().map(ident).collect();
    let repeated = async {
        let rows = answer.frame(planner)?;
        let times = count(lit(1)).alias(TIMES);
        let groups = rows.aggregate(keys, vec![times])?;
        let groups = groups.filter(ident(TIMES).gt(lit(1)))?;
        groups.collect().await
    };
    match repeated.await {
        Ok(groups) => first_row(&groups)
            .map(|row| format!("({}) is not unique, first {row}", columns.join(", "))),
        Err(error) => Some(told(&error)),
    }
}

/// What another query answers that should answer nothing.
async fn answered_by(
    planner: &Planner,
    name: &str,
    given: &[(String, String)],
) -> Result<Option<String>> {
    let queries = planner.library.queries();
    let answer = Box::pin(run_query(planner, queries.find(name)?, given)).await?;
    let rows = answer.collect().await?;
    let count = rows.iter().map(RecordBatch::num_rows).sum();
    Ok(first_row(&rows).map(|row| {
        format!(
            "`{name}` should answer nothing and has {}, first {row}",
            rows_in_words(count)
        )
    }))
}

/// An answer, and the values that it was asked with.
struct Rows<'a> {
    schema: &'a SchemaRef,
    batches: &'a [RecordBatch],
    values: &'a Values,
}

impl Rows<'_> {
    fn frame(&self, planner: &Planner) -> PlanResult<DataFrame> {
        let table = MemTable::try_new(Arc::clone(self.schema), vec![self.batches.to_vec()])?;
        planner.context.read_table(Arc::new(table))
    }
}

/// The first row that fails a condition and how many do; a row whose condition is unknown passes.
async fn first_failing(
    rows: DataFrame,
    condition: Expr,
    values: &Values,
) -> Result<Option<(String, usize)>, String> {
    let values = values
        .iter()
        .map(|(name, value)| (name.clone(), value.clone().into()));
    let values = ParamValues::Map(values.collect());
    let failing = async {
        let failing = rows.filter(condition.is_false())?;
        failing.with_param_values(values)?.collect().await
    };
    let failing = failing.await.map_err(|error| told(&error))?;
    let count = failing.iter().map(RecordBatch::num_rows).sum();
    Ok(first_row(&failing).map(|row| (row, count)))
}

fn told(error: &DataFusionError) -> String {
    error.strip_backtrace()
}

fn rows_in_words(count: usize) -> String {
    match count {
        1 => "1 row".to_string(),
        several => format!("{several} rows"),
    }
}

/// The first row as `name=value, …`.
fn first_row(batches: &[RecordBatch]) -> Option<String> {
    let batch = batches.iter().find(|batch| batch.num_rows() > 0)?;
    let options = FormatOptions::default().with_null("NULL");
    let schema: &Schema = &batch.schema();
    let cells = schema
        .fields()
        .iter()
        .zip(batch.columns())
        .map(|(field, column)| {
            let value = ArrayFormatter::try_new(column, &options)
                .and_then(|cells| cells.value(0).try_to_string());
            format!("{}={}", field.name(), value.unwrap_or_default())
        });
    Some(cells.collect::<Vec<_>>().join(", "))
}
