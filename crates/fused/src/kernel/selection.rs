//! Which rows of a block pass the filters.

use super::BLOCK;

/// The places of the rows that pass so far, in order.
#[derive(Debug)]
pub(super) struct Selection {
    rows: Vec<u32>,
    count: usize,
    /// Rows of the block.
    of: usize,
}

impl Selection {
    pub(super) fn new() -> Self {
        Self {
            rows: vec![0; BLOCK],
            count: 0,
            of: 0,
        }
    }

    /// Chooses all rows of a block.
    pub(super) fn reset(&mut self, rows: usize) {
        (self.count, self.of) = (rows, rows);
    }

    /// How many rows are chosen.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// The chosen rows; nothing when all are.
    pub(super) fn chosen(&self) -> Option<&[u32]> {
        (self.count < self.of).then(|| &self.rows[..self.count])
    }

    /// Chooses no row.
    pub(super) fn clear(&mut self) {
        self.count = 0;
    }

    /// Keeps the rows whose code the mask has a 1 for, without a branch that depends on them.
    pub(super) fn keep_codes(&mut self, codes: &[u32], mask: &[u8]) {
        self.keep(codes, |code| mask[*code as usize]);
    }

    /// Keeps the rows that the mask has a 1 for.
    pub(super) fn keep_rows(&mut self, mask: &[u8]) {
        self.keep(mask, |passes| *passes);
    }

    fn keep<T>(&mut self, block: &[T], passes: impl Fn(&T) -> u8) {
        let mut kept = 0;
        if self.count == self.of {
            for (row, value) in block[..self.of].iter().enumerate() {
                self.rows[kept] = row as u32;
                kept += usize::from(passes(value));
            }
        } else {
            for index in 0..self.count {
                let row = self.rows[index];
                self.rows[kept] = row;
                kept += usize::from(passes(&block[row as usize]));
            }
        }
        self.count = kept;
    }
}

#[cfg(test)]
mod tests {
    use super::Selection;

    #[test]
    fn filters_narrow_the_rows_in_order() {
        let mut selection = Selection::new();
        selection.reset(5);
        assert_eq!((selection.len(), selection.chosen()), (5, None));
        selection.keep_codes(&[0, 1, 2, 1, 0], &[1, 1, 0]);
        assert_eq!(selection.chosen(), Some(&[0, 1, 3, 4][..]));
        selection.keep_rows(&[0, 1, 1, 0, 1]);
        assert_eq!(selection.chosen(), Some(&[1, 4][..]));
        selection.clear();
        assert_eq!(selection.chosen(), Some(&[][..]));
    }
}
