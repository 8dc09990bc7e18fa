//! Whole numbers as bit-packed differences (DELTA_BINARY_PACKED).

use bytes::Bytes;
use datafusion::common::exec_err;
use datafusion::error::Result;

use super::unpack::{unpack32, wide};
use super::varint::{variable_length, zigzag};

/// Blocks have fewer differences than this; what a damaged page says is not believed.
const MOST_OF_A_BLOCK: u64 = 1 << 16;

/// Reads the encoding from front to back.
///
/// Sums wrap, and wrap alike whether numbers have 32 or 64 bits.
#[derive(Debug)]
pub(super) struct Delta {
    data: Bytes,
    position: usize,
    /// How many parts a block has, each packed with a width of its own.
    parts: usize,
    values_of_part: usize,
    /// Values that are not unpacked yet.
    left: usize,
    last: u64,
    /// The least difference of the block, to which others are added.
    least: u64,
    /// Where the widths are of those parts of the block that are not unpacked yet.
    widths: std::ops::Range<usize>,
    /// The values of the present part.
    unpacked: Vec<u64>,
    /// The first of them that is not read yet.
    next: usize,
}

impl Delta {
    pub(super) fn new(data: Bytes) -> Result<Self> {
        let mut position = 0;
        let mut number = || variable_length(&data, &mut position);
        let (block, parts, count) = (number()?, number()?, number()?);
        if parts == 0 || block % parts != 0 || block / parts % 32 != 0 || block > MOST_OF_A_BLOCK {
            return exec_err!("a Parquet page has {parts} parts in {block} differences");
        }
        let first = match count {
            0 => None,
            _ => Some(zigzag(&data, &mut position)?),
        };
        Ok(Self {
            data,
            position,
            parts: parts as usize,
            values_of_part: (block / parts) as usize,
            left: count.saturating_sub(1) as usize,
            last: first.unwrap_or(0),
            least: 0,
            widths: 0..0,
            unpacked: first.into_iter().collect(),
            next: 0,
        })
    }

    /// Reads the next values into lanes of `N` bytes each.
    pub(super) fn fill<const N: usize>(
        &mut self,
        lanes: &mut [[u8; N]],
        lane: impl Fn(u64) -> [u8; N],
    ) -> Result<()> {
        let mut done = 0;
        while done < lanes.len() {
            let values = self.some(lanes.len() - done)?;
            let count = values.len();
            for (out, value) in lanes[done..].iter_mut().zip(values) {
                *out = lane(*value);
            }
            done += count;
        }
        Ok(())
    }

    /// Passes over values, which are to be summed all the same.
    pub(super) fn skip(&mut self, mut count: usize) -> Result<()> {
        while count > 0 {
            count -= self.some(count)?.len();
        }
        Ok(())
    }

    /// Some of the next values, at least one and at most so many.
    fn some(&mut self, most: usize) -> Result<&[u64]> {
        if self.next == self.unpacked.len() {
            self.unpack()?;
        }
        let start = self.next;
        self.next = self.unpacked.len().min(start + most);
        Ok(&self.unpacked[start..self.next])
    }

    /// Unpacks the next part of a block.
    fn unpack(&mut self) -> Result<()> {
        if self.left == 0 {
            return exec_err!("a Parquet page ends before its last value");
        }
        if self.widths.is_empty() {
            self.least = zigzag(&self.data, &mut self.position)?;
            self.widths = self.position..self.position + self.parts;
            self.position += self.parts;
        }
        let width = self.widths.next().and_then(|at| self.data.get(at).copied());
        let count = self.left.min(self.values_of_part);
        let Some(width) = width.filter(|width| *width <= 64).map(usize::from) else {
            return exec_err!("a Parquet page has no width of at most 64 bits for its differences");
        };
        // Writers may leave out what fills the last part.
        let packed = self.data.get(self.position..).unwrap_or_default();
        if (count * width).div_ceil(8) > packed.len() {
            return exec_err!("a Parquet page ends before its last value");
        }
        self.unpacked.clear();
        let (mut last, least) = (self.last, self.least);
        let mut add = |difference: u64| {
            last = last.wrapping_add(difference).wrapping_add(least);
            last
        };
        let whole = match width {
            0..=32 if packed.len() >= self.values_of_part * width / 8 => count / 32,
            _ => 0,
        };
        let mut differences = [0; 32];
        for block in 0..whole {
            unpack32(width as u32, &packed[block * 4 * width..], &mut differences);
            let values = differences
                .iter()
                .map(|difference| add(u64::from(*difference)));
            self.unpacked.extend(values);
        }
        let rest = whole * 32..count;
        self.unpacked
            .extend(rest.map(|index| add(wide(width, packed, index))));
        self.last = last;
        self.left -= count;
        self.next = 0;
        self.position += self.values_of_part * width / 8;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(data: &'static [u8], count: usize) -> Result<Vec<i64>> {
        let mut lanes = vec![[0; 8]; count];
        Delta::new(Bytes::from_static(data))?.fill(&mut lanes, u64::to_le_bytes)?;
        Ok(lanes.into_iter().map(i64::from_le_bytes).collect())
    }

    /// The two worked examples of the Parquet format (Encodings.md): 1 to 5, and 7 5 3 1 2 3 4 5.
    #[test]
    fn the_examples_of_the_format_are_read() -> Result<()> {
        assert_eq!(
            read(&[0x80, 0x01, 4, 5, 2, 2, 0, 0, 0, 0], 5)?,
            [1, 2, 3, 4, 5]
        );
        // Differences -2 -2 -2 1 1 1 1 in two bits above -2: 0 0 0 3 3 3 3.
        assert_eq!(
            read(
                &[
                    0x80, 0x01, 4, 8, 14, 3, 2, 0, 0, 0, 0xc0, 0x3f, 0, 0, 0, 0, 0, 0
                ],
                8
            )?,
            [7, 5, 3, 1, 2, 3, 4, 5]
        );
        Ok(())
    }

    #[test]
    fn reading_in_pieces_gives_the_same() -> Result<()> {
        let data = Bytes::from_static(&[0x80, 0x01, 4, 8, 14, 3, 2, 0, 0, 0, 0xc0, 0x3f]);
        let mut reader = Delta::new(data)?;
        let mut lanes = [[0; 4]; 3];
        reader.skip(2)?;
        reader.fill(&mut lanes, |value| (value as u32).to_le_bytes())?;
        assert_eq!(lanes.map(i32::from_le_bytes), [3, 1, 2]);
        reader.skip(3)?;
        assert!(reader.skip(1).is_err());
        Ok(())
    }

    #[test]
    fn a_damaged_page_is_an_error() {
        assert!(read(&[], 1).is_err());
        assert!(read(&[0x80, 0x01, 0, 5, 2], 5).is_err());
        assert!(read(&[0x80, 0x01, 3, 5, 2], 5).is_err());
        assert!(read(&[0x80, 0x01, 4, 5, 2, 2, 65, 0, 0, 0], 5).is_err());
        assert!(read(&[0x80, 0x01, 4, 5, 2, 2, 9, 0, 0, 0], 5).is_err());
        assert!(read(&[0x80, 0x01, 4, 5, 2], 5).is_err());
    }
}
