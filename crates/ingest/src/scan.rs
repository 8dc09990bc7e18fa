//! Walks a table's CSV: past its header, over the rows that have the right shape.

use kouan_schema::{Package, Table};

use crate::IngestError;
use crate::csv::{Block, BlockReader, Flaw, Limits, Next, Position, Row, Stop, Syntax};
use crate::header;
use crate::report::{Finding, Findings, excerpt};
use crate::source::{Contents, Source, unreadable};

/// Reads a table's CSV block by block, telling what is wrong with its header and the shape of its rows.
pub(crate) struct Scan<'a> {
    package: &'a Package,
    table: &'a Table,
    reader: BlockReader<Source<'a>>,
    header_read: bool,
    stopped: bool,
    rows: u64,
}

impl<'a> Scan<'a> {
    pub(crate) fn open(package: &'a Package, table: &'a Table) -> Result<Self, IngestError> {
        let input = Source::open(package, table)?;
        let reader = BlockReader::new(input, Syntax::from(&table.dialect), Limits::DEFAULT);
        let header_read = !table.dialect.header;
        Ok(Self {
            package,
            table,
            reader,
            header_read,
            stopped: false,
            rows: 0,
        })
    }

    /// The next rows that can be checked cell by cell.
    pub(crate) fn next(&mut self, findings: &mut Findings) -> Result<Option<Block>, IngestError> {
        while !self.stopped {
            let next = self
                .reader
                .next()
                .map_err(|source| unreadable(self.package, self.table, source))?;
            let mut block = match next {
                Next::Block(block) => block,
                Next::Stop(stop) => {
                    self.stopped = true;
                    findings.add(|| stop_finding(stop));
                    break;
                }
                Next::End => break,
            };
            if !self.header_read && !self.read_header(&mut block, findings) {
                continue;
            }
            self.rows += (block.row_count() + block.flaws().len()) as u64;
            report_flaws(&block, findings);
            retain_well_shaped(&mut block, self.table, findings);
            return Ok(Some(block));
        }
        if !self.header_read && !self.stopped {
            self.stopped = true;
            findings.add(|| {
                (
                    Position::START,
                    Finding::of_row(header::missing(&self.table.definition)),
                )
            });
        }
        Ok(None)
    }

    /// Takes the header off the first block; false if there is none yet, or it is wrong.
    fn read_header(&mut self, block: &mut Block, findings: &mut Findings) -> bool {
        let flaw = block.flaws().first().copied();
        let row = block.rows().first().copied();
        if let Some((flawed, flaw)) =
            flaw.filter(|(flawed, _)| row.is_none_or(|row| flawed.start < row.start))
        {
            findings.add(|| flaw_finding(block, &flawed, flaw));
            self.stopped = true;
            return false;
        }
        let Some(row) = block.pop_first_row() else {
            return false;
        };
        self.header_read = true;
        self.stopped = !header::check(block, &row, &self.table.definition, findings);
        !self.stopped
    }

    /// Rows met so far, good and bad.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// Bytes read so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.reader.input().bytes()
    }

    /// What the table holds, once all of it has been read.
    pub(crate) fn into_contents(self) -> Contents {
        self.reader.into_input().into_contents()
    }
}

fn stop_finding(stop: Stop) -> (Position, Finding) {
    match stop {
        Stop::Utf16 => (
            Position::START,
            Finding::of_row("the file is UTF-16; save it as UTF-8"),
        ),
        Stop::RowTooLong {
            position,
            limit,
            in_quote,
        } => {
            let limit = limit >> 20;
            let rule = if in_quote {
                format!("no closing quote within {limit} MiB; the rest of the file was not read")
            } else {
                format!("no end of the row within {limit} MiB; the rest of the file was not read")
            };
            (position, Finding::of_row(rule))
        }
    }
}

fn report_flaws(block: &Block, findings: &mut Findings) {
    for &(row, flaw) in block.flaws() {
        findings.add(|| flaw_finding(block, &row, flaw));
    }
}

fn flaw_finding(block: &Block, row: &Row, flaw: Flaw) -> (Position, Finding) {
    let (offset, rule) = match flaw {
        Flaw::TextAfterQuote(offset) => (
            offset,
            "text after the closing quote; double a quote that is part of the value",
        ),
        Flaw::QuoteNeverClosed(offset) => (offset, "this quote is never closed"),
    };
    let value = excerpt(block.line_from(offset));
    (
        block.position_at(row, offset),
        Finding {
            field: None,
            value: Some(value),
            rule: rule.to_string(),
        },
    )
}

/// Takes out rows that are blank or have a wrong number of cells.
fn retain_well_shaped(block: &mut Block, table: &Table, findings: &mut Findings) {
    let fields = &table.definition.fields;
    block.retain_rows(|block, row| {
        let found = row.cell_count as usize;
        let rule = if is_blank(block, row, table) {
            "blank row".to_string()
        } else if found != fields.len() {
            format!("{found} cells; the schema has {} fields", fields.len())
        } else {
            return true;
        };
        findings.add(|| {
            (
                Position {
                    line: row.line,
                    column: 1,
                },
                Finding::of_row(rule),
            )
        });
        false
    });
}

/// Whether no cell of a row has a value.
///
/// Such a row is an error, as it is for the reference implementation: it states nothing.
fn is_blank(block: &Block, row: &Row, table: &Table) -> bool {
    let fields = &table.definition.fields;
    let has_width = row.cell_count as usize == fields.len();
    let mut cells = fields.iter().zip(block.values(row));
    row.cell_count == 0
        || (has_width && cells.all(|(field, value)| table.definition.is_missing(field, &value)))
}
