//! Where a row is, before anybody asks for its line.

/// A row that has the right shape: the number of its piece, and its own number there. In the order of the table.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Locator(pub(crate) u64);

impl Locator {
    /// Both counted from 0. A piece is smaller than 4 GiB.
    pub(crate) fn new(piece: u32, row: usize) -> Self {
        Self((u64::from(piece) << 32) | row as u64)
    }

    pub(crate) fn piece(self) -> u32 {
        (self.0 >> 32) as u32
    }

    pub(crate) fn row(self) -> usize {
        (self.0 & u64::from(u32::MAX)) as usize
    }
}

/// The first of many rows, and how many there are.
#[derive(Debug, Default)]
pub(crate) struct FirstRows<T> {
    pub(crate) kept: Vec<T>,
    pub(crate) total: u64,
}

impl<T: Ord> FirstRows<T> {
    /// Counts a row and keeps it if it may be one of the first `limit`.
    pub(crate) fn add(&mut self, row: T, limit: usize) {
        self.total += 1;
        self.kept.push(row);
        if self.kept.len() >= limit.saturating_mul(2).saturating_add(1024) {
            self.keep_first(limit);
        }
    }

    pub(crate) fn merge(&mut self, other: Self, limit: usize) {
        self.total += other.total;
        self.kept.extend(other.kept);
        self.keep_first(limit);
    }

    fn keep_first(&mut self, limit: usize) {
        self.kept.sort_unstable();
        self.kept.truncate(limit);
    }
}
