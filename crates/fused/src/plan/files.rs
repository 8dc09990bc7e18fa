//! The files of a scan: what their footers say of encodings, types and ranges, and which row groups to read.

use std::collections::HashMap;
use std::fs::File;
use std::sync::Arc;
use std::time::SystemTime;

use arrow::datatypes::{DataType, Schema};
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
use parquet::arrow::parquet_to_arrow_schema;
use parquet::basic::{Encoding, Type as PhysicalType};
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, ParquetMetaDataReader};
use parquet::file::statistics::Statistics;

use super::shape::Shape;
use super::{DataFile, Declined, Part, Place, QueryColumn, Range, RowGroup};

/// A dictionary of more compressed bytes than this has too many values for keys.
const KEY_DICTIONARY_BYTES: i64 = 256 << 10;

/// Up to this many numbers a range is taken before a dictionary.
const SMALL_RANGE: i64 = 1 << 16;

/// Beyond this many numbers a range is no key.
const LARGE_RANGE: i64 = 1 << 22;

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
            return Ok(Arc::clone(known.parquet_metadata()));
        }
        let footer = ParquetMetaDataReader::new().parse_and_finish(file);
        footer.map(Arc::new).map_err(|error| error.to_string())
    }
}

/// The files of a query and the row groups it reads.
pub(super) struct Scanned {
    pub(super) files: Vec<DataFile>,
    pub(super) row_groups: Vec<RowGroup>,
    pub(super) row_groups_in_all: usize,
}

