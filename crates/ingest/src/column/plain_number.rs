//! Reads the commonest form of numbers quickly; whatever has another form is left to the schema's own parser.

use kouan_schema::{Field, FieldType, TableSchema, Value};

/// Digits whose number is a double without rounding.
const EXACT_DIGITS: usize = 15;

const POWERS_OF_TEN: [f64; EXACT_DIGITS + 1] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];

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
        if missing.iter().any(|text| number(text.as_bytes()).is_some()) {
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

/// An integer of at most 18 digits.
#[inline]
pub(super) fn integer(text: &[u8]) -> Option<i64> {
    let (is_negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut value = 0_i64;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + i64::from(digit);
    }
    Some(if is_negative { -value } else { value })
}

/// A decimal number of at most 15 digits, which is then the nearest double: both the digits and the power of ten that
/// they are divided by are exact, and a division rounds once.
#[inline]
pub(super) fn number(text: &[u8]) -> Option<f64> {
    let (is_negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.len() > EXACT_DIGITS + 1 {
        return None;
    }
    let (mut value, mut count, mut point) = (0_u64, 0_usize, None);
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            value = value * 10 + u64::from(digit);
            count += 1;
        } else if *byte == b'.' && point.is_none() {
            point = Some(count);
        } else {
            return None;
        }
    }
    let decimals = point.map_or(0, |point| count - point);
    // A point with nothing before or behind it is for the slower parser to judge.
    if count == 0 || count > EXACT_DIGITS || point == Some(0) || point == Some(count) {
        return None;
    }
    let value = value as f64 / POWERS_OF_TEN[decimals];
    Some(if is_negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The standard library's parser is the yardstick.
        #[test]
        fn what_is_read_is_what_the_standard_library_reads(text in "-?[0-9]{0,20}(\\.[0-9]{0,9})?") {
            if let Some(found) = integer(text.as_bytes()) {
                prop_assert_eq!(Ok(found), text.parse());
            }
            if let Some(found) = number(text.as_bytes()) {
                prop_assert_eq!(found.to_bits(), text.parse::<f64>().unwrap().to_bits());
            }
        }

        #[test]
        fn usual_numbers_are_read_quickly(units in -999_999_999_i64..999_999_999, hundredths in 0..100_u32) {
            let text = format!("{units}.{hundredths:02}");
            prop_assert_eq!(number(text.as_bytes()), text.parse().ok());
            prop_assert_eq!(integer(units.to_string().as_bytes()), Some(units));
        }
    }

    #[test]
    fn other_forms_are_left_to_the_schema() {
        for text in ["", "-", "+1", "1e5", " 1", ".5", "5.", ".", "1.2.3", "1_000", "NaN"] {
            assert_eq!(number(text.as_bytes()), None, "{text}");
            assert_eq!(integer(text.as_bytes()), None, "{text}");
        }
    }
}
