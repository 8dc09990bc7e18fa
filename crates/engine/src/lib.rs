//! Opens packages, runs statements and saved queries, streams their answers.
//!
//! This is the only crate that builds a DataFusion session. It neither prints nor reads
//! the environment: paths come in as arguments, answers and errors go out as values.
//!
//! ```text
//! Source ──split──► Statement ──parse──► plan ──bind parameters──► Answer (a stream)
//! ```

mod answer;
mod catalog;
mod columns;
mod diagnose;
mod embedded;
mod error;
mod fault;
mod file_sets;
mod files;
mod frames;
mod further;
mod heads;
mod inspect;
mod last_answer;
mod loose_files;
mod measured_plan;
mod measured_tables;
mod memory;
mod named_arguments;
mod near;
mod packages;
mod parse;
mod progress;
mod queries;
mod script;
mod session;
mod summarize;
mod tables;
mod whole_files;
mod words;
mod wrong_types;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use arrow::datatypes::DataType;
use datafusion::catalog::{MemoryCatalogProvider, TableProvider};
use datafusion::common::{ParamValues, plan_err};
use datafusion::error::DataFusionError;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{LogicalPlan, Statement as PlannedStatement};
use datafusion::physical_plan::{ExecutionPlan, execute_stream};
use datafusion::prelude::SessionContext;
use datafusion::scalar::ScalarValue;
use kouan_schema::{Folder, Package};
use packages::Packages;
use queries::{Library, Nesting};
use tables::Converted;

pub use answer::Answer;
pub use datafusion::common::{Location, Span};
pub use error::{Cause, EngineError, QueryProblem, Result, StatementError};
pub use fault::panic_message;
pub use inspect::{ColumnEntry, FunctionEntry, TableEntry};
pub use kouan_functions::functions_markdown;
pub use last_answer::{Keeper, LastAnswer};
pub use measured_tables::TableCounts;
pub use near::nearest;
pub use parse::STACK_BYTES;
pub use progress::Progress;
pub use queries::{
    Allowed, Checker, Example, Expectation, Hidden, Literal, Parameter, Queries, QueryFolder, Rule,
    SavedQuery, named_values, quote_word, split_words,
};
pub use script::{Piece, Source, Statement, byte_offset, is_complete, split};

/// Values for `$name` parameters, by name.
pub type Values = HashMap<String, ScalarValue>;

/// What an engine is opened with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The folder that keeps converted tables. Without one, or when it cannot be written,
    /// a temporary folder serves and goes with the engine.
    pub cache: Option<PathBuf>,
    /// Where temporary folders are made.
    pub temporary: PathBuf,
    /// Bytes that statements and kept answers may hold in memory together; what sorts, joins and groups
    /// hold beyond it goes to files in `temporary` where they can, else the statement fails. `None`: all there is.
    pub memory: Option<usize>,
    /// Where saved queries are looked for, nearest first.
    pub query_folders: Vec<QueryFolder>,
    /// How answers of `SUMMARIZE` call a type.
    pub type_name: fn(&DataType) -> String,
}

/// Where a package comes from.
#[derive(Debug, Clone)]
pub enum PackageLocation {
    /// The package that the binary carries.
    Embedded,
    /// A folder that holds `datapackage.json`.
    Folder(PathBuf),
}

impl PackageLocation {
    /// Reads the package's description and schemas, not its data.
    ///
    /// # Errors
    /// [`EngineError::Package`]: a file is missing or not understood.
    pub fn open(&self) -> Result<Package> {
        let package = match self {
            Self::Embedded => Package::open(Arc::new(embedded::files())),
            Self::Folder(folder) => Package::open(Arc::new(Folder::new(folder))),
        };
        Ok(package?)
    }
}

/// An open session over packages, functions and saved queries.
pub struct Engine {
    context: SessionContext,
    /// What the session's catalog is made of; the session itself gives no schema back.
    catalog: Arc<MemoryCatalogProvider>,
    packages: Packages,
    converted: Arc<Converted>,
    settings: Settings,
    library: Library,
    last: Mutex<Option<last_answer::Kept>>,
}

impl Engine {
    /// Opens packages. The first one's SQL schema is where bare table names are looked up.
    ///
    /// Nothing is converted or read yet: tables at their first scan, queries at their first use.
    ///
    /// # Errors
    /// [`EngineError::SchemaTaken`]: names clash.
    pub fn open(packages: Vec<Package>, settings: Settings) -> Result<Self> {
        let packages: Vec<Arc<Package>> = packages.into_iter().map(Arc::new).collect();
        let converted = Arc::new(Converted::new(
            settings.cache.clone(),
            settings.temporary.clone(),
        ));
        let catalog = session::catalog(&packages, &converted)?;
        let context = session::session(Arc::clone(&catalog), &packages, &converted, &settings)?;
        Ok(Self {
            context,
            catalog,
            packages: Packages::new(packages),
            converted,
            library: Library::new(settings.query_folders.clone()),
            settings,
            last: Mutex::new(None),
        })
    }

