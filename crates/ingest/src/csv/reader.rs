//! Fills chunks from a stream, in memory that does not grow with the file.

use std::io::{self, Read};

use super::tokens::{line_breaks, reach};
use super::{Chunk, Position, Syntax};

/// Reads a CSV file chunk by chunk.
///
/// How the stream happens to deliver its bytes does not show: a chunk always holds the rows that end within
/// the same number of bytes, so that the same file gives the same chunks.
#[derive(Debug)]
pub(crate) struct ChunkReader<R> {
    input: R,
    syntax: Syntax,
    limits: Limits,
    /// The start of a row whose end has not been read yet.
    carry: Vec<u8>,
    /// The line and the row number that come next.
    next: (u64, u64),
    state: State,
    /// The stream started with a byte order mark, which is in no chunk.
    has_mark: bool,
}

/// The byte order mark of UTF-8.
pub(crate) const MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// Bytes that are asked for at once; the reader's hash finds them in the processor's cache.
const READ: usize = 256 << 10;

/// How many bytes are held at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// The bytes of one chunk.
    pub(crate) chunk: usize,
    /// The bytes of one row.
    pub(crate) row: usize,
}

impl Limits {
    /// The limits for chunks of a size.
    pub(crate) fn of_chunk(chunk: usize) -> Self {
        Self {
            chunk,
            row: 16 << 20,
        }
    }
}

/// What comes next.
#[derive(Debug)]
pub(crate) enum Next {
    Chunk(Chunk),
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

/// Where a chunk ends, and what comes after it.
struct Cut {
    end: usize,
    next: (u64, u64),
    open_quote: Option<usize>,
}

impl<R: Read> ChunkReader<R> {
    pub(crate) fn new(input: R, syntax: Syntax, limits: Limits) -> Self {
        Self {
            input,
            syntax,
            limits,
            carry: Vec::new(),
            next: (1, 1),
            state: State::Start,
            has_mark: false,
        }
    }

    /// Whether a byte order mark stood before the first chunk.
    pub(crate) fn has_mark(&self) -> bool {
        self.has_mark
    }

    /// The next rows, in file order. `spare` is memory to use.
    pub(crate) fn next(&mut self, spare: Chunk) -> io::Result<Next> {
        if self.state == State::End {
            return Ok(Next::End);
        }
        let mut memory = spare.memory;
        let mut length = 0;
        memory.resize(memory.len().max(self.carry.len()), 0);
        memory[..self.carry.len()].copy_from_slice(&self.carry);
        length += self.carry.len();
        if self.state == State::Start {
            self.fill(&mut memory, &mut length, MARK.len())?;
            if memory[..length].starts_with(&[0xFF, 0xFE])
                || memory[..length].starts_with(&[0xFE, 0xFF])
            {
                self.state = State::End;
                return Ok(Next::Stop(Stop::Utf16));
            }
            if memory[..length] == MARK {
                self.has_mark = true;
                length = 0;
            }
            self.state = State::Reading;
        }
        let mut wanted = self.limits.chunk;
        loop {
            self.fill(&mut memory, &mut length, wanted)?;
            let last = length < wanted;
            let bytes = &memory[..length];
            let cut = self.cut(bytes, last);
            if last || cut.end > 0 {
                if last {
                    self.state = State::End;
                }
                let at = std::mem::replace(&mut self.next, cut.next);
                self.carry.clear();
                self.carry.extend_from_slice(&bytes[cut.end..]);
                return Ok(Next::Chunk(Chunk {
                    start: 0,
                    end: cut.end,
                    memory,
                    at,
                }));
            }
            if length >= self.limits.row {
                self.state = State::End;
                return Ok(Next::Stop(self.too_long(bytes, &cut)));
            }
            wanted = (wanted * 2).min(self.limits.row.max(length + 1));
        }
    }

