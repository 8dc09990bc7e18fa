//! Where a statement names saved queries, and with which values: `queries.name`, `queries.name(a => 1, $b)`.

use std::ops::ControlFlow;

use datafusion::common::plan_err;
use datafusion::error::{DataFusionError, Result};
use datafusion::sql::parser::{CopyToSource, Statement as ParsedStatement};
use datafusion::sql::sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, Ident, ObjectName, ObjectNamePart, TableAlias, TableFactor,
    UnaryOperator, Value, VisitMut, VisitorMut,
};

use super::binding::Values;
use crate::catalog::names::QUERIES;

/// A place after FROM that names a saved query.
pub(crate) struct Named {
    pub(crate) query: String,
    /// The name of the view it becomes.
    pub(crate) view: String,
    /// The values given, by name or by place.
    pub(crate) given: Vec<(Option<String>, Given)>,
}

/// A value in a call of a saved query.
#[derive(Clone, PartialEq)]
pub(crate) enum Given {
    /// As it would be typed on a command line.
    Constant(String),
    /// The calling statement's own parameter, which has no value yet.
    Parameter(String),
}

impl Named {
    /// True when a value of it is a parameter that has none yet.
    pub(crate) fn is_open(&self) -> bool {
        let is_open = |(_, given): &(_, Given)| matches!(given, Given::Parameter(_));
        self.given.iter().any(is_open)
    }

    /// The query with its values; open ones mean something in their caller only.
    fn described(&self, caller: &str) -> String {
        let values = self.given.iter().map(|(name, given)| {
            let value = match given {
                Given::Constant(text) => text.clone(),
                Given::Parameter(outer) => format!("${outer} of {caller}"),
            };
            match name {
                Some(name) => format!("{name}={value}"),
                None => value,
            }
        });
        format!("{}({})", self.query, values.collect::<Vec<_>>().join(", "))
    }
}

/// Finds the places and gives calls the names of their views.
pub(crate) fn find(
    statement: &mut ParsedStatement,
    values: &Values,
    caller: &str,
) -> Result<Vec<Named>> {
    let mut places = Places {
        values,
        caller,
        found: Vec::new(),
        problem: None,
    };
    visit(statement, &mut places);
    match places.problem {
        Some(problem) => Err(problem),
        None => Ok(places.found),
    }
}

fn visit(statement: &mut ParsedStatement, places: &mut Places<'_>) {
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

struct Places<'a> {
    values: &'a Values,
    /// The saved query that the statement is, if it is one.
    caller: &'a str,
    found: Vec<Named>,
    problem: Option<DataFusionError>,
}

impl VisitorMut for Places<'_> {
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
            match value_of(&query, &argument, self.values) {
                Ok(value) => given.push(value),
                Err(problem) => {
                    self.problem.get_or_insert(problem);
                    return ControlFlow::Break(());
                }
            }
        }
        let mut named = Named {
            view: query.clone(),
            query,
            given,
        };
        if !named.given.is_empty() {
            named.view = named.described(self.caller);
            *name = ObjectName(vec![
                ObjectNamePart::Identifier(Ident::new(QUERIES)),
                ObjectNamePart::Identifier(Ident::with_quote('"', named.view.as_str())),
            ]);
            alias.get_or_insert_with(|| TableAlias {
                explicit: true,
                name: Ident::new(named.query.as_str()),
                columns: Vec::new(),
                at: None,
            });
        }
        self.found.push(named);
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

/// A value of a call, under its name if it has one.
fn value_of(
    query: &str,
    argument: &FunctionArg,
    values: &Values,
) -> Result<(Option<String>, Given)> {
    let (name, value) = match argument {
        FunctionArg::Named { name, arg, .. } => (Some(name.value.clone()), arg),
        FunctionArg::ExprNamed { name, arg, .. } => (Some(name.to_string()), arg),
        FunctionArg::Unnamed(arg) => (None, arg),
    };
    let given = match value {
        FunctionArgExpr::Expr(value) => {
            parameter(value, values).or_else(|| constant(value).map(Given::Constant))
        }
        _ => None,
    };
    match given {
        Some(given) => Ok((name, given)),
        None => plan_err!(
            "the values of `{QUERIES}.{query}(…)` are constants or parameters, got `{value}`"
        ),
    }
}

/// What a `$name` of the calling statement stands for.
fn parameter(value: &Expr, values: &Values) -> Option<Given> {
    let Expr::Value(value) = value else {
        return None;
    };
    let Value::Placeholder(name) = &value.value else {
        return None;
    };
    let name = name.trim_start_matches('$');
    Some(match values.get(name) {
        Some(value) => Given::Constant(value.to_string()),
        None => Given::Parameter(name.to_string()),
    })
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
