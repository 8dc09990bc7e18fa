//! What tells rows apart, and which columns tell rows of another table.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use crate::error::DescribeError;
use crate::forms::Form;
use crate::table::Table;

/// Columns that a key is looked for among, and that it may have.
const MOST_COLUMNS: usize = 6;
/// Rows up to which a key of several columns, or a reference, is looked for: each set of columns remembers a number a row.
const MOST_ROWS: u64 = 2_000_000;

/// The columns that identify a row, as places; empty if none are found.
pub(crate) fn primary_key(table: &Table, forms: &[Form]) -> Result<Vec<usize>, DescribeError> {
    let columns = || table.columns.iter().enumerate();
    let alone = || columns().filter(|(_, column)| column.is_unique() && column.may_identify(forms));
    let called_key = alone().find(|(_, column)| column.is_called_key());
    let first_text = || alone().find(|(place, column)| *place == 0 || column.is_text(forms));
    if let Some((place, _)) = called_key.or_else(first_text) {
        return Ok(vec![place]);
    }
    if table.rows > MOST_ROWS || table.rows < 2 {
        return Ok(Vec::new());
    }
    let possible: Vec<usize> = columns()
        .filter(|(_, column)| column.may_identify(forms))
        .map(|(place, _)| place)
        .take(MOST_COLUMNS)
        .collect();
    let beginnings: Vec<Vec<usize>> = (2..=possible.len())
        .map(|length| possible[..length].to_vec())
        .collect();
    let unique = unique_sets(table, &beginnings)?;
    let Some(mut key) = beginnings
        .into_iter()
        .zip(unique)
        .find_map(|(key, unique)| unique.then_some(key))
    else {
        return Ok(Vec::new());
    };
    // A column in the middle may add nothing.
    let mut place = 0;
    while key.len() > 1 && place < key.len() {
        let mut fewer = key.clone();
        fewer.remove(place);
        if unique_sets(table, std::slice::from_ref(&fewer))?[0] {
            key = fewer;
        } else {
            place += 1;
        }
    }
    Ok(key)
}

/// For each set of columns, whether no two rows agree in all of them.
fn unique_sets(table: &Table, sets: &[Vec<usize>]) -> Result<Vec<bool>, DescribeError> {
    let hasher = RandomState::new();
    let mut seen: Vec<Option<HashSet<u64>>> = vec![Some(HashSet::new()); sets.len()];
    table.each_row(|row| {
        for (set, seen) in sets.iter().zip(&mut seen) {
            if let Some(hashes) = seen
                && !hashes.insert(hash(&hasher, row, set))
            {
                *seen = None;
            }
        }
    })?;
    Ok(seen.iter().map(Option::is_some).collect())
}

fn hash(hasher: &RandomState, row: &[String], columns: &[usize]) -> u64 {
    let mut state = hasher.build_hasher();
    for column in columns {
        row[*column].hash(&mut state);
    }
    state.finish()
}

/// A column whose every value is in the key of another table.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) column: usize,
    /// The other table's place, and that of its key.
    pub(crate) to: (usize, usize),
}

/// The references of each table to the others: by columns that are called as the key of one column there.
pub(crate) fn references(
    tables: &[Table],
    keys: &[Vec<usize>],
) -> Result<Vec<Vec<Reference>>, DescribeError> {
    let mut found: Vec<Vec<Reference>> = tables.iter().map(|_| Vec::new()).collect();
    for (to, (other, key)) in tables.iter().zip(keys).enumerate() {
        let [key] = key[..] else { continue };
        let name = &other.columns[key].name;
        let holders = tables.iter().enumerate().filter_map(|(from, table)| {
            let column = table
                .columns
                .iter()
                .position(|column| column.name == *name)?;
            (from != to && keys[from] != [column]).then_some((from, column))
        });
        let holders: Vec<(usize, usize)> = holders.collect();
        if holders.is_empty() || other.rows > MOST_ROWS {
            continue;
        }
        let mut known: HashSet<String> = HashSet::new();
        other.each_row(|row| {
            known.insert(row[key].clone());
        })?;
        for (from, column) in holders {
            let mut holds = true;
            tables[from]
                .each_row(|row| holds &= row[column].is_empty() || known.contains(&row[column]))?;
            if holds {
                found[from].push(Reference {
                    column,
                    to: (to, key),
                });
            }
        }
    }
    Ok(found)
}
