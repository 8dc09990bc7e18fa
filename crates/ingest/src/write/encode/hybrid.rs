//! The run-length and bit-packed encoding of small numbers, as dictionary codes and definition levels are written.
//!
//! Written for this crate because the `parquet` crate keeps its encoder to itself.

/// Numbers that are packed together.
const GROUP: usize = 8;

/// Appends numbers of at most `width` bits.
pub(super) fn encode(numbers: &[u32], width: u8, output: &mut Vec<u8>) {
    // A shorter run takes more bytes than packing its numbers, since it also ends the packed run before it.
    let least_run = GROUP.max(32 / usize::from(width.max(1)));
    let (mut packed_from, mut at) = (0, 0);
    while at < numbers.len() {
        let rest = &numbers[at..];
        let first = rest[0];
        let is_run = rest
            .first_chunk::<GROUP>()
            .is_some_and(|group| group.iter().all(|number| *number == first));
        let run = if is_run { run_length(rest) } else { 0 };
        if run < least_run {
            at += GROUP;
            continue;
        }
        pack(&numbers[packed_from..at], width, output);
        repeat(first, run, width, output);
        at += run;
        packed_from = at;
    }
    pack(&numbers[packed_from..], width, output);
}

/// Appends one number many times.
pub(super) fn repeat(number: u32, times: usize, width: u8, output: &mut Vec<u8>) {
    variable_length((times as u64) << 1, output);
    let bytes = usize::from(width).div_ceil(8);
    output.extend_from_slice(&number.to_le_bytes()[..bytes]);
}

fn run_length(numbers: &[u32]) -> usize {
    let first = numbers[0];
    let other = numbers.iter().position(|number| *number != first);
    other.unwrap_or(numbers.len())
}

/// Appends numbers bit by bit; the last group is filled up with zeros.
fn pack(numbers: &[u32], width: u8, output: &mut Vec<u8>) {
    if numbers.is_empty() {
        return;
    }
    let groups = numbers.len().div_ceil(GROUP);
    variable_length((groups as u64) << 1 | 1, output);
    let end = output.len() + groups * usize::from(width);
    output.reserve(end - output.len() + 4);
    let (mut bits, mut filled) = (0_u64, 0);
    for &number in numbers {
        bits |= u64::from(number) << filled;
        filled += u32::from(width);
        if filled >= 32 {
            output.extend_from_slice(&(bits as u32).to_le_bytes());
            bits >>= 32;
            filled -= 32;
        }
    }
    output.extend_from_slice(&bits.to_le_bytes());
    output.resize(end, 0);
}

/// LEB128.
fn variable_length(mut number: u64, output: &mut Vec<u8>) {
    while number >= 0x80 {
        output.push(number as u8 | 0x80);
        number >>= 7;
    }
    output.push(number as u8);
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// Reads what was written, by the description in the format's own page Encodings.md.
    fn decode(mut bytes: &[u8], width: u8, count: usize) -> Vec<u32> {
        let mut numbers = Vec::new();
        while numbers.len() < count {
            let (mut header, mut shift) = (0_u64, 0);
            loop {
                let (byte, rest) = bytes.split_first().unwrap();
                header |= u64::from(byte & 0x7F) << shift;
                (shift, bytes) = (shift + 7, rest);
                if byte & 0x80 == 0 {
                    break;
                }
            }
            let width = usize::from(width);
            if header & 1 == 0 {
                let (value, rest) = bytes.split_at(width.div_ceil(8));
                let value = value
                    .iter()
                    .rev()
                    .fold(0, |value, byte| value << 8 | u32::from(*byte));
                numbers.extend(std::iter::repeat_n(value, (header >> 1) as usize));
                bytes = rest;
                continue;
            }
            let (packed, rest) = bytes.split_at((header >> 1) as usize * width);
            let bit = |index: usize| u32::from(packed[index / 8] >> (index % 8) & 1);
            for number in 0..(header >> 1) as usize * 8 {
                let bits = (0..width).map(|index| bit(number * width + index) << index);
                numbers.push(bits.sum());
            }
            bytes = rest;
        }
        assert!(bytes.is_empty());
        numbers.truncate(count);
        numbers
    }

    /// From the format's page Encodings.md: 0 to 7 in three bits.
    #[test]
    fn the_example_of_the_format() {
        let mut bytes = Vec::new();
        encode(&[0, 1, 2, 3, 4, 5, 6, 7], 3, &mut bytes);
        assert_eq!(bytes, [0b11, 0b1000_1000, 0b1100_0110, 0b1111_1010]);
    }

    proptest! {
        #[test]
        fn numbers_come_back(
            runs in vec((any::<u32>(), prop_oneof![Just(1_usize), 1..20_usize, 100..900_usize]), 0..40),
            width in 1..=32_u8,
        ) {
            let mask = u32::MAX >> (32 - width);
            let numbers: Vec<u32> = runs
                .iter()
                .flat_map(|(number, times)| std::iter::repeat_n(number & mask, *times))
                .collect();
            let mut bytes = Vec::new();
            encode(&numbers, width, &mut bytes);
            prop_assert_eq!(decode(&bytes, width, numbers.len()), numbers);
        }
    }
}
