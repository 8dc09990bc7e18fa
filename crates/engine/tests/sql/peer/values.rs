//! Values as the suite writes them: the rules of `normalize.rs` and `conversion.rs` of `datafusion-sqllogictest` 55.2.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, DurationFormat, FormatOptions};

/// Decimal places of floating point numbers that are compared.
const PLACES: usize = 12;

/// What stands for a part that is not compared.
const IGNORED: &str = "<slt:ignore>";

/// The rows of an answer; a last cell of several lines becomes rows of its own.
pub(super) fn rows(batches: &[RecordBatch]) -> Result<Vec<Vec<String>>, ArrowError> {
    let mut rows = Vec::new();
    for batch in batches {
        for row in 0..batch.num_rows() {
            let cells = batch.columns().iter().map(|column| cell(column, row));
            let mut cells = cells.collect::<Result<Vec<_>, _>>()?;
            let more = match cells.last() {
                Some(last) if last.contains('\n') => cells.pop(),
                _ => None,
            };
            rows.push(cells);
            let lines = more.iter().flat_map(|text| text.split('\n')).enumerate();
            rows.extend(lines.map(|(index, line)| vec![numbered(index + 1, line)]));
        }
    }
    Ok(rows)
}

/// Blanks in front of a line would not be compared.
fn numbered(number: usize, line: &str) -> String {
    let text = line.trim_start();
    let indent = "-".repeat(line.len() - text.len());
    format!("{number:02}){indent}{text}")
}

fn cell(column: &ArrayRef, row: usize) -> Result<String, ArrowError> {
    if column.is_null(row) || column.data_type().is_null() {
        return Ok("NULL".to_string());
    }
    if let DataType::Dictionary(..) = column.data_type() {
        let column = column.as_any_dictionary();
        return cell(column.values(), column.normalized_keys()[row]);
    }
    let options = FormatOptions::default()
        .with_null("NULL")
        .with_duration_format(DurationFormat::Pretty);
    let text = ArrayFormatter::try_new(column, &options)?
        .value(row)
        .to_string();
    let data_type = column.data_type();
    Ok(if data_type.is_floating() {
        number(&float(column, row).unwrap_or(text))
    } else if data_type.is_decimal() {
        plain(&text)
    } else if data_type.is_string() && text.is_empty() {
        "(empty)".to_string()
    } else if data_type.is_string() {
        text.trim_end_matches('\n').replace('\0', "\\0")
    } else {
        text
    })
}

/// All digits of a number, without an exponent.
fn float(column: &ArrayRef, row: usize) -> Option<String> {
    use arrow::datatypes::{Float16Type, Float32Type, Float64Type};
    let (half, single, double) = (
        column.as_primitive_opt::<Float16Type>(),
        column.as_primitive_opt::<Float32Type>(),
        column.as_primitive_opt::<Float64Type>(),
    );
    let half = half.map(|column| column.value(row).to_f32().to_string());
    let single = single.map(|column| column.value(row).to_string());
    half.or(single)
        .or_else(|| double.map(|column| column.value(row).to_string()))
}

fn number(text: &str) -> String {
    match text {
        "NaN" | "-NaN" => "NaN".to_string(),
        "inf" => "Infinity".to_string(),
        "-inf" => "-Infinity".to_string(),
        text => plain(&rounded(text)),
    }
}

/// Rounds to the places that are compared, half to even.
fn rounded(text: &str) -> String {
    let Some((whole, fraction)) = text.split_once('.') else {
        return text.to_string();
    };
    if fraction.len() <= PLACES {
        return text.to_string();
    }
    let (sign, whole) = match whole.strip_prefix('-') {
        Some(whole) => ("-", whole),
        None => ("", whole),
    };
    let (kept, cut) = fraction.split_at(PLACES);
    let mut digits: Vec<u8> = [b"0", whole.as_bytes(), kept.as_bytes()].concat();
    let is_odd = digits.last().is_some_and(|digit| digit % 2 == 1);
    let rest = cut[1..].bytes().any(|digit| digit != b'0');
    let first = cut.as_bytes()[0];
    if first > b'5' || first == b'5' && (rest || is_odd) {
        for digit in digits.iter_mut().rev() {
            *digit += 1;
            if *digit <= b'9' {
                break;
            }
            *digit = b'0';
        }
    }
    let text = String::from_utf8_lossy(&digits);
    let (whole, fraction) = text.split_at(text.len() - PLACES);
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    format!("{sign}{whole}.{fraction}")
}

/// Without zeros at the end, nor the sign of a zero.
fn plain(text: &str) -> String {
    let text = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => text,
    };
    match text {
        "-0" | "" | "-" => "0".to_string(),
        text => text.to_string(),
    }
}

#[expect(clippy::ptr_arg, reason = "the runner's type")]
pub(super) fn trimmed(text: &String) -> String {
    text.trim_end().to_string()
}

/// Whether rows are as expected, but for parts that are not compared.
pub(super) fn are_equal(
    normalizer: fn(&String) -> String,
    actual: &[Vec<String>],
    expected: &[String],
) -> bool {
    let expected: Vec<String> = expected.iter().map(normalizer).collect();
    let actual = actual.iter().map(|cells| trimmed(&cells.join(" ")));
    let actual: Vec<String> = actual.collect();
    if !expected.iter().any(|line| line.contains(IGNORED)) {
        return actual == expected;
    }
    let (expected, actual) = (expected.join("\n"), actual.join("\n"));
    let mut rest = actual.as_str();
    for (index, part) in expected.split(IGNORED).enumerate() {
        match rest.find(part) {
            Some(at) if index > 0 || at == 0 => rest = &rest[at + part.len()..],
            _ => return false,
        }
    }
    true
}

#[test]
fn numbers_are_rounded_half_to_even() {
    // Python: decimal.Decimal(x).quantize(Decimal('1e-12'), ROUND_HALF_EVEN)
    for (text, expected) in [
        ("0.1", "0.1"),
        ("2.0", "2"),
        ("0.1234567890125", "0.123456789012"),
        ("0.1234567890135", "0.123456789014"),
        ("-9.9999999999996", "-10"),
        ("-0.0000000000001", "0"),
        ("inf", "Infinity"),
    ] {
        assert_eq!(number(text), expected, "{text}");
    }
}
