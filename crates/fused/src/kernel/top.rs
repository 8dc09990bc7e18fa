//! The first rows of row groups in an order: the first key of all rows, the other keys of the few that may be among them.

use std::collections::BinaryHeap;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow::array::{ArrayRef, BooleanArray, UInt32Array};
use arrow::buffer::BooleanBuffer;
use arrow::compute::{concat, filter, take};
use arrow::row::{OwnedRow, RowConverter, SortField};
use datafusion::common::exec_err;
use datafusion::error::Result;

use super::BLOCK;
use super::cursor::Cursor;
use super::first_key::{FirstKey, FirstKeyByCode, STALE};
use super::open_row_group::OpenRowGroup;
use super::order::Compared;
use super::selection::Selection;
use crate::pages::{Block, Buffers, Cells};
use crate::plan::{RowGroup, SortKey, TopQuery};

/// A row by its keys, then by its place: the row group, and the row in it.
pub(crate) type Candidate = (OwnedRow, (usize, u32));

/// Looks through row groups in order and keeps the first rows.
pub(crate) struct TopKernel<'a> {
    top: &'a TopQuery,
    cursor: Cursor<'a>,
    within: Selection,
    block: Block,
    first_key: FirstKey,
    keys: RowConverter,
    best: BinaryHeap<Candidate>,
    /// The keys of the last of the best rows, once there are as many as are wanted.
    bounds: Option<Vec<ArrayRef>>,
}

impl<'a> TopKernel<'a> {
    pub(crate) fn new(top: &'a TopQuery, buffers: &Buffers) -> Result<Self> {
        let field = |key: &SortKey| {
            SortField::new_with_options(key.computation.data_type.clone(), key.options)
        };
        let fields: Vec<_> = top.keys.iter().map(field).collect();
        Ok(Self {
            top,
            cursor: Cursor::new(&top.query, buffers),
            within: Selection::new(),
            block: Block::new(BLOCK),
            first_key: FirstKey::new(fields[0].clone(), top.bound())?,
            keys: RowConverter::new(fields)?,
            best: BinaryHeap::new(),
            bounds: None,
        })
    }

    /// Looks through a row group; how many bytes it read.
    pub(crate) fn run(&mut self, index: usize, stop: &AtomicBool) -> Result<usize> {
        let group = self.top.query.row_groups[index];
        if let (Some(first), Some(bound)) = (self.top.first_of(index), &self.first_key.bound) {
            // Statistics tell the first of its keys: when that one is behind the bound, all its rows are.
            let compared = Compared::new(&first, bound, self.top.keys[0].options)?;
            if !compared.before.value(0) && (self.first_key.is_strict || !compared.equal.value(0)) {
                return Ok(0);
            }
        }
        let mut opened = OpenRowGroup::new(&self.top.query, group);
        if !opened.open_filters(&self.cursor.buffers)? {
            return Ok(opened.bytes);
        }
        let (rows, firsts) = self.candidates(group, &mut opened, stop)?;
        let mut bytes = opened.bytes;
        if !rows.is_empty() {
            bytes += self.compare(index, group, &rows, &firsts)?;
        }
        Ok(bytes)
    }

    /// The best rows that were met.
    pub(crate) fn finish(self) -> BinaryHeap<Candidate> {
        self.best
    }

