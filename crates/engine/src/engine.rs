//! The engine: what can be asked of an open session, in one place. What is asked is answered by the folders below.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use kouan_schema::{Package, Table};

use crate::answer::Answer;
use crate::answer::kept::{KeptRows, Last, LastAnswer};
use crate::catalog::converted::Converted;
use crate::catalog::entries::{self, ColumnEntry, FunctionEntry, TableEntry};
use crate::catalog::location::PackageLocation;
use crate::catalog::packages::Packages;
use crate::diagnose::Diagnoser;
use crate::error::{EngineError, QueryProblem, Result, StatementError};
use crate::inspect::check::Checker;
use crate::inspect::counts::{self, TableCounts};
use crate::inspect::unmet;
use crate::queries::binding::Values;
use crate::queries::file::parameter::Parameter;
use crate::queries::file::saved_query::SavedQuery;
use crate::queries::library::{Library, Queries, QueryFolder};
use crate::session::build::session;
use crate::session::nesting::Nesting;
use crate::session::planner::Planner;
use crate::session::settings::Settings;
use crate::session::{describe, run, run_saved};
use crate::statement::script::Statement;

/// An open session over packages, functions and saved queries.
pub struct Engine {
    planner: Arc<Planner>,
    converted: Arc<Converted>,
    query_folders: Vec<QueryFolder>,
    last: Last,
}

impl Engine {
    /// Opens packages. The first one's SQL schema is where bare table names are looked up.
    ///
    /// Nothing is converted or read yet: tables at their first scan, queries at their first use.
    ///
    /// # Errors
    /// [`EngineError::SchemaTaken`]: names clash.
    pub fn open(packages: Vec<Package>, settings: Settings) -> Result<Self> {
        let converted = Converted::new(settings.cache.clone(), settings.temporary.clone());
        let converted = Arc::new(converted);
        let packages = packages.into_iter().map(Arc::new).collect();
        let packages = Packages::open(packages, &converted)?;
        let context = session(&packages, &converted, &settings)?;
        let diagnoser = Diagnoser {
            context: context.clone(),
            memory: settings.memory,
            type_name: settings.type_name,
        };
        let planner = Planner {
            context,
            packages,
            library: Library::new(settings.query_folders.clone()),
            diagnoser,
        };
        Ok(Self {
            planner: Arc::new(planner),
            converted,
            query_folders: settings.query_folders,
            last: Last::default(),
        })
    }

    /// The open packages; the first is the default.
    pub fn packages(&self) -> Vec<Arc<Package>> {
        self.planner.packages.all()
    }

    /// Opens a package beside the others: its tables are `name.table`, by its own name or the one given. Its
    /// saved queries, which name tables without a schema, stay with it.
    ///
    /// # Errors
    /// The package cannot be read, or one of its SQL schemas is there already.
    pub fn attach(&self, location: &PackageLocation, name: Option<&str>) -> Result<Arc<Package>> {
        self.planner.packages.attach(location.open()?, name)
    }

    /// Takes a package that was attached out of the session, with the tables made in its SQL schemas.
    ///
    /// # Errors
    /// No package of this name was attached.
    pub fn detach(&self, name: &str) -> Result<()> {
        self.planner.packages.detach(name)
    }

    /// What a person should know that stopped nothing, since this was last asked.
    pub fn take_notes(&self) -> Vec<String> {
        self.converted.take_notes()
    }

    /// Adds a table of the program's own beside those of the packages, by a bare name or `schema.name`.
    ///
    /// # Errors
    /// The name is taken by a table of a package, or there is no such schema.
    pub fn register_table(&self, name: &str, table: Arc<dyn TableProvider>) -> Result<()> {
        let registered = self.planner.context.register_table(name, table);
        registered.map_err(EngineError::session)?;
        Ok(())
    }

    /// The tables of all schemas, the default schema's first. Reads no data.
    pub fn tables(&self) -> Vec<TableEntry> {
        entries::tables(&self.planner.context, &self.packages())
    }

    /// All functions, this project's first.
    pub fn functions(&self) -> Vec<FunctionEntry> {
        entries::functions(&self.planner.context)
    }

    /// What its package says of a table; nothing for one that was made here.
    pub fn definition(&self, schema: &str, name: &str) -> Option<Table> {
        entries::definition(&self.packages(), schema, name)
    }

