//! Answers as text, and whether two are the same.

use arrow::array::RecordBatch;
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};

/// Numbers may differ by this share of themselves: sums of floats come in any order.
const TOLERANCE: f64 = 1e-9;

/// The rows of batches in text.
pub(crate) fn rows(batches: &[RecordBatch]) -> Result<Vec<Vec<String>>, ArrowError> {
    let options = FormatOptions::default().with_null("NULL");
    let mut rows = Vec::new();
    for batch in batches {
        let columns = batch
            .columns()
            .iter()
            .map(|column| ArrayFormatter::try_new(column, &options))
            .collect::<Result<Vec<_>, _>>()?;
        for row in 0..batch.num_rows() {
            rows.push(
                columns
                    .iter()
                    .map(|column| column.value(row).to_string())
                    .collect(),
            );
        }
    }
    Ok(rows)
}

/// Where two answers differ first, their rows in any order.
pub(crate) fn difference(mut one: Vec<Vec<String>>, mut two: Vec<Vec<String>>) -> Option<String> {
    if one.len() != two.len() {
        return Some(format!("{} and {} rows", one.len(), two.len()));
    }
    // By what is no fraction first: the digits of sums may differ.
    let order = |row: &Vec<String>| {
        let is_exact = |cell: &&String| !cell.contains('.');
        row.iter().filter(is_exact).cloned().collect::<Vec<_>>()
    };
    one.sort_by_cached_key(|row| (order(row), row.clone()));
    two.sort_by_cached_key(|row| (order(row), row.clone()));
    let differ = |(one, two): &(&Vec<String>, &Vec<String>)| {
        one.len() != two.len() || one.iter().zip(*two).any(|(one, two)| !alike(one, two))
    };
    let (one, two) = one.iter().zip(&two).find(differ)?;
    Some(format!("{one:?} and {two:?}"))
}

fn alike(one: &str, two: &str) -> bool {
    let numbers = one.parse::<f64>().ok().zip(two.parse::<f64>().ok());
    one == two
        || numbers
            .is_some_and(|(one, two)| (one - two).abs() <= TOLERANCE * one.abs().max(two.abs()))
}
