//! The group of each row: the codes of its keys, each times the groups of those before it.

use datafusion::common::{exec_err, internal_err};
use datafusion::error::Result;

use super::accumulators::Groups;
use super::rows::Rows;
use crate::pages::{Block, Cells};

impl Rows<'_> {
    /// The groups of the rows, for which there is room in `out`.
    pub(super) fn groups<'b>(&self, strides: &[u32], out: &'b mut [u32]) -> Result<Groups<'b>> {
        let out = &mut out[..self.count];
        let mut base = 0;
        let mut is_first = true;
        for (index, stride) in strides.iter().enumerate() {
            match self.key_codes(index, *stride, is_first, out)? {
                Some(constant) => base += constant,
                None => is_first = false,
            }
        }
        if is_first {
            return Ok(Groups::One(base, self.count));
        }
        if base > 0 {
            out.iter_mut().for_each(|group| *group += base);
        }
        Ok(Groups::Each(out))
    }

    /// Adds the codes of a key, or writes them the first time; or gives the one that all rows have.
    pub(super) fn key_codes(
        &self,
        index: usize,
        stride: u32,
        is_first: bool,
        out: &mut [u32],
    ) -> Result<Option<u32>> {
        let key_part = &self.query.key_parts[index];
        let Some(block) = self.block_of(&key_part.computation) else {
            return internal_err!("a key looks at several columns");
        };
        match (&block.cells, &self.opened.key_codes[index], key_part.range) {
            (Cells::Constant(code), Some(by_code), _) => return Ok(Some(by_code[*code as usize])),
            (Cells::Codes, Some(by_code), _) => {
                let numbers = block.codes().iter().map(|code| by_code[*code as usize]);
                put(out, numbers, is_first);
            }
            (Cells::Lanes(layout), _, Some(range)) => {
                let null = self.opened.nulls[index];
                // Sums wrap alike whether numbers are signed or not, and at either width.
                let greatest = match layout.width {
                    4 => {
                        let least = range.least as u32;
                        let offset = |lane: &[u8; 4]| u32::from_le_bytes(*lane).wrapping_sub(least);
                        let lanes = block.lanes().as_chunks().0.iter().map(offset);
                        let placed = Placed {
                            stride,
                            null,
                            is_first,
                        };
                        u64::from(placed.put(out, block, lanes, |offset| offset))
                    }
                    8 => {
                        let least = range.least.cast_unsigned();
                        let offset = |lane: &[u8; 8]| u64::from_le_bytes(*lane).wrapping_sub(least);
                        let lanes = block.lanes().as_chunks().0.iter().map(offset);
                        let placed = Placed {
                            stride,
                            null,
                            is_first,
                        };
                        placed.put(out, block, lanes, |offset| offset as u32)
                    }
                    width => return internal_err!("a key of {width} bytes"),
                };
                if greatest > (range.most - range.least) as u64 {
                    return exec_err!("statistics and values of a Parquet file differ");
                }
            }
            _ => return exec_err!("a Parquet page of a key holds no codes"),
        }
        Ok(None)
    }
}

/// How offsets in a range become what a key adds to a group's number.
struct Placed {
    stride: u32,
    null: u32,
    is_first: bool,
}

impl Placed {
    /// Puts offsets where they belong; the greatest of those with a value.
    #[inline]
    fn put<T: Copy + Ord + Default>(
        &self,
        out: &mut [u32],
        block: &Block,
        offsets: impl Iterator<Item = T>,
        number: impl Fn(T) -> u32,
    ) -> T {
        let mut greatest = T::default();
        match block.validity() {
            None => {
                let numbers = offsets.map(|offset| {
                    greatest = greatest.max(offset);
                    number(offset).wrapping_mul(self.stride)
                });
                put(out, numbers, self.is_first);
            }
            Some(valid) => {
                let numbers = offsets.zip(valid).map(|(offset, valid)| {
                    if *valid == 0 {
                        return self.null * self.stride;
                    }
                    greatest = greatest.max(offset);
                    number(offset).wrapping_mul(self.stride)
                });
                put(out, numbers, self.is_first);
            }
        }
        greatest
    }
}

#[inline]
fn put(out: &mut [u32], numbers: impl Iterator<Item = u32>, is_first: bool) {
    if is_first {
        out.iter_mut()
            .zip(numbers)
            .for_each(|(out, number)| *out = number);
    } else {
        out.iter_mut()
            .zip(numbers)
            .for_each(|(out, number)| *out = out.wrapping_add(number));
    }
}
