//! Reads the commonest form of numbers quickly; whatever has another form is left to the schema's own parser.

use kouan_schema::{Field, FieldType, TableSchema, Value};

use crate::csv::RawCell;

const POWERS_OF_TEN: [f64; 9] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

/// The numbers of a field that need no further check.
#[derive(Debug, Clone, Copy)]
pub(super) enum PlainNumber {
    Integer(i64, i64),
    Number(f64, f64),
}

impl PlainNumber {
    /// What can be read quickly of a field; nothing if it has rules that do more than bound its numbers.
    pub(super) fn of(definition: &TableSchema, field: &Field) -> Option<Self> {
        let rules = &field.constraints;
        let missing = field.missing_values.as_ref();
        let missing = missing.unwrap_or(&definition.missing_values);
        if missing
            .iter()
            .any(|text| number(RawCell::of(text)).is_some())
        {
            return None;
        }
        let has_others = rules.enumeration.is_some()
            || rules.exclusive_minimum.is_some()
            || rules.exclusive_maximum.is_some()
            || field.categories.is_some();
        if has_others {
            return None;
        }
        let (least, greatest) = (rules.minimum.as_ref(), rules.maximum.as_ref());
        match field.kind {
            FieldType::Integer {
                group: None,
                bare: true,
            } => {
                let bound = |value: Option<&Value<'_>>, none| match value {
                    Some(Value::Integer(integer)) => *integer,
                    _ => none,
                };
                Some(Self::Integer(
                    bound(least, i64::MIN),
                    bound(greatest, i64::MAX),
                ))
            }
            FieldType::Number {
                decimal: '.',
                group: None,
                bare: true,
            } => {
                let bound = |value: Option<&Value<'_>>, none| match value {
                    Some(Value::Number(number)) => *number,
                    _ => none,
                };
                let (least, greatest) = (bound(least, f64::MIN), bound(greatest, f64::MAX));
                Some(Self::Number(least, greatest))
            }
            _ => None,
        }
    }
}

/// The digit 0 in each byte.
const ZEROS: u64 = 0x3030_3030_3030_3030;

const POINTS: u128 = u128::from_le_bytes([b'.'; 16]);
const LOWEST_BITS: u128 = u128::from_le_bytes([1; 16]);
const HIGHEST_BITS: u128 = u128::from_le_bytes([0x80; 16]);

/// The number of at most eight digits, whose bytes are those of `text` from the lowest; eight at once, without a loop.
#[inline]
fn eight_digits(text: u64, length: u32) -> Option<u32> {
    if length == 0 || length > 8 {
        return None;
    }
    let filled = 64 - 8 * length;
    // Zeros before the first digit change nothing.
    let digits = (text << filled) | (ZEROS & !(u64::MAX << filled));
    let digits = digits ^ ZEROS;
    let is_digits = digits.wrapping_add(0x7676_7676_7676_7676) | digits;
    if is_digits & 0x8080_8080_8080_8080 != 0 {
        return None;
    }
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8) & 0x00FF_00FF_00FF_00FF;
    let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_FFFF_0000_FFFF;
    Some(fours.wrapping_mul(10_000).wrapping_add(fours >> 32) as u32)
}

/// An integer of at most eight digits.
#[inline]
pub(super) fn integer(cell: RawCell<'_>) -> Option<i64> {
    let (text, length) = (cell.short()?, cell.length());
    let is_negative = text as u8 == b'-';
    let sign = u32::from(is_negative);
    let value = i64::from(eight_digits((text >> (8 * sign)) as u64, length - sign)?);
    Some(if is_negative { -value } else { value })
}

/// A decimal number of at most eight digits, which is then the nearest double: both the digits and the power of ten that
/// they are divided by are exact, and a division rounds once.
#[inline]
pub(super) fn number(cell: RawCell<'_>) -> Option<f64> {
    let (text, length) = (cell.short()?, cell.length());
    let is_negative = text as u8 == b'-';
    let sign = u32::from(is_negative);
    let (text, length) = (text >> (8 * sign), length - sign);
    let other = text ^ POINTS;
    let points = other.wrapping_sub(LOWEST_BITS) & !other & HIGHEST_BITS;
    let point = points.trailing_zeros() / 8;
    let (digits, count, decimals) = if point >= length {
        (text as u64, length, 0)
    } else {
        // A point with nothing before or behind it is for the slower parser to judge.
        if point == 0 || point + 1 == length || point > 8 {
            return None;
        }
        let before = text & !(u128::MAX << (8 * point));
        let behind = text >> (8 * (point + 1)) << (8 * point);
        let digits = u64::try_from(before | behind).ok()?;
        (digits, length - 1, length - 1 - point)
    };
    let value = f64::from(eight_digits(digits, count)?) / POWERS_OF_TEN[decimals as usize];
    Some(if is_negative { -value } else { value })
}

/// Whether a number of at most eight digits starts with a zero that another digit follows.
#[inline]
pub(super) fn has_leading_zero(cell: RawCell<'_>) -> bool {
    let Some(text) = cell.short() else {
        return true;
    };
    let digits = match text as u8 {
        b'-' => text >> 8,
        _ => text,
    };
    digits as u8 == b'0' && ((digits >> 8) as u8).is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The standard library's parser is the yardstick.
        #[test]
        fn what_is_read_is_what_the_standard_library_reads(text in "-?[0-9]{0,20}(\\.[0-9]{0,9})?") {
            if let Some(found) = integer(RawCell::of(&text)) {
                prop_assert_eq!(Ok(found), text.parse());
            }
            if let Some(found) = number(RawCell::of(&text)) {
                prop_assert_eq!(found.to_bits(), text.parse::<f64>().unwrap().to_bits());
            }
        }

        #[test]
        fn usual_numbers_are_read_quickly(units in -99_999_999_i64..99_999_999, hundredths in 0..100_u32) {
            prop_assert_eq!(integer(RawCell::of(&units.to_string())), Some(units));
            let units = units / 100;
            let text = format!("{units}.{hundredths:02}");
            prop_assert_eq!(number(RawCell::of(&text)), text.parse().ok());
        }
    }

    #[test]
    fn zeros_in_front_are_seen() {
        for (text, expected) in [
            ("007", true),
            ("-00", true),
            ("0", false),
            ("0.5", false),
            ("-0", false),
            ("70", false),
        ] {
            assert_eq!(has_leading_zero(RawCell::of(text)), expected, "{text}");
        }
    }

    #[test]
    fn other_forms_are_left_to_the_schema() {
        for text in [
            "", "-", "--1", "1-", ":", "/", "+1", "1e5", " 1", ".5", "5.", ".", "1.2.3", "1_000",
            "NaN",
        ] {
            assert_eq!(number(RawCell::of(text)), None, "{text}");
            assert_eq!(integer(RawCell::of(text)), None, "{text}");
        }
    }
}
