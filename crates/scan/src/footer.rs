//! The footer of a Parquet file without what it says and cannot know.
//!
//! DataFusion takes every bound and count for the truth: to leave out row groups and pages, to answer `min`, `max` and
//! `count` without reading, to put a constant in the place of a column. The format allows footers that mislead it so:
//! floats whose bounds leave NaN out (apache/datafusion 15812), chunks whose number of NULLs is not told, which it takes
//! for none (25239), bounds in an order that was not defined. [`sound_footer`] removes these and keeps the rest, so that
//! all that looks at a footer may go on believing it.

use std::fmt;
use std::sync::Arc;

use parquet::file::metadata::{
    ColumnChunkMetaData, ParquetColumnIndex, ParquetMetaData, ParquetOffsetIndex, RowGroupMetaData,
};
use parquet::file::page_index::column_index::ColumnIndexMetaData;

use crate::bounds::{Bounds, Writer, contradict, is_float, without_bounds};

/// Why a footer cannot be used at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FooterError(String);

impl fmt::Display for FooterError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for FooterError {}

/// A footer whose statistics may be believed: the same one if all of them may.
///
/// Removed are
/// - bounds of floats, unless the file's writer says that it gives none where a value is NaN
///   ([`FLOAT_BOUNDS_KEY`](crate::FLOAT_BOUNDS_KEY)), and their Bloom filters, which tell zeros of either sign apart;
/// - bounds of types without an order (INT96, intervals), of texts and bytes whose order is not told, and those in the
///   fields that the format has given up, unless they are of signed numbers; bounds that contradict each other;
/// - all statistics of a chunk of a nullable column that do not tell the number of NULLs;
/// - page indexes whose lists do not fit each other or the row group.
///
/// Bounds that are cut short stay, since they are marked as not exact.
///
/// # Errors
/// Numbers of rows contradict each other, so that no count is known.
pub fn sound_footer(footer: Arc<ParquetMetaData>) -> Result<Arc<ParquetMetaData>, FooterError> {
    check_rows(&footer)?;
    let file = footer.file_metadata();
    let writer = Writer::of(file);
    let columns: Vec<Column> = (file.schema_descr().columns().iter().enumerate())
        .map(|(leaf, column)| Column {
            bounds: Bounds::of(column, file.column_order(leaf), writer),
            is_float: is_float(column),
            counts_are_told: column.max_def_level() == 0 || writer.omits_zero_null_counts,
        })
        .collect();
    let is_paged = pages_fit(&footer);
    let changes = |group: &RowGroupMetaData| -> Vec<Option<Change>> {
        let chunks = group.columns().iter().zip(&columns);
        let change = chunks.map(|(chunk, column)| column.change(chunk, is_paged));
        change.collect()
    };
    let changes: Vec<Vec<Option<Change>>> = footer.row_groups().iter().map(changes).collect();
    if changes.iter().flatten().all(Option::is_none) && pages_are_sound(&footer, &columns) {
        return Ok(footer);
    }
    let mut groups = footer.row_groups().to_vec();
    for (group, changes) in groups.iter_mut().zip(&changes) {
        for (chunk, change) in group.columns_mut().iter_mut().zip(changes) {
            if let Some(change) = change {
                let changed = change.of(chunk.clone());
                *chunk = changed.map_err(|error| FooterError(error.to_string()))?;
            }
        }
    }
    let index = footer.column_index().filter(|_| is_paged);
    let index = index.map(|index| sound_pages(index, footer.offset_index(), &columns));
    let places = footer.offset_index().filter(|_| is_paged).cloned();
    let sound = ParquetMetaData::clone(&footer)
        .into_builder()
        .set_row_groups(groups)
        .set_column_index(index)
        .set_offset_index(places)
        .build();
    Ok(Arc::new(sound))
}

/// What may be believed of a column, in all row groups.
struct Column {
    bounds: Bounds,
    is_float: bool,
    /// A chunk that tells no number of NULLs has none.
    counts_are_told: bool,
}

/// What is removed from a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Change {
    statistics: Statistics,
    bloom_filter: bool,
    column_index: bool,
    offset_index: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Statistics {
    Kept,
    WithoutBounds,
    Removed,
}

impl Column {
    fn change(&self, chunk: &ColumnChunkMetaData, is_paged: bool) -> Option<Change> {
        let is_unsound = self.bounds == Bounds::Unsound;
        let change = Change {
            statistics: self.statistics(chunk),
            bloom_filter: self.is_float && chunk.bloom_filter_offset().is_some(),
            column_index: (is_unsound || !is_paged) && chunk.column_index_offset().is_some(),
            offset_index: !is_paged && chunk.offset_index_offset().is_some(),
        };
        let nothing = Change {
            statistics: Statistics::Kept,
            bloom_filter: false,
            column_index: false,
            offset_index: false,
        };
        (change != nothing).then_some(change)
    }

    fn statistics(&self, chunk: &ColumnChunkMetaData) -> Statistics {
        let Some(told) = chunk.statistics() else {
            return Statistics::Kept;
        };
        let values = chunk.num_values() as u64;
        let has_bounds = told.min_bytes_opt().is_some() || told.max_bytes_opt().is_some();
        let is_possible = match told.null_count_opt() {
            None => self.counts_are_told,
            Some(nulls) => nulls <= values && !(has_bounds && nulls == values),
        };
        if !is_possible {
            Statistics::Removed
        } else if has_bounds && (!self.bounds.allow(told) || contradict(told, chunk.column_descr()))
        {
            Statistics::WithoutBounds
        } else {
            Statistics::Kept
        }
    }
}

