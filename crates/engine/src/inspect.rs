//! What there is to ask about: tables with their columns, functions with their documentation.

use arrow::datatypes::DataType;
use datafusion::logical_expr::{Documentation, Signature};
use kouan_functions::PlaceSource;
use kouan_schema::Table;

use crate::Engine;
use crate::diagnose::Names;
use crate::last_answer::LAST;
use crate::session::{CATALOG, QUERIES};

/// A table one can select from.
#[derive(Debug, Clone)]
pub struct TableEntry {
    /// Its SQL schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// As one writes it: the name alone in the default schema, else `schema.name`.
    pub written: String,
    /// What it holds, if the package says so.
    pub title: Option<String>,
    /// Its columns in order.
    pub columns: Vec<ColumnEntry>,
}

/// A column of a table.
#[derive(Debug, Clone)]
pub struct ColumnEntry {
    /// Its name.
    pub name: String,
    /// Its Arrow type.
    pub data_type: DataType,
    /// False when every row has a value.
    pub nullable: bool,
    /// Its unit of measure, if the package says so.
    pub unit: Option<String>,
    /// What it means, if the package says so.
    pub description: Option<String>,
}

/// A function one can call.
#[derive(Debug, Clone)]
pub struct FunctionEntry {
    /// Its name.
    pub name: String,
    /// True for the functions of this project, false for DataFusion's own.
    pub ours: bool,
    /// `scalar`, `aggregate` or `window`.
    pub kind: &'static str,
    /// The arguments it takes, one row a way to call it, as DataFusion writes their types.
    pub signatures: Vec<String>,
    /// Section, description, syntax, arguments, examples.
    pub documentation: Option<Documentation>,
}

impl Engine {
    /// The tables of all schemas, the default schema's first. Reads no data.
    pub fn tables(&self) -> Vec<TableEntry> {
        let Some(catalog) = self.context.catalog(CATALOG) else {
            return Vec::new();
        };
        let default = self.default_schema();
        let mut tables = Vec::new();
        // The views of saved queries come and go with the statements that name them.
        let schemas = catalog.schema_names().into_iter();
        for schema_name in schemas.filter(|name| name != QUERIES) {
            let Some(schema) = catalog.schema(&schema_name) else {
                continue;
            };
            for name in schema.table_names() {
                let written = if schema_name == default {
                    name.clone()
                } else {
                    format!("{schema_name}.{name}")
                };
                // Both kinds of table answer at once: no file is touched for a schema.
                let provider = futures::executor::block_on(schema.table(&name))
                    .ok()
                    .flatten();
                let columns = provider
                    .map(|table| columns(&table.schema()))
                    .unwrap_or_default();
                let title = match name.as_str() {
                    LAST => Some("the last answer".to_string()),
                    name => self.title_of(&schema_name, name),
                };
                tables.push(TableEntry {
                    schema: schema_name.clone(),
                    name,
                    written,
                    title,
                    columns,
                });
            }
        }
        tables.sort_by_key(|table| (table.schema != default, table.written.clone()));
        tables
    }

    /// All functions, this project's first.
    pub fn functions(&self) -> Vec<FunctionEntry> {
        let state = self.context.state();
        let ours = kouan_functions::all(&PlaceSource::none());
        let entry = |name: &String,
                     kind,
                     signature: &Signature,
                     documentation: Option<&Documentation>| FunctionEntry {
            name: name.clone(),
            ours: ours.iter().any(|function| function.name() == name),
            kind,
            signatures: signature.type_signature.to_string_repr(),
            documentation: documentation.cloned(),
        };
        let mut functions: Vec<FunctionEntry> = state
            .scalar_functions()
            .iter()
            .map(|(name, function)| {
                entry(
                    name,
                    "scalar",
                    function.signature(),
                    function.documentation(),
                )
            })
            .chain(state.aggregate_functions().iter().map(|(name, function)| {
                entry(
                    name,
                    "aggregate",
                    function.signature(),
                    function.documentation(),
                )
            }))
            .chain(state.window_functions().iter().map(|(name, function)| {
                entry(
                    name,
                    "window",
                    function.signature(),
                    function.documentation(),
                )
            }))
            .collect();
        functions.sort_by_key(|function| (!function.ours, function.name.clone()));
        functions
    }

    pub(crate) fn names(&self) -> Names {
        Names {
            tables: self
                .tables()
                .into_iter()
                .map(|table| table.written)
                .collect(),
            functions: self
                .functions()
                .into_iter()
                .map(|function| function.name)
                .collect(),
            catalog_prefix: format!("{CATALOG}."),
            default_prefix: format!("{CATALOG}.{}.", self.default_schema()),
        }
    }

    pub(crate) fn default_schema(&self) -> String {
        self.context
            .state()
            .config_options()
            .catalog
            .default_schema
            .clone()
    }

    /// What its package says of a table; nothing for one that was made here.
    pub fn definition(&self, schema: &str, name: &str) -> Option<Table> {
        let packages = self.packages();
        let found = packages.iter().find_map(|package| {
            let is_it = |table: &&Table| table.name == name && package.schema_of(table) == schema;
            package.tables().iter().find(is_it)
        });
        found.cloned()
    }

    fn title_of(&self, schema: &str, name: &str) -> Option<String> {
        self.definition(schema, name)?.title
    }
}

pub(crate) fn columns(schema: &arrow::datatypes::Schema) -> Vec<ColumnEntry> {
    let about = |field: &arrow::datatypes::Field, key: &str| field.metadata().get(key).cloned();
    schema
        .fields()
        .iter()
        .map(|field| ColumnEntry {
            name: field.name().clone(),
            data_type: field.data_type().clone(),
            nullable: field.is_nullable(),
            unit: about(field, "unit"),
            description: about(field, "description"),
        })
        .collect()
}
