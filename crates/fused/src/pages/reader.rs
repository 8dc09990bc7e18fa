//! One column chunk, read forward in blocks of rows that lie in one page each.

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use bytes::Bytes;
use datafusion::common::{exec_err, not_impl_err};
use datafusion::error::Result;
use parquet::basic::{Encoding, Type as PhysicalType};
use parquet::column::page::{Page, PageReader};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::serialized_reader::SerializedPageReader;

use super::page::DataPage;
use super::plain::decode_plain;
use super::{Block, Chunk};

/// How a column is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(super) physical: PhysicalType,
    /// Bytes of a value, 0 for texts.
    pub(crate) width: usize,
    /// True when values may be missing.
    pub(crate) optional: bool,
}

impl Layout {
    fn of(column: &ColumnChunkMetaData) -> Self {
        let description = column.column_descr();
        let physical = column.column_type();
        Self {
            physical,
            width: match physical {
                PhysicalType::INT32 | PhysicalType::FLOAT => 4,
                PhysicalType::INT64 | PhysicalType::DOUBLE => 8,
                _ => usize::try_from(description.type_length()).unwrap_or(0),
            },
            optional: description.max_def_level() > 0,
        }
    }
}

/// The values that codes stand for, plainly encoded.
#[derive(Debug, Clone)]
pub(crate) struct Dictionary {
    pub(crate) bytes: Bytes,
    pub(crate) size: usize,
}

/// Reads one column chunk.
pub(crate) struct ColumnReader {
    pages: SerializedPageReader<Chunk>,
    pub(crate) layout: Layout,
    dictionary: Option<Dictionary>,
    page: Option<DataPage>,
}

impl ColumnReader {
    /// Opens a chunk of a top-level column and reads its dictionary; pages of data are read when rows are asked for.
    pub(crate) fn open(chunk: Chunk, column: &ColumnChunkMetaData, rows: usize) -> Result<Self> {
        let layout = Layout::of(column);
        let mut reader = Self {
            pages: SerializedPageReader::new(Arc::new(chunk), column, rows, None)?,
            layout,
            dictionary: (layout.physical == PhysicalType::BOOLEAN).then(|| Dictionary {
                bytes: Bytes::new(),
                size: 2,
            }),
            page: None,
        };
        if column.dictionary_page_offset().is_some() && rows > 0 {
            reader.next_page()?;
        }
        Ok(reader)
    }

    pub(crate) fn dictionary(&self) -> Option<&Dictionary> {
        self.dictionary.as_ref()
    }

    /// The values of the dictionary as an array.
    pub(crate) fn dictionary_array(&self, data_type: &DataType) -> Result<Option<ArrayRef>> {
        let decode = |dictionary: &Dictionary| {
            decode_plain(&self.layout, &dictionary.bytes, dictionary.size, data_type)
        };
        self.dictionary.as_ref().map(decode).transpose()
    }

    /// How many rows can be read before the next page begins; at least one.
    pub(crate) fn rows_in_page(&mut self) -> Result<usize> {
        loop {
            match &self.page {
                Some(page) if page.rows > 0 => return Ok(page.rows),
                _ => self.next_page()?,
            }
        }
    }

    /// Passes over rows of the page.
    pub(crate) fn skip(&mut self, rows: usize, block: &mut Block) -> Result<()> {
        match &mut self.page {
            Some(page) => page.skip(rows, &self.layout, block),
            None => at_the_end(),
        }
    }

    /// Reads rows of the page and keeps those that are chosen, in order; all when nothing is said.
    pub(crate) fn fill(
        &mut self,
        rows: usize,
        chosen: Option<&[u32]>,
        block: &mut Block,
    ) -> Result<()> {
        let size = self.dictionary.as_ref().map_or(0, |values| values.size) as u32;
        match &mut self.page {
            Some(page) => page.fill(rows, chosen, &self.layout, size, block),
            None => at_the_end(),
        }
    }

    fn next_page(&mut self) -> Result<()> {
        match self.pages.get_next_page()? {
            None => return at_the_end(),
            Some(Page::DictionaryPage {
                buf,
                num_values,
                encoding,
                ..
            }) => {
                if self.dictionary.is_some() {
                    return exec_err!("a Parquet column has two dictionaries");
                }
                if !matches!(encoding, Encoding::PLAIN | Encoding::PLAIN_DICTIONARY) {
                    return not_impl_err!("a dictionary encoded as {encoding}");
                }
                self.dictionary = Some(Dictionary {
                    bytes: buf,
                    size: num_values as usize,
                });
            }
            Some(page) => {
                let has_dictionary = self.dictionary.is_some();
                self.page = Some(DataPage::open(page, &self.layout, has_dictionary)?);
            }
        }
        Ok(())
    }
}

fn at_the_end<T>() -> Result<T> {
    exec_err!("a Parquet column ends before its last row")
}