    /// Counts a table's rows; nothing where that would take long or its data are bad.
    pub async fn count_rows(&self, table: &TableEntry) -> Option<u64> {
        counts::count_rows(&self.planner.context, &self.packages(), table).await
    }

    /// Counts a table's rows and values; nothing where that would take long or its data are bad.
    pub async fn count_values(&self, table: &TableEntry) -> Option<TableCounts> {
        counts::count_values(&self.planner.context, &self.packages(), table).await
    }

    /// The different values of a column of text in order; nothing when there are more than
    /// `most`, or the table is too large to look.
    pub async fn values_of(
        &self,
        table: &TableEntry,
        column: &str,
        most: usize,
    ) -> Option<Vec<String>> {
        let packages = self.packages();
        counts::values_of(&self.planner.context, &packages, table, column, most).await
    }

    /// Starts a statement; its rows come from the [`Answer`].
    ///
    /// # Errors
    /// The statement is not understood, names something unknown, or a parameter has no value.
    pub async fn run(
        &self,
        statement: &Statement,
        values: &Values,
    ) -> Result<Answer, Box<StatementError>> {
        run::run(&self.planner, statement, values, &Nesting::default()).await
    }

    /// The columns that a statement would answer; runs nothing.
    ///
    /// # Errors
    /// The statement is not understood, or names something unknown.
    pub async fn describe(
        &self,
        statement: &Statement,
    ) -> Result<Vec<ColumnEntry>, Box<StatementError>> {
        describe::describe(&self.planner, statement).await
    }

    /// Makes the rows of an answer that has come to its end the table `_`. False: they were too many to
    /// be kept, and there is no last answer now.
    pub fn set_last_answer(&self, rows: KeptRows) -> bool {
        self.last.set(&self.planner.context, rows)
    }

    /// The last answer, if there is one that was small enough.
    pub fn last_answer(&self) -> Option<LastAnswer> {
        self.last.get()
    }

    /// The saved queries as their files are now.
    pub fn queries(&self) -> Arc<Queries> {
        self.planner.library.queries()
    }

    /// Where saved queries are looked for, nearest first.
    pub fn query_folders(&self) -> &[QueryFolder] {
        &self.query_folders
    }

    /// What a saved query takes: as its header declares, else as its statement uses it. Reads no data.
    ///
    /// # Errors
    /// Its statement is not understood.
    pub async fn parameters(&self, query: &SavedQuery) -> Result<Vec<Parameter>> {
        run_saved::parameters(&self.planner, query).await
    }

    /// The values that a parameter's query tells; nothing when it has none.
    ///
    /// # Errors
    /// The query fails.
    pub async fn values_of_parameter(&self, parameter: &Parameter) -> Result<Option<Vec<String>>> {
        run::told_values(&self.planner, parameter, &Nesting::default()).await
    }

    /// The columns that a saved query answers, whatever values it has; runs nothing.
    ///
    /// # Errors
    /// Its statement is not understood, or names something unknown.
    pub async fn columns_of(&self, query: &SavedQuery) -> Result<Vec<ColumnEntry>> {
        describe::columns_of(&self.planner, query).await
    }

    /// Starts a saved query with values as typed on a command line.
    ///
    /// # Errors
    /// Every problem with the values at once, before any data is read; else as [`Engine::run`].
    pub async fn run_query(
        &self,
        query: &SavedQuery,
        given: &[(String, String)],
    ) -> Result<Answer> {
        run_saved::run_query(&self.planner, query, given).await
    }

    /// Starts a saved query with values among words, as a person types them: `name=value`, `--name value`.
    ///
    /// # Errors
    /// As [`Engine::run_query`], what is wrong with the words among the problems.
    pub async fn run_query_with(&self, query: &SavedQuery, words: &[String]) -> Result<Answer> {
        run_saved::run_query_with(&self.planner, query, words).await
    }

    /// Checks saved queries without reading data.
    pub fn checker(&self) -> Checker {
        Checker::new(Arc::clone(&self.planner))
    }

    /// The expectations that an answer of a saved query does not meet, each with the first row that fails.
    ///
    /// # Errors
    /// Another query that must answer no row cannot be run.
    pub async fn unmet(
        &self,
        query: &SavedQuery,
        given: &[(String, String)],
        schema: &SchemaRef,
        rows: &[RecordBatch],
    ) -> Result<Vec<QueryProblem>> {
        unmet::unmet(&self.planner, query, given, schema, rows).await
    }
}