    /// The rows whose first key may be wanted, and that key.
    fn candidates(
        &mut self,
        group: RowGroup,
        opened: &mut OpenRowGroup<'a>,
        stop: &AtomicBool,
    ) -> Result<(Vec<u32>, Vec<ArrayRef>)> {
        let key = &self.top.keys[0];
        opened.open_columns(&key.computation.columns, &self.cursor.buffers)?;
        let mut by_code = match opened.evaluated(&key.computation)? {
            Some(values) => Some(FirstKeyByCode {
                mask: self.first_key.mask(&values, key)?,
                values,
                passed: 0,
            }),
            None => None,
        };
        let (mut found, mut firsts) = (Vec::new(), Vec::new());
        let mut done = 0;
        while done < group.rows {
            if stop.load(Ordering::Relaxed) {
                return exec_err!("cancelled");
            }
            let start = done as u32;
            let count = self.cursor.advance(group.rows - done, opened)?;
            done += count;
            if self.cursor.selection.len() == 0 {
                continue;
            }
            let (rows, selection) = self.cursor.read(&key.computation.columns, count, opened)?;
            // The rows within those that passed the filters whose first key may still be wanted. Of the others no key
            // is made: with a dictionary they cost a look-up in the mask.
            self.within.reset(rows.count);
            let block = rows.block_of(&key.computation);
            let (values, places) = match (&mut by_code, block.map(|block| (block, block.cells))) {
                (Some(by_code), Some((_, Cells::Constant(code)))) => {
                    // The block is a run of one value: it is wanted whole or not at all.
                    if by_code.mask[code as usize] == 0 {
                        continue;
                    }
                    (
                        ArrayRef::clone(&by_code.values),
                        UInt32Array::from_value(code, rows.count),
                    )
                }
                (Some(by_code), Some((block, Cells::Codes))) => {
                    self.within.keep_codes(block.codes(), &by_code.mask);
                    let code = |row: &u32| block.codes()[*row as usize];
                    let places = match self.within.chosen() {
                        Some(chosen) => chosen.iter().map(code).collect(),
                        None => UInt32Array::from(block.codes().to_vec()),
                    };
                    (ArrayRef::clone(&by_code.values), places)
                }
                _ => {
                    let values = rows.evaluate(&key.computation)?;
                    self.within.keep_rows(&self.first_key.mask(&values, key)?);
                    let places = match self.within.chosen() {
                        Some(chosen) => UInt32Array::from(chosen.to_vec()),
                        None => UInt32Array::from_iter_values(0..rows.count as u32),
                    };
                    (values, places)
                }
            };
            if self.within.len() == 0 {
                continue;
            }
            // An index counts rows that passed the filters; what is kept of a row is its place in the row group.
            let row = |index: u32| {
                start
                    + selection
                        .chosen()
                        .map_or(index, |rows| rows[index as usize])
            };
            match self.within.chosen() {
                Some(chosen) => found.extend(chosen.iter().map(|index| row(*index))),
                None => found.extend((0..rows.count as u32).map(row)),
            }
            let values = take(&values, &places, None)?;
            // The bound moves with each block, so that the next one lets fewer rows through.
            self.first_key
                .learn(&values, key, self.top.limit, self.top.keys.len() == 1)?;
            if let Some(by_code) = &mut by_code {
                by_code.passed += values.len();
                if by_code.passed > STALE {
                    by_code.passed = 0;
                    by_code.mask = self.first_key.mask(&by_code.values, key)?;
                }
            }
            firsts.push(values);
        }
        Ok((found, firsts))
    }

    /// Compares rows by all keys with the best so far; how many bytes it read.
    fn compare(
        &mut self,
        index: usize,
        group: RowGroup,
        rows: &[u32],
        firsts: &[ArrayRef],
    ) -> Result<usize> {
        // The other keys are read in a second pass over the row group, and only of the rows that are left:
        // pages without one of them are passed over and not decompressed.
        let mut late = OpenRowGroup::new(&self.top.query, group);
        let firsts: Vec<_> = firsts.iter().map(AsRef::as_ref).collect();
        let mut values = vec![concat(&firsts)?];
        for key in &self.top.keys[1..] {
            late.open_columns(&key.computation.columns, &self.cursor.buffers)?;
        }
        let mut columns: Vec<Option<ArrayRef>> = vec![None; self.top.query.columns.len()];
        for key in &self.top.keys[1..] {
            let mut arrays = Vec::new();
            for column in &key.computation.columns {
                let array = match columns[*column].take() {
                    Some(array) => array,
                    None => late.take(*column, rows, &mut self.block)?,
                };
                columns[*column] = Some(ArrayRef::clone(&array));
                arrays.push(array);
            }
            values.push(key.computation.evaluate(arrays, rows.len())?);
        }
        let mut rows = UInt32Array::from(rows.to_vec());
        // Compared column by column first, since a key of all columns is bytes that have to be made for each row.
        if let Some(bounds) = &self.bounds {
            let wanted = BooleanArray::new(self.in_front(&values, bounds)?, None);
            rows = arrow::array::AsArray::as_primitive(&filter(&rows, &wanted)?).clone();
            for values in &mut values {
                *values = filter(values, &wanted)?;
            }
        }
        let sorted = self.keys.convert_columns(&values)?;
        for (keys, row) in sorted.iter().zip(rows.values()) {
            let is_full = self.best.len() == self.top.limit;
            if is_full && self.best.peek().is_some_and(|(last, _)| keys >= last.row()) {
                continue;
            }
            self.best.push((keys.owned(), (index, *row)));
            if is_full {
                self.best.pop();
            }
        }
        if self.best.len() == self.top.limit
            && let Some((last, _)) = self.best.peek()
        {
            self.bounds = Some(self.keys.convert_rows([last.row()])?);
        }
        Ok(late.bytes)
    }

    /// Which rows come before the bounds; those equal to them are behind, as they were met later.
    fn in_front(&self, values: &[ArrayRef], bounds: &[ArrayRef]) -> Result<BooleanBuffer> {
        let rows = values.first().map_or(0, |values| values.len());
        let (mut before, mut equal) =
            (BooleanBuffer::new_unset(rows), BooleanBuffer::new_set(rows));
        for ((values, bound), key) in values.iter().zip(bounds).zip(&self.top.keys) {
            let compared = Compared::new(values, bound, key.options)?;
            before = &before | &(&equal & &compared.before);
            equal = &equal & &compared.equal;
        }
        Ok(before)
    }
}
