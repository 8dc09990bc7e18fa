//! DataFusion's Parquet format, told only what is sound of a file, and writing only what misleads no other reader.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::Session;
use datafusion::common::config::{ConfigFileType, TableParquetOptions};
use datafusion::common::{GetExt, Statistics, exec_datafusion_err, internal_datafusion_err};
use datafusion::datasource::file_format::file_compression_type::FileCompressionType;
use datafusion::datasource::file_format::parquet::{ParquetFormat, ParquetFormatFactory};
use datafusion::datasource::file_format::{FileFormat, FileFormatFactory, FileMeta};
use datafusion::datasource::physical_plan::{
    FileScanConfig, FileScanConfigBuilder, FileSinkConfig, FileSource, ParquetSource,
};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::error::Result;
use datafusion::object_store::{ObjectMeta, ObjectStore};
use datafusion::physical_expr::{LexOrdering, LexRequirement};
use datafusion::physical_plan::ExecutionPlan;
use futures::{StreamExt, TryStreamExt, stream};
use parquet::arrow::ArrowSchemaConverter;

use crate::bounds::is_float;
use crate::file_statistics::file_statistics;
use crate::read_footer::{SoundReaders, read_footer};

/// Makes [`SoundParquet`] of the options of a session and a statement; stands where DataFusion's factory stood.
#[derive(Debug, Default)]
pub struct SoundParquetFactory;

impl FileFormatFactory for SoundParquetFactory {
    fn create(
        &self,
        state: &dyn Session,
        told: &HashMap<String, String>,
    ) -> Result<Arc<dyn FileFormat>> {
        let mut options = state.default_table_options();
        options.set_config_format(ConfigFileType::PARQUET);
        options.alter_with_string_hash_map(told)?;
        Ok(Arc::new(SoundParquet::new(options.parquet)))
    }

    fn default(&self) -> Arc<dyn FileFormat> {
        Arc::new(SoundParquet::default())
    }
}

impl GetExt for SoundParquetFactory {
    fn get_ext(&self) -> String {
        ParquetFormatFactory::new().get_ext()
    }
}

/// Parquet files as tables, of which planning and scans get sound footers ([`sound_footer`](crate::sound_footer)).
///
/// Files do not tell their order: the format's `sorting_columns` are of each row group apart, whereas DataFusion takes
/// those of the first for the order of the file.
#[derive(Debug, Default)]
pub struct SoundParquet {
    inner: ParquetFormat,
}

impl SoundParquet {
    /// The format with options.
    pub fn new(options: TableParquetOptions) -> Self {
        Self {
            inner: ParquetFormat::default().with_options(options),
        }
    }
}

#[async_trait]
impl FileFormat for SoundParquet {
    fn get_ext(&self) -> String {
        self.inner.get_ext()
    }

    fn get_ext_with_compression(&self, compression: &FileCompressionType) -> Result<String> {
        self.inner.get_ext_with_compression(compression)
    }

    fn compression_type(&self) -> Option<FileCompressionType> {
        self.inner.compression_type()
    }

    async fn infer_schema(
        &self,
        state: &dyn Session,
        store: &Arc<dyn ObjectStore>,
        objects: &[ObjectMeta],
    ) -> Result<SchemaRef> {
        let known = state.runtime_env().cache_manager.get_file_metadata_cache();
        let hint = self.inner.metadata_size_hint();
        let at_once = state.config_options().execution.meta_fetch_concurrency;
        // The first reading of each footer, so that what is cached is sound.
        let footers = stream::iter(objects)
            .map(|object| read_footer(store.as_ref(), object, &known, hint))
            .boxed()
            .buffered(at_once.get());
        footers.try_for_each(async |_| Ok(())).await?;
        self.inner.infer_schema(state, store, objects).await
    }

    async fn infer_stats(
        &self,
        state: &dyn Session,
        store: &Arc<dyn ObjectStore>,
        table_schema: SchemaRef,
        object: &ObjectMeta,
    ) -> Result<Statistics> {
        let known = state.runtime_env().cache_manager.get_file_metadata_cache();
        let hint = self.inner.metadata_size_hint();
        let footer = read_footer(store.as_ref(), object, &known, hint).await?;
        file_statistics(&footer, &table_schema)
    }

    async fn infer_ordering(
        &self,
        _: &dyn Session,
        _: &Arc<dyn ObjectStore>,
        _: SchemaRef,
        _: &ObjectMeta,
    ) -> Result<Option<LexOrdering>> {
        Ok(None)
    }

    async fn infer_stats_and_ordering(
        &self,
        state: &dyn Session,
        store: &Arc<dyn ObjectStore>,
        table_schema: SchemaRef,
        object: &ObjectMeta,
    ) -> Result<FileMeta> {
        let statistics = self.infer_stats(state, store, table_schema, object).await?;
        Ok(FileMeta::new(statistics))
    }

    async fn create_physical_plan(
        &self,
        state: &dyn Session,
        config: FileScanConfig,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let plan = self.inner.create_physical_plan(state, config).await?;
        let scan = plan.downcast_ref::<DataSourceExec>();
        let scan = scan.and_then(DataSourceExec::downcast_to_file_source::<ParquetSource>);
        let (config, source) =
            scan.ok_or_else(|| internal_datafusion_err!("a scan of Parquet files is expected"))?;
        let runtime = state.runtime_env();
        let store = runtime.object_store(config.object_store_url.clone())?;
        let known = runtime.cache_manager.get_file_metadata_cache();
        let readers = Arc::new(SoundReaders::new(store, known));
        let source = source.clone().with_parquet_file_reader_factory(readers);
        let config = FileScanConfigBuilder::from(config.clone())
            .with_source(Arc::new(source))
            .build();
        Ok(DataSourceExec::from_data_source(config))
    }

    async fn create_writer_physical_plan(
        &self,
        input: Arc<dyn ExecutionPlan>,
        state: &dyn Session,
        config: FileSinkConfig,
        order: Option<LexRequirement>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let mut options = self.inner.options().clone();
        without_float_bounds(&mut options, config.output_schema())?;
        let writer = ParquetFormat::default().with_options(options);
        writer
            .create_writer_physical_plan(input, state, config, order)
            .await
    }

    fn file_source(&self, schema: TableSchema) -> Arc<dyn FileSource> {
        self.inner.file_source(schema)
    }
}

/// Writes no bounds of floats, unless the statement asks for them: the `parquet` crate leaves NaN out of them, and most
/// readers, also those that put NaN above all numbers, would leave out rows by them.
fn without_float_bounds(options: &mut TableParquetOptions, schema: &SchemaRef) -> Result<()> {
    let written = ArrowSchemaConverter::new()
        .convert(schema)
        .map_err(|error| exec_datafusion_err!("{error}"))?;
    for column in written.columns().iter().filter(|column| is_float(column)) {
        let path = column.path().string();
        let of_column = options.column_specific_options.entry(path).or_default();
        let statistics = &mut of_column.statistics_enabled;
        if statistics.is_none() {
            *statistics = Some("none".to_string());
        }
    }
    Ok(())
}
