//! Expected answers as CSV, and where another answer differs from one.

use std::cmp::Ordering;

use arrow::datatypes::Schema;

/// Floating-point values that differ by less than this part of themselves are the same.
const TOLERANCE: f64 = 1e-9;
/// Rows of a difference that are shown.
const MOST_ROWS: usize = 20;

/// How an answer differs from the expected one, as rows that are missing (`-`) and that are new (`+`) under the
/// names of the columns. The order of rows counts where the query says one.
pub(super) fn difference(
    expected: &str,
    answered: &str,
    schema: &Schema,
    ordered: bool,
) -> Option<String> {
    if expected == answered {
        return None;
    }
    let floats = schema
        .fields()
        .iter()
        .map(|field| field.data_type().is_floating())
        .collect();
    let columns = Columns { floats };
    let (mut expected, mut answered) = (table(expected), table(answered));
    let headings = (expected.first().cloned(), answered.first().cloned());
    if headings.0 != headings.1 {
        let line = |row: Option<Row>| row.map_or_else(String::new, |row| in_csv(&row));
        return Some(format!("- {}\n+ {}", line(headings.0), line(headings.1)));
    }
    let moved = expected
        .iter()
        .zip(&answered)
        .position(|(one, other)| columns.compare(one, other) != Ordering::Equal);
    for rows in [&mut expected, &mut answered] {
        rows.remove(0);
        rows.sort_by(|one, other| columns.compare_exactly(one, other));
    }
    let changed = columns.changed(&expected, &answered);
    match (changed.is_empty(), moved) {
        (true, Some(row)) if ordered => Some(format!(
            "  the same rows come in another order, from row {row} on"
        )),
        (true, _) => None,
        (false, _) => {
            let more = changed.len().saturating_sub(MOST_ROWS);
            let names = headings.0.map(|names| format!("  {}", in_csv(&names)));
            let rows = changed.into_iter().take(MOST_ROWS);
            let mut lines: Vec<String> = names.into_iter().chain(rows).collect();
            if more > 0 {
                lines.push(format!("  and {more} more"));
            }
            Some(lines.join("\n"))
        }
    }
}

/// A row's cells; `None` is NULL, an empty field without quotes.
type Row = Vec<Option<String>>;

/// How cells are compared.
struct Columns {
    floats: Vec<bool>,
}

impl Columns {
    /// Orders rows by what is exact first, so that values that differ a little do not tear equal rows apart.
    fn compare_exactly(&self, one: &Row, other: &Row) -> Ordering {
        self.compare_by(one, other, f64::total_cmp)
    }

    /// As [`Columns::compare_exactly`], with values that differ a little taken as the same.
    fn compare(&self, one: &Row, other: &Row) -> Ordering {
        self.compare_by(one, other, |one, other| {
            let scale = one.abs().max(other.abs());
            if one == other || (one - other).abs() <= TOLERANCE * scale {
                Ordering::Equal
            } else {
                one.total_cmp(other)
            }
        })
    }

    fn compare_by(
        &self,
        one: &Row,
        other: &Row,
        numbers: impl Fn(&f64, &f64) -> Ordering,
    ) -> Ordering {
        let is_float = |place: &usize| self.floats.get(*place).copied().unwrap_or(false);
        let places = 0..one.len().max(other.len());
        let (floats, exact): (Vec<usize>, Vec<usize>) = places.partition(is_float);
        let text = |row: &Row, place: usize| row.get(place).cloned().flatten();
        for place in exact {
            let order = text(one, place).cmp(&text(other, place));
            if order.is_ne() {
                return order;
            }
        }
        for place in floats {
            let (one, other) = (text(one, place), text(other, place));
            let parsed = |text: &Option<String>| text.as_ref()?.parse::<f64>().ok();
            let order = match (parsed(&one), parsed(&other)) {
                (Some(one), Some(other)) => numbers(&one, &other),
                _ => one.cmp(&other),
            };
            if order.is_ne() {
                return order;
            }
        }
        Ordering::Equal
    }

