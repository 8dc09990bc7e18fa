//! Hands out a table's data piece by piece: past the header of each file, whole rows at a time.

use std::io::Read;
use std::sync::Arc;

use kouan_schema::{Package, Table};

use crate::csv::FieldColumns;
use crate::csv::{Chunk, ChunkReader, Limits, MARK, Next, Position, Stop, Syntax, Text};
use crate::error::IngestError;
use crate::read::flaws::flaw_finding;
use crate::read::header::{self, HeaderRows};
use crate::read::source::{self, Contents, Tally, unreadable};
use crate::report::{Finding, Findings};

/// Rows that can be checked without what comes before or after them.
#[derive(Debug)]
pub(crate) struct Piece {
    /// The number of the piece, from 0.
    pub(crate) index: u32,
    /// The part of the table that its rows are of.
    pub(crate) part: usize,
    pub(crate) chunk: Chunk,
    /// Where the fields are.
    pub(crate) field_columns: FieldColumns,
    /// What stands before the first row of the part.
    pub(crate) header: Arc<[u8]>,
}

/// Reads a table's data in order, telling what is wrong with its headers.
pub(crate) struct Feed<'a> {
    package: &'a Package,
    table: &'a Table,
    limits: Limits,
    syntax: Syntax,
    tally: Tally,
    part: usize,
    pieces: u32,
    reader: ChunkReader<Box<dyn Read + Send + 'a>>,
    /// Where the fields are in this part; none until its header has been read.
    field_columns: Option<FieldColumns>,
    header: HeaderRows,
    header_bytes: Arc<[u8]>,
    /// No chunk of this part has been read yet.
    at_start: bool,
    stopped: bool,
}

impl<'a> Feed<'a> {
    pub(crate) fn open(
        package: &'a Package,
        table: &'a Table,
        chunk: usize,
    ) -> Result<Self, IngestError> {
        let tally = Tally::default();
        let limits = Limits::of_chunk(chunk);
        let syntax = syntax(table);
        let input = source::open(package, table, 0, &tally)?;
        Ok(Self {
            package,
            table,
            limits,
            syntax,
            reader: ChunkReader::new(input, syntax, limits),
            tally,
            part: 0,
            pieces: 0,
            field_columns: columns_without_header(table),
            header: HeaderRows::default(),
            header_bytes: Arc::default(),
            at_start: true,
            stopped: false,
        })
    }

    /// The next rows. `spare` is memory to use.
    pub(crate) fn next(
        &mut self,
        mut spare: Chunk,
        findings: &mut Findings,
    ) -> Result<Option<Piece>, IngestError> {
        while !self.stopped {
            findings.go_on_in(self.part);
            let next = self
                .reader
                .next(spare)
                .map_err(|source| unreadable(self.package, self.table, self.part, source))?;
            spare = Chunk::default();
            let mut chunk = match next {
                Next::Chunk(chunk) => chunk,
                Next::Stop(stop) => {
                    self.stopped = true;
                    findings.add(|| stop_finding(stop));
                    break;
                }
                Next::End if self.field_columns.is_none() && !self.end_header(findings) => break,
                Next::End if self.part + 1 < source::parts(self.table) => {
                    self.next_part()?;
                    continue;
                }
                Next::End => break,
            };
            if std::mem::take(&mut self.at_start) {
                self.keep_start(&chunk);
            }
            if self.field_columns.is_none() && !self.read_header(&mut chunk, findings) {
                spare = chunk;
                continue;
            }
            if let Some(field_columns) = &self.field_columns {
                let index = self.pieces;
                self.pieces += 1;
                return Ok(Some(Piece {
                    index,
                    part: self.part,
                    chunk,
                    field_columns: field_columns.clone(),
                    header: Arc::clone(&self.header_bytes),
                }));
            }
        }
        Ok(None)
    }

    fn next_part(&mut self) -> Result<(), IngestError> {
        self.part += 1;
        let input = source::open(self.package, self.table, self.part, &self.tally)?;
        self.reader = ChunkReader::new(input, self.syntax, self.limits);
        self.field_columns = columns_without_header(self.table);
        self.header = HeaderRows::default();
        self.header_bytes = Arc::default();
        self.at_start = true;
        Ok(())
    }

