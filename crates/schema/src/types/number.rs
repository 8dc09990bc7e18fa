//! Cells of the types integer and number.

use std::borrow::Cow;
use std::num::IntErrorKind;

use crate::types::rule::Rule;

/// Reads an integer: an optional sign and digits, with group characters between them if the
/// field has one.
pub(crate) fn parse_integer(text: &str, group: Option<char>) -> Result<i64, Rule> {
    let digits = without_group(text, group);
    digits
        .parse()
        .map_err(|error: std::num::ParseIntError| match error.kind() {
            IntErrorKind::PosOverflow => format!("above {}, the greatest integer", i64::MAX).into(),
            IntErrorKind::NegOverflow => format!("below {}, the least integer", i64::MIN).into(),
            _ => Rule::from("not an integer"),
        })
}

/// Reads a number: decimal digits with an optional sign, point and exponent, or one of `NaN`,
/// `INF` and `-INF` in any case, which the specification allows.
pub(crate) fn parse_number(text: &str, decimal: char, group: Option<char>) -> Result<f64, Rule> {
    let digits = with_point(without_group(text, group), decimal);
    // Rust would also read "inf" and "infinity", which a table must not hold.
    if !digits
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'+' | b'-' | b'e' | b'E'))
    {
        return special(&digits).ok_or_else(|| "not a number".into());
    }
    match digits.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        Ok(_) => Err(format!("beyond {:e}, the greatest number", f64::MAX).into()),
        Err(_) => Err("not a number".into()),
    }
}

/// The text, or only what lies between its first and last digit, with the sign before it, where signs
/// such as `€` or `%` may stand around numbers.
pub(crate) fn bare(text: &str, is_bare: bool) -> &str {
    if is_bare {
        return text;
    }
    let is_digit = |character: char| character.is_ascii_digit();
    let end = text.rfind(is_digit).map_or(0, |last| last + 1);
    let start = text.find(|character: char| character == '-' || is_digit(character));
    start.and_then(|start| text.get(start..end)).unwrap_or(text)
}

fn special(text: &str) -> Option<f64> {
    let names = [
        ("nan", f64::NAN),
        ("inf", f64::INFINITY),
        ("-inf", f64::NEG_INFINITY),
    ];
    let found = names
        .into_iter()
        .find(|(name, _)| text.eq_ignore_ascii_case(name));
    found.map(|(_, number)| number)
}

/// Allocates only where the text holds the group character. A group character must stand
/// between two digits, else it stays and the text is no number.
fn without_group(text: &str, group: Option<char>) -> Cow<'_, str> {
    let Some(group) = group.filter(|group| text.contains(*group)) else {
        return Cow::Borrowed(text);
    };
    let ends_with_digit = |part: &str| part.ends_with(|end: char| end.is_ascii_digit());
    let starts_with_digit = |part: &str| part.starts_with(|start: char| start.is_ascii_digit());
    let parts: Vec<&str> = text.split(group).collect();
    let between_digits = parts
        .windows(2)
        .all(|pair| ends_with_digit(pair[0]) && starts_with_digit(pair[1]));
    if between_digits {
        Cow::Owned(parts.concat())
    } else {
        Cow::Borrowed(text)
    }
}

/// The text with a point for its decimal character. A point that is not the decimal character
/// becomes a sign that no number has.
fn with_point(text: Cow<'_, str>, decimal: char) -> Cow<'_, str> {
    if decimal == '.' {
        return text;
    }
    let exchange = |character| match character {
        '.' => decimal,
        _ if character == decimal => '.',
        _ => character,
    };
    Cow::Owned(text.chars().map(exchange).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers() {
        for (text, expected) in [
            ("0", 0),
            ("-7", -7),
            ("+7", 7),
            ("007", 7),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
        ] {
            assert_eq!(parse_integer(text, None), Ok(expected), "{text}");
        }
        for text in [
            "", " 1", "1 ", "1.0", "1e3", "0x1", "--1", "+", "1,000", "１",
        ] {
            assert_eq!(
                parse_integer(text, None),
                Err("not an integer".into()),
                "{text}"
            );
        }
    }

    #[test]
    fn integers_beyond_64_bits_are_told_their_limit() {
        let rule = |text| parse_integer(text, None).map_err(|rule| rule.to_string());
        let above = "above 9223372036854775807, the greatest integer";
        let below = "below -9223372036854775808, the least integer";
        assert_eq!(rule("9223372036854775808"), Err(above.to_string()));
        assert_eq!(rule("-9223372036854775809"), Err(below.to_string()));
    }

    #[test]
    fn group_characters_stand_between_digits() {
        assert_eq!(parse_integer("1,234,567", Some(',')), Ok(1_234_567));
        assert_eq!(parse_integer("-1 000", Some(' ')), Ok(-1000));
        for text in [",1", "1,", "1,,0", "-,1"] {
            assert_eq!(
                parse_integer(text, Some(',')),
                Err("not an integer".into()),
                "{text}"
            );
        }
        assert_eq!(parse_number("1.234,5", ',', Some('.')), Ok(1234.5));
        assert_eq!(parse_number("1,234.5", '.', Some(',')), Ok(1234.5));
    }

    #[test]
    fn numbers() {
        // The examples of the specification, and the edges of its grammar.
        for (text, expected) in [
            ("-1.23", -1.23),
            ("12678967.543233", 12_678_967.543_233),
            ("+100000.00", 100_000.0),
            ("210", 210.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("1E3", 1000.0),
            ("1e-3", 0.001),
            ("INF", f64::INFINITY),
            ("-inf", f64::NEG_INFINITY),
        ] {
            assert_eq!(parse_number(text, '.', None), Ok(expected), "{text}");
        }
        assert!(parse_number("NaN", '.', None).is_ok_and(f64::is_nan));
        for text in [
            "", ".", "e5", "1e", "infinity", "+inf", "+NaN", "1,5", "0x1p3", "1_0", " 1",
        ] {
            assert_eq!(
                parse_number(text, '.', None),
                Err("not a number".into()),
                "{text}"
            );
        }
    }

    /// What frictionless strips: `^[^-\d]*` and `\D*$`.
    #[test]
    fn signs_around_numbers_are_dropped_where_the_field_says_so() {
        for (text, expected) in [
            ("95%", "95"),
            ("€95", "95"),
            ("EUR 95", "95"),
            ("-1.5 km", "-1.5"),
            ("$-3", "-3"),
            ("n/a", "n/a"),
            ("", ""),
        ] {
            assert_eq!(bare(text, false), expected);
            assert_eq!(bare(text, true), text);
        }
    }

    #[test]
    fn the_decimal_character_replaces_the_point() {
        assert_eq!(parse_number("0,25", ',', None), Ok(0.25));
        assert_eq!(parse_number("0.25", ',', None), Err("not a number".into()));
    }

    #[test]
    fn a_number_too_great_is_not_infinity() {
        let rule = parse_number("1e999", '.', None).map_err(|rule| rule.to_string());
        assert_eq!(
            rule,
            Err("beyond 1.7976931348623157e308, the greatest number".to_string())
        );
    }
}
