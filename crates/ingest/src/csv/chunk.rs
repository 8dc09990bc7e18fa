//! Whole rows of a CSV file that are checked together, and become one row group.

use super::tokens::{Rest, Tokens};
use super::{Block, Syntax, Text};

/// Bytes that are cut into cells at a time: these and their cells fit in a processor's own cache.
const BLOCK: usize = 32 << 10;

/// Whole rows of a file.
#[derive(Debug, Default)]
pub(crate) struct Chunk {
    /// The rows, and behind `end` what is left of an earlier use of the memory.
    pub(super) memory: Vec<u8>,
    pub(super) start: usize,
    pub(super) end: usize,
    /// The line and the number of the row that the chunk starts with.
    pub(super) at: (u64, u64),
}

impl Chunk {
    /// The rows.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.memory[self.start..self.end]
    }

    /// Leaves rows at the start out.
    pub(crate) fn start_at(&mut self, offset: usize, at: (u64, u64)) {
        self.start += offset;
        self.at = at;
    }

    /// The chunk block by block. `text` is that of [`Chunk::bytes`].
    pub(crate) fn blocks<'t>(&'t self, text: &'t Text<'t>, syntax: &'t Syntax) -> Blocks<'t> {
        Blocks {
            bytes: self.bytes(),
            text,
            syntax,
            rest: Rest {
                consumed: 0,
                line: self.at.0,
                record: self.at.1,
                open_quote: None,
            },
            spare: Tokens::default(),
        }
    }
}

/// Cuts a chunk into blocks.
#[derive(Debug)]
pub(crate) struct Blocks<'t> {
    bytes: &'t [u8],
    text: &'t Text<'t>,
    syntax: &'t Syntax,
    /// Where the next block starts.
    rest: Rest,
    spare: Tokens,
}

impl<'t> Blocks<'t> {
    /// The next rows.
    pub(crate) fn next(&mut self) -> Option<Block<'t>> {
        let Rest {
            consumed: from,
            line,
            record,
            ..
        } = self.rest;
        let mut tokens = std::mem::take(&mut self.spare);
        let mut wanted = BLOCK;
        while from < self.bytes.len() {
            let end = from.saturating_add(wanted).min(self.bytes.len());
            // A chunk ends where a row does, so that nothing of its last row follows.
            let place = (from, end == self.bytes.len());
            let rest = tokens.cut(&self.bytes[from..end], self.syntax, (line, record), place);
            if rest.consumed > 0 {
                self.rest = Rest {
                    consumed: from + rest.consumed,
                    ..rest
                };
                return Some(Block::new(self.text, tokens, self.syntax));
            }
            wanted *= 2;
        }
        None
    }

    /// Takes back the memory of a block that is done with.
    pub(crate) fn recycle(&mut self, block: Block<'t>) {
        self.spare = block.into_tokens();
    }

    /// The offset in the chunk, the line and the row number of what comes next.
    pub(crate) fn place(&self) -> (usize, (u64, u64)) {
        (self.rest.consumed, (self.rest.line, self.rest.record))
    }
}
