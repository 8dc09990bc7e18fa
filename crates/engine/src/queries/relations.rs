//! Saved queries as tables: `FROM queries.openings_per_year`, or with values
//! `FROM queries.openings_per_year(year_from => 1950)`.
//!
//! A query that a statement names is planned with its values and put in the schema `queries` as a view, which
//! the optimizer opens: filters reach the tables below. A call becomes a view under a name that tells its values.

use std::ops::ControlFlow;
use std::sync::Arc;

use datafusion::catalog::TableProvider;
use datafusion::common::{TableReference, plan_datafusion_err, plan_err};
use datafusion::datasource::ViewTable;
use datafusion::error::{DataFusionError, Result};
use datafusion::sql::parser::{CopyToSource, Statement as ParsedStatement};
use datafusion::sql::sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, Ident, ObjectName, ObjectNamePart, TableAlias, TableFactor,
    UnaryOperator, Value, VisitMut, VisitorMut,
};

use super::{Parameter, SavedQuery, bind};
use crate::error::EngineError;
use crate::script::Statement;
use crate::session::{CATALOG, QUERIES};
use crate::{Engine, parse};

/// A place after FROM that names a saved query.
struct Named {
    query: String,
    /// The name of the view it becomes.
    view: String,
    /// The values given, by name or by place.
    given: Vec<(Option<String>, String)>,
}

impl Engine {
    /// Makes the saved queries that a statement names tables. `path` holds the queries it is part of.
    pub(crate) async fn offer_queries(
        &self,
        statement: &mut ParsedStatement,
        path: &[String],
    ) -> Result<()> {
        for named in find(statement)? {
            self.offer(named, path).await?;
        }
        Ok(())
    }

    async fn offer(&self, named: Named, path: &[String]) -> Result<()> {
        if path.contains(&named.query) {
            let circle = [path, &[named.query]].concat().join(" → ");
            return plan_err!("saved queries read one another in a circle: {circle}");
        }
        let reference = TableReference::full(CATALOG, QUERIES, named.view.as_str());
        if self.context.table_exist(reference.clone())? {
            return Ok(());
        }
        let query = self.queries().find(&named.query).map_err(external)?;
        let view = self.view(query, named.given, path).await?;
        self.context.register_table(reference, view)?;
        Ok(())
    }

    async fn view(
        &self,
        query: &SavedQuery,
        given: Vec<(Option<String>, String)>,
        path: &[String],
    ) -> Result<Arc<dyn TableProvider>> {
        let statement = query.statement().map_err(external)?;
        let mut parsed = parse::parse(&statement)?;
        let path = [path, std::slice::from_ref(&query.name)].concat();
        Box::pin(self.offer_queries(&mut parsed, &path)).await?;
        let plan = self.context.state().statement_to_plan(parsed).await;
        let plan = plan.map_err(|error| self.inside(&statement, &error))?;
        let declared = if query.parameters.is_empty() {
            Parameter::of_plan(&plan)?
        } else {
            query.parameters.clone()
        };
        let given = by_name(&query.name, &declared, given)?;
        let values = bind(&query.name, &declared, &given).map_err(external)?;
        let values: Vec<_> = values
            .into_iter()
            .map(|(name, value)| (name, value.into()))
            .collect();
        let plan = plan.with_param_values(datafusion::common::ParamValues::Map(
            values.into_iter().collect(),
        ))?;
        Ok(Arc::new(ViewTable::new(plan, None)))
    }

    /// An error of a query's own file, whose places are not those of the statement that names it.
    fn inside(&self, statement: &Statement, error: &DataFusionError) -> DataFusionError {
        let mut said = *self.diagnose(error, statement);
        let file = statement.source.name.as_deref().unwrap_or_default();
        let place = said.span.take();
        let place = place.map_or_else(String::new, |span| {
            format!(":{}:{}", span.start.line, span.start.column)
        });
        said.message = format!("in {file}{place}: {}", said.message);
        said.repair = None;
        DataFusionError::External(Box::new(said))
    }
}

fn external(error: EngineError) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}

/// Values given by place get the names of the parameters that stand there.
fn by_name(
    query: &str,
    declared: &[Parameter],
    given: Vec<(Option<String>, String)>,
) -> Result<Vec<(String, String)>> {
    let place = |(place, (name, value)): (usize, (Option<String>, String))| {
        let name = name.or_else(|| declared.get(place).map(|parameter| parameter.name.clone()));
        let name = name.ok_or_else(|| {
            plan_datafusion_err!("`{query}` takes {} values, got more", declared.len())
        })?;
        Ok((name, value))
    };
    given.into_iter().enumerate().map(place).collect()
}