    /// The open packages; the first is the default.
    pub fn packages(&self) -> Vec<Arc<Package>> {
        self.packages.all()
    }

    /// The saved queries as their files are now.
    pub fn queries(&self) -> Arc<Queries> {
        self.library.queries()
    }

    /// Where saved queries are looked for, nearest first.
    pub fn query_folders(&self) -> &[QueryFolder] {
        &self.settings.query_folders
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
        self.context
            .register_table(name, table)
            .map_err(EngineError::session)?;
        Ok(())
    }

    /// Starts a statement; its rows come from the [`Answer`].
    ///
    /// # Errors
    /// The statement is not understood, names something unknown, or a parameter has no value.
    pub async fn run(
        self: &Arc<Self>,
        statement: &Statement,
        values: &Values,
    ) -> Result<Answer, Box<StatementError>> {
        self.run_within(statement, values, &Nesting::default())
            .await
    }

    /// Starts the statement of the last of the saved queries that read one another, or one of none.
    async fn run_within(
        self: &Arc<Self>,
        statement: &Statement,
        values: &Values,
        nesting: &Nesting,
    ) -> Result<Answer, Box<StatementError>> {
        Box::pin(fault::caught(self.start(statement, values, nesting))).await
    }

    async fn start(
        self: &Arc<Self>,
        statement: &Statement,
        values: &Values,
        nesting: &Nesting,
    ) -> Result<Answer, Box<StatementError>> {
        let diagnosed = |error: DataFusionError| self.diagnose(&error, statement);
        let summarized = summarize::query(statement);
        let asked = summarized.as_ref().unwrap_or(statement);
        let plan = match self.plan(asked, values, nesting).await {
            Ok(plan) => plan,
            Err(error) => {
                let mut first = diagnosed(error);
                first.further = Box::pin(self.further_problems(asked, values, &first)).await;
                return Err(first);
            }
        };
        let plan = self.bind(plan, values, asked)?;
        self.refuse_unknown_values(nesting, asked).await?;
        kouan_functions::check_literals(&plan).map_err(diagnosed)?;
        if asks_for_no_columns(&plan) {
            let error = StatementError::new("the answer has no columns").at(Some(asked.span));
            return Err(Box::new(error.hint("SELECT * gives all columns")));
        }
        let rows_are_plans = matches!(plan, LogicalPlan::Explain(_) | LogicalPlan::Analyze(_));
        let mut progress = None;
        let stream = async {
            match plan {
                plan if summarized.is_some() => self.summarize(plan).await,
                LogicalPlan::Analyze(analyze) if measured_plan::is_for_us(&analyze) => {
                    let (plan, task) = self.physical(LogicalPlan::clone(&analyze.input)).await?;
                    progress = Some(Progress::of(&plan));
                    let schema = Arc::clone(analyze.schema.inner());
                    Ok(measured_plan::measure(plan, task, schema))
                }
                plan => {
                    let (plan, task) = self.physical(plan).await?;
                    progress = Some(Progress::of(&plan));
                    execute_stream(plan, task)
                }
            }
        };
        let stream = Box::pin(stream).await.map_err(diagnosed)?;
        Ok(Answer::new(
            Arc::clone(self),
            statement,
            stream,
            progress,
            rows_are_plans,
        ))
    }

    /// What a saved query takes: as its header declares, else as its statement uses it. Reads no data.
    ///
    /// # Errors
    /// Its statement is not understood.
    pub async fn parameters(&self, query: &SavedQuery) -> Result<Vec<Parameter>> {
        let statement = query.statement()?;
        let nesting = Nesting::default().within(query);
        let parameters = Box::pin(self.parameters_of(query, &statement, &nesting)).await;
        Ok(parameters.map_err(|error| self.diagnose(&error, &statement))?)
    }

    /// Starts a saved query with values as typed on a command line.
    ///
    /// # Errors
    /// Every problem with the values at once, before any data is read; else as [`Engine::run`].
    pub async fn run_query(
        self: &Arc<Self>,
        query: &SavedQuery,
        given: &[(String, String)],
    ) -> Result<Answer> {
        let statement = query.statement()?;
        let nesting = Nesting::default().within(query);
        let declared = self.parameters(query).await?;
        let values = queries::bind(&query.name, &declared, given)?;
        nesting.hold(&declared, given);
        let unknown = self.unknown_values(&nesting).await?;
        if !unknown.is_empty() {
            return Err(EngineError::Parameters(unknown));
        }
        Ok(self.run_within(&statement, &values, &nesting).await?)
    }

