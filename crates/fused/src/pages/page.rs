//! A data page: where its levels and values are, and how rows of it are read.

use bytes::Bytes;
use datafusion::common::{exec_err, not_impl_err};
use datafusion::error::Result;
use parquet::basic::{Encoding, Type as PhysicalType};
use parquet::column::page::Page;

use super::block::{Block, Cells, Lanes};
use super::delta::Delta;
use super::hybrid::{Filled, Hybrid};
use super::{Layout, plain};

/// Fewer chosen rows than one in so many are read one by one.
const FEW: usize = 4;

/// A data page that is read from front to back.
#[derive(Debug)]
pub(super) struct DataPage {
    pub(super) rows: usize,
    /// 1 for each row with a value.
    levels: Option<Hybrid>,
    values: Values,
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
    /// The same with the first bytes of all values, then the second ones, and so on; from a value on.
    Split {
        bytes: Bytes,
        at: usize,
    },
    Differences(Delta),
}

impl DataPage {
    /// Takes a page apart; a page with a dictionary is none of data.
    pub(super) fn open(page: Page, layout: &Layout, has_dictionary: bool) -> Result<Self> {
        let (buffer, rows, encoding, levels) = match page {
            Page::DictionaryPage { .. } => return exec_err!("a dictionary is no page of data"),
            Page::DataPage {
                buf,
                num_values,
                encoding,
                def_level_encoding,
                ..
            } => {
                if !layout.optional {
                    (buf, num_values, encoding, None)
                } else if def_level_encoding != Encoding::RLE {
                    return not_impl_err!("definition levels encoded as {def_level_encoding}");
                } else {
                    let (levels, values) = length_prefixed(&buf)?;
                    (values, num_values, encoding, Some(levels))
                }
            }
            Page::DataPageV2 {
                buf,
                num_values,
                encoding,
                def_levels_byte_len,
                rep_levels_byte_len,
                ..
            } => {
                let start = rep_levels_byte_len as usize;
                let end = start + def_levels_byte_len as usize;
                if end > buf.len() {
                    return exec_err!("a Parquet page ends inside its levels");
                }
                let levels = layout.optional.then(|| buf.slice(start..end));
                (buf.slice(end..), num_values, encoding, levels)
            }
        };
        let rows = rows as usize;
        Ok(Self {
            rows,
            levels: levels.map(|levels| Hybrid::new(levels, 1)).transpose()?,
            values: Values::open(buffer, rows, encoding, layout, has_dictionary)?,
        })
    }

    /// How many of the next rows have one code, as far as runs tell; 0 where they do not.
    pub(super) fn rows_alike(&mut self) -> Result<usize> {
        let Values::Codes(codes) = &mut self.values else {
            return Ok(0);
        };
        let present = match &mut self.levels {
            None => self.rows,
            Some(levels) => match levels.run_ahead()? {
                Some((1, rows)) => rows,
                _ => 0,
            },
        };
        let alike = codes.run_ahead()?.map_or(0, |(_, rows)| rows);
        Ok(alike.min(present))
    }

    /// Passes over rows.
    pub(super) fn skip(&mut self, rows: usize, layout: &Layout, block: &mut Block) -> Result<()> {
        let values = self.values_of(rows, block)?;
        self.rows -= rows;
        match &mut self.values {
            Values::Codes(codes) => codes.skip(values)?,
            Values::Lanes { at, .. } => *at += values * layout.width,
            Values::Split { at, .. } => *at += values,
            Values::Differences(delta) => delta.skip(values)?,
        }
        Ok(())
    }

    /// Reads rows, of which those that are chosen are kept. `size` is that of the dictionary.
    pub(super) fn fill(
        &mut self,
        rows: usize,
        chosen: Option<&[u32]>,
        layout: &Layout,
        size: u32,
        block: &mut Block,
    ) -> Result<()> {
        let values = self.values_of(rows, block)?;
        self.rows -= rows;
        block.rows = rows;
        match &mut self.values {
            Values::Codes(codes) if block.has_nulls => spread_codes(codes, size, values, block)?,
            Values::Codes(codes) => {
                let few = chosen.filter(|chosen| chosen.len() < rows / FEW);
                let filled = match few {
                    Some(chosen) => {
                        block.rows = chosen.len();
                        codes.pick(rows, chosen, &mut block.codes)?
                    }
                    None => codes.fill(&mut block.codes[..rows])?,
                };
                match filled {
                    Filled::Constant(code) => {
                        block.cells = Cells::Constant(code);
                        check_codes(&[code], size)?;
                    }
                    Filled::Each => {
                        block.cells = Cells::Codes;
                        check_codes(block.codes(), size)?;
                    }
                }
                if few.is_some() {
                    return Ok(());
                }
            }
            Values::Lanes { bytes, at } => {
                let end = *at + values * layout.width;
                if end > bytes.len() {
                    return exec_err!("a Parquet page ends before its last value");
                }
                let dense = bytes.slice(*at..end);
                *at = end;
                match block.has_nulls {
                    true => block.hold(dense.to_vec(), layout),
                    false => {
                        block.cells = Cells::Lanes(*layout);
                        block.lanes = Lanes::OfPage(dense);
                    }
                }
            }
            Values::Split { bytes, at } => {
                let dense = joined_lanes(bytes, layout.width, *at, values)?;
                *at += values;
                block.hold(dense, layout);
            }
            Values::Differences(delta) => {
                let mut dense = vec![0; values * layout.width];
                match layout.width {
                    4 => delta.fill(dense.as_chunks_mut().0, |value| {
                        (value as u32).to_le_bytes()
                    })?,
                    _ => delta.fill(dense.as_chunks_mut().0, u64::to_le_bytes)?,
                }
                block.hold(dense, layout);
            }
        }
        if let Some(chosen) = chosen {
            block.keep(chosen);
        }
        Ok(())
    }

