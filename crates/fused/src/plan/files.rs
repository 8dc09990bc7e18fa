//! The files of a scan, opened, and which of their row groups to read.

use std::collections::HashMap;
use std::fs::File;
use std::sync::Arc;
use std::time::SystemTime;

use arrow::datatypes::Schema;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::parquet::{
    CachedParquetMetaData, ParquetAccessPlan, RowGroupAccessPlanFilter,
};
use datafusion::datasource::physical_plan::{FileSource, ParquetFileMetrics};
use datafusion::execution::cache::cache_manager::FileMetadataCache;
use datafusion::object_store::local::LocalFileSystem;
use datafusion::object_store::path::Path;
use datafusion::physical_expr::conjunction;
use datafusion::physical_expr::utils::collect_columns;
use datafusion::physical_optimizer::pruning::{PruningPredicate, PruningPredicateBuilder};
use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;
use kouan_scan::sound_footer;
use parquet::arrow::parquet_to_arrow_schema;
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};

use super::stored::{is_decoded, reads_as};
use super::walk::Below;
use super::{DataFile, Declined, Place, QueryColumn, RowGroup};

/// Footers that the session has read already.
#[derive(Debug, Clone)]
pub(crate) struct Footers(pub(crate) Arc<FileMetadataCache>);

impl Footers {
    fn of(&self, file: &File, listed: &PartitionedFile) -> Declined<Arc<ParquetMetaData>> {
        if let Some(known) = self.0.get(&listed.object_meta.location)
            && known.is_valid_for(&listed.object_meta)
            && let Some(known) = known
                .file_metadata
                .as_any()
                .downcast_ref::<CachedParquetMetaData>()
        {
            return sound(Arc::clone(known.parquet_metadata()));
        }
        let footer = ParquetMetaDataReader::new().parse_and_finish(file);
        sound(Arc::new(footer.map_err(|error| error.to_string())?))
    }
}

/// Statistics are believed only where they cannot mislead, whoever read the footer.
fn sound(footer: Arc<ParquetMetaData>) -> Declined<Arc<ParquetMetaData>> {
    sound_footer(footer).map_err(|error| error.to_string())
}

/// The files of a query and the row groups it reads.
pub(super) struct Scanned {
    pub(super) files: Vec<DataFile>,
    pub(super) row_groups: Vec<RowGroup>,
    pub(super) row_groups_in_all: usize,
}

/// Opens the files of a scan and chooses row groups by their statistics.
pub(super) fn scan(
    below: &Below<'_>,
    columns: &[QueryColumn],
    footers: &Footers,
) -> Declined<Scanned> {
    let (config, source) = (below.config, below.source);
    if config.limit.is_some() {
        return Err("a limit is below it".to_string());
    }
    if config.object_store_url.as_str() != "file:///" {
        return Err(format!(
            "{} is not on this machine",
            config.object_store_url
        ));
    }
    if !source.table_schema().virtual_columns().is_empty() {
        return Err("it reads places of rows".to_string());
    }
    let options = &source.table_parquet_options().global;
    if options.pushdown_filters && source.filter().is_some() {
        return Err(
            "datafusion.execution.parquet.pushdown_filters moved filters into the scan".to_string(),
        );
    }
    let pruning = options.pruning.then(|| pruning_predicate(below)).flatten();
    let mut scanned = Scanned {
        files: Vec::new(),
        row_groups: Vec::new(),
        row_groups_in_all: 0,
    };
    let mut opened: HashMap<Path, usize> = HashMap::new();
    for listed in config.file_groups.iter().flat_map(|group| group.files()) {
        if !listed.extensions.is_empty() {
            return Err(format!(
                "rows of {} were chosen before",
                listed.object_meta.location
            ));
        }
        let file = match opened.get(&listed.object_meta.location) {
            Some(file) => *file,
            None => {
                let file = open(
                    listed,
                    columns,
                    source.table_schema().file_schema(),
                    footers,
                )?;
                scanned.files.push(file);
                opened.insert(listed.object_meta.location.clone(), scanned.files.len() - 1);
                scanned.files.len() - 1
            }
        };
        scanned.choose(file, listed, pruning.as_ref())?;
    }
    Ok(scanned)
}