    /// The rows that are in one of two sorted lists only.
    fn changed(&self, expected: &[Row], answered: &[Row]) -> Vec<String> {
        let (mut missing, mut new) = (expected.iter().peekable(), answered.iter().peekable());
        let mut changed = Vec::new();
        loop {
            let order = match (missing.peek(), new.peek()) {
                (None, None) => return changed,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(one), Some(other)) => self.compare(one, other),
            };
            if order.is_le() {
                let row = missing.next();
                let row = row.filter(|_| order.is_lt());
                changed.extend(row.map(|row| format!("- {}", in_csv(row))));
            }
            if order.is_ge() {
                let row = new.next();
                let row = row.filter(|_| order.is_gt());
                changed.extend(row.map(|row| format!("+ {}", in_csv(row))));
            }
        }
    }
}

/// The rows of a CSV text as this program writes it.
fn table(text: &str) -> Vec<Row> {
    let (mut rows, mut row) = (Vec::new(), Row::new());
    let (mut cell, mut is_quoted) = (String::new(), false);
    let mut characters = text.chars().peekable();
    let ended = |cell: &mut String, is_quoted: &mut bool| {
        let (text, is_text) = (std::mem::take(cell), std::mem::take(is_quoted));
        (is_text || !text.is_empty()).then_some(text)
    };
    while let Some(character) = characters.next() {
        match character {
            '"' if cell.is_empty() && !is_quoted => {
                is_quoted = true;
                while let Some(inner) = characters.next() {
                    if inner == '"' && characters.next_if_eq(&'"').is_none() {
                        break;
                    }
                    cell.push(inner);
                }
            }
            ',' => row.push(ended(&mut cell, &mut is_quoted)),
            '\r' if characters.peek() == Some(&'\n') => {}
            '\n' => {
                row.push(ended(&mut cell, &mut is_quoted));
                rows.push(std::mem::take(&mut row));
            }
            other => cell.push(other),
        }
    }
    if !row.is_empty() || !cell.is_empty() || is_quoted {
        row.push(ended(&mut cell, &mut is_quoted));
        rows.push(row);
    }
    rows
}

/// A row for people: NULL is an empty field, text is quoted where it must be.
fn in_csv(row: &Row) -> String {
    let cells = row.iter().map(|cell| match cell {
        None => String::new(),
        Some(text) if text.is_empty() || text.contains([',', '"', '\n']) => {
            format!("\"{}\"", text.replace('"', "\"\""))
        }
        Some(text) => text.clone(),
    });
    cells.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::{DataType, Field};

    use super::*;

    fn differs(expected: &str, answered: &str, ordered: bool) -> Option<String> {
        let schema = Schema::new(vec![
            Field::new("place", DataType::Utf8, true),
            Field::new("share", DataType::Float64, true),
        ]);
        difference(expected, answered, &schema, ordered)
    }

    #[test]
    fn order_counts_where_the_query_says_one() {
        let (one, other) = ("place,share\na,1\nb,2\n", "place,share\nb,2\na,1\n");
        assert_eq!(differs(one, other, false), None);
        let told = differs(one, other, true);
        assert!(told.is_some_and(|told| told.contains("another order, from row 1")));
    }

    #[test]
    fn numbers_differ_by_more_than_the_last_digits() {
        let one = "place,share\na,0.1\n";
        assert_eq!(
            differs(one, "place,share\na,0.10000000000000002\n", true),
            None
        );
        assert_eq!(
            differs(one, "place,share\na,0.100001\n", true).as_deref(),
            Some("  place,share\n- a,0.1\n+ a,0.100001")
        );
    }

    #[test]
    fn null_and_empty_text_differ() {
        let told = differs("place,share\n,1\n", "place,share\n\"\",1\n", true);
        assert_eq!(told.as_deref(), Some("  place,share\n- ,1\n+ \"\",1"));
    }

    #[test]
    fn rows_that_came_and_went() {
        let told = differs(
            "place,share\na,1\nb,2\nc,3\n",
            "place,share\na,1\nc,3\n\"d, e\",4\n",
            false,
        );
        assert_eq!(told.as_deref(), Some("  place,share\n- b,2\n+ \"d, e\",4"));
        let told = differs("place,shares\n", "place,share\n", false);
        assert_eq!(told.as_deref(), Some("- place,shares\n+ place,share"));
    }
}