/// Finds the places and gives calls the names of their views.
fn find(statement: &mut ParsedStatement) -> Result<Vec<Named>> {
    let mut places = Places {
        found: Vec::new(),
        problem: None,
    };
    visit(statement, &mut places);
    match places.problem {
        Some(problem) => Err(problem),
        None => Ok(places.found),
    }
}

fn visit(statement: &mut ParsedStatement, places: &mut Places) {
    let _: ControlFlow<()> = match statement {
        ParsedStatement::Statement(statement) => statement.visit(places),
        ParsedStatement::Explain(explain) => {
            visit(&mut explain.statement, places);
            ControlFlow::Continue(())
        }
        ParsedStatement::CopyTo(copy) => match &mut copy.source {
            CopyToSource::Query(query) => query.visit(places),
            CopyToSource::Relation(_) => ControlFlow::Continue(()),
        },
        ParsedStatement::CreateExternalTable(_) | ParsedStatement::Reset(_) => {
            ControlFlow::Continue(())
        }
    };
}

struct Places {
    found: Vec<Named>,
    problem: Option<DataFusionError>,
}

impl VisitorMut for Places {
    type Break = ();

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<()> {
        let TableFactor::Table {
            name, args, alias, ..
        } = factor
        else {
            return ControlFlow::Continue(());
        };
        let Some(query) = query_of(name) else {
            return ControlFlow::Continue(());
        };
        let mut given = Vec::new();
        for argument in args.take().map(|given| given.args).unwrap_or_default() {
            match value_of(&query, &argument) {
                Ok(value) => given.push(value),
                Err(problem) => {
                    self.problem.get_or_insert(problem);
                    return ControlFlow::Break(());
                }
            }
        }
        let mut view = query.clone();
        if !given.is_empty() {
            let values = given.iter().map(|(name, value)| match name {
                Some(name) => format!("{name}={value}"),
                None => value.clone(),
            });
            view = format!("{query}({})", values.collect::<Vec<_>>().join(", "));
            *name = ObjectName(vec![
                ObjectNamePart::Identifier(Ident::new(QUERIES)),
                ObjectNamePart::Identifier(Ident::with_quote('"', view.as_str())),
            ]);
            alias.get_or_insert_with(|| TableAlias {
                explicit: true,
                name: Ident::new(query.as_str()),
                columns: Vec::new(),
                at: None,
            });
        }
        self.found.push(Named { query, view, given });
        ControlFlow::Continue(())
    }
}

/// The query that `queries.name` means.
fn query_of(name: &ObjectName) -> Option<String> {
    let parts: Vec<&Ident> = name.0.iter().filter_map(ObjectNamePart::as_ident).collect();
    match parts.as_slice() {
        [schema, query] if schema.value.eq_ignore_ascii_case(QUERIES) => Some(query.value.clone()),
        _ => None,
    }
}

/// A value of a call as it would be typed on a command line.
fn value_of(query: &str, argument: &FunctionArg) -> Result<(Option<String>, String)> {
    let (name, value) = match argument {
        FunctionArg::Named { name, arg, .. } => (Some(name.value.clone()), arg),
        FunctionArg::ExprNamed { name, arg, .. } => (Some(name.to_string()), arg),
        FunctionArg::Unnamed(arg) => (None, arg),
    };
    let text = match value {
        FunctionArgExpr::Expr(value) => constant(value),
        _ => None,
    };
    match text {
        Some(text) => Ok((name, text)),
        None => plan_err!("the values of `{QUERIES}.{query}(…)` are constants, got `{value}`"),
    }
}

fn constant(value: &Expr) -> Option<String> {
    match value {
        Expr::Value(value) => match &value.value {
            Value::Number(text, _) => Some(text.clone()),
            Value::Boolean(value) => Some(value.to_string()),
            other => other.clone().into_string(),
        },
        Expr::TypedString(typed) => typed.value.value.clone().into_string(),
        Expr::UnaryOp {
            op: UnaryOperator::Minus,
            expr,
        } => constant(expr).map(|text| format!("-{text}")),
        Expr::UnaryOp {
            op: UnaryOperator::Plus,
            expr,
        } => constant(expr),
        _ => None,
    }
}
