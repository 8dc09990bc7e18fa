//! Knows texts that were met before, and what was found out about each.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// Texts, each with a number.
#[derive(Debug, Default)]
pub(super) struct Texts {
    hasher: RandomState,
    table: HashTable<Entry>,
    /// All texts, one behind the other.
    bytes: Vec<u8>,
    /// The text of the row before, which is often that of the next.
    latest: Option<Entry>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    start: u32,
    length: u32,
    number: u32,
}

impl Texts {
    /// The number of a text that was met before.
    #[inline]
    pub(super) fn get(&mut self, text: &str) -> Option<u32> {
        let text = text.as_bytes();
        let is_text = |entry: &Entry| stored(&self.bytes, entry) == text;
        if let Some(latest) = self.latest.filter(is_text) {
            return Some(latest.number);
        }
        let hash = hash(&self.hasher, text);
        let found = self.table.find(hash, is_text).copied()?;
        self.latest = Some(found);
        Some(found.number)
    }

    /// Remembers a text that is not known yet.
    pub(super) fn insert(&mut self, text: &str, number: u32) {
        let entry = Entry {
            start: self.bytes.len() as u32,
            length: text.len() as u32,
            number,
        };
        self.bytes.extend_from_slice(text.as_bytes());
        let Self {
            hasher,
            table,
            bytes,
            ..
        } = self;
        let hash_of = |entry: &Entry| hash(hasher, stored(bytes, entry));
        table.insert_unique(hash(hasher, text.as_bytes()), entry, hash_of);
    }

    /// Forgets everything but keeps the memory.
    pub(super) fn clear(&mut self) {
        self.table.clear();
        self.bytes.clear();
        self.latest = None;
    }
}

#[inline]
fn stored<'b>(bytes: &'b [u8], entry: &Entry) -> &'b [u8] {
    &bytes[entry.start as usize..][..entry.length as usize]
}

#[inline]
fn hash(hasher: &RandomState, text: &[u8]) -> u64 {
    let mut hasher = hasher.build_hasher();
    hasher.write(text);
    hasher.finish()
}
