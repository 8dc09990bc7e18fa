//! A checksum inside a Parquet file that vouches for every byte of it, footer and page index included.
//!
//! The writer leaves 32 zeros as the value of the footer entry `kouan.seal`, hashes the file as it writes,
//! and at last puts the hash in place of the zeros. A reader hashes the file as if the zeros were still there.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::read::hash::Hash;

/// The footer entry that holds the seal.
pub(crate) const KEY: &str = "kouan.seal";

/// Stands where the seal will be.
pub(crate) const OPEN: &str = "00000000000000000000000000000000";

/// Follows the key in the footer: the value is the next Thrift field, a string of 32 bytes.
const VALUE: [u8; 2] = [0x18, OPEN.len() as u8];

/// The bytes after a Parquet footer: its length and `PAR1`.
const TAIL: u64 = 8;

/// Writes and hashes what passes.
pub(crate) struct HashingWriter<W> {
    output: W,
    hash: Hash,
}

impl<W: Write> HashingWriter<W> {
    pub(crate) fn new(output: W) -> Self {
        Self {
            output,
            hash: Hash::new(),
        }
    }

    /// The hash of what was written.
    pub(crate) fn hash(&self) -> u128 {
        self.hash.finish()
    }
}

impl<W: Write> Write for HashingWriter<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let length = self.output.write(buffer)?;
        self.hash.write(&buffer[..length]);
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

/// Puts the hash of a file in the place that was kept for it.
pub(crate) fn close(file: &mut (impl Read + Write + Seek), hash: u128) -> io::Result<()> {
    let Some(place) = place(file)? else {
        return Err(io::Error::other("the footer has no place for a seal"));
    };
    file.seek(SeekFrom::Start(place))?;
    file.write_all(format!("{hash:032x}").as_bytes())
}

/// Whether a file has a seal, and every byte is as it was when the seal was set.
fn is_intact(file: &mut (impl Read + Seek)) -> io::Result<bool> {
    let Some(place) = place(file)? else {
        return Ok(false);
    };
    let mut hash = Hash::new();
    file.seek(SeekFrom::Start(0))?;
    hash_all(&mut file.by_ref().take(place), &mut hash)?;
    let mut seal = [0; OPEN.len()];
    file.read_exact(&mut seal)?;
    hash.write(OPEN.as_bytes());
    hash_all(file, &mut hash)?;
    Ok(seal == format!("{:032x}", hash.finish()).as_bytes())
}

/// Whether a file is there and intact.
pub(crate) fn is_intact_at(path: &Path) -> bool {
    File::open(path).is_ok_and(|mut file| is_intact(&mut file).unwrap_or(false))
}

fn hash_all(input: &mut impl Read, hash: &mut Hash) -> io::Result<()> {
    let mut buffer = vec![0; 1 << 18];
    loop {
        match input.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(length) => hash.write(&buffer[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Where the seal is, if the file ends like a Parquet file with one.
fn place(file: &mut (impl Read + Seek)) -> io::Result<Option<u64>> {
    let length = file.seek(SeekFrom::End(0))?;
    let Some(footer_end) = length.checked_sub(TAIL) else {
        return Ok(None);
    };
    file.seek(SeekFrom::Start(footer_end))?;
    let (mut footer_length, mut magic) = ([0; 4], [0; 4]);
    file.read_exact(&mut footer_length)?;
    file.read_exact(&mut magic)?;
    let footer_length = u64::from(u32::from_le_bytes(footer_length));
    let Some(footer_start) = footer_end.checked_sub(footer_length) else {
        return Ok(None);
    };
    if magic != *b"PAR1" {
        return Ok(None);
    }
    file.seek(SeekFrom::Start(footer_start))?;
    let mut footer = Vec::new();
    file.by_ref().take(footer_length).read_to_end(&mut footer)?;
    let marker = [KEY.as_bytes(), &VALUE].concat();
    // The last one: before it, statistics could hold the same bytes as a value.
    let found = footer
        .windows(marker.len())
        .rposition(|window| window == marker);
    let value = found.map(|index| index + marker.len());
    Ok(value
        .filter(|value| value + OPEN.len() <= footer.len())
        .map(|value| footer_start + value as u64))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// Bytes that end like a Parquet file.
    fn file(seal: &str) -> Vec<u8> {
        let footer = [b"..kouan.seal".as_slice(), &VALUE, seal.as_bytes(), b"\0.."].concat();
        let length = (footer.len() as u32).to_le_bytes();
        [b"PAR1data".as_slice(), &footer, &length, b"PAR1"].concat()
    }

    #[test]
    fn a_sealed_file_is_intact_until_any_byte_changes() {
        let mut writer = HashingWriter::new(Vec::new());
        writer.write_all(&file(OPEN)).unwrap();
        let hash = writer.hash();
        let mut sealed = Cursor::new(writer.output);
        close(&mut sealed, hash).unwrap();
        assert!(is_intact(&mut sealed).unwrap());

        let sealed = sealed.into_inner();
        for index in 0..sealed.len() {
            let mut garbled = sealed.clone();
            garbled[index] ^= 1;
            assert!(
                !is_intact(&mut Cursor::new(garbled)).unwrap(),
                "byte {index}"
            );
            assert!(
                !is_intact(&mut Cursor::new(&sealed[..index])).unwrap(),
                "cut at {index}"
            );
        }
    }

    #[test]
    fn a_file_without_a_seal_is_not_intact() {
        for bytes in [&b""[..], b"PAR1", b"PAR1\x08\0\0\0PAR1", &file(OPEN)] {
            assert!(!is_intact(&mut Cursor::new(bytes)).unwrap());
        }
    }
}
