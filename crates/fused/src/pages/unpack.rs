//! Unpacks values of 0 to 32 bits each, 32 at a time.

/// Unpacks 32 values from the first `4 * width` bytes of `input`, which must hold them.
pub(super) fn unpack32(width: u32, input: &[u8], out: &mut [u32; 32]) {
    macro_rules! by_width {
        ($($width:literal)*) => {
            match width {
                $($width => unpack::<$width>(input, out),)*
                _ => out.fill(0),
            }
        };
    }
    by_width!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32);
}

/// One copy for each width, a statement for each value, so that places and shifts are constants.
fn unpack<const WIDTH: usize>(input: &[u8], out: &mut [u32; 32]) {
    let mut words = [0_u32; WIDTH];
    let (bytes, _) = input.as_chunks::<4>();
    for (word, bytes) in words.iter_mut().zip(bytes) {
        *word = u32::from_le_bytes(*bytes);
    }
    let mask = u32::MAX >> (32 - WIDTH);
    macro_rules! each {
        ($($index:literal)*) => {
            $(
                let (word, shift) = ($index * WIDTH / 32, $index * WIDTH % 32);
                let mut bits = words[word] >> shift;
                if shift + WIDTH > 32 {
                    bits |= words[word + 1] << (32 - shift);
                }
                out[$index] = bits & mask;
            )*
        };
    }
    each!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31);
}

/// The value at `index` of values of 0 to 64 bits; beyond the input there are zeros.
pub(super) fn wide(width: usize, input: &[u8], index: usize) -> u64 {
    let (byte, shift) = (index * width / 8, index * width % 8);
    let input = input.get(byte..).unwrap_or_default();
    let mut bytes = [0; 16];
    let count = input.len().min(bytes.len());
    bytes[..count].copy_from_slice(&input[..count]);
    let mask = !(u128::MAX << width);
    (u128::from_le_bytes(bytes) >> shift & mask) as u64
}

#[cfg(test)]
mod tests {
    use super::{unpack32, wide};

    /// Against a bit at a time, for every width.
    #[test]
    fn every_width_is_read_bit_by_bit() {
        let mut random = fastrand::Rng::with_seed(1);
        for width in 0..=32 {
            let bytes: Vec<u8> = (0..4 * width).map(|_| random.u8(..)).collect();
            let mut values = [0; 32];
            unpack32(width, &bytes, &mut values);
            let bit = |at: u32| u32::from(bytes[at as usize / 8] >> (at % 8) & 1);
            for (index, value) in values.iter().enumerate() {
                let first = index as u32 * width;
                let expected = (0..width).map(|at| bit(first + at) << at).sum::<u32>();
                assert_eq!(*value, expected, "width {width}, value {index}");
                assert_eq!(wide(width as usize, &bytes, index), u64::from(expected));
            }
        }
    }

    #[test]
    fn wide_values_are_read_bit_by_bit() {
        let mut random = fastrand::Rng::with_seed(2);
        for width in 33..=64 {
            let bytes: Vec<u8> = (0..width).map(|_| random.u8(..)).collect();
            for index in 0..8 {
                let bit = |at: usize| u64::from(bytes[at / 8] >> (at % 8) & 1);
                let expected = (0..width)
                    .map(|at| bit(index * width + at) << at)
                    .sum::<u64>();
                assert_eq!(wide(width, &bytes, index), expected, "width {width}");
            }
        }
    }
}
