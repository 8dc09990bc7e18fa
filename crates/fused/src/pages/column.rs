//! One column chunk, read forward in blocks of rows that lie in one page each.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, UInt32Array, make_array};
use arrow::compute::{nullif, take};
use arrow::datatypes::DataType;
use bytes::Bytes;
use datafusion::common::{exec_err, not_impl_err};
use datafusion::error::Result;
use parquet::basic::{Encoding, Type as PhysicalType};
use parquet::column::page::{Page, PageReader};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::serialized_reader::SerializedPageReader;

use super::Chunk;
use super::hybrid::{Filled, Hybrid};
use super::plain::{decode_plain, lanes_to_array};

/// How the rows of a [`Block`] are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cells {
    /// All rows have this code.
    Constant(u32),
    /// A code for each row in [`Block::codes`]; NULL has the code after the last of the dictionary.
    Codes,
    /// Numbers of this many bytes in [`Block::lanes`], zeros where NULL.
    Lanes(usize),
}

/// Some rows of one column.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) cells: Cells,
    pub(crate) codes: Vec<u32>,
    pub(crate) lanes: Bytes,
    /// 1 where a row of lanes has a value; meaningless unless `has_nulls`.
    valid: Vec<u32>,
    has_nulls: bool,
    rows: usize,
    dense: Vec<u32>,
}

impl Block {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            cells: Cells::Constant(0),
            codes: vec![0; capacity],
            lanes: Bytes::new(),
            valid: vec![1; capacity],
            has_nulls: false,
            rows: 0,
            dense: vec![0; capacity],
        }
    }

    /// 1 for each row of lanes with a value, nothing when all have one.
    pub(crate) fn validity(&self) -> Option<&[u32]> {
        self.has_nulls.then(|| &self.valid[..self.rows])
    }

    /// The rows as an array, given the dictionary with NULL as its last value.
    pub(crate) fn array(
        &self,
        reader: &ColumnReader,
        dictionary: Option<&ArrayRef>,
        data_type: &DataType,
    ) -> Result<ArrayRef> {
        let dictionary = || match dictionary {
            Some(values) => Ok(values),
            None => exec_err!("a Parquet page has codes without a dictionary"),
        };
        match self.cells {
            Cells::Constant(code) => {
                let codes = UInt32Array::from_value(code, self.rows);
                Ok(take(dictionary()?, &codes, None)?)
            }
            Cells::Codes => {
                let codes = UInt32Array::from(self.codes[..self.rows].to_vec());
                Ok(take(dictionary()?, &codes, None)?)
            }
            Cells::Lanes(_) => {
                let lanes = &self.lanes;
                let array = match reader.width {
                    4 => lanes_to_array(reader.physical, lanes.as_chunks::<4>().0, data_type)?,
                    8 => lanes_to_array(reader.physical, lanes.as_chunks::<8>().0, data_type)?,
                    width => decode_plain(reader.physical, width, lanes, self.rows, data_type)?,
                };
                match self.validity() {
                    Some(valid) => {
                        let missing: BooleanArray =
                            valid.iter().map(|valid| Some(*valid == 0)).collect();
                        Ok(nullif(&array, &missing)?)
                    }
                    None => Ok(make_array(array.to_data())),
                }
            }
        }
    }
}

/// The values of a page.
#[derive(Debug)]
enum Values {
    Codes(Hybrid),
    /// Numbers of a fixed width, from a byte on.
    Lanes {
        bytes: Bytes,
        at: usize,
    },
}

#[derive(Debug)]
struct DataPage {
    rows: usize,
    /// 1 for each row with a value.
    levels: Option<Hybrid>,
    values: Values,
}

/// Reads one column chunk.
pub(crate) struct ColumnReader {
    pages: SerializedPageReader<Chunk>,
    physical: PhysicalType,
    width: usize,
    optional: bool,
    /// The dictionary page: plainly encoded values, and how many.
    dictionary: Option<(Bytes, usize)>,
    page: Option<DataPage>,
}

impl ColumnReader {
    /// Opens a chunk of a top-level column and reads its first page.
    pub(crate) fn open(chunk: Chunk, column: &ColumnChunkMetaData, rows: usize) -> Result<Self> {
        let description = column.column_descr();
        let physical = column.column_type();
        let mut reader = Self {
            pages: SerializedPageReader::new(Arc::new(chunk), column, rows, None)?,
            physical,
            width: match physical {
                PhysicalType::INT32 | PhysicalType::FLOAT => 4,
                PhysicalType::INT64 | PhysicalType::DOUBLE => 8,
                _ => usize::try_from(description.type_length()).unwrap_or(0),
            },
            optional: description.max_def_level() > 0,
            dictionary: (physical == PhysicalType::BOOLEAN).then(|| (Bytes::new(), 2)),
            page: None,
        };
        if rows > 0 {
            reader.next_page()?;
        }
        Ok(reader)
    }