impl Change {
    fn of(self, chunk: ColumnChunkMetaData) -> parquet::errors::Result<ColumnChunkMetaData> {
        let told = chunk.statistics().cloned();
        let mut chunk = chunk.into_builder();
        chunk = match (self.statistics, told) {
            (Statistics::WithoutBounds, Some(told)) => chunk.set_statistics(without_bounds(&told)),
            (Statistics::Removed, _) => chunk.clear_statistics(),
            _ => chunk,
        };
        if self.bloom_filter {
            chunk = chunk
                .set_bloom_filter_offset(None)
                .set_bloom_filter_length(None);
        }
        if self.column_index {
            chunk = chunk
                .set_column_index_offset(None)
                .set_column_index_length(None);
        }
        if self.offset_index {
            chunk = chunk
                .set_offset_index_offset(None)
                .set_offset_index_length(None);
        }
        chunk.build()
    }
}

/// Row groups, their columns and the file must agree about rows: answers are counted from these numbers.
fn check_rows(footer: &ParquetMetaData) -> Result<(), FooterError> {
    let mut rows: i64 = 0;
    let mut is_confirmed = true;
    for (number, group) in footer.row_groups().iter().enumerate() {
        rows = rows.saturating_add(group.num_rows());
        let flat = |chunk: &&ColumnChunkMetaData| chunk.column_descr().max_rep_level() == 0;
        let mut flat = group.columns().iter().filter(flat).peekable();
        is_confirmed &= flat.peek().is_some();
        let other = flat.find(|chunk| chunk.num_values() != group.num_rows());
        if let Some(chunk) = other {
            return Err(FooterError(format!(
                "the footer contradicts itself: row group {number} has {} rows, its column '{}' {} values; write the file anew",
                group.num_rows(),
                chunk.column_path().string(),
                chunk.num_values()
            )));
        }
        if group.num_rows() < 0 {
            return Err(FooterError(format!(
                "the footer gives row group {number} {} rows; write the file anew",
                group.num_rows()
            )));
        }
    }
    // Where columns confirm the row groups, the file's own number, which nothing is read by, is the wrong one.
    let told = footer.file_metadata().num_rows();
    if told != rows && !is_confirmed {
        return Err(FooterError(format!(
            "the footer contradicts itself: the file has {told} rows, its row groups {rows}; write the file anew"
        )));
    }
    Ok(())
}

/// Whether the places of pages begin with the rows of their row groups and go up. An empty row group has no page at all,
/// at which the `parquet` crate panics.
fn pages_fit(footer: &ParquetMetaData) -> bool {
    let Some(places) = footer.offset_index() else {
        return true;
    };
    let fits = |(group, places): (&RowGroupMetaData, &Vec<_>)| {
        let rows = group.num_rows();
        let is_fitting =
            |of_column: &parquet::file::page_index::offset_index::OffsetIndexMetaData| {
                let pages = of_column.page_locations();
                let first = pages.first().map(|page| page.first_row_index);
                let last = pages.last().map(|page| page.first_row_index);
                first == Some(0)
                    && last.is_some_and(|last| last < rows)
                    && pages.is_sorted_by_key(|page| page.first_row_index)
            };
        places.iter().all(is_fitting)
    };
    places.len() == footer.num_row_groups() && footer.row_groups().iter().zip(places).all(fits)
}

/// Whether the index of each column's pages has as many entries as there are pages, and none has to be removed.
fn pages_are_sound(footer: &ParquetMetaData, columns: &[Column]) -> bool {
    let (Some(index), Some(places)) = (footer.column_index(), footer.offset_index()) else {
        return true;
    };
    let rows = index.iter().zip(places);
    rows.into_iter().all(|(index, places)| {
        let columns = index.iter().zip(places).zip(columns);
        columns.into_iter().all(|((index, places), column)| {
            is_sound_index(index, places.page_locations().len(), column)
        })
    })
}

fn sound_pages(
    index: &ParquetColumnIndex,
    places: Option<&ParquetOffsetIndex>,
    columns: &[Column],
) -> ParquetColumnIndex {
    let of_group = |(number, index): (usize, &Vec<ColumnIndexMetaData>)| {
        let of_column = |(leaf, index): (usize, &ColumnIndexMetaData)| {
            let places = places.and_then(|places| places.get(number)?.get(leaf));
            let pages = places.map_or(0, |places| places.page_locations().len());
            match is_sound_index(index, pages, &columns[leaf]) {
                true => index.clone(),
                false => ColumnIndexMetaData::NONE,
            }
        };
        index.iter().enumerate().map(of_column).collect()
    };
    index.iter().enumerate().map(of_group).collect()
}

fn is_sound_index(index: &ColumnIndexMetaData, pages: usize, column: &Column) -> bool {
    let is_none = matches!(index, ColumnIndexMetaData::NONE);
    is_none
        || column.bounds != Bounds::Unsound
            && index.num_pages() == pages as u64
            && index
                .null_counts()
                .is_none_or(|counts| counts.len() == pages)
}
