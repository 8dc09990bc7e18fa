//! Rows of a row group in an aggregation: keys give each row's group, and inputs are added.

use std::sync::atomic::{AtomicBool, Ordering};

use datafusion::common::exec_err;
use datafusion::error::Result;

use super::cursor::Cursor;
use super::inputs::Scratch;
use super::key_dictionaries::KeyDictionaries;
use super::numbers::Numbers;
use super::open_row_group::OpenRowGroup;
use super::{BLOCK, Table};
use crate::pages::Buffers;
use crate::plan::{Query, WorkShare};

/// Works through row groups, one after the other, with room of its own for blocks.
pub(crate) struct Kernel<'a> {
    query: &'a Query,
    key_dictionaries: &'a KeyDictionaries,
    /// What the number of each key is multiplied with.
    strides: Vec<u32>,
    /// The group of rows that an input leaves out.
    refused: u32,
    /// The places of all columns.
    columns: Vec<usize>,
    cursor: Cursor<'a>,
    groups: Vec<u32>,
    /// The same as places of states.
    places: Vec<usize>,
    scratch: Scratch,
    /// Room for the numbers of dictionaries, by input.
    spare: Vec<Numbers>,
}

impl<'a> Kernel<'a> {
    pub(crate) fn new(
        query: &'a Query,
        buffers: &Buffers,
        key_dictionaries: &'a KeyDictionaries,
        groups: u32,
    ) -> Self {
        let mut stride = 1;
        let strides = key_dictionaries.keys.iter().take(query.keys).map(|key| {
            let own = stride;
            stride *= key.size as u32;
            own
        });
        let inputs = query.inputs.iter();
        Self {
            query,
            key_dictionaries,
            strides: strides.collect(),
            refused: groups,
            columns: (0..query.columns.len()).collect(),
            cursor: Cursor::new(query, buffers),
            groups: vec![0; BLOCK],
            places: Vec::with_capacity(BLOCK),
            scratch: Scratch::new(query),
            spare: inputs.map(|input| Numbers::new(input.kind)).collect(),
        }
    }

    /// Adds rows of a row group to a table; how many bytes it read.
    pub(crate) fn run(
        &mut self,
        share: &WorkShare,
        table: &mut Table,
        stop: &AtomicBool,
    ) -> Result<usize> {
        let mut opened = OpenRowGroup::new(self.query, self.query.row_groups[share.row_group]);
        if !opened.open_filters(&self.cursor.buffers)? {
            return Ok(opened.bytes);
        }
        opened.open_columns(&self.columns, &self.cursor.buffers)?;
        let codes = &self.key_dictionaries.row_groups[share.row_group];
        opened.prepare(self.key_dictionaries, codes, &self.strides, &mut self.spare)?;
        Cursor::pass(share.rows.start, &mut opened);
        let mut left = share.rows.len();
        while left > 0 {
            if stop.load(Ordering::Relaxed) {
                return exec_err!("cancelled");
            }
            let rows = self.cursor.advance(left, &mut opened)?;
            left -= rows;
            if self.cursor.selection.len() == 0 {
                continue;
            }
            let (rows, _) = self.cursor.read(&self.columns, rows, &mut opened)?;
            let groups = rows.groups(&self.strides, &mut self.groups)?;
            table.count(groups);
            for input in 0..self.query.inputs.len() {
                rows.add(input, groups, self.refused, &mut self.scratch, table)?;
            }
            for accumulation in 0..self.query.accumulations.len() {
                table.accumulate(accumulation, &rows, groups, &mut self.places)?;
            }
        }
        let bytes = opened.bytes;
        opened.close(&mut self.spare);
        Ok(bytes)
    }
}
