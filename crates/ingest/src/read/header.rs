//! The header of a file: the schema's field names, in one row or several.

use std::collections::HashSet;

use kouan_schema::{Dialect, FieldsMatch, Table, TableSchema};
use kouan_words::nearest_spelling;

use crate::csv::FieldColumns;
use crate::csv::{Block, Position};
use crate::report::{Finding, Findings, excerpt};

/// Signs that a file may be cut at instead of the one that its dialect names.
const DELIMITERS: [char; 5] = [',', ';', '\t', '|', ':'];

/// What to say of a file without a header.
pub(crate) fn missing(definition: &TableSchema) -> String {
    let expected = expected_names(definition).join(",");
    format!("the file is empty; its first row should be {expected}")
}

fn expected_names(definition: &TableSchema) -> Vec<&str> {
    let fields = definition.fields.iter();
    fields.map(|field| field.name.as_str()).collect()
}

/// One cell of a header.
#[derive(Debug, Clone)]
struct Label {
    text: String,
    position: Position,
    /// Why it is no text, if it is none.
    foreign: Option<String>,
}

/// The header rows of a file as far as they have been read.
#[derive(Debug, Default)]
pub(crate) struct HeaderRows {
    rows: Vec<Vec<Label>>,
    through: u64,
}

impl HeaderRows {
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The number of the last row that was taken, whatever it was; 0 if there was none.
    pub(crate) fn through(&self) -> u64 {
        self.through
    }

    pub(crate) fn is_complete(&self, dialect: &Dialect) -> bool {
        self.rows.len() >= dialect.header_rows.len()
    }

    /// Takes the rows up to the end of the header out of a block. A comment is no row of a header.
    pub(crate) fn take_from(&mut self, block: &mut Block<'_>, dialect: &Dialect) {
        let last = dialect.header_rows.last().copied().unwrap_or(0);
        while let Some(row) = block.rows().first().copied() {
            // Comments and blank lines before the header push it down, unless its rows are numbered.
            let is_default = dialect.header_rows == [1];
            if row.record > last && !(is_default && self.is_empty()) {
                return;
            }
            block.pop_first_row();
            self.through = row.record;
            let is_header = is_default || dialect.header_rows.contains(&row.record);
            if is_header && !dialect.comment_rows.contains(&row.record) {
                let positions = block.positions(&row, row.cell_count as usize);
                let labels = block.values(&row).zip(positions).enumerate();
                let labels = labels.map(|(column, (text, position))| Label {
                    text: text.into_owned(),
                    position,
                    foreign: block.foreign_rule(&row, column),
                });
                self.rows.push(labels.collect());
            }
        }
    }

    /// Where the fields are; none if the header is wrong, since no cell can then be trusted to be in its column.
    pub(crate) fn check(&self, table: &Table, findings: &mut Findings) -> Option<FieldColumns> {
        let labels = self.joined(&table.dialect.header_join);
        let definition = &table.definition;
        let header = Header {
            labels,
            expected: expected_names(definition),
            matching: definition.fields_match,
            case: table.dialect.header_case,
        };
        let checks = [
            header.foreign_bytes(),
            header.other_delimiter(),
            header.wrong_names(),
            header.wrong_order(),
        ];
        // A later check would only repeat in other words what an earlier one found.
        let first = checks.into_iter().find(|found| !found.is_empty());
        let Some(found) = first else {
            return Some(header.field_columns());
        };
        for found in found {
            findings.add(|| found);
        }
        None
    }

    /// The names that the rows make together. A cell that is empty or left out in a row above the last goes on from
    /// the cell before it, as in a table whose heads span columns.
    fn joined(&self, join: &str) -> Vec<Label> {
        let Some((last, above)) = self.rows.split_last() else {
            return Vec::new();
        };
        let part = |row: &Vec<Label>, column: usize| {
            let reached = &row[..row.len().min(column + 1)];
            let spanning = reached.iter().rev().find(|label| !label.text.is_empty());
            spanning.map(|label| label.text.clone())
        };
        let join_column = |(column, label): (usize, &Label)| {
            let mut parts: Vec<String> = above.iter().filter_map(|row| part(row, column)).collect();
            parts.push(label.text.clone());
            parts.retain(|part| !part.is_empty());
            parts.dedup();
            Label {
                text: parts.join(join),
                ..label.clone()
            }
        };
        last.iter().enumerate().map(join_column).collect()
    }
}

