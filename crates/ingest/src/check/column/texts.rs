//! Knows texts that were met before, and what was found out about each.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use crate::csv::RawCell;

/// Texts, each with a number.
///
/// Most texts of columns with few different ones are short; those of at most 16 bytes are compared as one number.
#[derive(Debug, Default)]
pub(super) struct Texts {
    hasher: RandomState,
    short: HashTable<(u128, u32)>,
    long: HashTable<Long>,
    /// The longer texts, one behind the other.
    bytes: Vec<u8>,
    /// Short texts that were met lately, each in the place that its hash gives it.
    recent: Vec<(u128, u32)>,
}

/// The length of [`Texts::recent`], a power of two.
const RECENT: usize = 512;

#[derive(Debug, Clone, Copy)]
struct Long {
    start: u32,
    length: u32,
    number: u32,
}

impl Texts {
    /// The number of a text that was met before. The text must hold no NUL.
    #[inline(always)]
    pub(super) fn get(&mut self, cell: RawCell<'_>) -> Option<u32> {
        let Some(text) = cell.short() else {
            return self.get_long(cell.bytes());
        };
        let hash = self.hash_short(text);
        let place = hash as usize % RECENT;
        match self.recent.get(place) {
            Some((recent, number)) if *recent == text && text != 0 => Some(*number),
            _ => self.get_short(hash, text),
        }
    }

    fn get_short(&mut self, hash: u64, text: u128) -> Option<u32> {
        let found = self
            .short
            .find(hash, |(known, _)| *known == text)
            .copied()?;
        if self.recent.is_empty() {
            self.recent.resize(RECENT, (0, 0));
        }
        self.recent[hash as usize % RECENT] = found;
        Some(found.1)
    }

    fn get_long(&self, text: &[u8]) -> Option<u32> {
        let hash = hash_long(&self.hasher, text);
        let is_text = |long: &Long| stored(&self.bytes, long) == text;
        self.long.find(hash, is_text).map(|long| long.number)
    }

    /// Remembers a text that is not known yet.
    pub(super) fn insert(&mut self, cell: RawCell<'_>, number: u32) {
        if let Some(text) = cell.short() {
            let hash = self.hash_short(text);
            let hasher = &self.hasher;
            let hash_of = |(text, _): &(u128, u32)| hash_short(hasher, *text);
            self.short.insert_unique(hash, (text, number), hash_of);
            return;
        }
        let text = cell.bytes();
        let long = Long {
            start: self.bytes.len() as u32,
            length: text.len() as u32,
            number,
        };
        self.bytes.extend_from_slice(text);
        let (hasher, bytes) = (&self.hasher, &self.bytes);
        let hash_of = |long: &Long| hash_long(hasher, stored(bytes, long));
        self.long
            .insert_unique(hash_long(hasher, text), long, hash_of);
    }

    /// Forgets everything but keeps the memory.
    pub(super) fn clear(&mut self) {
        self.short.clear();
        self.long.clear();
        self.bytes.clear();
        self.recent.clear();
    }

    #[inline]
    fn hash_short(&self, text: u128) -> u64 {
        hash_short(&self.hasher, text)
    }
}

#[inline]
fn stored<'b>(bytes: &'b [u8], long: &Long) -> &'b [u8] {
    &bytes[long.start as usize..][..long.length as usize]
}

#[inline]
fn hash_short(hasher: &RandomState, text: u128) -> u64 {
    let mut hasher = hasher.build_hasher();
    hasher.write_u128(text);
    hasher.finish()
}

fn hash_long(hasher: &RandomState, text: &[u8]) -> u64 {
    let mut hasher = hasher.build_hasher();
    hasher.write(text);
    hasher.finish()
}
