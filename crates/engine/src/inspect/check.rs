//! Checks a saved query without reading data: its statement plans, and what its header says fits it.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema};
use datafusion::common::DFSchema;
use datafusion::error::{DataFusionError, Result as PlanResult};
use datafusion::logical_expr::{Expr, ExprSchemable, LogicalPlan};
use datafusion::scalar::ScalarValue;

use crate::catalog::near::nearest;
use crate::error::{EngineError, QueryProblem, Result};
use crate::queries::binding::{self, Values};
use crate::queries::file::expectation::{Expectation, Rule};
use crate::queries::file::header;
use crate::queries::file::parameter::Parameter;
use crate::queries::file::saved_query::SavedQuery;
use crate::session::bind::bind;
use crate::session::describe::describe;
use crate::session::nesting::Nesting;
use crate::session::planner::Planner;
use crate::statement::script::{Source, Statement};

/// Checks saved queries one after the other; what several of them read is planned once, so their files must
/// not change meanwhile.
pub struct Checker {
    planner: Arc<Planner>,
    nesting: Nesting,
}

impl Checker {
    /// Begins with no query checked.
    pub(crate) fn new(planner: Arc<Planner>) -> Self {
        let nesting = Nesting::default();
        Self { planner, nesting }
    }

    /// Plans a saved query with its defaults, and looks whether it uses the parameters that its header
    /// declares, whether the values of its examples are of their types and allowed, and whether its
    /// expectations can be asked of its answer.
    ///
    /// # Errors
    /// What is wrong with its statement, or every problem with its header.
    pub async fn check(&self, query: &SavedQuery) -> Result<()> {
        let planner = &self.planner;
        let statement = query.statement()?;
        let diagnosed = |error: DataFusionError| planner.diagnoser.diagnose(&error, &statement);
        let nesting = self.nesting.within(query);
        let parameters = planner.parameters_of(query, &statement, &nesting);
        let declared = Box::pin(parameters).await.map_err(diagnosed)?;
        let defaults = declared
            .iter()
            .filter_map(|parameter| Some((parameter.name.clone(), parameter.default.clone()?)));
        let defaults: Values = defaults.collect();
        let plan = Box::pin(planner.plan(&statement, &defaults, &nesting)).await;
        let plan = plan.map_err(diagnosed)?;
        let used = statement.placeholders().collect();
        let mut problems = disagreements(query, &declared, used);
        problems.extend(examples_that_do_not_fit(query, &declared));
        for parameter in &declared {
            if let Err(reason) = Box::pin(check_values_query(planner, parameter)).await {
                problems.push(query.problem(line_of(query, parameter), reason));
            }
        }
        let values = declared.iter().map(value).collect::<PlanResult<Values>>();
        let plan = match bind(
            plan,
            &values.map_err(diagnosed)?,
            &statement,
            &planner.diagnoser,
        ) {
            Ok(plan) => plan,
            // A parameter that is not declared has no value; it was told already.
            Err(_) if !problems.is_empty() => return Err(EngineError::QueryProblems(problems)),
            Err(error) => return Err(error.into()),
        };
        kouan_functions::check_literals(&plan).map_err(diagnosed)?;
        // Types are agreed on here; optimizing would find nothing more and take most of the time.
        let state = planner.context.state();
        let analyzed =
            state
                .analyzer()
                .execute_and_check(plan.clone(), state.config_options(), |_, _| {});
        analyzed.map_err(diagnosed)?;
        for expectation in &query.expectations {
            if let Err(reason) = check_expectation(planner, expectation, &plan) {
                problems.push(query.problem(expectation.line, reason));
            }
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(EngineError::QueryProblems(problems))
        }
    }
}

fn examples_that_do_not_fit(query: &SavedQuery, declared: &[Parameter]) -> Vec<QueryProblem> {
    let mut problems = Vec::new();
    for example in &query.examples {
        if let Err(EngineError::Parameters(found)) =
            binding::bind(&query.name, declared, &example.given)
        {
            problems.extend(
                found
                    .into_iter()
                    .map(|found| query.problem(example.line, found)),
            );
        }
    }
    problems
}

/// A query for values answers one column.
async fn check_values_query(planner: &Planner, parameter: &Parameter) -> Result<(), String> {
    let Some(statement) = parameter.values_statement()? else {
        return Ok(());
    };
    let columns = describe(planner, &statement).await;
    let columns = columns.map_err(|error| format!("the query for values: {error}"))?;
    match columns.len() {
        1 => Ok(()),
        several => Err(format!(
            "the query for values answers {several} columns, and should one"
        )),
    }
}

/// What keeps an expectation from being asked of a plan's answer.
fn check_expectation(
    planner: &Planner,
    expectation: &Expectation,
    plan: &LogicalPlan,
) -> Result<(), String> {
    let schema = plan.schema();
    match &expectation.rule {
        Rule::Columns(columns) => {
            check_columns(columns, schema.as_arrow(), planner.diagnoser.type_name)
        }
        Rule::Unique(names) => {
            names
                .iter()
                .try_for_each(|name| match schema.as_arrow().index_of(name) {
                    Ok(_) => Ok(()),
                    Err(_) => Err(no_such_column(name, schema.as_arrow())),
                })
        }
        Rule::Empty(name, given) => {
            let queries = planner.library.queries();
            let other = queries.find(name).map_err(|error| error.to_string())?;
            if other.is_declared() {
                binding::bind(name, &other.parameters, given).map_err(|error| error.to_string())?;
            }
            Ok(())
        }
        Rule::Rows(condition) => condition_on(planner, condition, &rows_schema()).map(drop),
        Rule::Every(condition) => condition_on(planner, condition, schema).map(drop),
    }
}

