//! Saved queries as tables: `FROM queries.openings_per_year`, or with values
//! `FROM queries.openings_per_year(year_from => 1950)`.
//!
//! A query that a statement names is planned with its values and put in the schema `queries` as a view, which
//! the optimizer opens: filters reach the tables below. A call becomes a view under a name that tells its values.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arrow::datatypes::Field;
use datafusion::catalog::TableProvider;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{ParamValues, TableReference, plan_datafusion_err, plan_err};
use datafusion::datasource::ViewTable;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::expr::Placeholder;
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::{Expr, LogicalPlan, lit};
use datafusion::sql::parser::Statement as ParsedStatement;

use super::calls::{Given, find};
use super::{Parameter, SavedQuery, bind};
use crate::error::EngineError;
use crate::parse::is_question;
use crate::script::Statement;
use crate::session::{CATALOG, QUERIES};
use crate::{Engine, Values};

impl Engine {
    /// Makes the saved queries that a statement names tables, anew for each statement: what they read may
    /// have been replaced since. `values` are those of the statement's own parameters, as far as they are
    /// known.
    pub(crate) async fn offer_queries(
        &self,
        statement: &mut ParsedStatement,
        values: &Values,
        nesting: &Nesting,
    ) -> Result<()> {
        for named in find(statement, values, nesting.innermost())? {
            if nesting.path.contains(&named.query) {
                let circle = [nesting.path.as_slice(), &[named.query]]
                    .concat()
                    .join(" → ");
                return plan_err!("saved queries read one another in a circle: {circle}");
            }
            if !named.is_open() && !nesting.is_first(&named.view) {
                continue;
            }
            let queries = self.queries();
            let query = queries.find(&named.query).map_err(external)?;
            let view = self.view(query, named.given, nesting).await;
            let view = view.inspect_err(|_| nesting.take_back(&named.view))?;
            let reference = TableReference::full(CATALOG, QUERIES, named.view);
            self.context.deregister_table(reference.clone())?;
            self.context.register_table(reference, view)?;
        }
        Ok(())
    }

    async fn view(
        &self,
        query: &SavedQuery,
        given: Vec<(Option<String>, Given)>,
        nesting: &Nesting,
    ) -> Result<Arc<dyn TableProvider>> {
        let statement = query.statement().map_err(external)?;
        let nesting = nesting.within(query);
        let declared = Box::pin(self.parameters_of(query, &statement, &nesting)).await?;
        let given = by_name(&query.name, &declared, given)?;
        let call = Call::new(query, &declared, given)?;
        nesting.hold(&declared, &call.constants);
        let plan = Box::pin(self.plan(&statement, &call.values, &nesting)).await;
        let plan = plan.map_err(|error| self.inside(&statement, &error))?;
        Ok(Arc::new(ViewTable::new(call.fill(plan)?, None)))
    }

    /// What a saved query takes: as its header declares, else as its statement uses it.
    pub(crate) async fn parameters_of(
        &self,
        query: &SavedQuery,
        statement: &Statement,
        nesting: &Nesting,
    ) -> Result<Vec<Parameter>> {
        if query.is_declared() || statement.placeholders().next().is_none() {
            return Ok(query.parameters.clone());
        }
        let plan = self.plan(statement, &Values::new(), nesting).await?;
        Parameter::of_plan(&plan)
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

/// The saved queries that a statement is part of, and the views that stand for those that it names.
#[derive(Debug, Default)]
pub(crate) struct Nesting {
    path: Vec<String>,
    /// Shared by all that are planned for one statement, so that each is planned once.
    offered: Arc<Mutex<HashSet<String>>>,
    /// The same for values that queries tell: they are run once planning is done.
    held: Arc<Mutex<Vec<Held>>>,
}

/// A value that must be among those that its parameter's query tells.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) parameter: Parameter,
    pub(super) value: String,
    /// Where the parameter is declared, so that a query which tells its own values is found.
    pub(super) nesting: Nesting,
}

impl Nesting {
    /// One level deeper: the statement of a query that is named here.
    pub(crate) fn within(&self, query: &SavedQuery) -> Self {
        Self {
            path: [self.path.as_slice(), std::slice::from_ref(&query.name)].concat(),
            offered: Arc::clone(&self.offered),
            held: Arc::clone(&self.held),
        }
    }

