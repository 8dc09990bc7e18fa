//! Goes through a row group block by block and chooses the rows that pass the filters.

use std::cell::OnceCell;

use datafusion::error::Result;

use super::BLOCK;
use super::open_row_group::{OpenColumn, OpenRowGroup, mask_of};
use super::rows::Rows;
use super::selection::Selection;
use crate::pages::{Block, Buffers, Cells};
use crate::plan::Query;

/// Blocks end with runs of this many rows or more, so that rows of one code are known to be such.
const SHORTEST_RUN: usize = 256;

/// The present block: some rows of each column, and which of them are chosen.
pub(super) struct Cursor<'a> {
    query: &'a Query,
    pub(super) buffers: Buffers,
    blocks: Vec<Block>,
    /// Which columns have the rows of the present block.
    filled: Vec<bool>,
    pub(super) selection: Selection,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(query: &'a Query, buffers: &Buffers) -> Self {
        Self {
            query,
            buffers: buffers.clone(),
            blocks: query.columns.iter().map(|_| Block::new(BLOCK)).collect(),
            filled: vec![false; query.columns.len()],
            selection: Selection::new(),
        }
    }

    /// Passes over the first rows of a row group.
    pub(super) fn pass(rows: usize, opened: &mut OpenRowGroup<'_>) {
        for column in &mut opened.columns {
            if let OpenColumn::Pages(reader) = column {
                reader.skip(rows);
            }
        }
    }

    /// Moves on by a block, which lies in one page of each column, and in one run where runs are long; how many rows
    /// it has.
    ///
    /// Afterwards the selection has the rows that pass the filters. When there are none, all columns are behind them.
    pub(super) fn advance(&mut self, left: usize, opened: &mut OpenRowGroup<'_>) -> Result<usize> {
        let mut rows = left.min(BLOCK);
        for column in &mut opened.columns {
            if let OpenColumn::Pages(reader) = column {
                rows = rows.min(reader.rows_in_page()?);
            }
        }
        for column in &mut opened.columns {
            if let OpenColumn::Pages(reader) = column {
                let alike = reader.rows_alike()?;
                if (SHORTEST_RUN..rows).contains(&alike) {
                    rows = alike;
                }
            }
        }
        self.filled.fill(false);
        self.selection.reset(rows);
        for (index, filter) in self.query.filters.iter().enumerate() {
            for column in &filter.columns {
                if !self.filled[*column] {
                    self.fill(*column, rows, false, opened)?;
                }
            }
            self.filter(index, rows, opened)?;
            if self.selection.len() == 0 {
                self.skip(rows, opened);
                break;
            }
        }
        Ok(rows)
    }

    /// Reads the chosen rows of some columns, given with the rows of the block; once a block.
    pub(super) fn read<'b>(
        &'b mut self,
        columns: &[usize],
        rows: usize,
        opened: &'b mut OpenRowGroup<'a>,
    ) -> Result<(Rows<'b>, &'b Selection)> {
        for column in columns {
            if !self.filled[*column] {
                self.fill(*column, rows, true, opened)?;
            } else if let Some(chosen) = self.selection.chosen() {
                self.blocks[*column].keep(chosen);
            }
        }
        let count = self.selection.len();
        Ok((self.rows(count, opened), &self.selection))
    }

    fn rows<'b>(&'b self, count: usize, opened: &'b OpenRowGroup<'_>) -> Rows<'b> {
        Rows {
            query: self.query,
            opened,
            blocks: &self.blocks,
            arrays: self.blocks.iter().map(|_| OnceCell::new()).collect(),
            count,
        }
    }

    /// Reads the rows of a column, or the chosen ones only.
    fn fill(
        &mut self,
        column: usize,
        rows: usize,
        chosen_only: bool,
        opened: &mut OpenRowGroup<'_>,
    ) -> Result<()> {
        self.filled[column] = true;
        let block = &mut self.blocks[column];
        let chosen = self.selection.chosen().filter(|_| chosen_only);
        match &mut opened.columns[column] {
            OpenColumn::Pages(reader) => reader.fill(rows, chosen, block),
            OpenColumn::Constant(_) | OpenColumn::NotOpen => {
                block.repeat(0, chosen.map_or(rows, <[u32]>::len));
                Ok(())
            }
        }
    }

    /// Passes over the rows of the columns that were not read.
    fn skip(&self, rows: usize, opened: &mut OpenRowGroup<'_>) {
        for (index, column) in opened.columns.iter_mut().enumerate() {
            if let (OpenColumn::Pages(reader), false) = (column, self.filled[index]) {
                reader.skip(rows);
            }
        }
    }

    /// Keeps the rows that pass a filter.
    fn filter(&mut self, index: usize, rows: usize, opened: &OpenRowGroup<'_>) -> Result<()> {
        let filter = &self.query.filters[index];
        let by_code = opened.filters[index].as_ref().zip(filter.single_column());
        let by_code = by_code.map(|(mask, column)| (mask, &self.blocks[column]));
        match by_code.map(|(mask, block)| (mask, block, block.cells)) {
            Some((mask, _, Cells::Constant(code))) => {
                if mask[code as usize] == 0 {
                    self.selection.clear();
                }
            }
            Some((mask, block, Cells::Codes)) => self.selection.keep_codes(block.codes(), mask),
            _ => {
                let mask = mask_of(&self.rows(rows, opened).evaluate(filter)?)?;
                self.selection.keep_rows(&mask);
            }
        }
        Ok(())
    }
}
