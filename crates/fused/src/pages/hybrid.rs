//! Parquet's hybrid of runs and bit-packed values: dictionary codes, definition levels and booleans.

use bytes::Bytes;
use datafusion::common::exec_err;
use datafusion::error::Result;

use super::unpack::unpack32;
use super::varint::variable_length;

/// Reads the hybrid encoding from front to back.
#[derive(Debug)]
pub(super) struct Hybrid {
    data: Bytes,
    position: usize,
    width: u32,
    run: Run,
}

#[derive(Debug)]
enum Run {
    Repeated {
        value: u32,
        left: usize,
    },
    /// Values from the one at `next` of those that start at byte `start`.
    Packed {
        start: usize,
        next: usize,
        left: usize,
    },
}

/// What [`Hybrid::fill`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filled {
    /// All values are this one; the output was not written.
    Constant(u32),
    /// Each value is in the output.
    Each,
}

impl Hybrid {
    /// A reader of values of `width` bits.
    pub(super) fn new(data: Bytes, width: u32) -> Result<Self> {
        if width > 32 {
            return exec_err!("a Parquet page has codes of {width} bits");
        }
        Ok(Self {
            data,
            position: 0,
            width,
            run: Run::Repeated { value: 0, left: 0 },
        })
    }

    /// A reader of `count` bit-packed values without headers of runs.
    pub(super) fn packed(data: Bytes, width: u32, count: usize) -> Self {
        Self {
            position: data.len(),
            data,
            width,
            run: Run::Packed {
                start: 0,
                next: 0,
                left: count,
            },
        }
    }

    /// Reads the next values, as many as `out` holds.
    pub(super) fn fill(&mut self, out: &mut [u32]) -> Result<Filled> {
        let mut done = 0;
        while done < out.len() {
            let wanted = out.len() - done;
            match &mut self.run {
                Run::Repeated { left: 0, .. } | Run::Packed { left: 0, .. } => self.next_run()?,
                Run::Repeated { value, left } => {
                    let count = wanted.min(*left);
                    *left -= count;
                    if count == out.len() {
                        return Ok(Filled::Constant(*value));
                    }
                    out[done..done + count].fill(*value);
                    done += count;
                }
                Run::Packed { start, next, left } => {
                    let count = wanted.min(*left);
                    let packed = Packed {
                        bytes: self.data.get(*start..).unwrap_or_default(),
                        width: self.width,
                    };
                    packed.read(*next, &mut out[done..done + count])?;
                    *next += count;
                    *left -= count;
                    done += count;
                }
            }
        }
        Ok(Filled::Each)
    }

    /// Reads the chosen ones of the next `count` values, which are given in order.
    pub(super) fn pick(&mut self, count: usize, chosen: &[u32], out: &mut [u32]) -> Result<Filled> {
        let (mut done, mut picked) = (0, 0);
        while done < count {
            let wanted = count - done;
            let passed = match &mut self.run {
                Run::Repeated { left: 0, .. } | Run::Packed { left: 0, .. } => {
                    self.next_run()?;
                    continue;
                }
                Run::Repeated { value, left } => {
                    let passed = wanted.min(*left);
                    *left -= passed;
                    if passed == count {
                        return Ok(Filled::Constant(*value));
                    }
                    let here = before(&chosen[picked..], done + passed);
                    out[picked..picked + here].fill(*value);
                    picked += here;
                    passed
                }
                Run::Packed { start, next, left } => {
                    let passed = wanted.min(*left);
                    let packed = Packed {
                        bytes: self.data.get(*start..).unwrap_or_default(),
                        width: self.width,
                    };
                    packed.check(*next + passed)?;
                    let here = before(&chosen[picked..], done + passed);
                    let first = next.wrapping_sub(done);
                    packed.pick(first, &chosen[picked..picked + here], &mut out[picked..]);
                    picked += here;
                    *next += passed;
                    *left -= passed;
                    passed
                }
            };
            done += passed;
        }
        Ok(Filled::Each)
    }

