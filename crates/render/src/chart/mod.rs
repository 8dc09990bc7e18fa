//! Charts of small answers in a terminal: bars, stacked bars, a line, a rough map.
//!
//! The columns choose the kind: a label and a number are bars, two labels and a number are
//! stacked bars, two numbers are a line, and columns called `lon` and `lat` are a map.

mod bars;
mod canvas;
mod points;
mod short;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::{cast, concat_batches};
use arrow::datatypes::{DataType, Float64Type, SchemaRef};
use arrow::util::display::array_value_to_string;

use kouan_words::visible;

use crate::cell::NULL;
use crate::types::{is_numeric, is_text};

/// Columns of a chart where the terminal does not tell.
const WIDTH: usize = 80;
/// Less is too narrow to see anything.
const NARROWEST: usize = 30;

/// Draws an answer within `width` columns.
///
/// # Errors
/// Why these columns or values make no chart, and what would.
pub fn chart(
    schema: &SchemaRef,
    batches: &[RecordBatch],
    width: Option<usize>,
) -> Result<String, String> {
    let rows = concat_batches(schema, batches).map_err(|error| error.to_string())?;
    if rows.num_rows() == 0 {
        return Err("an answer without rows makes no chart".to_string());
    }
    let width = width.unwrap_or(WIDTH).max(NARROWEST);
    if let (Some(lon), Some(lat)) = (named(&rows, "lon"), named(&rows, "lat")) {
        return points::map(&numbers(lon)?, &numbers(lat)?, width);
    }
    let is_number = |column: &ArrayRef| is_numeric(column.data_type());
    match rows.columns() {
        [x, y] if is_number(x) && is_number(y) => points::line(&numbers(x)?, &numbers(y)?, width),
        [label, value] if is_number(value) => bars::bars(&texts(label)?, &numbers(value)?, width),
        [label, part, value] if is_number(value) && is_text(part.data_type()) => {
            bars::stacked(&texts(label)?, &texts(part)?, &numbers(value)?, width)
        }
        _ => Err(
            "these columns make no chart: a label and a number are bars, two labels and a number \
             stacked bars, two numbers a line, columns called lon and lat a map"
                .to_string(),
        ),
    }
}

fn named<'a>(rows: &'a RecordBatch, name: &str) -> Option<&'a ArrayRef> {
    rows.column_by_name(name)
        .filter(|column| is_numeric(column.data_type()))
}

/// Numbers as they are drawn; what is not finite cannot be.
fn numbers(column: &ArrayRef) -> Result<Vec<Option<f64>>, String> {
    let floats = cast(column, &DataType::Float64).map_err(|error| error.to_string())?;
    let floats = floats.as_primitive::<Float64Type>();
    Ok(floats
        .iter()
        .map(|number| number.filter(|number| number.is_finite()))
        .collect())
}

fn texts(column: &ArrayRef) -> Result<Vec<String>, String> {
    let text = |row| {
        if column.is_null(row) {
            return Ok(NULL.to_string());
        }
        let text = array_value_to_string(column, row).map_err(|error| error.to_string())?;
        Ok(visible(&text).into_owned())
    };
    (0..column.len()).map(text).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Float64Array, Int64Array, StringArray};

    use super::*;
    use crate::testing::{batch, kinds, nothing};
    use kouan_words::width;

    fn drawn(rows: &RecordBatch, width: usize) -> Result<String, String> {
        chart(&rows.schema(), std::slice::from_ref(rows), Some(width))
    }

    fn labels(texts: &[&str]) -> ArrayRef {
        Arc::new(StringArray::from(texts.to_vec()))
    }

    fn integers(numbers: &[Option<i64>]) -> ArrayRef {
        Arc::new(Int64Array::from(numbers.to_vec()))
    }

    #[test]
    fn bars_are_as_long_as_their_values() -> Result<(), String> {
        let rows = batch([
            ("place", labels(&["口岸", "rail", "none", "x"])),
            ("n", integers(&[Some(40), Some(20), None, Some(1)])),
        ]);
        // 30 columns less labels of 4, numbers of 4 and 2 blanks leave 20: 40 is 20, 1 is half of one.
        assert_eq!(
            drawn(&rows, 30)?,
            "口岸   40 ████████████████████\nrail   20 ██████████\nnone NULL\nx       1 ▌"
        );
        Ok(())
    }

    #[test]
    fn parts_are_stacked_in_their_order() -> Result<(), String> {
        let rows = batch([
            ("region", labels(&["a", "a", "b"])),
            ("stage", labels(&["old", "new", "new"])),
            ("n", integers(&[Some(5), Some(10), Some(15)])),
        ]);
        // 30 columns less label 1, totals of 2 and 2 blanks leave 25 for 15.
        let text = drawn(&rows, 30)?;
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "█ old  ▓ new");
        assert_eq!(
            lines[1],
            format!("a 15 {}{}", "█".repeat(8), "▓".repeat(17))
        );
        assert_eq!(lines[2], format!("b 15 {}", "▓".repeat(25)));
        Ok(())
    }

    #[test]
    fn a_rising_line_rises() -> Result<(), String> {
        let numbers: Vec<f64> = (0..50).map(f64::from).collect();
        let column = || Arc::new(Float64Array::from(numbers.clone())) as ArrayRef;
        let text = drawn(&batch([("x", column()), ("y", column())]), 40)?;
        let first = text.lines().next().unwrap_or_default();
        assert!(
            first.starts_with("49 ┤") && first.ends_with(|c| c > '\u{2800}'),
            "{text}"
        );
        assert!(text.lines().all(|line| width(line) <= 40), "{text}");
        Ok(())
    }

    #[test]
    fn a_map_has_north_above() -> Result<(), String> {
        let lon: ArrayRef = Arc::new(Float64Array::from(vec![80.0, 130.0]));
        let lat: ArrayRef = Arc::new(Float64Array::from(vec![20.0, 50.0]));
        let text = drawn(&batch([("lon", lon), ("lat", lat)]), 60)?;
        let lines: Vec<&str> = text.lines().collect();
        let is_dot = |c: char| c > '\u{2800}' && c <= '\u{28ff}';
        assert!(lines[0].trim_end().ends_with(is_dot), "{text}");
        assert!(lines.iter().any(|line| line.starts_with(is_dot)), "{text}");
        assert!(
            lines
                .last()
                .is_some_and(|line| line.contains("lon 80 to 130, lat 20 to 50")),
            "{text}"
        );
        Ok(())
    }

    #[test]
    fn what_makes_no_chart_is_said() {
        let told = |rows: &RecordBatch| drawn(rows, 80).err().unwrap_or_default();
        assert!(told(&kinds()).contains("a label and a number are bars"));
        assert!(told(&nothing()).contains("without rows"));
        let negative = batch([("a", labels(&["x"])), ("n", integers(&[Some(-1)]))]);
        assert!(told(&negative).contains("below 0"));
        let many = vec!["x"; 1_000];
        let many = batch([("a", labels(&many)), ("n", integers(&vec![Some(1); 1_000]))]);
        assert!(told(&many).contains("LIMIT"));
    }
}
