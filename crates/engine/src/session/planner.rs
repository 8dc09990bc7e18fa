//! Plans statements. A saved query that a statement names (`FROM queries.openings_per_year`, or with values
//! `FROM queries.openings_per_year(year_from => 1950)`) is planned with its values and put in the schema
//! `queries` as a view, which the optimizer opens: filters reach the tables below. A call becomes a view under a
//! name that tells its values.

use std::sync::Arc;

use datafusion::catalog::TableProvider;
use datafusion::common::{TableReference, plan_err};
use datafusion::datasource::ViewTable;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{LogicalPlan, Statement as PlannedStatement};
use datafusion::prelude::SessionContext;
use datafusion::sql::parser::Statement as ParsedStatement;

use super::nesting::Nesting;
use crate::catalog::names::{CATALOG, QUERIES};
use crate::catalog::package_tables::keep_package_tables;
use crate::catalog::packages::Packages;
use crate::diagnose::Diagnoser;
use crate::error::external;
use crate::queries::binding::Values;
use crate::queries::call::Call;
use crate::queries::calls::{Given, find};
use crate::queries::file::parameter::Parameter;
use crate::queries::file::saved_query::SavedQuery;
use crate::queries::library::Library;
use crate::statement::script::Statement;
use crate::statement::{parse, table_columns};

/// Plans statements over packages and saved queries.
pub(crate) struct Planner {
    pub(crate) context: SessionContext,
    pub(crate) packages: Packages,
    pub(crate) library: Library,
    pub(crate) diagnoser: Diagnoser,
}

impl Planner {
    /// Plans a statement. `values` are those of its parameters, as far as they are known.
    pub(crate) async fn plan(
        &self,
        statement: &Statement,
        values: &Values,
        nesting: &Nesting,
    ) -> Result<LogicalPlan> {
        let state = self.context.state();
        let mut parsed = parse::parse(statement, &state)?;
        nesting.refuse_commands(&parsed)?;
        self.offer_queries(&mut parsed, values, nesting).await?;
        table_columns::bind(&mut parsed, &state).await?;
        let plan = state.statement_to_plan(parsed).await?;
        refuse_settings_without_effect(&plan)?;
        keep_package_tables(&self.packages.all(), &plan)?;
        Ok(plan)
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

    /// Makes the saved queries that a statement names tables, anew for each statement: what they read may
    /// have been replaced since. `values` are those of the statement's own parameters, as far as they are
    /// known.
    async fn offer_queries(
        &self,
        statement: &mut ParsedStatement,
        values: &Values,
        nesting: &Nesting,
    ) -> Result<()> {
        for named in find(statement, values, nesting.innermost())? {
            if let Some(circle) = nesting.circle(&named.query) {
                return plan_err!("saved queries read one another in a circle: {circle}");
            }
            if !named.is_open() && !nesting.is_first(&named.view) {
                continue;
            }
            let queries = self.library.queries();
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
        let call = Call::new(query, &declared, given)?;
        nesting.hold(&declared, &call.constants);
        let plan = Box::pin(self.plan(&statement, &call.values, &nesting)).await;
        let plan = plan.map_err(|error| self.inside(&statement, &error))?;
        Ok(Arc::new(ViewTable::new(call.fill(plan)?, None)))
    }

    /// An error of a query's own file, whose places are not those of the statement that names it.
    fn inside(&self, statement: &Statement, error: &DataFusionError) -> DataFusionError {
        let mut said = *self.diagnoser.diagnose(error, statement);
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

/// DataFusion takes a dialect, and reads the next statements as before.
fn refuse_settings_without_effect(plan: &LogicalPlan) -> Result<()> {
    let LogicalPlan::Statement(PlannedStatement::SetVariable(set)) = plan else {
        return Ok(());
    };
    if set
        .variable
        .eq_ignore_ascii_case("datafusion.sql_parser.dialect")
    {
        return plan_err!("SQL is read in one dialect, which cannot be set");
    }
    Ok(())
}