    /// The value of the present run and how often it comes; nothing where each value is packed for itself.
    pub(super) fn run_ahead(&mut self) -> Result<Option<(u32, usize)>> {
        loop {
            match &self.run {
                Run::Repeated { left: 0, .. } | Run::Packed { left: 0, .. } => {
                    if self.position >= self.data.len() {
                        return Ok(None);
                    }
                    self.next_run()?;
                }
                Run::Repeated { value, left } => return Ok(Some((*value, *left))),
                Run::Packed { .. } => return Ok(None),
            }
        }
    }

    /// Passes over values.
    pub(super) fn skip(&mut self, mut count: usize) -> Result<()> {
        while count > 0 {
            match &mut self.run {
                Run::Repeated { left: 0, .. } | Run::Packed { left: 0, .. } => self.next_run()?,
                Run::Repeated { left, .. } => {
                    let passed = count.min(*left);
                    *left -= passed;
                    count -= passed;
                }
                Run::Packed { next, left, .. } => {
                    let passed = count.min(*left);
                    *next += passed;
                    *left -= passed;
                    count -= passed;
                }
            }
        }
        Ok(())
    }

    fn next_run(&mut self) -> Result<()> {
        let header = variable_length(&self.data, &mut self.position)?;
        let Ok(count) = usize::try_from(header >> 1) else {
            return exec_err!("a Parquet page has a run of {} values", header >> 1);
        };
        if header & 1 == 1 {
            let bytes = count.saturating_mul(self.width as usize);
            self.run = Run::Packed {
                start: self.position,
                next: 0,
                left: count.saturating_mul(8),
            };
            self.position = self.position.saturating_add(bytes).min(self.data.len());
        } else {
            let bytes = self.width.div_ceil(8) as usize;
            let Some(given) = self.data.get(self.position..self.position + bytes) else {
                return exec_err!("a Parquet page ends inside a run");
            };
            let mut value = [0; 4];
            value[..bytes].copy_from_slice(given);
            self.run = Run::Repeated {
                value: u32::from_le_bytes(value),
                left: count,
            };
            self.position += bytes;
        }
        Ok(())
    }
}

/// How many of the places, which are in order, are before one.
fn before(places: &[u32], end: usize) -> usize {
    places.partition_point(|place| (*place as usize) < end)
}

/// Values of `width` bits, one after the other.
struct Packed<'a> {
    bytes: &'a [u8],
    width: u32,
}