struct Header<'a> {
    labels: Vec<Label>,
    expected: Vec<&'a str>,
    matching: FieldsMatch,
    /// Whether capital and small letters differ.
    case: bool,
}

type Found = Vec<(Position, Finding)>;

impl Header<'_> {
    fn is(&self, label: &Label, name: &str) -> bool {
        label.text == name || (!self.case && label.text.to_lowercase() == name.to_lowercase())
    }

    fn field_columns(&self) -> FieldColumns {
        let column = |name: &&str| self.labels.iter().position(|label| self.is(label, name));
        FieldColumns::new(
            self.expected.iter().map(column).collect(),
            self.labels.len(),
        )
    }

    fn foreign_bytes(&self) -> Found {
        let foreign = self.labels.iter().filter_map(|label| {
            let rule = label.foreign.clone()?;
            Some((label.position, Finding::of_row(rule)))
        });
        foreign.collect()
    }

    fn other_delimiter(&self) -> Found {
        let [whole] = &self.labels[..] else {
            return Found::new();
        };
        let expected = &self.expected;
        let cuts_right = |sign: &&char| {
            expected.len() > 1 && whole.text.split(**sign).eq(expected.iter().copied())
        };
        let sign = DELIMITERS.iter().find(cuts_right);
        let rule = |sign| {
            format!("the cells are separated by {sign:?}; the dialect of the table says otherwise")
        };
        sign.map(|sign| about(whole, rule(sign)))
            .into_iter()
            .collect()
    }

    fn wrong_names(&self) -> Found {
        let fold = |name: &str| {
            if self.case {
                name.to_string()
            } else {
                name.to_lowercase()
            }
        };
        let found: HashSet<String> = self.labels.iter().map(|label| fold(&label.text)).collect();
        let is_absent = |name: &&str| !found.contains(&fold(name));
        let mut absent: Vec<&str> = self.expected.iter().copied().filter(is_absent).collect();
        let none_in_common = absent.len() == self.expected.len();
        let expected: HashSet<String> = self.expected.iter().map(|name| fold(name)).collect();
        let mut seen = HashSet::new();
        let mut wrong = Found::new();
        for label in &self.labels {
            let name = fold(&label.text);
            let is_field = expected.contains(&name);
            let is_new = seen.insert(name);
            if !is_new && (is_field || !self.matching.allows_other_columns()) {
                wrong.push(about(label, "occurs twice in the header"));
            } else if !is_field && !self.matching.allows_other_columns() {
                wrong.push(about(label, unknown(&label.text, &mut absent)));
            }
        }
        let start = Position {
            column: 1,
            ..self
                .labels
                .first()
                .map_or(Position::START, |label| label.position)
        };
        if !self.matching.allows_absent_fields() {
            let missing = |name| (start, Finding::of_missing(name, "missing from the header"));
            wrong.extend(absent.into_iter().map(missing));
        } else if none_in_common {
            wrong.push((
                start,
                Finding::of_row("none of the schema's fields is in the header"),
            ));
        }
        wrong
    }

    fn wrong_order(&self) -> Found {
        if self.matching != FieldsMatch::Exact {
            return Found::new();
        }
        let mut pairs = self.labels.iter().zip(&self.expected);
        let first = pairs.find(|(label, name)| !self.is(label, name));
        let rule = || {
            format!(
                "the fields are in another order; expected {}",
                self.expected.join(",")
            )
        };
        first
            .map(|(label, _)| about(label, rule()))
            .into_iter()
            .collect()
    }
}

fn about(label: &Label, rule: impl Into<String>) -> (Position, Finding) {
    (
        label.position,
        Finding {
            field: None,
            value: Some(excerpt(&label.text)),
            rule: rule.into(),
        },
    )
}

/// What to say of a name that the schema does not have; a field that it was meant to be is then not absent.
fn unknown(name: &str, absent: &mut Vec<&str>) -> String {
    let near = nearest_spelling(name.trim(), absent.iter().copied());
    let Some(index) = absent.iter().position(|field| Some(*field) == near) else {
        return "not a field of the schema".to_string();
    };
    format!(
        "not a field of the schema; is {} meant?",
        absent.remove(index)
    )
}
