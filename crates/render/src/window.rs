//! Keeps the first and last rows of a result of any length.

use std::collections::VecDeque;

use arrow::array::RecordBatch;

/// Passes the first rows on at once, holds the last ones back, and drops what lies between.
#[derive(Debug)]
pub(crate) struct Window {
    /// Rows still to be passed on at once.
    head: usize,
    /// Rows to hold back.
    tail: usize,
    /// The last rows so far, each batch with the number of its first one.
    held: VecDeque<(u64, RecordBatch)>,
    held_rows: usize,
    hidden: u64,
}

/// What is left at the end.
pub(crate) struct Tail {
    /// Rows that were dropped.
    pub(crate) hidden: u64,
    /// The last rows, each batch with the number of its first one.
    pub(crate) batches: Vec<(u64, RecordBatch)>,
}

impl Window {
    /// A window of at most `rows` rows: the larger half first. Without a limit the head
    /// has no end, and nothing is ever held.
    pub(crate) fn new(rows: Option<usize>) -> Self {
        let (head, tail) = rows.map_or((usize::MAX, 0), |rows| (rows.div_ceil(2), rows / 2));
        Self {
            head,
            tail,
            held: VecDeque::new(),
            held_rows: 0,
            hidden: 0,
        }
    }

    /// Takes a batch, whose first row has this number, and returns its part among the
    /// first rows, which may be empty.
    pub(crate) fn push(&mut self, batch: &RecordBatch, first_row: u64) -> RecordBatch {
        let passed = self.head.min(batch.num_rows());
        self.head -= passed;
        let rest = batch.num_rows() - passed;
        if rest > 0 {
            let rows = batch.slice(passed, rest);
            self.held.push_back((first_row + passed as u64, rows));
            self.held_rows += rest;
            self.drop_whole_batches();
        }
        batch.slice(0, passed)
    }

    /// Ends the result.
    pub(crate) fn finish(&mut self) -> Tail {
        let excess = self.held_rows.saturating_sub(self.tail);
        let mut batches = Vec::from(std::mem::take(&mut self.held));
        // Only the first batch can hold rows too many, for whole batches are gone.
        if let Some((first_row, batch)) = batches.first_mut() {
            *first_row += excess as u64;
            *batch = batch.slice(excess, batch.num_rows() - excess);
        }
        Tail {
            hidden: self.hidden + excess as u64,
            batches,
        }
    }

    fn drop_whole_batches(&mut self) {
        while let Some((_, first)) = self.held.front() {
            let remaining = self.held_rows - first.num_rows();
            if remaining < self.tail {
                return;
            }
            self.hidden += first.num_rows() as u64;
            self.held_rows = remaining;
            self.held.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::numbers;

    /// The numbers passed on, hidden and held back of a result of 10 rows.
    fn shown(rows: usize, batch_size: usize) -> (Vec<u64>, u64, Vec<u64>) {
        let mut window = Window::new(Some(rows));
        let mut head = Vec::new();
        for start in (0..10).step_by(batch_size) {
            let batch = numbers(10).slice(start, batch_size.min(10 - start));
            let first_row = start as u64 + 1;
            let passed = window.push(&batch, first_row);
            head.extend((0..passed.num_rows() as u64).map(|row| first_row + row));
        }
        let tail = window.finish();
        let last = tail
            .batches
            .iter()
            .flat_map(|(first, batch)| (0..batch.num_rows() as u64).map(move |row| first + row))
            .collect();
        (head, tail.hidden, last)
    }

    #[test]
    fn the_first_and_last_rows_stay_whatever_the_batches() {
        for size in 1..=10 {
            assert_eq!(shown(5, size), (vec![1, 2, 3], 5, vec![9, 10]));
            assert_eq!(shown(1, size), (vec![1], 9, vec![]));
            assert_eq!(shown(0, size), (vec![], 10, vec![]));
            assert_eq!(shown(9, size), (vec![1, 2, 3, 4, 5], 1, vec![7, 8, 9, 10]));
            let (head, hidden, last) = shown(10, size);
            assert_eq!([head, last].concat(), (1..=10).collect::<Vec<u64>>());
            assert_eq!(hidden, 0);
        }
    }

    #[test]
    fn what_is_dropped_is_not_kept_in_memory() {
        let mut window = Window::new(Some(40));
        for batch in 0..10_000 {
            window.push(&numbers(7), batch * 7 + 1);
            assert!(window.held.len() <= 4, "{} batches", window.held.len());
        }
    }
}
