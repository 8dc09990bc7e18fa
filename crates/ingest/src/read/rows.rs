//! The rows of a file before it has a schema, cut as they will be cut once it has one.

use std::borrow::Cow;
use std::io::{self, Read};
use std::ops::ControlFlow;

use kouan_schema::Dialect;

use crate::csv::{Block, Chunk, ChunkReader, Flaw, Limits, Next, Row, Syntax, Text};

/// Bytes that are read at once.
const CHUNK: usize = 1 << 20;

/// One row of a file. Comments are none; a blank line is a row without cells.
#[derive(Debug)]
pub struct SourceRow<'b, 't> {
    block: &'b Block<'t>,
    row: &'b Row,
    flaw: Option<Flaw>,
}

impl<'t> SourceRow<'_, 't> {
    /// The row's number, from 1, as a dialect counts them: comments and blank lines count.
    pub fn number(&self) -> u64 {
        self.row.record
    }

    /// The line of the file that the row starts on, from 1.
    pub fn line(&self) -> u64 {
        self.row.line
    }

    /// The number of cells.
    pub fn width(&self) -> usize {
        self.row.cell_count as usize
    }

    /// Whether a quote is never closed, or text stands behind a closing one; the cells are then not to be trusted.
    pub fn is_flawed(&self) -> bool {
        self.flaw.is_some()
    }

    /// The values of the cells: without quotes, doubled quotes made single.
    pub fn cells(&self) -> impl Iterator<Item = Cow<'t, str>> + '_ {
        self.block.values(self.row)
    }
}

/// Hands out the rows of a UTF-8 text in order until `take` breaks off; headers are rows too.
///
/// What is no character is `U+001A`. A row of 16 MiB or more ends the rows, as it does when the file is checked.
///
/// # Errors
/// Those of reading.
pub fn each_row(
    input: impl Read,
    dialect: &Dialect,
    mut take: impl FnMut(&SourceRow<'_, '_>) -> ControlFlow<()>,
) -> io::Result<()> {
    let syntax = Syntax::from(dialect);
    let mut reader = ChunkReader::new(input, syntax, Limits::of_chunk(CHUNK));
    let mut spare = Chunk::default();
    while let Next::Chunk(chunk) = reader.next(spare)? {
        let text = Text::new(chunk.bytes());
        let mut blocks = chunk.blocks(&text, &syntax);
        while let Some(block) = blocks.next() {
            let mut flawed = block.flaws().iter().peekable();
            let mut rows = block.rows().iter().peekable();
            loop {
                let flaw_is_next = match (flawed.peek(), rows.peek()) {
                    (Some((flawed, _)), Some(row)) => flawed.start < row.start,
                    (one, _) => one.is_some(),
                };
                let next = if flaw_is_next {
                    flawed.next().map(|(row, flaw)| (row, Some(*flaw)))
                } else {
                    rows.next().map(|row| (row, None))
                };
                let Some((row, flaw)) = next else { break };
                let block = &block;
                if take(&SourceRow { block, row, flaw }).is_break() {
                    return Ok(());
                }
            }
            blocks.recycle(block);
        }
        spare = chunk;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_numbered_as_a_dialect_numbers_them() -> io::Result<()> {
        let dialect = Dialect {
            comment: Some(b'#'),
            ..Dialect::default()
        };
        let text = "\u{feff}# of ports\n\na,\"b\n\nc\"\n1,\"x\"y\n2,\"say \"\"z\"\"\"";
        let mut found = Vec::new();
        each_row(text.as_bytes(), &dialect, |row| {
            let cells: Vec<String> = row.cells().map(Cow::into_owned).collect();
            found.push((row.number(), row.line(), row.is_flawed(), cells));
            ControlFlow::Continue(())
        })?;
        let numbers: Vec<_> = found.iter().map(|(a, b, c, _)| (*a, *b, *c)).collect();
        let expected = [(2, 2, false), (3, 3, false), (4, 6, true), (5, 7, false)];
        assert_eq!(numbers, expected);
        assert_eq!(found[1].3, ["a", "b\n\nc"]);
        assert_eq!(found[3].3, ["2", "say \"z\""]);
        Ok(())
    }
}
