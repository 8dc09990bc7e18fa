//! The header row: the schema's field names, in the schema's order.

use std::collections::HashSet;

use kouan_schema::TableSchema;
use kouan_schema::nearest;

use crate::column::foreign_rule;
use crate::csv::{Block, Position, Row};
use crate::report::{Finding, Findings, excerpt};

/// Signs that a file may be cut at instead of the one that its dialect names.
const DELIMITERS: [char; 5] = [',', ';', '\t', '|', ':'];

/// What to say of a file without a header.
pub(crate) fn missing(definition: &TableSchema) -> String {
    let expected = expected_names(definition).join(",");
    format!("the file is empty; its first row should be {expected}")
}

/// Checks the header row; false if it is wrong, since no cell can then be trusted to be in its column.
pub(crate) fn check(
    block: &Block,
    row: &Row,
    definition: &TableSchema,
    findings: &mut Findings,
) -> bool {
    let expected = expected_names(definition);
    let found: Vec<_> = block.values(row).map(|name| name.into_owned()).collect();
    let header = Header {
        block,
        row,
        positions: block.positions(row, found.len()),
        found,
    };
    let checks = [
        header.foreign_bytes(),
        header.other_delimiter(&expected),
        header.wrong_names(&expected),
        header.wrong_order(&expected),
    ];
    // A later check would only repeat in other words what an earlier one found.
    let first = checks.into_iter().find(|found| !found.is_empty());
    let is_right = first.is_none();
    for found in first.unwrap_or_default() {
        findings.add(|| found);
    }
    is_right
}

fn expected_names(definition: &TableSchema) -> Vec<&str> {
    let fields = definition.fields.iter();
    fields.map(|field| field.name.as_str()).collect()
}

struct Header<'a> {
    block: &'a Block,
    row: &'a Row,
    /// What the file holds, and where each name starts.
    found: Vec<String>,
    positions: Vec<Position>,
}

type Found = Vec<(Position, Finding)>;

impl Header<'_> {
    fn foreign_bytes(&self) -> Found {
        let byte = |column| Some((column, self.block.foreign_byte(self.row, column)?));
        let foreign = (0..self.found.len()).filter_map(byte);
        foreign
            .map(|(column, byte)| (self.positions[column], Finding::of_row(foreign_rule(byte))))
            .collect()
    }

    fn other_delimiter(&self, expected: &[&str]) -> Found {
        let [whole] = &self.found[..] else {
            return Found::new();
        };
        let cuts_right =
            |sign: &&char| expected.len() > 1 && whole.split(**sign).eq(expected.iter().copied());
        let sign = DELIMITERS.iter().find(cuts_right);
        let rule = |sign| {
            format!("the cells are separated by {sign:?}; the dialect of the table says otherwise")
        };
        sign.map(|sign| self.about(0, rule(sign)))
            .into_iter()
            .collect()
    }

    fn wrong_names(&self, expected: &[&str]) -> Found {
        let found: HashSet<&str> = self.found.iter().map(String::as_str).collect();
        let is_absent = |name: &&str| !found.contains(name);
        let mut absent: Vec<&str> = expected.iter().copied().filter(is_absent).collect();
        let expected: HashSet<&str> = expected.iter().copied().collect();
        let mut seen = HashSet::new();
        let mut wrong = Found::new();
        for (column, name) in self.found.iter().enumerate() {
            if !seen.insert(name) {
                wrong.push(self.about(column, "stands twice in the header"));
            } else if !expected.contains(name.as_str()) {
                wrong.push(self.about(column, unknown(name, &mut absent)));
            }
        }
        let start = Position {
            line: self.row.line,
            column: 1,
        };
        let missing = |name| (start, Finding::of_missing(name, "missing from the header"));
        wrong.extend(absent.into_iter().map(missing));
        wrong
    }

    fn wrong_order(&self, expected: &[&str]) -> Found {
        let mut pairs = self.found.iter().zip(expected);
        let first = pairs.position(|(found, expected)| found != expected);
        let rule = || {
            format!(
                "the fields are in another order; expected {}",
                expected.join(",")
            )
        };
        first
            .map(|column| self.about(column, rule()))
            .into_iter()
            .collect()
    }

    fn about(&self, column: usize, rule: impl Into<String>) -> (Position, Finding) {
        let value = Some(excerpt(&self.found[column]));
        (
            self.positions[column],
            Finding {
                field: None,
                value,
                rule: rule.into(),
            },
        )
    }
}

/// What to say of a name that the schema does not have; a field that it was meant to be is then not absent.
fn unknown(name: &str, absent: &mut Vec<&str>) -> String {
    let near = nearest(name.trim(), absent.iter().copied());
    let Some(index) = absent.iter().position(|field| Some(*field) == near) else {
        return "not a field of the schema".to_string();
    };
    format!(
        "not a field of the schema; is {} meant?",
        absent.remove(index)
    )
}