    /// Remembers the values given to the innermost query where its header has a query for them.
    pub(crate) fn hold(&self, declared: &[Parameter], given: &[(String, String)]) {
        let of = |name: &String| {
            let of_name = |parameter: &&Parameter| parameter.name == *name;
            declared.iter().find(of_name).cloned()
        };
        let held = given.iter().filter_map(|(name, value)| {
            let parameter = of(name).filter(|parameter| parameter.values.is_some())?;
            let (value, path) = (value.clone(), self.path.clone());
            Some(Held {
                parameter,
                value,
                nesting: Self {
                    path,
                    ..Self::default()
                },
            })
        });
        self.held().extend(held);
    }

    /// Gives out the values that were remembered.
    pub(super) fn take_held(&self) -> Vec<Held> {
        std::mem::take(&mut *self.held())
    }

    fn held(&self) -> MutexGuard<'_, Vec<Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A saved query asks; to read it must change nothing.
    pub(crate) fn refuse_commands(&self, parsed: &ParsedStatement) -> Result<()> {
        match self.path.last() {
            Some(name) if !is_question(parsed) => plan_err!(
                "saved query `{name}` is no question but a command; a script of commands runs with `-f`"
            ),
            _ => Ok(()),
        }
    }

    /// The query whose statement it is, or nothing for a statement of its own.
    fn innermost(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }

    fn is_first(&self, view: &str) -> bool {
        self.offered().insert(view.to_string())
    }

    /// A view that could not be made is none.
    fn take_back(&self, view: &str) {
        self.offered().remove(view);
    }

    fn offered(&self) -> MutexGuard<'_, HashSet<String>> {
        self.offered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn external(error: EngineError) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}

/// What the parameters of a called query are.
struct Call {
    /// The values as they were given.
    constants: Vec<(String, String)>,
    /// The same and the defaults, checked and typed.
    values: Values,
    /// Those that take what a parameter of the caller will be, with that parameter.
    open: HashMap<String, Placeholder>,
}

impl Call {
    fn new(
        query: &SavedQuery,
        declared: &[Parameter],
        given: Vec<(String, Given)>,
    ) -> Result<Self> {
        let (mut constants, mut open) = (Vec::new(), HashMap::new());
        for (name, given) in given {
            let known = declared.iter().find(|parameter| parameter.name == name);
            match (given, known) {
                (Given::Parameter(outer), Some(inner)) => {
                    let id = format!("${outer}");
                    let field = Field::new(&id, inner.data_type.clone(), true);
                    open.insert(name, Placeholder::new_with_field(id, Some(field.into())));
                }
                // A name that is not declared is told with the others.
                (Given::Parameter(text) | Given::Constant(text), _) => constants.push((name, text)),
            }
        }
        let closed: Vec<Parameter> = declared
            .iter()
            .filter(|parameter| !open.contains_key(&parameter.name))
            .cloned()
            .collect();
        let values = bind(&query.name, &closed, &constants).map_err(external)?;
        Ok(Self {
            constants,
            values,
            open,
        })
    }

    /// Puts values and the caller's parameters in the place of the query's own.
    fn fill(self, plan: LogicalPlan) -> Result<LogicalPlan> {
        if self.open.is_empty() {
            let values = self.values.into_iter();
            let values = values.map(|(name, value)| (name, value.into()));
            return plan.with_param_values(ParamValues::Map(values.collect()));
        }
        let fill = |expression: Expr| {
            let Expr::Placeholder(placeholder) = &expression else {
                return Ok(Transformed::no(expression));
            };
            let name = placeholder.id.trim_start_matches('$');
            Ok(match (self.values.get(name), self.open.get(name)) {
                (Some(value), _) => Transformed::yes(lit(value.clone())),
                (None, Some(outer)) => Transformed::yes(Expr::Placeholder(outer.clone())),
                (None, None) => Transformed::no(expression),
            })
        };
        let filled = plan.transform_up_with_subqueries(|plan| {
            let names = NamePreserver::new(&plan);
            let plan = plan.map_expressions(|expression| {
                let name = names.save(&expression);
                let filled = expression.transform_up(fill)?;
                Ok(filled.update_data(|filled| name.restore(filled)))
            })?;
            plan.map_data(LogicalPlan::recompute_schema)
        });
        Ok(filled?.data)
    }
}

/// Values given by place get the names of the parameters that stand there.
fn by_name(
    query: &str,
    declared: &[Parameter],
    given: Vec<(Option<String>, Given)>,
) -> Result<Vec<(String, Given)>> {
    let place = |(place, (name, value)): (usize, (Option<String>, Given))| {
        let name = name.or_else(|| declared.get(place).map(|parameter| parameter.name.clone()));
        let name = name.ok_or_else(|| {
            plan_datafusion_err!("`{query}` takes {} values, got more", declared.len())
        })?;
        Ok((name, value))
    };
    given.into_iter().enumerate().map(place).collect()
}
