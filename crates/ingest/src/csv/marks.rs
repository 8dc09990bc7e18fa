//! Finds the bytes that give a CSV file its shape, 64 bytes at a time.

use super::Syntax;

/// Bytes that are looked at together: one bit each in a mask.
const LANES: usize = 64;

/// Multiplied by eight bytes of 0 or 1, moves them into the eight bits of the highest byte.
const GATHER: u64 = 0x0102_0408_1020_4080;

/// Walks over the delimiters, line breaks, quotes and escapes of some bytes, in their order.
#[derive(Debug)]
pub(super) struct Marks<'a> {
    bytes: &'a [u8],
    signs: [u8; 5],
    /// The mask is of the bytes from here on.
    base: usize,
    mask: u64,
}

impl<'a> Marks<'a> {
    pub(super) fn new(bytes: &'a [u8], syntax: &Syntax) -> Self {
        let or_delimiter = |sign: Option<u8>| sign.unwrap_or(syntax.delimiter);
        let mut marks = Self {
            bytes,
            signs: [
                syntax.delimiter,
                b'\n',
                b'\r',
                or_delimiter(syntax.quote),
                or_delimiter(syntax.escape),
            ],
            base: 0,
            mask: 0,
        };
        marks.mask = marks.mask_at(0);
        marks
    }

    /// The next mark, which is then behind.
    #[inline]
    pub(super) fn next(&mut self) -> Option<usize> {
        while self.mask == 0 {
            self.base += LANES;
            if self.base >= self.bytes.len() {
                self.base = self.bytes.len();
                return None;
            }
            self.mask = self.mask_at(self.base);
        }
        let at = self.base + self.mask.trailing_zeros() as usize;
        self.mask &= self.mask - 1;
        Some(at)
    }

    /// Leaves out marks before `at`, which is not behind the last one.
    #[inline]
    pub(super) fn skip_to(&mut self, at: usize) {
        if at < self.base + LANES {
            let behind = at.saturating_sub(self.base);
            self.mask &= !0 << behind;
            return;
        }
        self.base = at - at % LANES;
        self.mask = 0;
        if self.base < self.bytes.len() {
            self.mask = self.mask_at(self.base) & (!0 << (at % LANES));
        }
    }

    #[inline]
    fn mask_at(&self, base: usize) -> u64 {
        let rest = &self.bytes[base..];
        match rest.first_chunk::<LANES>() {
            Some(lanes) => mask(lanes, self.signs),
            None => {
                let mut lanes = [0; LANES];
                lanes[..rest.len()].copy_from_slice(rest);
                mask(&lanes, self.signs) & !(!0 << rest.len())
            }
        }
    }
}

/// A bit for each byte that is one of the signs. Written so that the compiler makes vector instructions of it.
#[inline]
fn mask(lanes: &[u8; LANES], signs: [u8; 5]) -> u64 {
    let mut hits = [0_u8; LANES];
    for (hit, &byte) in hits.iter_mut().zip(lanes) {
        let is = |sign: u8| u8::from(byte == sign);
        *hit = is(signs[0]) | is(signs[1]) | is(signs[2]) | is(signs[3]) | is(signs[4]);
    }
    let (eights, _) = hits.as_chunks::<8>();
    let gathered = eights
        .iter()
        .map(|eight| u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56);
    gathered
        .enumerate()
        .fold(0, |mask, (index, bits)| mask | (bits << (8 * index)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn marks_are_those_of_a_plain_search(text in "[abc,\"\n\r\\\\é口]{0,200}", skip in 0..200_usize) {
            let bytes = text.as_bytes();
            let syntax = Syntax { escape: Some(b'\\'), ..Syntax::default() };
            let is_mark = |at: &usize| b",\"\n\r\\".contains(&bytes[*at]);
            let expected: Vec<usize> = (0..bytes.len()).filter(is_mark).collect();
            let mut marks = Marks::new(bytes, &syntax);
            let found: Vec<usize> = std::iter::from_fn(|| marks.next()).collect();
            prop_assert_eq!(&found, &expected);

            let mut marks = Marks::new(bytes, &syntax);
            marks.skip_to(skip);
            let found: Vec<usize> = std::iter::from_fn(|| marks.next()).collect();
            let expected: Vec<usize> = expected.into_iter().filter(|at| *at >= skip).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
