//! XXH3 with 128 bits, over bytes as they come.

use twox_hash::xxhash3_128::{DEFAULT_SECRET_LENGTH, RawHasher, SecretBuffer};

/// Hashes bytes, however they are cut into writes.
#[derive(Clone)]
pub(crate) struct Hash(RawHasher<&'static [u8; DEFAULT_SECRET_LENGTH]>);

impl Hash {
    pub(crate) fn new() -> Self {
        Self(RawHasher::new(SecretBuffer::default()))
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) {
        self.0.write(bytes);
    }

    /// Writes bytes after their length, so that no two lists of parts run together.
    pub(crate) fn write_part(&mut self, part: &[u8]) {
        self.write(&(part.len() as u64).to_le_bytes());
        self.write(part);
    }

    pub(crate) fn finish(&self) -> u128 {
        self.0.finish_128()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values: `xxhash.xxh3_128_hexdigest` of the Python package xxhash 4.1.
    #[test]
    fn equals_the_reference_whatever_the_cuts() {
        let long: Vec<u8> = (0..100_000_u32).map(|index| (index % 251) as u8).collect();
        for (bytes, expected) in [(&b""[..], EMPTY), (b"kouan", SHORT), (&long, LONG)] {
            for cut in [1, 7, 256, 100_000] {
                let mut hash = Hash::new();
                bytes.chunks(cut).for_each(|chunk| hash.write(chunk));
                assert_eq!(format!("{:032x}", hash.finish()), expected);
            }
        }
    }

    #[test]
    fn parts_do_not_run_together() {
        let hash = |parts: &[&[u8]]| {
            let mut hash = Hash::new();
            parts.iter().for_each(|part| hash.write_part(part));
            hash.finish()
        };
        assert_ne!(hash(&[b"ab", b"c"]), hash(&[b"a", b"bc"]));
        assert_ne!(hash(&[b"a"]), hash(&[b"a", b""]));
    }

    const EMPTY: &str = "99aa06d3014798d86001c324468d497f";
    const SHORT: &str = "53ca0094d25f62f33b8620724349b746";
    const LONG: &str = "54182c58bbb1337c42c23aeead96750d";
}
