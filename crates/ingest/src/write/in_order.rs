//! Puts what several threads make into the order of the pieces it was made from.

use std::collections::BTreeMap;

/// What was made before its turn.
#[derive(Debug)]
pub(crate) struct InOrder<T> {
    next: u32,
    waiting: BTreeMap<u32, T>,
}

impl<T> InOrder<T> {
    pub(crate) fn new() -> Self {
        Self {
            next: 0,
            waiting: BTreeMap::new(),
        }
    }

    /// Takes what was made of a piece.
    pub(crate) fn put(&mut self, piece: u32, made: T) {
        self.waiting.insert(piece, made);
    }

    /// What was made of the next piece, if it is there.
    pub(crate) fn next(&mut self) -> Option<T> {
        let made = self.waiting.remove(&self.next)?;
        self.next += 1;
        Some(made)
    }
}
