//! What there is to ask about: tables with their columns, functions with their documentation.

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

use arrow::datatypes::{DataType, Field, Schema};
use datafusion::catalog::CatalogProvider;
use datafusion::logical_expr::{Documentation, Signature};
use datafusion::prelude::SessionContext;
use kouan_functions::PlaceSource;
use kouan_schema::{Package, Table};

use super::names::{CATALOG, LAST, QUERIES};

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

/// The functions of this project.
static OURS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let ours = kouan_functions::all(&PlaceSource::none());
    ours.iter()
        .map(|function| function.name().to_string())
        .collect()
});

/// The tables of all schemas, the default schema's first. Reads no data.
pub(crate) fn tables(context: &SessionContext, packages: &[Arc<Package>]) -> Vec<TableEntry> {
    let Some(catalog) = context.catalog(CATALOG) else {
        return Vec::new();
    };
    let entry = |listed: Listed| {
        let Listed {
            schema,
            name,
            written,
        } = listed;
        let title = match name.as_str() {
            LAST => Some("the last answer".to_string()),
            name => definition(packages, &schema, name).and_then(|table| table.title),
        };
        // Both kinds of table answer at once: no file is touched for a schema.
        let provider = catalog.schema(&schema).and_then(|schema| {
            let table = futures::executor::block_on(schema.table(&name));
            table.ok().flatten()
        });
        let columns = provider.map(|table| columns(&table.schema()));
        TableEntry {
            schema,
            name,
            written,
            title,
            columns: columns.unwrap_or_default(),
        }
    };
    let listed = listed(catalog.as_ref(), &default_schema(context));
    listed.into_iter().map(entry).collect()
}

/// The tables as one writes them, in the order of [`tables`].
pub(crate) fn table_names(context: &SessionContext) -> Vec<String> {
    let Some(catalog) = context.catalog(CATALOG) else {
        return Vec::new();
    };
    let listed = listed(catalog.as_ref(), &default_schema(context));
    listed.into_iter().map(|table| table.written).collect()
}

struct Listed {
    schema: String,
    name: String,
    written: String,
}

fn listed(catalog: &dyn CatalogProvider, default: &str) -> Vec<Listed> {
    let mut tables = Vec::new();
    // The views of saved queries come and go with the statements that name them.
    let schemas = catalog.schema_names().into_iter();
    for schema in schemas.filter(|name| name != QUERIES) {
        let provider = catalog.schema(&schema);
        let names = provider.map(|schema| schema.table_names());
        tables.extend(names.into_iter().flatten().map(|name| Listed {
            written: if schema == default {
                name.clone()
            } else {
                format!("{schema}.{name}")
            },
            schema: schema.clone(),
            name,
        }));
    }
    tables.sort_by_key(|table| (table.schema != default, table.written.clone()));
    tables
}

/// All functions, this project's first.
pub(crate) fn functions(context: &SessionContext) -> Vec<FunctionEntry> {
    let state = context.state();
    let entry = |name: &String,
                 kind,
                 signature: &Signature,
                 documentation: Option<&Documentation>| FunctionEntry {
        name: name.clone(),
        ours: OURS.contains(name),
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

/// The schema in which bare names are looked up.
pub(crate) fn default_schema(context: &SessionContext) -> String {
    let state = context.state();
    state.config_options().catalog.default_schema.clone()
}

/// What its package says of a table; nothing for one that was made here.
pub(crate) fn definition(packages: &[Arc<Package>], schema: &str, name: &str) -> Option<Table> {
    let found = packages.iter().find_map(|package| {
        let is_it = |table: &&Table| table.name == name && package.schema_of(table) == schema;
        package.tables().iter().find(is_it)
    });
    found.cloned()
}

/// The columns of a schema, with what its metadata say of them.
pub(crate) fn columns(schema: &Schema) -> Vec<ColumnEntry> {
    let about = |field: &Field, key: &str| field.metadata().get(key).cloned();
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