    /// Reads the levels of rows into the block; how many rows have a value.
    fn values_of(&mut self, rows: usize, block: &mut Block) -> Result<usize> {
        block.has_nulls = false;
        let Some(levels) = &mut self.levels else {
            return Ok(rows);
        };
        let valid = &mut block.valid[..rows];
        match levels.fill(valid)? {
            Filled::Constant(0) => valid.fill(0),
            Filled::Constant(_) => return Ok(rows),
            Filled::Each => check_levels(valid)?,
        }
        let values = valid.iter().sum::<u32>() as usize;
        block.has_nulls = values < rows;
        Ok(values)
    }
}

impl Values {
    fn open(
        buffer: Bytes,
        rows: usize,
        encoding: Encoding,
        layout: &Layout,
        has_dictionary: bool,
    ) -> Result<Self> {
        match encoding {
            Encoding::PLAIN_DICTIONARY | Encoding::RLE_DICTIONARY => {
                if !has_dictionary {
                    return exec_err!("a Parquet page has codes without a dictionary");
                }
                // A page without values may leave out the width.
                let width = buffer.first().copied().unwrap_or(0);
                if width > 31 {
                    return not_impl_err!("codes of {width} bits");
                }
                let codes = buffer.slice(buffer.len().min(1)..);
                Ok(Self::Codes(Hybrid::new(codes, u32::from(width))?))
            }
            Encoding::PLAIN if layout.physical == PhysicalType::BOOLEAN => {
                Ok(Self::Codes(Hybrid::packed(buffer, 1, rows)))
            }
            Encoding::RLE if layout.physical == PhysicalType::BOOLEAN => {
                let (values, _) = length_prefixed(&buffer)?;
                Ok(Self::Codes(Hybrid::new(values, 1)?))
            }
            Encoding::PLAIN if plain::has_fixed_width(layout) => Ok(Self::Lanes {
                bytes: buffer,
                at: 0,
            }),
            Encoding::BYTE_STREAM_SPLIT if plain::has_fixed_width(layout) => Ok(Self::Split {
                bytes: buffer,
                at: 0,
            }),
            Encoding::DELTA_BINARY_PACKED
                if matches!(layout.physical, PhysicalType::INT32 | PhysicalType::INT64) =>
            {
                Ok(Self::Differences(Delta::new(buffer)?))
            }
            other => not_impl_err!("{} encoded as {other}", layout.physical),
        }
    }
}

/// An error unless all codes, of 31 bits at most, are below `size`.
fn check_codes(codes: &[u32], size: u32) -> Result<()> {
    // The sign of any difference is that of all: quicker than to look for the greatest.
    let beyond = codes.iter().fold(0, |any, code| {
        any | (size.wrapping_sub(1)).wrapping_sub(*code)
    });
    if beyond.cast_signed() < 0 {
        return exec_err!("a Parquet page has codes that its dictionary has not");
    }
    Ok(())
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
fn spread_codes(codes: &mut Hybrid, null: u32, values: usize, block: &mut Block) -> Result<()> {
    let dense = &mut block.dense[..values];
    if let Filled::Constant(code) = codes.fill(dense)? {
        dense.fill(code);
    }
    check_codes(dense, null)?;
    let mut next = 0;
    let rows = block.rows;
    for (code, valid) in block.codes[..rows].iter_mut().zip(&block.valid) {
        let given = block.dense[next.min(block.dense.len() - 1)];
        *code = if *valid == 0 { null } else { given };
        next += *valid as usize;
    }
    block.cells = Cells::Codes;
    Ok(())
}

impl Block {
    /// Takes the numbers of the rows that have a value.
    fn hold(&mut self, dense: Vec<u8>, layout: &Layout) {
        self.cells = Cells::Lanes(*layout);
        self.lanes = Lanes::Copied(match self.validity() {
            Some(valid) => spread_lanes(&dense, layout.width, valid),
            None => dense,
        });
    }
}

/// Puts the bytes of values together that are stored apart.
fn joined_lanes(bytes: &[u8], width: usize, at: usize, values: usize) -> Result<Vec<u8>> {
    let stride = bytes.len() / width;
    if at + values > stride {
        return exec_err!("a Parquet page ends before its last value");
    }
    let mut lanes = vec![0; values * width];
    for (place, stream) in bytes.chunks_exact(stride.max(1)).take(width).enumerate() {
        let bytes = &stream[at..at + values];
        for (lane, byte) in lanes.chunks_exact_mut(width).zip(bytes) {
            lane[place] = *byte;
        }
    }
    Ok(lanes)
}

fn spread_lanes(dense: &[u8], width: usize, valid: &[u32]) -> Vec<u8> {
    let mut lanes = vec![0; width * valid.len()];
    let mut next = 0;
    for (lane, valid) in lanes.chunks_exact_mut(width).zip(valid) {
        if *valid != 0 {
            lane.copy_from_slice(&dense[next..next + width]);
            next += width;
        }
    }
    lanes
}