    /// How many values the dictionary has, if there is one.
    pub(crate) fn dictionary_size(&self) -> Option<usize> {
        self.dictionary.as_ref().map(|(_, count)| *count)
    }

    /// The values of the dictionary as an array.
    pub(crate) fn dictionary(&self, data_type: &DataType) -> Result<Option<ArrayRef>> {
        let decode = |(bytes, count): &(Bytes, usize)| {
            decode_plain(self.physical, self.width, bytes, *count, data_type)
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
        let Some(page) = &mut self.page else {
            return exec_err!("a Parquet column ends before its last row");
        };
        let values = match &mut page.levels {
            None => rows,
            Some(levels) => match levels.fill(&mut block.valid[..rows])? {
                Filled::Constant(0) => 0,
                Filled::Constant(_) => rows,
                Filled::Each => {
                    check_levels(&block.valid[..rows])?;
                    block.valid[..rows].iter().sum::<u32>() as usize
                }
            },
        };
        page.rows -= rows;
        match &mut page.values {
            Values::Codes(codes) => codes.skip(values)?,
            Values::Lanes { at, .. } => *at += values * self.width,
        }
        Ok(())
    }

    /// Reads rows of the page.
    pub(crate) fn fill(&mut self, rows: usize, block: &mut Block) -> Result<()> {
        let Some(page) = &mut self.page else {
            return exec_err!("a Parquet column ends before its last row");
        };
        let size = self.dictionary.as_ref().map_or(0, |(_, count)| *count) as u32;
        page.rows -= rows;
        block.rows = rows;
        block.has_nulls = false;
        if let Some(levels) = &mut page.levels {
            match levels.fill(&mut block.valid[..rows])? {
                Filled::Constant(0) => {
                    block.valid[..rows].fill(0);
                    block.has_nulls = true;
                }
                Filled::Constant(_) => {}
                Filled::Each => {
                    check_levels(&block.valid[..rows])?;
                    block.has_nulls = block.valid[..rows].contains(&0);
                }
            }
        }
        match &mut page.values {
            Values::Codes(codes) => {
                block.cells = if block.has_nulls {
                    spread_codes(codes, size, rows, block)?
                } else {
                    match codes.fill(&mut block.codes[..rows])? {
                        Filled::Constant(code) => Cells::Constant(code),
                        Filled::Each => Cells::Codes,
                    }
                };
                let most = |codes: &[u32]| codes.iter().fold(0, |most, code| most.max(*code));
                let known = match &block.cells {
                    Cells::Constant(code) => *code < size,
                    // The rows with NULL have the code after the last; the others are in `dense`.
                    _ if block.has_nulls => {
                        let count = block.valid[..rows].iter().sum::<u32>() as usize;
                        count == 0 || most(&block.dense[..count]) < size
                    }
                    _ => most(&block.codes[..rows]) < size,
                };
                if !known {
                    return exec_err!("a Parquet page has codes that its dictionary has not");
                }
            }
            Values::Lanes { bytes, at } => {
                block.cells = Cells::Lanes(self.width);
                let values = match block.has_nulls {
                    true => block.valid[..rows].iter().sum::<u32>() as usize,
                    false => rows,
                };
                let end = *at + values * self.width;
                if end > bytes.len() {
                    return exec_err!("a Parquet page ends before its last value");
                }
                let dense = bytes.slice(*at..end);
                *at = end;
                block.lanes = match block.has_nulls {
                    true => spread_lanes(&dense, self.width, &block.valid[..rows]),
                    false => dense,
                };
            }
        }
        Ok(())
    }

    fn next_page(&mut self) -> Result<()> {
        loop {
            let (buffer, rows, encoding, levels) = match self.pages.get_next_page()? {
                None => return exec_err!("a Parquet column ends before its last row"),
                Some(Page::DictionaryPage {
                    buf,
                    num_values,
                    encoding,
                    ..
                }) => {
                    if !matches!(encoding, Encoding::PLAIN | Encoding::PLAIN_DICTIONARY) {
                        return not_impl_err!("a dictionary encoded as {encoding}");
                    }
                    self.dictionary = Some((buf, num_values as usize));
                    continue;
                }
                Some(Page::DataPage {
                    buf,
                    num_values,
                    encoding,
                    def_level_encoding,
                    ..
                }) => {
                    if !self.optional {
                        (buf, num_values, encoding, None)
                    } else if def_level_encoding != Encoding::RLE {
                        return not_impl_err!("definition levels encoded as {def_level_encoding}");
                    } else {
                        let (levels, values) = length_prefixed(&buf)?;
                        (values, num_values, encoding, Some(levels))
                    }
                }
                Some(Page::DataPageV2 {
                    buf,
                    num_values,
                    encoding,
                    def_levels_byte_len,
                    rep_levels_byte_len,
                    ..
                }) => {
                    let start = rep_levels_byte_len as usize;
                    let end = start + def_levels_byte_len as usize;
                    if end > buf.len() {
                        return exec_err!("a Parquet page ends inside its levels");
                    }
                    let levels = self.optional.then(|| buf.slice(start..end));
                    (buf.slice(end..), num_values, encoding, levels)
                }
            };
            let rows = rows as usize;
            self.page = Some(DataPage {
                rows,
                levels: levels.map(|levels| Hybrid::new(levels, 1)).transpose()?,
                values: self.values(buffer, rows, encoding)?,
            });
            return Ok(());
        }
    }

    fn values(&self, buffer: Bytes, rows: usize, encoding: Encoding) -> Result<Values> {
        match encoding {
            Encoding::PLAIN_DICTIONARY | Encoding::RLE_DICTIONARY => {
                if self.dictionary.is_none() {
                    return exec_err!("a Parquet page has codes without a dictionary");
                }
                // A page without values may leave out the width.
                let width = buffer.first().copied().unwrap_or(0);
                let codes = buffer.slice(buffer.len().min(1)..);
                Ok(Values::Codes(Hybrid::new(codes, u32::from(width))?))
            }
            Encoding::PLAIN if self.physical == PhysicalType::BOOLEAN => {
                Ok(Values::Codes(Hybrid::packed(buffer, 1, rows)))
            }
            Encoding::RLE if self.physical == PhysicalType::BOOLEAN => {
                let (values, _) = length_prefixed(&buffer)?;
                Ok(Values::Codes(Hybrid::new(values, 1)?))
            }
            Encoding::PLAIN if self.width > 0 && self.physical != PhysicalType::INT96 => {
                Ok(Values::Lanes {
                    bytes: buffer,
                    at: 0,
                })
            }
            other => not_impl_err!("{} encoded as {other}", self.physical),
        }
    }
}

/// Runs of a damaged page may hold more than the 0 and 1 of a column that is not nested.
fn check_levels(levels: &[u32]) -> Result<()> {
    if levels.iter().fold(0, |any, level| any | level) > 1 {
        return exec_err!("a Parquet page has levels of a nested column");
    }
    Ok(())
}

/// Four bytes of length, as many bytes, and the rest.
fn length_prefixed(buffer: &Bytes) -> Result<(Bytes, Bytes)> {
    let Some(length) = buffer.first_chunk::<4>() else {
        return exec_err!("a Parquet page ends inside its levels");
    };
    let end = (u32::from_le_bytes(*length) as usize).saturating_add(4);
    if end > buffer.len() {
        return exec_err!("a Parquet page ends inside its levels");
    }
    Ok((buffer.slice(4..end), buffer.slice(end..)))
}

/// Reads the codes of the rows with a value and gives the others the code of NULL.
fn spread_codes(codes: &mut Hybrid, null: u32, rows: usize, block: &mut Block) -> Result<Cells> {
    let valid = &block.valid[..rows];
    let count = valid.iter().sum::<u32>() as usize;
    if let Filled::Constant(code) = codes.fill(&mut block.dense[..count])? {
        block.dense[..count].fill(code);
    }
    let mut next = 0;
    for (code, valid) in block.codes[..rows].iter_mut().zip(valid) {
        let given = block.dense[next.min(block.dense.len() - 1)];
        *code = if *valid == 0 { null } else { given };
        next += *valid as usize;
    }
    Ok(Cells::Codes)
}

fn spread_lanes(dense: &[u8], width: usize, valid: &[u32]) -> Bytes {
    let mut lanes = vec![0; width * valid.len()];
    let mut next = 0;
    for (lane, valid) in lanes.chunks_exact_mut(width).zip(valid) {
        if *valid != 0 {
            lane.copy_from_slice(&dense[next..next + width]);
            next += width;
        }
    }
    Bytes::from(lanes)
}
