//! A table of many files, with columns for what their folders say.

use std::path::PathBuf;
use std::sync::Arc;

use arrow::datatypes::{Field, FieldRef, Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::stats::Precision;
use datafusion::common::{ColumnStatistics, DFSchema, Statistics, project_schema};
use datafusion::datasource::TableType;
use datafusion::datasource::file_format::FileFormat;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::listing::helpers::{expr_applicable_for_cols, filter_partitioned_file};
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder};
use datafusion::datasource::table_schema::TableSchema;
use datafusion::error::Result;
use datafusion::execution::SessionState;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::object_store::path::Path;
use datafusion::object_store::{ObjectMeta, ObjectStore, ObjectStoreExt};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;
use futures::{StreamExt, TryStreamExt, stream};

use super::agreement::check_agreement;
use super::partitions::Partitions;

/// Files that are looked at at once.
const AT_ONCE: usize = 32;

#[derive(Debug)]
pub(super) struct FileSet {
    schema: TableSchema,
    format: Arc<dyn FileFormat>,
    store: ObjectStoreUrl,
    files: Vec<PartitionedFile>,
}

impl FileSet {
    /// Opens files of one format; at least one. Reads as much of each as its columns take to know.
    pub(super) async fn open(
        state: &SessionState,
        files: Vec<PathBuf>,
        format: Arc<dyn FileFormat>,
    ) -> Result<Self> {
        let partitions = Partitions::read(&files)?;
        let url = ObjectStoreUrl::local_filesystem();
        let store = state.runtime_env().object_store(&url)?;
        let heads = files.into_iter().map(|file| head(Arc::clone(&store), file));
        let objects: Vec<ObjectMeta> = stream::iter(heads).buffered(AT_ONCE).try_collect().await?;
        let of_folders: Vec<&str> = (partitions.fields.iter())
            .map(|(name, _)| name.as_str())
            .collect();
        check_agreement(state, &store, &format, &objects, &of_folders).await?;
        let read = format.infer_schema(state, &store, &objects).await?;
        let is_of_folder = |field: &&FieldRef| {
            partitions
                .fields
                .iter()
                .any(|(name, _)| name == field.name())
        };
        // What a folder says goes before what the file in it says.
        let of_files = read.fields().iter().filter(|field| !is_of_folder(field));
        let of_files = Schema::new_with_metadata(
            of_files.cloned().collect::<Vec<_>>(),
            read.metadata().clone(),
        );
        let of_folders = partitions.fields.iter();
        let of_folders =
            of_folders.map(|(name, kind)| Arc::new(Field::new(name, kind.clone(), true)));
        let files = objects.into_iter().zip(partitions.values);
        let files = files.map(|(object, values)| {
            let mut file = PartitionedFile::new_from_meta(object);
            file.partition_values = values;
            file
        });
        Ok(Self {
            schema: TableSchema::builder(Arc::new(of_files))
                .with_table_partition_cols(of_folders.collect::<Vec<_>>())
                .build(),
            format,
            store: url,
            files: files.collect(),
        })
    }

    /// The files that may hold rows which pass the filters on what folders say.
    fn relevant_files(&self, filters: &[Expr]) -> Result<Vec<PartitionedFile>> {
        let of_folders = self.schema.table_partition_cols();
        let names: Vec<&str> = of_folders
            .iter()
            .map(|field| field.name().as_str())
            .collect();
        let filters = filters.iter();
        let filters = filters.filter(|filter| expr_applicable_for_cols(&names, filter));
        let filters: Vec<Expr> = filters.cloned().collect();
        if names.is_empty() || filters.is_empty() {
            return Ok(self.files.clone());
        }
        let schema = DFSchema::from_unqualified_fields(
            of_folders.clone(),
            std::collections::HashMap::new(),
        )?;
        let files = self.files.iter().cloned();
        files
            .filter_map(|file| filter_partitioned_file(file, &filters, &schema).transpose())
            .collect()
    }

    async fn with_statistics(
        &self,
        state: &dyn Session,
        store: &Arc<dyn ObjectStore>,
        mut file: PartitionedFile,
    ) -> Result<PartitionedFile> {
        let schema = Arc::clone(self.schema.file_schema());
        let known = self
            .format
            .infer_stats_and_ordering(state, store, schema, &file.object_meta);
        let mut statistics = known.await?.statistics;
        let rows = statistics.num_rows;
        let of_folders = file.partition_values.iter().map(|value| {
            let (bound, nulls) = match value.is_null() {
                true => (Precision::Absent, rows),
                false => (Precision::Exact(value.clone()), Precision::Exact(0)),
            };
            ColumnStatistics {
                null_count: nulls,
                min_value: bound.clone(),
                max_value: bound,
                ..ColumnStatistics::new_unknown()
            }
        });
        statistics.column_statistics.extend(of_folders);
        file.statistics = Some(Arc::new(statistics));
        Ok(file)
    }
}

#[async_trait]
impl TableProvider for FileSet {
    fn schema(&self) -> SchemaRef {
        Arc::clone(self.schema.table_schema())
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>> {
        // Folders and statistics leave files and row groups out; the filter still runs on what is left.
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let store = state.runtime_env().object_store(&self.store)?;
        let mut files = self.relevant_files(filters)?;
        if files.is_empty() {
            let schema = project_schema(&self.schema(), projection)?;
            return Ok(Arc::new(EmptyExec::new(schema)));
        }
        if state.config().collect_statistics() {
            let known = stream::iter(files).map(|file| self.with_statistics(state, &store, file));
            files = known.buffered(AT_ONCE).try_collect().await?;
        }
        let known = files.iter().filter_map(|file| file.statistics.as_deref());
        let statistics = Statistics::try_merge_iter(known, self.schema.table_schema())?;
        let groups = FileGroup::new(files).split_files(state.config().target_partitions());
        let source = self.format.file_source(self.schema.clone());
        let scan = FileScanConfigBuilder::new(self.store.clone(), source)
            .with_file_groups(groups)
            .with_statistics(statistics)
            .with_projection_indices(projection.cloned())?
            .with_limit(limit)
            .build();
        self.format.create_physical_plan(state, scan).await
    }
}

async fn head(store: Arc<dyn ObjectStore>, file: PathBuf) -> Result<ObjectMeta> {
    let path = Path::from_absolute_path(std::path::absolute(file)?);
    let path = path.map_err(datafusion::object_store::Error::from)?;
    Ok(store.head(&path).await?)
}