/// Opens the files of a scan and chooses row groups by their statistics.
pub(super) fn scan(
    shape: &Shape<'_>,
    columns: &[QueryColumn],
    footers: &Footers,
) -> Declined<Scanned> {
    let (config, source) = (shape.config, shape.source);
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
    let pruning = options.pruning.then(|| pruning_predicate(shape)).flatten();
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
fn pruning_predicate(shape: &Shape<'_>) -> Option<PruningPredicate> {
    let schema = shape.source.table_schema().file_schema();
    let in_file = shape.filters.iter().filter(|filter| {
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
        file: Arc::new(file),
        metadata,
        columns: places,
    })
}

/// True when a file's type is the table's, texts in whatever layout.
fn reads_as(own: &DataType, table: &DataType) -> bool {
    use DataType::{Binary, BinaryView, Dictionary, LargeBinary, LargeUtf8, Utf8, Utf8View};
    match (own, table) {
        (own, table) if own == table => true,
        (Dictionary(_, own), table) => reads_as(own, table),
        (own, Dictionary(_, table)) => reads_as(own, table),
        (Utf8 | LargeUtf8 | Utf8View, Utf8 | LargeUtf8 | Utf8View) => true,
        (Binary | LargeBinary | BinaryView, Binary | LargeBinary | BinaryView) => true,
        _ => false,
    }
}

/// True for the pairs of types that the pages are decoded to.
fn is_decoded(physical: PhysicalType, data_type: &DataType) -> bool {
    use DataType::{
        Binary, BinaryView, Boolean, Date32, Decimal32, Decimal64, Decimal128, Dictionary,
        Duration, Float32, Float64, Int8, Int16, Int32, Int64, LargeBinary, LargeUtf8, Time32,
        Time64, Timestamp, UInt8, UInt16, UInt32, UInt64, Utf8, Utf8View,
    };
    match (physical, data_type) {
        (physical, Dictionary(_, value)) => is_decoded(physical, value),
        (PhysicalType::BOOLEAN, Boolean)
        | (
            PhysicalType::INT32,
            Int8 | Int16 | Int32 | UInt8 | UInt16 | UInt32 | Date32 | Time32(_),
        )
        | (PhysicalType::INT32, Decimal32(..) | Decimal128(..))
        | (PhysicalType::INT64, Int64 | UInt64 | Time64(_) | Timestamp(..) | Duration(_))
        | (PhysicalType::INT64, Decimal64(..) | Decimal128(..))
        | (PhysicalType::FLOAT, Float32)
        | (PhysicalType::DOUBLE, Float64)
        | (
            PhysicalType::BYTE_ARRAY,
            Utf8 | LargeUtf8 | Utf8View | Binary | LargeBinary | BinaryView,
        )
        | (PhysicalType::FIXED_LEN_BYTE_ARRAY, Decimal128(..)) => true,
        _ => false,
    }
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

    /// The column chunks of a column in all row groups; none for a partition.
    fn chunks(&self, column: usize) -> impl Iterator<Item = &ColumnChunkMetaData> {
        self.row_groups.iter().filter_map(move |group| {
            let file = &self.files[group.file];
            match file.columns[column] {
                Place::Leaf(leaf) => Some(file.metadata.row_group(group.index).column(leaf)),
                Place::Partition(_) => None,
            }
        })
    }

    /// Decides how a part becomes numbers: by dictionary or by range.
    pub(super) fn place(&self, part: &mut Part, columns: &[QueryColumn]) -> Declined<()> {
        let Some(column) = part.computation.single_column() else {
            return Err("a key looks at no column".to_string());
        };
        let is_partition = self
            .files
            .iter()
            .any(|file| matches!(file.columns[column], Place::Partition(_)));
        let range = if part.computation.is_column() && !is_partition {
            self.range(column, &columns[column].data_type)
        } else {
            None
        };
        let numbers = range.map_or(i64::MAX, |range| range.most.saturating_sub(range.least));
        let has_codes = self.chunks(column).all(is_all_codes);
        let is_small = |chunk: &ColumnChunkMetaData| {
            let dictionary = chunk.dictionary_page_offset().unwrap_or(0);
            chunk.column_type() == PhysicalType::BOOLEAN
                || chunk.data_page_offset() - dictionary <= KEY_DICTIONARY_BYTES
        };
        let codes_serve = has_codes && self.chunks(column).all(is_small);
        if numbers < SMALL_RANGE || (numbers < LARGE_RANGE && !codes_serve) {
            part.range = range;
            return Ok(());
        }
        if codes_serve {
            return Ok(());
        }
        let name = &columns[column].name;
        Err(if has_codes {
            format!("{name} has too many different values for a key")
        } else {
            format!("{name} is a key and not written as a dictionary")
        })
    }

    /// Refuses what pages cannot be read as.
    pub(super) fn check(&self, columns: &[QueryColumn], parts: &[Part]) -> Declined<()> {
        for (index, column) in columns.iter().enumerate() {
            for chunk in self.chunks(index) {
                let is_known = |encoding| {
                    use Encoding::{
                        BYTE_STREAM_SPLIT, DELTA_BINARY_PACKED, DELTA_BYTE_ARRAY,
                        DELTA_LENGTH_BYTE_ARRAY,
                    };
                    !matches!(
                        encoding,
                        BYTE_STREAM_SPLIT
                            | DELTA_BINARY_PACKED
                            | DELTA_BYTE_ARRAY
                            | DELTA_LENGTH_BYTE_ARRAY
                    )
                };
                if !chunk.encodings().all(is_known) {
                    return Err(format!(
                        "{} has an encoding that is left to DataFusion",
                        column.name
                    ));
                }
                if chunk.column_type() == PhysicalType::BYTE_ARRAY && !is_all_codes(chunk) {
                    return Err(format!(
                        "{} is text and not written as a dictionary",
                        column.name
                    ));
                }
            }
        }
        // The product that can be known before files are read.
        let numbers = parts
            .iter()
            .filter_map(|part| part.range)
            .map(|range| range.most - range.least + 2);
        if numbers.fold(1_i64, i64::saturating_mul) > 2 * LARGE_RANGE {
            return Err("its keys have too many combinations".to_string());
        }
        Ok(())
    }

    /// The range of a column of whole numbers or dates, if statistics tell it for each row group.
    fn range(&self, column: usize, data_type: &DataType) -> Option<Range> {
        use DataType::{Date32, Int8, Int16, Int32, Int64, UInt8, UInt16, UInt32};
        let is_unsigned = matches!(data_type, UInt32);
        if !matches!(
            data_type,
            Int8 | Int16 | Int32 | Int64 | UInt8 | UInt16 | UInt32 | Date32
        ) {
            return None;
        }
        let mut range: Option<Range> = None;
        for chunk in self.chunks(column) {
            let statistics = chunk.statistics()?;
            if statistics.is_min_max_deprecated() {
                return None;
            }
            let whole = |number: i32| {
                if is_unsigned {
                    i64::from(number.cast_unsigned())
                } else {
                    i64::from(number)
                }
            };
            let (least, most) = match statistics {
                Statistics::Int32(values) => (
                    values.min_opt().map(|v| whole(*v)),
                    values.max_opt().map(|v| whole(*v)),
                ),
                Statistics::Int64(values) => (values.min_opt().copied(), values.max_opt().copied()),
                _ => return None,
            };
            let rows = u64::try_from(chunk.num_values()).ok()?;
            if least.is_none() && statistics.null_count_opt() == Some(rows) {
                continue;
            }
            let (least, most) = (least?, most?);
            let known = range.unwrap_or(Range { least, most });
            range = Some(Range {
                least: known.least.min(least),
                most: known.most.max(most),
            });
        }
        range
            .or(Some(Range { least: 0, most: 0 }))
            .filter(|range| range.least <= range.most)
    }
}

/// True when every data page of a chunk holds codes, as its footer says.
pub(crate) fn is_all_codes(chunk: &ColumnChunkMetaData) -> bool {
    if chunk.column_type() == PhysicalType::BOOLEAN {
        return true;
    }
    let is_code = |encoding: Encoding| {
        matches!(
            encoding,
            Encoding::PLAIN_DICTIONARY | Encoding::RLE_DICTIONARY
        )
    };
    if chunk.dictionary_page_offset().is_none() {
        return false;
    }
    if let Some(mask) = chunk.page_encoding_stats_mask() {
        return mask.encodings().all(is_code);
    }
    if let Some(pages) = chunk.page_encoding_stats() {
        let is_data =
            |page: &parquet::basic::PageType| *page != parquet::basic::PageType::DICTIONARY_PAGE;
        return pages
            .iter()
            .filter(|page| is_data(&page.page_type))
            .all(|page| is_code(page.encoding));
    }
    // Without statistics of pages a plain encoding may be that of the dictionary or of data.
    chunk.encodings().any(is_code)
        && chunk
            .encodings()
            .all(|encoding| encoding != Encoding::PLAIN)
}