impl Packed<'_> {
    /// An error unless there are `count` values; writers may leave out the padding of the last group.
    fn check(&self, count: usize) -> Result<()> {
        if count.saturating_mul(self.width as usize).div_ceil(8) > self.bytes.len() {
            return exec_err!("a Parquet page ends before its last value");
        }
        Ok(())
    }

    /// Reads the values at some places behind `first`.
    fn pick(&self, first: usize, places: &[u32], out: &mut [u32]) {
        for (value, place) in out.iter_mut().zip(places) {
            *value = self.single(first.wrapping_add(*place as usize));
        }
    }

    /// Reads values from the one at `first`.
    fn read(&self, first: usize, out: &mut [u32]) -> Result<()> {
        let width = self.width as usize;
        self.check(first + out.len())?;
        let head = first.next_multiple_of(8).min(first + out.len()) - first;
        let (head, rest) = out.split_at_mut(head);
        for (index, value) in head.iter_mut().enumerate() {
            *value = self.single(first + index);
        }
        let mut at = first + head.len();
        let (blocks, tail) = rest.as_chunks_mut::<32>();
        for block in blocks {
            unpack32(self.width, &self.bytes[at * width / 8..], block);
            at += 32;
        }
        for (index, value) in tail.iter_mut().enumerate() {
            *value = self.single(at + index);
        }
        Ok(())
    }

    #[inline]
    fn single(&self, index: usize) -> u32 {
        let bit = index * self.width as usize;
        let bytes = self.bytes.get(bit / 8..).unwrap_or_default();
        let word = bytes.first_chunk().copied().unwrap_or_else(|| {
            let mut word = [0_u8; 8];
            word[..bytes.len()].copy_from_slice(bytes);
            word
        });
        let mask = (1_u64 << self.width) - 1;
        (u64::from_le_bytes(word) >> (bit % 8) & mask) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked examples of the Parquet format (Encodings.md): 0 to 7 in three bits, and a run.
    #[test]
    fn the_examples_of_the_format_are_read() -> Result<()> {
        let data = Bytes::from_static(&[0x03, 0x88, 0xc6, 0xfa, 0x14, 0x05]);
        let mut reader = Hybrid::new(data, 3)?;
        let mut out = [0; 8];
        assert_eq!(reader.run_ahead()?, None);
        assert_eq!(reader.fill(&mut out)?, Filled::Each);
        assert_eq!(out, [0, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(reader.run_ahead()?, Some((5, 10)));
        assert_eq!(reader.fill(&mut out[..6])?, Filled::Constant(5));
        assert_eq!(reader.run_ahead()?, Some((5, 4)));
        assert_eq!(reader.fill(&mut out[..4])?, Filled::Constant(5));
        assert_eq!(reader.run_ahead()?, None);
        Ok(())
    }

    #[test]
    fn reading_in_pieces_gives_the_same() -> Result<()> {
        let bytes: Vec<u8> = [0x19_u8]
            .into_iter()
            .chain((0..12 * 5_u8).map(|at| at.wrapping_mul(37)))
            .collect();
        let data = Bytes::from(bytes);
        let mut whole = [0; 96];
        Hybrid::new(data.clone(), 5)?.fill(&mut whole)?;
        for piece in [1, 3, 7, 31, 33] {
            let mut reader = Hybrid::new(data.clone(), 5)?;
            let mut pieces = Vec::new();
            while pieces.len() + piece + 2 <= whole.len() {
                reader.skip(2)?;
                pieces.extend([whole[pieces.len()], whole[pieces.len() + 1]]);
                let mut out = vec![0; piece];
                reader.fill(&mut out)?;
                pieces.extend(out);
            }
            assert_eq!(pieces, whole[..pieces.len()]);
        }
        Ok(())
    }

    /// Two runs, with chosen places on both sides of where they meet.
    #[test]
    fn chosen_values_are_those_of_the_whole() -> Result<()> {
        let data = Bytes::from_static(&[0x03, 0x88, 0xc6, 0xfa, 0x14, 0x05]);
        for chosen in [&[0, 7, 8, 17][..], &[3], &[], &[9, 10]] {
            let mut reader = Hybrid::new(data.clone(), 3)?;
            let mut out = vec![0; chosen.len()];
            assert_eq!(reader.pick(18, chosen, &mut out)?, Filled::Each);
            let value = |place: &u32| if *place < 8 { *place } else { 5 };
            assert_eq!(out, chosen.iter().map(value).collect::<Vec<_>>());
        }
        let mut reader = Hybrid::new(data, 3)?;
        reader.skip(8)?;
        assert_eq!(reader.pick(10, &[2, 4], &mut [0; 2])?, Filled::Constant(5));
        assert!(reader.pick(1, &[0], &mut [0]).is_err());
        Ok(())
    }

    #[test]
    fn a_page_that_ends_early_is_an_error() -> Result<()> {
        let mut out = [0; 8];
        assert!(
            Hybrid::new(Bytes::from_static(&[0x03, 0x88]), 3)?
                .fill(&mut out)
                .is_err()
        );
        assert!(
            Hybrid::new(Bytes::from_static(&[0x10]), 3)?
                .fill(&mut out)
                .is_err()
        );
        assert!(
            Hybrid::new(Bytes::from_static(&[0xff; 6]), 3)?
                .fill(&mut out)
                .is_err()
        );
        assert!(Hybrid::new(Bytes::new(), 3)?.fill(&mut out).is_err());
        Ok(())
    }
}