    /// Keeps what has to stand before rows of this part in a file of their own: a byte order mark, and, where no header
    /// does, the rows that the dialect leaves out.
    fn keep_start(&mut self, chunk: &Chunk) {
        let mark = if self.reader.has_mark() {
            &MARK[..]
        } else {
            &[]
        };
        let left_out = if self.field_columns.is_some() {
            self.rows_left_out(chunk)
        } else {
            0
        };
        self.header_bytes = [mark, &chunk.bytes()[..left_out]].concat().into();
    }

    /// The bytes of the rows at the beginning that are left out by their numbers.
    fn rows_left_out(&self, chunk: &Chunk) -> usize {
        let comments = &self.table.dialect.comment_rows;
        if comments.is_empty() {
            return 0;
        }
        let text = Text::new(chunk.bytes());
        let mut blocks = chunk.blocks(&text, &self.syntax);
        while let Some(block) = blocks.next() {
            let rows = block.rows().iter();
            let flawed = block.flaws().iter().map(|(row, _)| row);
            let data = rows
                .chain(flawed)
                .filter(|row| comments.binary_search(&row.record).is_err());
            if let Some(start) = data.map(|row| row.start).min() {
                return start as usize;
            }
            blocks.recycle(block);
        }
        chunk.bytes().len()
    }

    /// Takes the header off the first chunks; false if there is none yet, or it is wrong.
    fn read_header(&mut self, chunk: &mut Chunk, findings: &mut Findings) -> bool {
        let dialect = &self.table.dialect;
        let last = dialect.header_rows.last().copied().unwrap_or(0);
        let text = Text::new(chunk.bytes());
        let mut blocks = chunk.blocks(&text, &self.syntax);
        let rows_begin = loop {
            let Some(mut block) = blocks.next() else {
                break None;
            };
            self.header.take_from(&mut block, dialect);
            let through = last.max(self.header.through());
            let mut flaws = block.flaws().iter();
            if let Some((flawed, flaw)) = flaws.find(|(row, _)| row.record <= through) {
                findings.add(|| flaw_finding(&block, flawed, *flaw));
                self.stopped = true;
                return false;
            }
            let flawed = block.flaws().first().map(|(row, _)| row);
            let next = block.rows().first().into_iter().chain(flawed);
            if let Some(row) = next.min_by_key(|row| row.record) {
                break Some((row.start as usize, (row.line, row.record)));
            }
            if self.header.is_complete(dialect) {
                break Some(blocks.place());
            }
            blocks.recycle(block);
        };
        let header_end = rows_begin.map_or_else(|| chunk.bytes().len(), |(offset, _)| offset);
        let header_bytes = [&self.header_bytes, &chunk.bytes()[..header_end]].concat();
        self.header_bytes = header_bytes.into();
        let Some((offset, at)) = rows_begin else {
            return false;
        };
        self.field_columns = self.header.check(self.table, findings);
        self.stopped = self.field_columns.is_none();
        chunk.start_at(offset, at);
        !self.stopped
    }

    /// The header of a part that ended before its rows began; false if it is wrong.
    fn end_header(&mut self, findings: &mut Findings) -> bool {
        if self.header.is_empty() {
            let rule = header::missing(&self.table.definition);
            findings.add(|| (Position::START, Finding::of_row(rule)));
        } else {
            self.field_columns = self.header.check(self.table, findings);
        }
        self.stopped = self.field_columns.is_none();
        !self.stopped
    }

    /// Counts the bytes read so far.
    pub(crate) fn tally(&self) -> Tally {
        self.tally.clone()
    }

    /// What the table holds, once all of it has been read.
    pub(crate) fn contents(&self) -> Contents {
        self.tally.contents(self.table)
    }
}

/// The signs that give a table's files their shape.
pub(crate) fn syntax(table: &Table) -> Syntax {
    Syntax {
        encoding: table.encoding.name(),
        ..Syntax::from(&table.dialect)
    }
}

/// Without a header the fields are in their order.
fn columns_without_header(table: &Table) -> Option<FieldColumns> {
    let is_headless = table.dialect.header_rows.is_empty();
    is_headless.then(|| FieldColumns::in_order(table.definition.fields.len()))
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
