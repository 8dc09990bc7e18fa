//! Finds the row of a loose CSV file that has not as many cells as its header.

use std::fs::File;
use std::io;
use std::path::Path;

use crate::csv::{Chunk, ChunkReader, Limits, Next, Syntax, Text};

/// Bytes that are read at once.
const CHUNK: usize = 1 << 20;

/// A row of another length than the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RaggedRow {
    /// Its line in the file, from 1.
    pub line: u64,
    /// The cells it has.
    pub found: usize,
    /// The cells of the header.
    pub expected: usize,
}

/// The first row of a comma-separated file that is longer or shorter than its first row.
///
/// # Errors
/// The file cannot be read.
pub fn first_ragged_row(path: &Path) -> io::Result<Option<RaggedRow>> {
    let syntax = Syntax::default();
    let mut reader = ChunkReader::new(File::open(path)?, syntax, Limits::of_chunk(CHUNK));
    let mut expected = None;
    let mut spare = Chunk::default();
    while let Next::Chunk(chunk) = reader.next(spare)? {
        let text = Text::new(chunk.bytes());
        let mut blocks = chunk.blocks(&text, &syntax);
        while let Some(block) = blocks.next() {
            for row in block.rows() {
                let found = row.cell_count as usize;
                let expected = *expected.get_or_insert(found);
                if found != expected {
                    return Ok(Some(RaggedRow {
                        line: row.line,
                        found,
                        expected,
                    }));
                }
            }
            blocks.recycle(block);
        }
        spare = chunk;
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn the_first_row_of_another_length() -> io::Result<()> {
        let found = |text: &str| {
            let mut file = tempfile::NamedTempFile::new()?;
            file.write_all(text.as_bytes())?;
            first_ragged_row(file.path())
        };
        assert_eq!(found("a,b\n1,2\n")?, None);
        let row = |line, found| {
            Some(RaggedRow {
                line,
                found,
                expected: 2,
            })
        };
        assert_eq!(found("a,b\n1,2\n3\n4,5,6\n")?, row(3, 1));
        assert_eq!(found("a,b\n\"1\n\",2\n3,4,5\n")?, row(4, 3));
        Ok(())
    }
}