    /// Reads until there are as many bytes as wanted, or no more.
    fn fill(&mut self, memory: &mut Vec<u8>, length: &mut usize, wanted: usize) -> io::Result<()> {
        while *length < wanted {
            let end = wanted.min(*length + READ);
            if memory.len() < end {
                // Twice as much, so that a short file does not cost the memory of a long one.
                memory.resize((memory.len() * 2).clamp(end, wanted.max(end)), 0);
            }
            match self.input.read(&mut memory[*length..end]) {
                Ok(0) => return Ok(()),
                Ok(read) => *length += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Finds the end of the last whole row.
    fn cut(&self, bytes: &[u8], last: bool) -> Cut {
        let (line, record) = self.next;
        let is_in =
            |sign: Option<u8>| sign.is_some_and(|sign| memchr::memchr(sign, bytes).is_some());
        let feed = memchr::memrchr(b'\n', bytes);
        if let (Some(feed), false) = (feed, is_in(self.syntax.quote) || is_in(self.syntax.escape)) {
            // Where nothing protects a line break, each one ends a row.
            let end = if last { bytes.len() } else { feed + 1 };
            let lines = line_breaks(&bytes[..end]) as u64;
            return Cut {
                end,
                next: (line + lines, record + lines),
                open_quote: None,
            };
        }
        let rest = reach(bytes, &self.syntax, self.next, last);
        Cut {
            end: rest.consumed,
            next: (rest.line, rest.record),
            open_quote: rest.open_quote,
        }
    }

    fn too_long(&self, bytes: &[u8], cut: &Cut) -> Stop {
        let offset = cut.open_quote.unwrap_or(0);
        let before = String::from_utf8_lossy(&bytes[..offset]);
        let line_start = before.rfind(['\n', '\r']).map_or(0, |index| index + 1);
        let position = Position {
            line: cut.next.0 + line_breaks(&bytes[..offset]) as u64,
            column: before[line_start..].chars().count() as u64 + 1,
        };
        Stop::RowTooLong {
            position,
            limit: self.limits.row,
            in_quote: cut.open_quote.is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csv::Text;

    const CSV: &str = "id,name\n1,\"two\nlines\"\r\n2,阿拉山口\n\n3,\"say \"\"x\"\"\"\n4,end";

    fn read(input: impl Read, chunk: usize) -> Vec<(u64, u64, Vec<String>)> {
        let syntax = Syntax::default();
        let mut reader = ChunkReader::new(input, syntax, Limits { chunk, row: 64 });
        let mut rows = Vec::new();
        while let Next::Chunk(chunk) = reader.next(Chunk::default()).unwrap() {
            let text = Text::new(chunk.bytes());
            let mut blocks = chunk.blocks(&text, &syntax);
            while let Some(block) = blocks.next() {
                for row in block.rows() {
                    let cells = block.values(row).map(|value| value.into_owned());
                    rows.push((row.line, row.record, cells.collect()));
                }
            }
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
    fn the_chunk_size_does_not_show() {
        let plain = "id,name\r\n1,two\r\n\n2,阿拉山口\n\r3,x\n4,end";
        for csv in [CSV, plain] {
            let whole = read(csv.as_bytes(), 1000);
            assert_eq!(whole.len(), 6 + usize::from(csv == plain));
            let end = vec!["4".to_string(), "end".to_string()];
            assert_eq!(whole.last(), Some(&(7, whole.len() as u64, end)));
            for chunk in 1..csv.len() + 2 {
                assert_eq!(read(csv.as_bytes(), chunk), whole, "{chunk}");
                assert_eq!(read(Slow(csv.as_bytes()), chunk), whole, "{chunk}");
            }
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_cell() {
        for chunk in [1, 2, 3, 4, 100] {
            assert_eq!(
                read(&b"\xEF\xBB\xBFid\n1\n"[..], chunk)[0].2,
                ["id"],
                "{chunk}"
            );
        }
    }

    #[test]
    fn a_row_over_the_limit_stops() {
        let csv = format!("a\nb,\"{}", "x\n".repeat(100));
        let limits = Limits { chunk: 16, row: 64 };
        let mut reader = ChunkReader::new(csv.as_bytes(), Syntax::default(), limits);
        assert!(matches!(
            reader.next(Chunk::default()).unwrap(),
            Next::Chunk(_)
        ));
        let Next::Stop(stop) = reader.next(Chunk::default()).unwrap() else {
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
        assert!(matches!(reader.next(Chunk::default()).unwrap(), Next::End));
    }
}
