//! Reads footers, once a file and session, and lets only sound ones through.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use datafusion::common::exec_datafusion_err;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::parquet::metadata::DFParquetMetadata;
use datafusion::datasource::physical_plan::parquet::{
    CachedParquetFileReaderFactory, CachedParquetMetaData, ParquetFileReaderFactory,
};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::cache::cache_manager::{CachedFileMetadataEntry, FileMetadataCache};
use datafusion::object_store::{ObjectMeta, ObjectStore};
use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;
use futures::FutureExt;
use futures::future::BoxFuture;
use parquet::arrow::arrow_reader::ArrowReaderOptions;
use parquet::arrow::async_reader::AsyncFileReader;
use parquet::errors::ParquetError;
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData};
use parquet::schema::types::Type;

use crate::footer::sound_footer;

/// The sound footer of a file, with its page index if it has one.
///
/// # Errors
/// The file is no Parquet file, is damaged, or its footer contradicts itself; the message names the file.
pub(crate) async fn read_footer(
    store: &dyn ObjectStore,
    object: &ObjectMeta,
    known: &Arc<FileMetadataCache>,
    size_hint: Option<usize>,
) -> Result<Arc<ParquetMetaData>> {
    let footer = match cached(object, known) {
        Some(footer) => footer,
        None => DFParquetMetadata::new(store, object)
            .with_metadata_size_hint(size_hint)
            .with_file_metadata_cache(Some(Arc::clone(known)))
            .with_page_index_policy(Some(PageIndexPolicy::Optional))
            .fetch_metadata()
            .await
            .map_err(|error| unreadable(object, &error))?,
    };
    check_names(footer.file_metadata().schema())
        .map_err(|error| exec_datafusion_err!("{}: {error}", path(object)))?;
    let sound = sound_footer(Arc::clone(&footer))
        .map_err(|error| exec_datafusion_err!("{}: {error}", path(object)))?;
    if !Arc::ptr_eq(&sound, &footer) {
        // Whoever asks the cache for this footer gets the sound one.
        let entry = Arc::new(CachedParquetMetaData::new(Arc::clone(&sound)));
        let entry = CachedFileMetadataEntry::new(object.clone(), entry);
        known.put(&object.location, entry);
    }
    Ok(sound)
}

fn cached(object: &ObjectMeta, known: &Arc<FileMetadataCache>) -> Option<Arc<ParquetMetaData>> {
    let entry = known.get(&object.location)?;
    if !entry.is_valid_for(object) {
        return None;
    }
    let footer = entry.file_metadata.as_any();
    let footer = footer.downcast_ref::<CachedParquetMetaData>()?;
    Some(Arc::clone(footer.parquet_metadata()))
}

/// Two columns of one name, also inside another column, cannot be told apart: one would be read twice or not at all.
fn check_names(schema: &Type) -> std::result::Result<(), String> {
    fn check(group: &Type, place: &str) -> std::result::Result<(), String> {
        let mut names = HashSet::new();
        for field in group.get_fields() {
            let name = field.name();
            if !names.insert(name) {
                return Err(format!(
                    "two columns{place} are named '{name}'; write the file with different names"
                ));
            }
            if field.is_group() {
                check(field, &format!(" in '{name}'"))?;
            }
        }
        Ok(())
    }
    check(schema, "")
}

/// The file as its errors name it.
pub(crate) fn path(object: &ObjectMeta) -> String {
    format!("/{}", object.location)
}

fn unreadable(object: &ObjectMeta, error: &DataFusionError) -> DataFusionError {
    let message = error.to_string();
    let message = message.trim_start_matches("Parquet error: ");
    exec_datafusion_err!(
        "{}: {message}; the file is damaged, or was not written as the format says: write it anew, with pyarrow or DuckDB if they read it",
        path(object)
    )
}

/// Opens files for DataFusion's scan, which gets sound footers.
#[derive(Debug)]
pub(crate) struct SoundReaders {
    store: Arc<dyn ObjectStore>,
    known: Arc<FileMetadataCache>,
    readers: CachedParquetFileReaderFactory,
}

impl SoundReaders {
    pub(crate) fn new(store: Arc<dyn ObjectStore>, known: Arc<FileMetadataCache>) -> Self {
        let readers = CachedParquetFileReaderFactory::new(Arc::clone(&store), Arc::clone(&known));
        Self {
            store,
            known,
            readers,
        }
    }
}

impl ParquetFileReaderFactory for SoundReaders {
    fn create_reader(
        &self,
        partition: usize,
        file: PartitionedFile,
        size_hint: Option<usize>,
        metrics: &ExecutionPlanMetricsSet,
    ) -> Result<Box<dyn AsyncFileReader + Send>> {
        let object = file.object_meta.clone();
        Ok(Box::new(SoundReader {
            bytes: self
                .readers
                .create_reader(partition, file, size_hint, metrics)?,
            store: Arc::clone(&self.store),
            known: Arc::clone(&self.known),
            object,
            size_hint,
        }))
    }
}

struct SoundReader {
    bytes: Box<dyn AsyncFileReader + Send>,
    store: Arc<dyn ObjectStore>,
    known: Arc<FileMetadataCache>,
    object: ObjectMeta,
    size_hint: Option<usize>,
}

impl AsyncFileReader for SoundReader {
    fn get_bytes(&mut self, range: Range<u64>) -> BoxFuture<'_, parquet::errors::Result<Bytes>> {
        self.bytes.get_bytes(range)
    }

    fn get_byte_ranges(
        &mut self,
        ranges: Vec<Range<u64>>,
    ) -> BoxFuture<'_, parquet::errors::Result<Vec<Bytes>>> {
        self.bytes.get_byte_ranges(ranges)
    }

    fn get_metadata<'a>(
        &'a mut self,
        _: Option<&'a ArrowReaderOptions>,
    ) -> BoxFuture<'a, parquet::errors::Result<Arc<ParquetMetaData>>> {
        let footer = read_footer(
            self.store.as_ref(),
            &self.object,
            &self.known,
            self.size_hint,
        );
        let footer =
            footer.map(|footer| footer.map_err(|error| ParquetError::External(Box::new(error))));
        footer.boxed()
    }
}
