//! Bytes of a column chunk, by positioned reads of an open file.

use std::fs::File;
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use bytes::buf::{Buf, Reader};
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

use super::Buffers;

/// Chunks up to this size are read at once, larger ones page by page.
const WHOLE_BYTES: u64 = 16 << 20;

/// What a page header takes at most, unless statistics of long values make it longer.
const HEADER_BYTES: u64 = 1 << 10;

/// The bytes of one column chunk.
///
/// A file is read, never mapped: a file that somebody truncates gives an error, not a signal.
#[derive(Debug)]
pub(crate) struct Chunk {
    file: Arc<File>,
    start: u64,
    end: u64,
    whole: Option<Bytes>,
    pub(super) buffers: Buffers,
}

impl Chunk {
    /// A chunk whose pages are read one by one.
    pub(crate) fn paged(file: &Arc<File>, start: u64, length: u64, buffers: &Buffers) -> Self {
        Self {
            file: Arc::clone(file),
            start,
            end: start.saturating_add(length),
            whole: None,
            buffers: buffers.clone(),
        }
    }

    /// A chunk that is read now, unless it is large.
    pub(crate) fn read(
        file: &Arc<File>,
        start: u64,
        length: u64,
        buffers: &Buffers,
    ) -> Result<Self> {
        let mut chunk = Self::paged(file, start, length, buffers);
        if length <= WHOLE_BYTES {
            let read = |bytes: &mut [u8]| read_exact_at(file, bytes, start);
            chunk.whole = Some(buffers.filled(length as usize, read)?);
        }
        Ok(chunk)
    }

    fn bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let end = start.saturating_add(length as u64);
        if start < self.start || end > self.end {
            return Err(ParquetError::EOF(
                "a page reaches beyond its column chunk".to_string(),
            ));
        }
        match &self.whole {
            Some(whole) => {
                let from = (start - self.start) as usize;
                Ok(whole.slice(from..from + length))
            }
            None => {
                let read = |bytes: &mut [u8]| read_exact_at(&self.file, bytes, start);
                Ok(self.buffers.filled(length, read)?)
            }
        }
    }
}

impl Length for Chunk {
    fn len(&self) -> u64 {
        self.end
    }
}

impl ChunkReader for Chunk {
    type T = Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        let left = self.end.saturating_sub(start);
        let length = match self.whole {
            Some(_) => left,
            None => left.min(HEADER_BYTES),
        };
        Ok(self.bytes(start, length as usize)?.reader())
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        self.bytes(start, length)
    }
}

#[cfg(unix)]
fn read_exact_at(file: &File, bytes: &mut [u8], start: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, start)
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut bytes: &mut [u8], mut start: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, bytes, start)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                bytes = &mut bytes[read..];
                start += read as u64;
            }
        }
    }
    Ok(())
}
