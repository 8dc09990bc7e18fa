//! Buffers that are used again, so that the machine need not hand out fresh memory for each chunk and page.

use std::fmt;
use std::io;
use std::mem;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use zstd::bulk::Decompressor;
use zstd::zstd_safe::get_frame_content_size;

use crate::lock::lock;

/// More bytes than this are not kept while nobody needs them.
const MOST_KEPT: usize = 64 << 20;

/// Buffers have a multiple of so many bytes, so that they serve chunks and pages of other sizes too.
const STEP: usize = 256 << 10;

/// Fewer bytes than this are cheap to get.
const SMALL: usize = 16 << 10;

/// A page has fewer bytes than this: its header tells them in 31 bits.
const MOST_OF_A_PAGE: u64 = 1 << 31;

/// Buffers that wait for their next use, shared by all threads and queries of a session.
#[derive(Clone, Default)]
pub(crate) struct Buffers(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    buffers: Vec<Vec<u8>>,
    decompressors: Vec<Decompressor<'static>>,
}

impl fmt::Debug for Buffers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Buffers")
    }
}

impl Buffers {
    /// Bytes that `fill` writes, all of `length`. What it does not write is whatever was there before.
    pub(super) fn filled<E>(
        &self,
        length: usize,
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
    ) -> Result<Bytes, E> {
        if length < SMALL {
            let mut bytes = vec![0; length];
            fill(&mut bytes)?;
            return Ok(Bytes::from(bytes));
        }
        let mut lent = Lent {
            bytes: self.take(length),
            length,
            buffers: self.clone(),
        };
        fill(&mut lent.bytes[..length])?;
        Ok(Bytes::from_owner(lent))
    }

    /// Bytes that were stored plainly, then those that were compressed with ZSTD.
    pub(super) fn decompressed(&self, plain: &[u8], compressed: &[u8]) -> io::Result<Bytes> {
        let size = get_frame_content_size(compressed).ok().flatten();
        // Frames that do not tell their size are rare.
        let Some(size) = size.filter(|size| *size < MOST_OF_A_PAGE) else {
            let mut bytes = plain.to_vec();
            zstd::stream::copy_decode(compressed, &mut bytes)?;
            return Ok(Bytes::from(bytes));
        };
        let kept = lock(&self.0).decompressors.pop();
        let mut decompressor = kept.map_or_else(Decompressor::new, Ok)?;
        let bytes = self.filled(plain.len() + size as usize, |bytes| {
            let (levels, values) = bytes.split_at_mut(plain.len());
            levels.copy_from_slice(plain);
            match decompressor.decompress_to_buffer(compressed, values)? == values.len() {
                true => Ok(()),
                false => Err(io::Error::from(io::ErrorKind::UnexpectedEof)),
            }
        });
        lock(&self.0).decompressors.push(decompressor);
        bytes
    }

    /// The smallest of the buffers that are large enough, or a new one.
    fn take(&self, length: usize) -> Vec<u8> {
        let mut kept = lock(&self.0);
        let fitting = kept.buffers.iter().enumerate();
        let fitting = fitting.filter(|(_, buffer)| buffer.len() >= length);
        match fitting.min_by_key(|(_, buffer)| buffer.len()) {
            Some((index, _)) => kept.buffers.swap_remove(index),
            None => vec![0; length.next_multiple_of(STEP)],
        }
    }

    fn give_back(&self, buffer: Vec<u8>) {
        let mut kept = lock(&self.0);
        let bytes: usize = kept.buffers.iter().map(Vec::len).sum();
        if bytes + buffer.len() <= MOST_KEPT {
            kept.buffers.push(buffer);
        }
    }
}

/// Bytes that go back to the buffers when nobody looks at them any more.
struct Lent {
    bytes: Vec<u8>,
    length: usize,
    buffers: Buffers,
}

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.buffers.give_back(mem::take(&mut self.bytes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_used_again() -> io::Result<()> {
        let buffers = Buffers::default();
        let fill = |bytes: &mut [u8]| -> io::Result<()> {
            bytes.fill(1);
            Ok(())
        };
        let first = buffers.filled(100_000, fill)?;
        let (place, second) = (first.as_ptr(), buffers.filled(100_000, fill)?);
        assert_ne!(place, second.as_ptr());
        drop(first);
        let third = buffers.filled(90_000, fill)?;
        assert_eq!((third.as_ptr(), third.len()), (place, 90_000));
        Ok(())
    }

    /// With the size in the frame, without it, and cut short.
    #[test]
    fn frames_are_decompressed() -> io::Result<()> {
        let plain: Vec<u8> = (0..200_000_u32).map(|at| (at / 7) as u8).collect();
        let buffers = Buffers::default();
        let frame = zstd::bulk::compress(&plain, 1)?;
        assert_eq!(buffers.decompressed(&[], &frame)?, plain);
        assert!(
            buffers
                .decompressed(&[], &frame[..frame.len() / 2])
                .is_err()
        );
        let untold = zstd::stream::encode_all(&plain[..], 1)?;
        let levels = [7, 8];
        for frame in [&frame, &untold] {
            let whole = buffers.decompressed(&levels, frame)?;
            assert_eq!((&whole[..2], &whole[2..]), (&levels[..], &plain[..]));
        }
        Ok(())
    }
}
