//! Writes a column whose values are numbers in a dictionary, without looking at the values again.
//!
//! The `parquet` crate's own writer would hash every value of every row once more, which takes longer than reading the CSV.

use arrow::array::ArrayRef;
use parquet::basic::{BoundaryOrder, Compression, Encoding, PageType, ZstdLevel};
use parquet::column::page::{CompressedPage, Page, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::Result;
use parquet::file::metadata::{
    ColumnChunkMetaData, ColumnIndexBuilder, OffsetIndexBuilder, PageEncodingStats,
};
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;

use super::dictionary::Dictionary;
use super::hybrid;
use crate::write::column_values::NULL;

/// Rows of a page, as other writers have them.
const PAGE_ROWS: usize = 20_000;

/// What compression has to leave of a page to be worth undoing it.
const WORTH_COMPRESSING: f64 = 0.9;

/// A column of a row group as it stands in the file.
pub(super) struct CodedChunk {
    pub(super) bytes: Vec<u8>,
    pub(super) close: ColumnCloseResult,
}

/// Compresses pages, or finds that it is not worth it.
pub(super) struct Compressor {
    zstd: zstd::bulk::Compressor<'static>,
    level: ZstdLevel,
}

impl Compressor {
    pub(super) fn new(level: ZstdLevel) -> Result<Self> {
        let zstd = zstd::bulk::Compressor::new(level.compression_level())?;
        Ok(Self { zstd, level })
    }
}

/// Encodes one column of a row group: `values[code]` for each code, or no value for [`NULL`].
pub(super) fn encode(
    values: &ArrayRef,
    codes: &[u32],
    nulls: usize,
    column: &ColumnDescPtr,
    compressor: Option<&mut Compressor>,
) -> Result<CodedChunk> {
    let dictionary = Dictionary::new(values);
    let pages: Vec<PageBody> = codes
        .chunks(PAGE_ROWS)
        .map(|codes| PageBody::new(codes, &dictionary, column.max_def_level() > 0))
        .collect();
    let mut output = Output::new(column, compressor, &dictionary, &pages)?;
    output.dictionary_page(&dictionary)?;
    for page in pages {
        output.data_page(page, &dictionary)?;
    }
    output.finish(codes.len(), nulls, &dictionary)
}

/// A page before it is compressed.
struct PageBody {
    bytes: Vec<u8>,
    rows: usize,
    nulls: usize,
    /// The ranks of the least and the greatest value, if there is any.
    bounds: Option<(u32, u32)>,
}

impl PageBody {
    fn new(codes: &[u32], dictionary: &Dictionary, is_nullable: bool) -> Self {
        let nulls = codes.iter().filter(|code| **code == NULL).count();
        let mut bytes = Vec::with_capacity(codes.len() * usize::from(dictionary.width()) / 8 + 64);
        if is_nullable {
            definition_levels(codes, nulls, &mut bytes);
        }
        bytes.push(dictionary.width());
        let present: Vec<u32>;
        let present = if nulls == 0 {
            codes
        } else {
            present = codes.iter().copied().filter(|code| *code != NULL).collect();
            &present
        };
        hybrid::encode(present, dictionary.width(), &mut bytes);
        let bounds = dictionary.ranks.as_ref().and_then(|ranks| {
            let ranks = present.iter().map(|code| ranks[*code as usize]);
            let around =
                |(least, greatest): (u32, u32), rank: u32| (least.min(rank), greatest.max(rank));
            let bounds = ranks.fold((u32::MAX, 0), around);
            (!present.is_empty()).then_some(bounds)
        });
        Self {
            bytes,
            rows: codes.len(),
            nulls,
            bounds,
        }
    }
}

/// Appends which rows have a value, after the length of that.
fn definition_levels(codes: &[u32], nulls: usize, bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(&[0; 4]);
    if nulls == 0 {
        hybrid::repeat(1, codes.len(), 1, bytes);
    } else {
        let levels: Vec<u32> = codes.iter().map(|code| u32::from(*code != NULL)).collect();
        hybrid::encode(&levels, 1, bytes);
    }
    let length = (bytes.len() - 4) as u32;
    bytes[..4].copy_from_slice(&length.to_le_bytes());
}

/// A column chunk being written.
struct Output<'a> {
    column: &'a ColumnDescPtr,
    sink: TrackedWrite<Vec<u8>>,
    compressor: Option<&'a mut Compressor>,
    column_index: ColumnIndexBuilder,
    offset_index: OffsetIndexBuilder,
    bounds: Vec<(u32, u32)>,
    pages: i32,
    data_page_offset: usize,
    uncompressed_size: usize,
}

