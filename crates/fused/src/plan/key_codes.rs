//! How keys get their codes: by the dictionaries of pages, or by their range.

use arrow::datatypes::DataType;
use parquet::basic::{Encoding, Type as PhysicalType};
use parquet::file::metadata::ColumnChunkMetaData;

use super::extent::Extent;
use super::files::Scanned;
use super::stored::is_all_codes;
use super::work_shares::FEWEST_TABLES;
use super::{ColumnSource, Declined, KeyPart, QueryColumn, Range};

/// A dictionary of more compressed bytes than this has too many values for keys.
const KEY_DICTIONARY_BYTES: i64 = 256 << 10;

/// Up to this many codes a range is taken before a dictionary.
const SMALL_RANGE: i64 = 1 << 16;

/// Beyond this many codes a range is no key.
const LARGE_RANGE: i64 = 1 << 22;

impl Scanned {
    /// The column chunks of a column in all row groups; none for a partition.
    fn chunks(&self, column: usize) -> impl Iterator<Item = &ColumnChunkMetaData> {
        self.row_groups.iter().filter_map(move |group| {
            let file = &self.files[group.file];
            match file.columns[column] {
                ColumnSource::Leaf(leaf) => Some(file.metadata.row_group(group.index).column(leaf)),
                ColumnSource::Partition(_) => None,
            }
        })
    }

    /// Decides how a part of the key gets its codes: by dictionary or by range.
    pub(super) fn place(&self, key_part: &mut KeyPart, columns: &[QueryColumn]) -> Declined<()> {
        let Some(column) = key_part.computation.single_column() else {
            return Err("a key looks at no column".to_string());
        };
        let is_partition = self
            .files
            .iter()
            .any(|file| matches!(file.columns[column], ColumnSource::Partition(_)));
        let range = if key_part.computation.is_column() && !is_partition {
            self.range(column, &columns[column].data_type)
        } else {
            None
        };
        let codes = range.map_or(i64::MAX, |range| range.most.saturating_sub(range.least));
        let codes_serve = self.codes_serve(column);
        if codes < SMALL_RANGE || (codes < LARGE_RANGE && !codes_serve) {
            key_part.range = range;
            return Ok(());
        }
        if codes_serve {
            return Ok(());
        }
        let name = &columns[column].name;
        Err(if self.chunks(column).all(is_all_codes) {
            format!("{name} has too many different values for a key")
        } else {
            format!("{name} is a key and not written as a dictionary")
        })
    }

    /// True when dictionaries have few values and there is nothing beside them.
    pub(super) fn codes_serve(&self, column: usize) -> bool {
        let is_small = |chunk: &ColumnChunkMetaData| {
            let dictionary = chunk.dictionary_page_offset().unwrap_or(0);
            chunk.column_type() == PhysicalType::BOOLEAN
                || chunk.data_page_offset() - dictionary <= KEY_DICTIONARY_BYTES
        };
        self.chunks(column)
            .all(|chunk| is_all_codes(chunk) && is_small(chunk))
    }

    /// Refuses what pages cannot be read as.
    pub(super) fn check(&self, columns: &[QueryColumn], key_parts: &[KeyPart]) -> Declined<()> {
        for (index, column) in columns.iter().enumerate() {
            for chunk in self.chunks(index) {
                let is_known = |encoding| {
                    use Encoding::{DELTA_BYTE_ARRAY, DELTA_LENGTH_BYTE_ARRAY};
                    !matches!(encoding, DELTA_BYTE_ARRAY | DELTA_LENGTH_BYTE_ARRAY)
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
        let codes = key_parts
            .iter()
            .filter_map(|key_part| key_part.range)
            .map(|range| range.most - range.least + 2);
        let groups = codes.fold(1_i64, i64::saturating_mul);
        // Threads fill tables of their own, which are added up: together they should be no longer than the rows.
        let tables = self.row_groups.len().min(FEWEST_TABLES) as i64;
        let rows: usize = self.row_groups.iter().map(|group| group.rows).sum();
        let is_worth = groups.saturating_mul(tables) <= i64::try_from(rows).unwrap_or(i64::MAX);
        if groups > 2 * LARGE_RANGE || (groups > SMALL_RANGE && !is_worth) {
            return Err("its keys have too many combinations".to_string());
        }
        Ok(())
    }

    /// The range of a column of whole numbers or dates, if statistics tell it for each row group.
    fn range(&self, column: usize, data_type: &DataType) -> Option<Range> {
        use DataType::{Date32, Int8, Int16, Int32, Int64, UInt8, UInt16, UInt32};
        if !matches!(
            data_type,
            Int8 | Int16 | Int32 | Int64 | UInt8 | UInt16 | UInt32 | Date32
        ) {
            return None;
        }
        let mut range: Option<Range> = None;
        for chunk in self.chunks(column) {
            let Some(Range { least, most }) = Extent::of(chunk, data_type)?.range else {
                continue;
            };
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