/// The filters that statistics can decide.
fn pruning_predicate(below: &Below<'_>) -> Option<PruningPredicate> {
    let schema = below.source.table_schema().file_schema();
    let in_file = below.filters.iter().filter(|filter| {
        collect_columns(filter)
            .iter()
            .all(|column| column.index() < schema.fields().len())
    });
    let filters: Vec<_> = in_file.cloned().collect();
    if filters.is_empty() {
        return None;
    }
    PruningPredicateBuilder::new()
        .with_file_schema(Arc::clone(schema))
        .try_build(conjunction(filters))
        .ok()
}

fn open(
    listed: &PartitionedFile,
    columns: &[QueryColumn],
    table: &Schema,
    footers: &Footers,
) -> Declined<DataFile> {
    let told = |error: &dyn std::fmt::Display| format!("{}: {error}", listed.object_meta.location);
    let path = LocalFileSystem::new()
        .path_to_filesystem(&listed.object_meta.location)
        .map_err(|error| told(&error))?;
    let file = File::open(path).map_err(|error| told(&error))?;
    let state = file.metadata().map_err(|error| told(&error))?;
    let listed_at = SystemTime::from(listed.object_meta.last_modified);
    if state.len() != listed.object_meta.size || state.modified().ok() != Some(listed_at) {
        return Err(told(&"the file has changed"));
    }
    let metadata = footers.of(&file, listed)?;
    let schema = metadata.file_metadata().schema_descr();
    let arrow = parquet_to_arrow_schema(schema, metadata.file_metadata().key_value_metadata())
        .map_err(|error| told(&error))?;
    let mut places = Vec::new();
    for column in columns {
        if let Some(partition) = column.table_index.checked_sub(table.fields().len()) {
            let Some(value) = listed.partition_values.get(partition) else {
                return Err(told(&format!("no partition {}", column.name)));
            };
            places.push(Place::Partition(value.clone()));
            continue;
        }
        let leaf = schema
            .columns()
            .iter()
            .position(|leaf| leaf.path().parts() == [column.name.clone()]);
        let Some(leaf) = leaf else {
            return Err(told(&format!("no plain column {}", column.name)));
        };
        let description = schema.column(leaf);
        if description.max_rep_level() > 0 || description.max_def_level() > 1 {
            return Err(told(&format!("{} is nested", column.name)));
        }
        let own = arrow
            .field_with_name(&column.name)
            .map_err(|error| told(&error))?
            .data_type();
        if !reads_as(own, &column.data_type)
            || !is_decoded(description.physical_type(), &column.data_type)
        {
            return Err(told(&format!(
                "{} of type {own} is read as {}",
                column.name, column.data_type
            )));
        }
        places.push(Place::Leaf(leaf));
    }
    Ok(DataFile {
        location: listed.object_meta.location.clone(),
        file: Arc::new(file),
        metadata,
        columns: places,
    })
}

impl Scanned {
    /// Takes the row groups of a listed piece of a file that may have rows for the filters.
    fn choose(
        &mut self,
        file: usize,
        listed: &PartitionedFile,
        pruning: Option<&PruningPredicate>,
    ) -> Declined<()> {
        let metadata = &self.files[file].metadata;
        let groups = metadata.row_groups();
        let mut chosen = RowGroupAccessPlanFilter::new(ParquetAccessPlan::new_all(groups.len()));
        if let Some(range) = &listed.range {
            chosen.prune_by_range(groups, range);
        }
        self.row_groups_in_all += chosen.remaining_row_group_count();
        if let Some(pruning) = pruning {
            let description = metadata.file_metadata().schema_descr();
            let arrow =
                parquet_to_arrow_schema(description, metadata.file_metadata().key_value_metadata())
                    .map_err(|error| error.to_string())?;
            let name = listed.object_meta.location.as_ref();
            let metrics = ParquetFileMetrics::new(0, name, &ExecutionPlanMetricsSet::new());
            chosen.prune_by_statistics(&arrow, description, groups, pruning, &metrics);
        }
        let rows = |index: usize| usize::try_from(groups[index].num_rows()).unwrap_or(0);
        let kept = chosen.row_group_indexes().filter(|index| rows(*index) > 0);
        self.row_groups.extend(kept.map(|index| RowGroup {
            file,
            index,
            rows: rows(index),
        }));
        Ok(())
    }
}