/// Holds the columns that are expected against those that there are.
pub(super) fn check_columns(
    expected: &[(String, Option<String>)],
    found: &Schema,
    type_name: fn(&DataType) -> String,
) -> Result<(), String> {
    let told = found
        .fields()
        .iter()
        .map(|field| format!("{} {}", field.name(), type_name(field.data_type())));
    let told = || told.clone().collect::<Vec<_>>().join(", ");
    if expected.len() != found.fields().len() {
        return Err(format!(
            "{} columns are expected, the answer has {}: {}",
            expected.len(),
            found.fields().len(),
            told()
        ));
    }
    for ((name, kind), field) in expected.iter().zip(found.fields()) {
        let is_of_kind = kind
            .as_ref()
            .is_none_or(|kind| type_key(kind) == type_key(&type_name(field.data_type())));
        if name != field.name() || !is_of_kind {
            let kind = kind.as_deref().unwrap_or_default();
            let expected = format!("{name} {kind}");
            return Err(format!(
                "column `{}` is expected, the answer has: {}",
                expected.trim_end(),
                told()
            ));
        }
    }
    Ok(())
}

/// A condition on rows with these columns.
pub(super) fn condition_on(
    planner: &Planner,
    text: &str,
    schema: &DFSchema,
) -> Result<Expr, String> {
    let state = planner.context.state();
    let condition = state.create_logical_expr(text, schema);
    let condition = condition.map_err(|error| {
        let statement = Statement::whole(Source::typed(text));
        format!(
            "`{text}`: {}",
            planner.diagnoser.diagnose(&error, &statement).message
        )
    })?;
    match condition.get_type(schema) {
        Ok(DataType::Boolean | DataType::Null) => Ok(condition),
        Ok(_) => Err(format!(
            "`{text}` is neither true nor false; an expectation is a condition, or one of columns (…), \
             rows …, unique (…), empty …"
        )),
        Err(error) => Err(format!("`{text}`: {}", error.strip_backtrace())),
    }
}

/// What conditions on the number of rows are asked of.
pub(super) fn rows_schema() -> DFSchema {
    let field = Field::new("rows", DataType::Int64, false);
    DFSchema::from_unqualified_fields(vec![field].into(), Default::default())
        .unwrap_or_else(|_| DFSchema::empty())
}

/// A type's name in one spelling: `varchar` and `text` are one type.
fn type_key(name: &str) -> String {
    let name: String = name
        .to_lowercase()
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    match name.as_str() {
        "text" | "string" => "varchar".to_string(),
        "int" => "integer".to_string(),
        "float8" | "real8" | "number" => "double".to_string(),
        "bool" => "boolean".to_string(),
        _ => name,
    }
}

fn no_such_column(name: &str, schema: &Schema) -> String {
    let columns = || schema.fields().iter().map(|field| field.name().as_str());
    match nearest(name, columns()) {
        Some(near) => format!("the answer has no column `{name}`; did you mean `{near}`?"),
        None => format!(
            "the answer has no column `{name}`; it has {}",
            columns().collect::<Vec<_>>().join(", ")
        ),
    }
}

/// Its default, or NULL of its type.
fn value(parameter: &Parameter) -> PlanResult<(String, ScalarValue)> {
    let value = match &parameter.default {
        Some(default) => default.clone(),
        None => ScalarValue::try_new_null(&parameter.data_type)?,
    };
    Ok((parameter.name.clone(), value))
}

/// The line that declares a parameter.
fn line_of(query: &SavedQuery, parameter: &Parameter) -> usize {
    let declares = |(_, key, text): &(usize, &str, &str)| {
        *key == "param" && text.split_whitespace().next() == Some(parameter.name.as_str())
    };
    header::entries(&query.text.text)
        .find(declares)
        .map_or(1, |(line, ..)| line)
}

/// Parameters that are declared and not used, or used and not declared.
fn disagreements(
    query: &SavedQuery,
    declared: &[Parameter],
    mut used: Vec<&str>,
) -> Vec<QueryProblem> {
    used.sort_unstable();
    used.dedup();
    let unused = declared
        .iter()
        .filter(|parameter| !used.contains(&parameter.name.as_str()));
    let unused = unused.map(|parameter| {
        let reason = format!("`{}` is declared but not used", parameter.name);
        query.problem(line_of(query, parameter), reason)
    });
    let names = || declared.iter().map(|parameter| parameter.name.as_str());
    let unknown = used
        .iter()
        .filter(|name| !names().any(|known| known == **name));
    let unknown = unknown.map(|name| {
        let next = match nearest(name, names()) {
            Some(near) => format!("did you mean `${near}`?"),
            None => format!("add `-- param: {name} type` to the header"),
        };
        query.problem(1, format!("`${name}` is not declared; {next}"))
    });
    unused.chain(unknown).collect()
}