impl<'a> Output<'a> {
    /// Whether a compressor is of use is found out on the first page and the dictionary.
    fn new(
        column: &'a ColumnDescPtr,
        mut compressor: Option<&'a mut Compressor>,
        dictionary: &Dictionary,
        pages: &[PageBody],
    ) -> Result<Self> {
        if let Some(useful) = &mut compressor {
            let mut sample = dictionary.page.clone();
            sample.extend(pages.iter().take(1).flat_map(|page| &page.bytes));
            let compressed = useful.zstd.compress(&sample)?;
            if compressed.len() as f64 >= sample.len() as f64 * WORTH_COMPRESSING {
                compressor = None;
            }
        }
        Ok(Self {
            column,
            sink: TrackedWrite::new(Vec::new()),
            compressor,
            column_index: ColumnIndexBuilder::new(column.physical_type()),
            offset_index: OffsetIndexBuilder::new(),
            bounds: Vec::new(),
            pages: 0,
            data_page_offset: 0,
            uncompressed_size: 0,
        })
    }

    fn dictionary_page(&mut self, dictionary: &Dictionary) -> Result<()> {
        let bytes = dictionary.page.clone();
        self.write(bytes, |buf| Page::DictionaryPage {
            buf: buf.into(),
            num_values: dictionary.length as u32,
            encoding: Encoding::PLAIN,
            is_sorted: false,
        })?;
        self.data_page_offset = self.sink.bytes_written();
        Ok(())
    }

    fn data_page(&mut self, page: PageBody, dictionary: &Dictionary) -> Result<()> {
        let PageBody {
            bytes,
            rows,
            nulls,
            bounds,
        } = page;
        let offset = self.sink.bytes_written();
        self.write(bytes, |buf| Page::DataPage {
            buf: buf.into(),
            num_values: rows as u32,
            encoding: Encoding::RLE_DICTIONARY,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        })?;
        let size = self.sink.bytes_written() - offset;
        self.offset_index.append_row_count(rows as i64);
        self.offset_index
            .append_offset_and_size(offset as i64, size as i32);
        self.pages += 1;
        match bounds {
            Some((least, greatest)) => {
                let (low, high) = dictionary.bounds(least, greatest);
                self.column_index.append(false, low, high, nulls as i64);
                self.bounds.push((least, greatest));
            }
            None if nulls == rows => {
                self.column_index
                    .append(true, Vec::new(), Vec::new(), nulls as i64);
            }
            None => self.column_index.to_invalid(),
        }
        Ok(())
    }

    fn write(&mut self, bytes: Vec<u8>, page: impl FnOnce(Vec<u8>) -> Page) -> Result<()> {
        let length = bytes.len();
        let bytes = match &mut self.compressor {
            Some(compressor) => compressor.zstd.compress(&bytes)?,
            None => bytes,
        };
        let page = CompressedPage::new(page(bytes), length);
        let spec = SerializedPageWriter::new(&mut self.sink).write_page(page)?;
        self.uncompressed_size += spec.uncompressed_size;
        Ok(())
    }

    fn finish(mut self, rows: usize, nulls: usize, dictionary: &Dictionary) -> Result<CodedChunk> {
        let compression = match &self.compressor {
            Some(compressor) => Compression::ZSTD(compressor.level),
            None => Compression::UNCOMPRESSED,
        };
        let size = self.sink.bytes_written();
        let encodings = vec![Encoding::PLAIN, Encoding::RLE, Encoding::RLE_DICTIONARY];
        let pages = |page_type, encoding, count| PageEncodingStats {
            page_type,
            encoding,
            count,
        };
        let mut metadata = ColumnChunkMetaData::builder(ColumnDescPtr::clone(self.column))
            .set_compression(compression)
            .set_encodings(encodings)
            .set_page_encoding_stats(vec![
                pages(PageType::DICTIONARY_PAGE, Encoding::PLAIN, 1),
                pages(PageType::DATA_PAGE, Encoding::RLE_DICTIONARY, self.pages),
            ])
            .set_total_compressed_size(size as i64)
            .set_total_uncompressed_size(self.uncompressed_size as i64)
            .set_num_values(rows as i64)
            .set_dictionary_page_offset(Some(0))
            .set_data_page_offset(self.data_page_offset as i64);
        if let Some(statistics) = dictionary.statistics(nulls) {
            metadata = metadata.set_statistics(statistics);
        }
        self.column_index.set_boundary_order(order(&self.bounds));
        let column_index = self.column_index.valid().then(|| self.column_index.build());
        Ok(CodedChunk {
            close: ColumnCloseResult {
                bytes_written: size as u64,
                rows_written: rows as u64,
                metadata: metadata.build()?,
                bloom_filter: None,
                column_index: column_index.transpose()?,
                offset_index: Some(self.offset_index.build()),
            },
            bytes: self.sink.into_inner()?,
        })
    }
}

/// Whether the pages are in the order of their values.
fn order(bounds: &[(u32, u32)]) -> BoundaryOrder {
    let least = bounds.iter().map(|bounds| bounds.0);
    let greatest = bounds.iter().map(|bounds| bounds.1);
    if least.clone().is_sorted() && greatest.clone().is_sorted() {
        BoundaryOrder::ASCENDING
    } else if least.rev().is_sorted() && greatest.rev().is_sorted() {
        BoundaryOrder::DESCENDING
    } else {
        BoundaryOrder::UNORDERED
    }
}
