//! The package's tables as DataFusion sees them: known at once, converted at first read.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::{MemorySchemaProvider, SchemaProvider, Session, TableProvider};
use datafusion::common::{Constraint, Constraints, plan_datafusion_err};
use datafusion::datasource::TableType;
use datafusion::datasource::listing::{
    ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl,
};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{DdlStatement, Expr, LogicalPlan, TableProviderFilterPushDown};
use datafusion::physical_plan::ExecutionPlan;
use kouan_ingest::{BlankRows, IngestError, Options};
use kouan_scan::SoundParquet;
use kouan_schema::{Package, Table};
use tokio::sync::OnceCell;

use super::converted::Converted;
use super::files::faults;

/// One SQL schema of a package, together with the tables that the person creates in it.
#[derive(Debug)]
pub(crate) struct PackageSchema {
    tables: BTreeMap<String, Arc<PackageTable>>,
    created: MemorySchemaProvider,
}

impl PackageSchema {
    pub(crate) fn new(tables: impl IntoIterator<Item = PackageTable>) -> Self {
        let tables = tables
            .into_iter()
            .map(|table| (table.table().name.clone(), Arc::new(table)))
            .collect();
        Self {
            tables,
            created: MemorySchemaProvider::new(),
        }
    }

    fn refuse(&self, name: &str, action: &str) -> Result<()> {
        if self.tables.contains_key(name) {
            Err(belongs_to_package(name, action))
        } else {
            Ok(())
        }
    }
}

#[async_trait]
impl SchemaProvider for PackageSchema {
    fn table_names(&self) -> Vec<String> {
        self.tables
            .keys()
            .cloned()
            .chain(self.created.table_names())
            .collect()
    }

    async fn table(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        match self.tables.get(name) {
            Some(table) => Ok(Some(Arc::clone(table) as Arc<dyn TableProvider>)),
            None => self.created.table(name).await,
        }
    }

    fn register_table(
        &self,
        name: String,
        table: Arc<dyn TableProvider>,
    ) -> Result<Option<Arc<dyn TableProvider>>> {
        self.refuse(&name, "replaced")?;
        self.created.register_table(name, table)
    }

    fn deregister_table(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        self.refuse(name, "dropped")?;
        self.created.deregister_table(name)
    }

    fn table_exist(&self, name: &str) -> bool {
        self.tables.contains_key(name) || self.created.table_exist(name)
    }
}

/// A table of a package. Its schema is known from the package, so planning reads no data;
/// the first scan checks and converts the CSV, or finds it converted already.
#[derive(Debug)]
pub(crate) struct PackageTable {
    package: Arc<Package>,
    index: usize,
    converted: Arc<Converted>,
    schema: SchemaRef,
    constraints: Constraints,
    parquet: OnceCell<ListingTable>,
    blank_rows: BlankRows,
    /// The Parquet file, where it has just been made.
    made: Option<PathBuf>,
}

impl PackageTable {
    /// The package's table at a place in its list.
    pub(crate) fn new(package: &Arc<Package>, index: usize, converted: &Arc<Converted>) -> Self {
        let definition = &package.tables()[index].definition;
        let schema = view_types(&definition.arrow_schema());
        let constraints = constraints(definition, &schema);
        Self {
            package: Arc::clone(package),
            index,
            converted: Arc::clone(converted),
            schema,
            constraints,
            parquet: OnceCell::new(),
            blank_rows: BlankRows::Problems,
            made: None,
        }
    }

    /// The table of a package that describes one file which nobody has checked; it may have rows without values.
    ///
    /// `made` is its Parquet file, if that is known to be what the file holds.
    pub(crate) fn of_file(
        package: &Arc<Package>,
        converted: &Arc<Converted>,
        made: Option<PathBuf>,
    ) -> Self {
        Self {
            blank_rows: BlankRows::Rows,
            made,
            ..Self::new(package, 0, converted)
        }
    }

    fn table(&self) -> &Table {
        &self.package.tables()[self.index]
    }

    async fn open(&self) -> Result<ListingTable> {
        let path = match &self.made {
            Some(made) => made.clone(),
            None => self.convert().await?,
        };
        let url = ListingTableUrl::parse(path.to_string_lossy())?;
        let options =
            ListingOptions::new(Arc::new(SoundParquet::default())).with_file_extension(".parquet");
        let config = ListingTableConfig::new(url)
            .with_listing_options(options)
            .with_schema(Arc::clone(&self.schema));
        ListingTable::try_new(config)
    }

    async fn convert(&self) -> Result<PathBuf> {
        let (package, converted, index) = (
            Arc::clone(&self.package),
            Arc::clone(&self.converted),
            self.index,
        );
        let blank_rows = self.blank_rows;
        tokio::task::spawn_blocking(move || {
            let options = Options {
                blank_rows,
                ..Options::default()
            };
            converted.ensure_with(&package, &package.tables()[index], &options)
        })
        .await
        .map_err(|error| DataFusionError::External(Box::new(error)))?
        .map_err(|error| match error {
            IngestError::Rejected(report) if blank_rows == BlankRows::Rows => {
                faults::rejected(&report)
            }
            error => DataFusionError::External(Box::new(error)),
        })
    }
}

#[async_trait]
impl TableProvider for PackageTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn constraints(&self) -> Option<&Constraints> {
        Some(&self.constraints)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>> {
        // Parquet statistics prune row groups and pages; the filter still runs on what is left.
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let parquet = self.parquet.get_or_try_init(|| self.open()).await?;
        parquet.scan(state, projection, filters, limit).await
    }
}

/// Refuses to drop a table of a package; DataFusion would only say that it does not exist.
pub(crate) fn keep_package_tables(packages: &[Arc<Package>], plan: &LogicalPlan) -> Result<()> {
    let LogicalPlan::Ddl(DdlStatement::DropTable(drop)) = plan else {
        return Ok(());
    };
    let default = packages.first().map_or("", |package| package.name());
    let schema = drop.name.schema().unwrap_or(default);
    let is_kept = packages.iter().any(|package| {
        package
            .tables()
            .iter()
            .any(|table| table.name == drop.name.table() && package.schema_of(table) == schema)
    });
    if is_kept {
        Err(belongs_to_package(drop.name.table(), "dropped"))
    } else {
        Ok(())
    }
}

fn belongs_to_package(table: &str, action: &str) -> DataFusionError {
    plan_datafusion_err!(
        "table '{table}' belongs to the package and cannot be {action}; choose another name"
    )
}

/// Text columns as string views, which DataFusion reads from Parquet without copying.
fn view_types(schema: &Schema) -> SchemaRef {
    let fields = schema.fields().iter().map(|field| match field.data_type() {
        DataType::Utf8 => Arc::new(Field::clone(field).with_data_type(DataType::Utf8View)),
        _ => Arc::clone(field),
    });
    Arc::new(Schema::new_with_metadata(
        fields.collect::<Vec<_>>(),
        schema.metadata().clone(),
    ))
}

/// Keys that the conversion has checked, told to the optimizer.
fn constraints(definition: &kouan_schema::TableSchema, schema: &Schema) -> Constraints {
    let indices = |names: &[String]| -> Option<Vec<usize>> {
        names
            .iter()
            .map(|name| schema.index_of(name).ok())
            .collect()
    };
    let primary = Some(&definition.primary_key)
        .filter(|key| !key.is_empty())
        .and_then(|key| indices(key))
        .map(Constraint::PrimaryKey);
    let unique = definition
        .unique_keys
        .iter()
        .filter_map(|key| indices(key).map(Constraint::Unique));
    Constraints::new_unverified(primary.into_iter().chain(unique).collect())
}
