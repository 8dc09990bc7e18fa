//! The columns of the tables that a statement reads, for what depends on them: USING, NATURAL, EXCEPT ALL.

use datafusion::common::TableReference;
use datafusion::error::Result;
use datafusion::execution::SessionState;
use datafusion::sql::parser::{CopyToSource, Statement as ParsedStatement};
use datafusion::sql::sqlparser::ast::{
    Ident, ObjectName, ObjectNamePart, Query, Statement as SqlStatement, TableFactor, Visit,
    VisitMut,
};
use datafusion::sql::sqlparser::parser::Parser;
use kouan_dialect::{Columns, Kouan};

use super::parse::refused;

/// Writes out the syntax whose meaning depends on columns; other statements pay a look at their tree.
///
/// # Errors
/// What the statement says does not fit the columns that there are.
pub(crate) async fn bind(statement: &mut ParsedStatement, state: &SessionState) -> Result<()> {
    match statement {
        ParsedStatement::Statement(statement) => bind_sql(statement, state).await,
        ParsedStatement::Explain(explain) => Box::pin(bind(&mut explain.statement, state)).await,
        ParsedStatement::CopyTo(copy) => match &mut copy.source {
            CopyToSource::Query(query) => bind_sql(query, state).await,
            CopyToSource::Relation(_) => Ok(()),
        },
        ParsedStatement::CreateExternalTable(_) | ParsedStatement::Reset(_) => Ok(()),
    }
}

async fn bind_sql<S: Visit + VisitMut>(sql: &mut S, state: &SessionState) -> Result<()> {
    if !kouan_dialect::needs_columns(sql) {
        return Ok(());
    }
    let mut columns = Columns::default();
    for table in kouan_dialect::sources(sql) {
        if let Some(names) = names_of(&table, state).await {
            columns.insert(&table, names);
        }
    }
    kouan_dialect::bind(sql, &columns).map_err(refused)
}

/// The names of a table's columns; nothing when there is no such table, which planning says better.
async fn names_of(table: &TableFactor, state: &SessionState) -> Option<Vec<String>> {
    if let TableFactor::Table {
        name, args: None, ..
    } = table
    {
        let reference = reference(name)?;
        let schema = state.schema_for_ref(reference.clone()).ok()?;
        let provider = schema.table(reference.table()).await.ok()??;
        let fields = provider.schema();
        return Some(
            fields
                .fields()
                .iter()
                .map(|field| field.name().clone())
                .collect(),
        );
    }
    // A function's columns may depend on its arguments, so that it is planned by itself.
    let query = all_of(table)?;
    let statement = ParsedStatement::Statement(Box::new(SqlStatement::Query(query)));
    let plan = Box::pin(state.statement_to_plan(statement)).await.ok()?;
    let fields = plan.schema().fields();
    Some(fields.iter().map(|field| field.name().clone()).collect())
}

fn reference(name: &ObjectName) -> Option<TableReference> {
    let parts = name.0.iter().map(ObjectNamePart::as_ident);
    let parts = parts
        .map(|part| part.map(as_compared))
        .collect::<Option<Vec<_>>>()?;
    match parts.as_slice() {
        [table] => Some(TableReference::bare(table.as_str())),
        [schema, table] => Some(TableReference::partial(schema.as_str(), table.as_str())),
        [catalog, schema, table] => Some(TableReference::full(
            catalog.as_str(),
            schema.as_str(),
            table.as_str(),
        )),
        _ => None,
    }
}

fn as_compared(name: &Ident) -> String {
    match name.quote_style {
        Some(_) => name.value.clone(),
        None => name.value.to_lowercase(),
    }
}

/// `SELECT * FROM table`
fn all_of(table: &TableFactor) -> Option<Box<Query>> {
    let parser = Parser::new(&Kouan).try_with_sql(&format!("SELECT * FROM {table}"));
    parser.ok()?.parse_query().ok()
}