    /// Starts a saved query with values among words, as a person types them: `name=value`, `--name value`.
    ///
    /// # Errors
    /// As [`Engine::run_query`], what is wrong with the words among the problems.
    pub async fn run_query_with(
        self: &Arc<Self>,
        query: &SavedQuery,
        words: &[String],
    ) -> Result<Answer> {
        let (given, mut problems) = queries::read_values(words);
        if problems.is_empty() {
            return self.run_query(query, &given).await;
        }
        let declared = self.parameters(query).await?;
        if let Err(EngineError::Parameters(more)) = queries::bind(&query.name, &declared, &given) {
            problems.extend(more);
        }
        Err(EngineError::Parameters(problems))
    }

    async fn physical(
        &self,
        plan: LogicalPlan,
    ) -> Result<(Arc<dyn ExecutionPlan>, Arc<TaskContext>), DataFusionError> {
        let frame = self.context.execute_logical_plan(plan).await?;
        let task = Arc::new(frame.task_ctx());
        let plan = frame.create_physical_plan().await?;
        Ok((whole_files::whole_or_none(plan)?, task))
    }

    async fn summarize(
        &self,
        plan: LogicalPlan,
    ) -> Result<SendableRecordBatchStream, DataFusionError> {
        let columns = Arc::clone(plan.schema().inner());
        let (plan, task) = self.physical(summarize::measures(plan)?).await?;
        let measures = execute_stream(plan, task)?;
        Ok(summarize::summary(
            columns,
            self.settings.type_name,
            measures,
        ))
    }

    /// Plans a statement. `values` are those of its parameters, as far as they are known.
    async fn plan(
        &self,
        statement: &Statement,
        values: &Values,
        nesting: &Nesting,
    ) -> Result<LogicalPlan, DataFusionError> {
        let state = self.context.state();
        let mut parsed = parse::parse(statement, &state)?;
        nesting.refuse_commands(&parsed)?;
        self.offer_queries(&mut parsed, values, nesting).await?;
        columns::bind(&mut parsed, &state).await?;
        let plan = state.statement_to_plan(parsed).await?;
        refuse_settings_without_effect(&plan)?;
        catalog::keep_package_tables(&self.packages(), &plan)?;
        Ok(plan)
    }

    pub(crate) fn diagnose(
        &self,
        error: &DataFusionError,
        statement: &Statement,
    ) -> Box<StatementError> {
        diagnose::diagnose(error, statement, &self.settings, || self.names())
    }

    /// Puts values in the place of `$name`; a name without one is said with its place.
    fn bind(
        &self,
        plan: LogicalPlan,
        values: &Values,
        statement: &Statement,
    ) -> Result<LogicalPlan, Box<StatementError>> {
        let failed = |error: DataFusionError| self.diagnose(&error, statement);
        // PREPARE keeps its parameters for EXECUTE.
        let is_kept = matches!(plan, LogicalPlan::Statement(_));
        let names = plan.get_parameter_names().map_err(failed)?;
        if names.is_empty() || is_kept {
            return Ok(plan);
        }
        let missing = names
            .iter()
            .filter(|name| !values.contains_key(name.trim_start_matches('$')));
        if let Some(missing) = missing.min() {
            let error = StatementError::new(format!("`{missing}` has no value"))
            .at(statement.find_placeholder(missing))
            .hint(
                "declare it in a saved query's header (`-- param:`) and run that with `name=value`",
            );
            return Err(Box::new(error));
        }
        let values = values
            .iter()
            .map(|(name, value)| (name.clone(), value.clone().into()))
            .collect();
        plan.with_param_values(ParamValues::Map(values))
            .map_err(failed)
    }
}

/// DataFusion takes a dialect, and reads the next statements as before.
fn refuse_settings_without_effect(plan: &LogicalPlan) -> Result<(), DataFusionError> {
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

/// A query without columns answers nothing that could be shown; a command, such as CREATE, may.
fn asks_for_no_columns(plan: &LogicalPlan) -> bool {
    let is_command = matches!(
        plan,
        LogicalPlan::Ddl(_)
            | LogicalPlan::Dml(_)
            | LogicalPlan::Statement(_)
            | LogicalPlan::Copy(_)
    );
    !is_command && plan.schema().fields().is_empty()
}
