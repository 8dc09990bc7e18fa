//! What a check found: counts, and the first problems with their places.

use std::fmt;

use crate::csv::Position;

/// What was found in one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The table's name in the package, as in `paper.table1`.
    pub table: String,
    /// The rows read, good and bad, without the header.
    pub rows: u64,
    /// The first problems in file order, at most [`Options::problem_limit`](crate::Options::problem_limit).
    pub problems: Vec<Problem>,
    /// All problems, those in [`Report::problems`] included.
    pub problems_total: u64,
}

impl Report {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.problems_total == 0
    }
}

/// One thing that is wrong.
///
/// Shown as `data/ports.csv:12:3 opened_year "30000": above the maximum 2100`; control characters are
/// escaped, so that a problem is one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, as a person can open it.
    pub file: String,
    /// The line where the cell starts, from 1; line breaks inside quotes count.
    pub line: u64,
    /// The character of that line where the cell starts, from 1; a quoted cell starts at its quote.
    pub column: u64,
    /// The field, or the fields of a key joined by `, `; none if the whole row or file is meant.
    pub field: Option<String>,
    /// What stands there, cut to 64 characters; the values of a key are joined by `, `.
    pub value: Option<String>,
    /// The rule that does not hold.
    pub rule: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            line,
            column,
            field,
            value,
            rule,
        } = self;
        write!(formatter, "{file}:{line}:{column}")?;
        if let Some(field) = field {
            write!(formatter, " {}", field.escape_debug())?;
        }
        if let Some(value) = value {
            write!(formatter, " {value:?}")?;
        }
        write!(formatter, ": {rule}")
    }
}

/// The most characters of a value that a problem keeps.
const VALUE_CHARACTERS: usize = 64;

/// A value as a problem keeps it.
pub(crate) fn excerpt(value: &str) -> String {
    match value.char_indices().nth(VALUE_CHARACTERS) {
        None => value.to_string(),
        Some((end, _)) => format!("{}…", &value[..end]),
    }
}

/// Something wrong, before it is known whether the report has room for it.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    pub(crate) field: Option<String>,
    pub(crate) value: Option<String>,
    pub(crate) rule: String,
}

impl Finding {
    /// A finding about a row or a file.
    pub(crate) fn of_row(rule: impl Into<String>) -> Self {
        Self {
            field: None,
            value: None,
            rule: rule.into(),
        }
    }

    /// A finding about a cell.
    pub(crate) fn of_cell(field: &str, value: &str, rule: impl Into<String>) -> Self {
        Self {
            field: Some(field.to_string()),
            value: Some(excerpt(value)),
            rule: rule.into(),
        }
    }

    /// A finding about a cell that has no value.
    pub(crate) fn of_missing(field: &str, rule: impl Into<String>) -> Self {
        Self {
            field: Some(field.to_string()),
            value: None,
            rule: rule.into(),
        }
    }
}

/// A finding and where it is.
#[derive(Debug)]
struct Found {
    part: usize,
    position: Position,
    finding: Finding,
}

/// Collects the problems of a table, in bounded memory.
///
/// Blocks come in file order, but within a block cells are checked column by column; the order is restored at
/// the end of each block.
#[derive(Debug)]
pub(crate) struct Findings {
    limit: usize,
    /// The part of the table that is looked at.
    part: usize,
    kept: Vec<Found>,
    /// Where the problems of the current block start.
    block: usize,
    total: u64,
}

