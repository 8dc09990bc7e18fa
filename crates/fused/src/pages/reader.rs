//! One column chunk, read forward in blocks of rows that lie in one page each.

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use bytes::Bytes;
use datafusion::common::{exec_err, not_impl_err};
use datafusion::error::Result;
use parquet::basic::{Compression, Encoding, Type as PhysicalType};
use parquet::column::page::{Page, PageReader};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::serialized_reader::SerializedPageReader;

use super::page::DataPage;
use super::plain::decode_plain;
use super::{Block, Buffers, Chunk};

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
    /// True for whole numbers of 4 or 8 bytes, lowest first; decimals of other layouts have the highest first.
    pub(crate) fn is_whole(&self) -> bool {
        matches!(self.physical, PhysicalType::INT32 | PhysicalType::INT64)
    }

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
    /// Where pages are decompressed, if that is not done by the reader of pages.
    decompressed_in: Option<Buffers>,
    pub(crate) layout: Layout,
    dictionary: Option<Dictionary>,
    page: Option<DataPage>,
    /// Rows that are passed over before the next one is read.
    passed: usize,
}

impl ColumnReader {
    /// Opens a chunk of a top-level column and reads its dictionary; pages of data are read when rows are asked for.
    pub(crate) fn open(chunk: Chunk, column: &ColumnChunkMetaData, rows: usize) -> Result<Self> {
        let layout = Layout::of(column);
        // The most common codec is decompressed here, as the reader of pages would take fresh memory for each page.
        let is_zstd = matches!(column.compression(), Compression::ZSTD(_));
        let decompressed_in = is_zstd.then(|| chunk.buffers.clone());
        let pages = match is_zstd {
            true => {
                let as_stored = column.clone().into_builder();
                let as_stored = as_stored
                    .set_compression(Compression::UNCOMPRESSED)
                    .build()?;
                SerializedPageReader::new(Arc::new(chunk), &as_stored, rows, None)?
            }
            false => SerializedPageReader::new(Arc::new(chunk), column, rows, None)?,
        };
        let mut reader = Self {
            pages,
            decompressed_in,
            layout,
            dictionary: (layout.physical == PhysicalType::BOOLEAN).then(|| Dictionary {
                bytes: Bytes::new(),
                size: 2,
            }),
            page: None,
            passed: 0,
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

    /// How many rows there are before the next page begins; at least one.
    ///
    /// Headers tell it: pages whose rows are all passed over are not decompressed.
    pub(crate) fn rows_in_page(&mut self) -> Result<usize> {
        loop {
            match &self.page {
                Some(page) if page.rows > self.passed => return Ok(page.rows - self.passed),
                Some(page) => {
                    self.passed -= page.rows;
                    self.page = None;
                }
                None => {
                    let next = self.pages.peek_next_page()?;
                    match next.and_then(|next| next.num_rows.or(next.num_levels)) {
                        Some(rows) if rows > self.passed => return Ok(rows - self.passed),
                        Some(rows) => {
                            self.pages.skip_next_page()?;
                            self.passed -= rows;
                        }
                        None => self.next_page()?,
                    }
                }
            }
        }
    }

    /// How many of the next rows of the page have one code, as far as runs tell; 0 where they do not.
    pub(crate) fn rows_alike(&mut self) -> Result<usize> {
        match &mut self.page {
            Some(page) if self.passed == 0 => page.rows_alike(),
            _ => Ok(0),
        }
    }

    /// Passes over rows.
    pub(crate) fn skip(&mut self, rows: usize) {
        self.passed += rows;
    }

    /// Reads rows of the page and keeps those that are chosen, in order; all when nothing is said.
    pub(crate) fn fill(
        &mut self,
        rows: usize,
        chosen: Option<&[u32]>,
        block: &mut Block,
    ) -> Result<()> {
        self.rows_in_page()?;
        if self.page.is_none() {
            self.next_page()?;
        }
        let size = self.dictionary.as_ref().map_or(0, |values| values.size) as u32;
        // Headers of a damaged file may tell other numbers of rows.
        let wanted = self.passed + rows;
        let Some(page) = self.page.as_mut().filter(|page| page.rows >= wanted) else {
            return at_the_end();
        };
        while self.passed > 0 {
            let here = self.passed.min(block.capacity());
            page.skip(here, &self.layout, block)?;
            self.passed -= here;
        }
        page.fill(rows, chosen, &self.layout, size, block)
    }

    fn next_page(&mut self) -> Result<()> {
        let page = self.pages.get_next_page()?;
        let page = match &self.decompressed_in {
            Some(buffers) => page.map(|page| decompressed(page, buffers)).transpose()?,
            None => page,
        };
        match page {
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

/// A page as it was before compression; levels of the second version are stored plainly.
fn decompressed(mut page: Page, buffers: &Buffers) -> Result<Page> {
    let levels = match &page {
        Page::DictionaryPage { .. } | Page::DataPage { .. } => 0,
        Page::DataPageV2 {
            is_compressed: false,
            ..
        } => return Ok(page),
        Page::DataPageV2 {
            def_levels_byte_len,
            rep_levels_byte_len,
            ..
        } => *def_levels_byte_len as usize + *rep_levels_byte_len as usize,
    };
    let (Page::DictionaryPage { buf, .. }
    | Page::DataPage { buf, .. }
    | Page::DataPageV2 { buf, .. }) = &mut page;
    let Some((plain, compressed)) = buf.split_at_checked(levels) else {
        return exec_err!("a Parquet page ends inside its levels");
    };
    // A page without values may leave out an empty frame.
    if !compressed.is_empty() {
        *buf = buffers.decompressed(plain, compressed)?;
    }
    Ok(page)
}

fn at_the_end<T>() -> Result<T> {
    exec_err!("a Parquet column ends before its last row")
}
