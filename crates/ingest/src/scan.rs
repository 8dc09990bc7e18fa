//! Walks a table's data: past the header of each file, over the rows that have the right shape.

use std::io::Read;

use kouan_schema::{Package, Table};

use crate::IngestError;
use crate::csv::{Block, BlockReader, Flaw, Limits, Next, Position, Row, Stop, Syntax};
use crate::header::{self, HeaderRows};
use crate::layout::Layout;
use crate::report::{Finding, Findings, excerpt};
use crate::source::{self, Contents, Tally, describe_part, unreadable};

/// Reads a table's data block by block, telling what is wrong with its headers and the shape of its rows.
pub(crate) struct Scan<'a> {
    package: &'a Package,
    table: &'a Table,
    tally: Tally,
    part: usize,
    reader: BlockReader<Box<dyn Read + Send + 'a>>,
    /// Where the fields are in this part; none until its header has been read.
    layout: Option<Layout>,
    header: HeaderRows,
    stopped: bool,
    rows: u64,
}

impl<'a> Scan<'a> {
    pub(crate) fn open(package: &'a Package, table: &'a Table) -> Result<Self, IngestError> {
        let tally = Tally::default();
        Ok(Self {
            package,
            table,
            reader: reader(package, table, 0, &tally)?,
            tally,
            part: 0,
            layout: layout_without_header(table),
            header: HeaderRows::default(),
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
                .map_err(|source| unreadable(self.package, self.table, self.part, source))?;
            let mut block = match next {
                Next::Block(block) => block,
                Next::Stop(stop) => {
                    self.stopped = true;
                    findings.add(|| stop_finding(stop));
                    break;
                }
                Next::End if self.layout.is_none() && !self.end_header(findings) => break,
                Next::End if self.part + 1 < source::parts(self.table) => {
                    self.next_part(findings)?;
                    continue;
                }
                Next::End => break,
            };
            if self.layout.is_none() && !self.read_header(&mut block, findings) {
                continue;
            }
            if let Some(layout) = &self.layout {
                block.set_layout(layout.clone());
                self.leave_out_comments(&mut block);
                self.rows += (block.row_count() + block.flaws().len()) as u64;
                report_flaws(&block, findings);
                retain_well_shaped(&mut block, self.table, layout, findings);
                return Ok(Some(block));
            }
        }
        Ok(None)
    }

    fn next_part(&mut self, findings: &mut Findings) -> Result<(), IngestError> {
        self.part += 1;
        findings.go_on_in(describe_part(self.package, self.table, self.part));
        self.reader = reader(self.package, self.table, self.part, &self.tally)?;
        self.layout = layout_without_header(self.table);
        self.header = HeaderRows::default();
        Ok(())
    }

    /// Takes the header off the first blocks; false if there is none yet, or it is wrong.
    fn read_header(&mut self, block: &mut Block, findings: &mut Findings) -> bool {
        let last = self.table.dialect.header_rows.last().copied().unwrap_or(0);
        if let Some((flawed, flaw)) = block.flaws().iter().find(|(row, _)| row.record <= last) {
            findings.add(|| flaw_finding(block, flawed, *flaw));
            self.stopped = true;
            return false;
        }
        self.header.take_from(block, &self.table.dialect);
        let is_whole = block.rows().first().is_some_and(|row| row.record > last);
        if !is_whole && !self.header.is_complete(&self.table.dialect) {
            return false;
        }
        self.layout = self.header.check(self.table, findings);
        self.stopped = self.layout.is_none();
        !self.stopped
    }

    /// The header of a part that ended before its rows began; false if it is wrong.
    fn end_header(&mut self, findings: &mut Findings) -> bool {
        if self.header.is_empty() {
            let rule = header::missing(&self.table.definition);
            findings.add(|| (Position::START, Finding::of_row(rule)));
        } else {
            self.layout = self.header.check(self.table, findings);
        }
        self.stopped = self.layout.is_none();
        !self.stopped
    }

    fn leave_out_comments(&self, block: &mut Block) {
        let comments = &self.table.dialect.comment_rows;
        if !comments.is_empty() {
            block.retain_rows(|_, row| comments.binary_search(&row.record).is_err());
        }
    }

    /// The part of the table that the last block is of.
    pub(crate) fn part(&self) -> usize {
        self.part
    }

    /// Rows met so far, good and bad.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// Bytes read so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.tally.bytes()
    }

    /// What the table holds, once all of it has been read.
    pub(crate) fn contents(&self) -> Contents {
        self.tally.contents(self.table)
    }
}

fn reader<'a>(
    package: &'a Package,
    table: &'a Table,
    part: usize,
    tally: &Tally,
) -> Result<BlockReader<Box<dyn Read + Send + 'a>>, IngestError> {
    let input = source::open(package, table, part, tally)?;
    let syntax = Syntax {
        encoding: table.encoding.name(),
        ..Syntax::from(&table.dialect)
    };
    Ok(BlockReader::new(input, syntax, Limits::DEFAULT))
}

/// Without a header the fields are in their order.
fn layout_without_header(table: &Table) -> Option<Layout> {
    let is_headless = table.dialect.header_rows.is_empty();
    is_headless.then(|| Layout::in_order(table.definition.fields.len()))
}

fn stop_finding(stop: Stop) -> (Position, Finding) {
    match stop {
        Stop::Utf16 => (
            Position::START,
            Finding::of_row(
                "the file is UTF-16; give the resource \"encoding\": \"utf-16\", or save it as UTF-8",
            ),
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
fn retain_well_shaped(block: &mut Block, table: &Table, layout: &Layout, findings: &mut Findings) {
    let fields = table.definition.fields.len();
    block.retain_rows(|block, row| {
        let found = row.cell_count as usize;
        let rule = if is_blank(block, row, table, layout) {
            "blank row".to_string()
        } else if found == layout.width {
            return true;
        } else if layout.width == fields {
            format!("{found} cells; the schema has {fields} fields")
        } else {
            format!("{found} cells; the header has {}", layout.width)
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
fn is_blank(block: &Block, row: &Row, table: &Table, layout: &Layout) -> bool {
    if row.cell_count as usize != layout.width {
        return row.cell_count == 0;
    }
    let definition = &table.definition;
    let mut fields = definition.fields.iter().enumerate();
    let is_missing = |(index, field)| {
        let value = block.value(row, index);
        value.is_none_or(|value| definition.is_missing(field, &value))
    };
    // Cells that are of no field count too, if there are any.
    fields.all(is_missing)
        && (layout.width <= definition.fields.len()
            || block.values(row).all(|cell| cell.is_empty()))
}
