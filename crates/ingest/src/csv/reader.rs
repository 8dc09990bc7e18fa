//! Fills blocks from a stream, in memory that does not grow with the file.

use std::io::{self, Read};

use super::tokens::{Rest, Tokens};
use super::{Block, Position, Syntax};

/// Reads a CSV file block by block.
///
/// How the stream happens to deliver its bytes does not show: a block always holds the rows that end within
/// the same number of bytes, so that the same file gives the same blocks.
#[derive(Debug)]
pub(crate) struct BlockReader<R> {
    input: R,
    syntax: Syntax,
    limits: Limits,
    /// The start of a row whose end has not been read yet.
    carry: Vec<u8>,
    /// The line and the row number that come next.
    next: (u64, u64),
    state: State,
}

/// The byte order mark of UTF-8.
const MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// How many bytes are held at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// The bytes of one block.
    pub(crate) block: usize,
    /// The bytes of one row.
    pub(crate) row: usize,
}

impl Limits {
    pub(crate) const DEFAULT: Self = Self {
        block: 1 << 20,
        row: 16 << 20,
    };
}

/// What comes next.
#[derive(Debug)]
pub(crate) enum Next {
    Block(Block),
    End,
    /// Reading cannot go on.
    Stop(Stop),
}

/// Why reading cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The file starts with the byte order mark of UTF-16.
    Utf16,
    /// A row is longer than [`Limits::row`].
    RowTooLong {
        position: Position,
        limit: usize,
        in_quote: bool,
    },
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    Start,
    Reading,
    End,
}

impl<R: Read> BlockReader<R> {
    pub(crate) fn new(input: R, syntax: Syntax, limits: Limits) -> Self {
        Self {
            input,
            syntax,
            limits,
            carry: Vec::new(),
            next: (1, 1),
            state: State::Start,
        }
    }

    /// The next rows, in file order.
    pub(crate) fn next(&mut self) -> io::Result<Next> {
        if self.state == State::End {
            return Ok(Next::End);
        }
        let mut bytes = std::mem::take(&mut self.carry);
        if self.state == State::Start {
            self.fill(&mut bytes, MARK.len())?;
            if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
                self.state = State::End;
                return Ok(Next::Stop(Stop::Utf16));
            }
            if bytes == MARK {
                bytes.clear();
            }
            self.state = State::Reading;
        }
        let mut wanted = self.limits.block;
        loop {
            self.fill(&mut bytes, wanted)?;
            let last = bytes.len() < wanted;
            let (tokens, rest) = Tokens::cut(&bytes, &self.syntax, self.next, last);
            if last || rest.consumed > 0 {
                if last {
                    self.state = State::End;
                }
                return Ok(self.block(bytes, tokens, rest));
            }
            if bytes.len() >= self.limits.row {
                self.state = State::End;
                return Ok(Next::Stop(self.too_long(&bytes, rest)));
            }
            wanted = (wanted * 2).min(self.limits.row.max(bytes.len() + 1));
        }
    }

    fn fill(&mut self, bytes: &mut Vec<u8>, wanted: usize) -> io::Result<()> {
        let missing = wanted.saturating_sub(bytes.len());
        bytes.reserve_exact(missing);
        self.input
            .by_ref()
            .take(missing as u64)
            .read_to_end(bytes)?;
        Ok(())
    }

    fn block(&mut self, mut bytes: Vec<u8>, tokens: Tokens, rest: Rest) -> Next {
        self.carry = bytes.split_off(rest.consumed);
        self.next = (rest.line, rest.record);
        Next::Block(Block::new(bytes, tokens, self.syntax))
    }

    fn too_long(&self, bytes: &[u8], rest: Rest) -> Stop {
        let offset = rest.open_quote.unwrap_or(0);
        let before = String::from_utf8_lossy(&bytes[..offset]);
        let line_start = before.rfind(['\n', '\r']).map_or(0, |index| index + 1);
        let position = Position {
            line: rest.line + super::tokens::line_breaks(&bytes[..offset]) as u64,
            column: before[line_start..].chars().count() as u64 + 1,
        };
        let limit = self.limits.row;
        Stop::RowTooLong {
            position,
            limit,
            in_quote: rest.open_quote.is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSV: &str = "id,name\n1,\"two\nlines\"\r\n2,阿拉山口\n\n3,\"say \"\"x\"\"\"\n4,end";

    fn read(input: impl Read, block: usize) -> Vec<(u64, Vec<String>)> {
        let mut reader = BlockReader::new(input, Syntax::default(), Limits { block, row: 64 });
        let mut rows = Vec::new();
        while let Next::Block(block) = reader.next().unwrap() {
            let cells = |row| block.values(row).map(|value| value.into_owned()).collect();
            rows.extend(block.rows().iter().map(|row| (row.line, cells(row))));
        }
        rows
    }

    /// Gives one byte at a time.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = buffer.len().min(1);
            self.0.read(&mut buffer[..length])
        }
    }

    #[test]
    fn the_block_size_does_not_show() {
        let whole = read(CSV.as_bytes(), 1000);
        assert_eq!(whole.len(), 6);
        assert_eq!(whole.last(), Some(&(7, vec!["4".into(), "end".into()])));
        for block in 1..CSV.len() + 2 {
            assert_eq!(read(CSV.as_bytes(), block), whole, "{block}");
            assert_eq!(read(Slow(CSV.as_bytes()), block), whole, "{block}");
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_cell() {
        for block in [1, 2, 3, 4, 100] {
            assert_eq!(
                read(&b"\xEF\xBB\xBFid\n1\n"[..], block)[0].1,
                ["id"],
                "{block}"
            );
        }
    }

    #[test]
    fn a_row_over_the_limit_stops() {
        let csv = format!("a\nb,\"{}", "x\n".repeat(100));
        let mut reader = BlockReader::new(
            csv.as_bytes(),
            Syntax::default(),
            Limits { block: 16, row: 64 },
        );
        assert!(matches!(reader.next().unwrap(), Next::Block(_)));
        let Next::Stop(stop) = reader.next().unwrap() else {
            panic!("not stopped")
        };
        let position = Position { line: 2, column: 3 };
        assert_eq!(
            stop,
            Stop::RowTooLong {
                position,
                limit: 64,
                in_quote: true
            }
        );
        assert!(matches!(reader.next().unwrap(), Next::End));
    }
}