impl Findings {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            part: 0,
            kept: Vec::new(),
            block: 0,
            total: 0,
        }
    }

    /// What is found from now on is in this part of the table.
    pub(crate) fn go_on_in(&mut self, part: usize) {
        self.end_block();
        self.part = part;
    }

    pub(crate) fn total(&self) -> u64 {
        self.total
    }

    /// Counts a problem and, if there is room, keeps it.
    pub(crate) fn add(&mut self, found: impl FnOnce() -> (Position, Finding)) {
        self.total += 1;
        if self.block >= self.limit {
            return;
        }
        let (position, finding) = found();
        self.kept.push(Found {
            part: self.part,
            position,
            finding,
        });
        if self.kept.len() >= self.limit.saturating_mul(2).saturating_add(1024) {
            self.keep_first();
        }
    }

    /// Counts problems that are not kept.
    pub(crate) fn count(&mut self, problems: u64) {
        self.total += problems;
    }

    /// What was found so far; nothing is from then on.
    pub(crate) fn take(&mut self) -> Vec<(Position, Finding)> {
        self.total = 0;
        self.block = 0;
        let found = std::mem::take(&mut self.kept).into_iter();
        found.map(|found| (found.position, found.finding)).collect()
    }

    /// Puts the problems of the current block in file order; what is added next lies behind them.
    pub(crate) fn end_block(&mut self) {
        self.keep_first();
        self.block = self.kept.len();
    }

    fn keep_first(&mut self) {
        let order = |found: &Found| (found.part, found.position);
        self.kept[self.block..].sort_by_key(order);
        self.kept.truncate(self.limit);
    }

    /// Takes what was found elsewhere in the same table.
    pub(crate) fn merge(&mut self, other: Self) {
        self.total += other.total;
        self.kept.extend(other.kept);
        self.block = 0;
        self.keep_first();
    }

    /// The report; `describe` names the parts of the table.
    pub(crate) fn into_report(
        mut self,
        table: &str,
        rows: u64,
        describe: impl Fn(usize) -> String,
    ) -> Report {
        self.end_block();
        let problem = |found: Found| Problem {
            file: describe(found.part),
            line: found.position.line,
            column: found.position.column,
            field: found.finding.field,
            value: found.finding.value,
            rule: found.finding.rule,
        };
        Report {
            table: table.to_string(),
            rows,
            problems: self.kept.into_iter().map(problem).collect(),
            problems_total: self.total,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(field: Option<&str>, value: Option<&str>) -> Problem {
        Problem {
            file: "data/ports.csv".to_string(),
            line: 12,
            column: 3,
            field: field.map(str::to_string),
            value: value.map(excerpt),
            rule: "above the maximum 2100".to_string(),
        }
    }

    #[test]
    fn a_problem_is_one_line() {
        let shown = problem(Some("opened_year"), Some("30000")).to_string();
        assert_eq!(
            shown,
            r#"data/ports.csv:12:3 opened_year "30000": above the maximum 2100"#
        );
        let shown = problem(None, None).to_string();
        assert_eq!(shown, "data/ports.csv:12:3: above the maximum 2100");
        let shown = problem(Some("note"), Some("a\n\u{1b}[31m")).to_string();
        assert_eq!(
            shown,
            r#"data/ports.csv:12:3 note "a\n\u{1b}[31m": above the maximum 2100"#
        );
    }

    #[test]
    fn a_long_value_is_cut() {
        assert_eq!(excerpt(&"口".repeat(64)), "口".repeat(64));
        assert_eq!(excerpt(&"口".repeat(1000)), format!("{}…", "口".repeat(64)));
    }

    #[test]
    fn the_first_problems_of_the_table_are_kept_whatever_order_they_are_found_in() {
        let bad = |line| (Position { line, column: 1 }, Finding::of_row("bad"));
        let mut findings = Findings::new(3);
        for line in (1..5000).rev() {
            findings.add(|| bad(line));
        }
        findings.end_block();
        findings.add(|| unreachable!("there is no room"));
        let mut others = Findings::new(3);
        others.go_on_in(1);
        others.add(|| bad(1));
        others.go_on_in(0);
        others.add(|| bad(2));
        findings.merge(others);
        let report = findings.into_report("a", 7, |part| format!("{part}.csv"));
        let lines = report.problems.iter().map(|problem| problem.line);
        assert_eq!(lines.collect::<Vec<_>>(), [1, 2, 2]);
        assert!(
            report
                .problems
                .iter()
                .all(|problem| problem.file == "0.csv")
        );
        assert_eq!((report.problems_total, report.rows), (5002, 7));
    }
}
