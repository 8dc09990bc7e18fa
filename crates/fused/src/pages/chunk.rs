//! Bytes of a column chunk, by positioned reads of an open file.

use std::fs::File;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use bytes::buf::{Buf, Reader};
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

/// Chunks up to this size are read at once, larger ones page by page.
const WHOLE_BYTES: u64 = 16 << 20;

/// What a page header takes at most, unless statistics of long values make it longer.
const HEADER_BYTES: u64 = 1 << 10;

/// Buffers that are used again, so that the machine need not hand out fresh memory for each chunk.
pub(crate) type Buffers = Arc<Mutex<Vec<Vec<u8>>>>;

/// The bytes of one column chunk.
///
/// A file is read, never mapped: a file that somebody truncates gives an error, not a signal.
#[derive(Debug)]
pub(crate) struct Chunk {
    file: Arc<File>,
    start: u64,
    end: u64,
    whole: Option<Bytes>,
}

impl Chunk {
    /// A chunk whose pages are read one by one.
    pub(crate) fn paged(file: &Arc<File>, start: u64, length: u64) -> Self {
        Self {
            file: Arc::clone(file),
            start,
            end: start.saturating_add(length),
            whole: None,
        }
    }

    /// A chunk that is read now, unless it is large.
    pub(crate) fn read(
        file: &Arc<File>,
        start: u64,
        length: u64,
        buffers: &Buffers,
    ) -> Result<Self> {
        let mut chunk = Self::paged(file, start, length);
        if length <= WHOLE_BYTES {
            let free = buffers.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut bytes = free.unwrap_or_default();
            let length = length as usize;
            if bytes.len() < length {
                bytes.resize(length, 0);
            }
            read_exact_at(file, &mut bytes[..length], start)?;
            let buffers = Arc::clone(buffers);
            chunk.whole = Some(Bytes::from_owner(Borrowed {
                bytes,
                length,
                buffers,
            }));
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
                let mut bytes = vec![0; length];
                read_exact_at(&self.file, &mut bytes, start)?;
                Ok(Bytes::from(bytes))
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

/// Bytes that go back to the buffers when nobody looks at them any more.
struct Borrowed {
    bytes: Vec<u8>,
    length: usize,
    buffers: Buffers,
}

impl AsRef<[u8]> for Borrowed {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

impl Drop for Borrowed {
    fn drop(&mut self) {
        let bytes = std::mem::take(&mut self.bytes);
        self.buffers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(bytes);
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
