//! Rows of a row group in an aggregation: keys give each row's group, and subjects are added.

use std::sync::atomic::{AtomicBool, Ordering};

use datafusion::common::exec_err;
use datafusion::error::Result;

use super::cursor::Cursor;
use super::dimensions::Dimensions;
use super::numbers::Numbers;
use super::opened::Opened;
use super::subject::Scratch;
use super::{BLOCK, Table};
use crate::pages::Buffers;
use crate::pieces::Piece;
use crate::plan::Query;

/// Works through row groups, one after the other, with room of its own for blocks.
pub(crate) struct Kernel<'a> {
    query: &'a Query,
    dimensions: &'a Dimensions,
    /// What the number of each key is multiplied with.
    strides: Vec<u32>,
    /// The group of rows that a subject leaves out.
    refused: u32,
    /// The places of all columns.
    columns: Vec<usize>,
    cursor: Cursor<'a>,
    groups: Vec<u32>,
    /// The same as places of states.
    places: Vec<usize>,
    scratch: Scratch,
    /// Room for the numbers of dictionaries, by subject.
    spare: Vec<Numbers>,
}

impl<'a> Kernel<'a> {
    pub(crate) fn new(
        query: &'a Query,
        buffers: &Buffers,
        dimensions: &'a Dimensions,
        groups: u32,
    ) -> Self {
        let mut stride = 1;
        let strides = dimensions.parts.iter().take(query.keys).map(|part| {
            let own = stride;
            stride *= part.size as u32;
            own
        });
        let subjects = query.subjects.iter();
        Self {
            query,
            dimensions,
            strides: strides.collect(),
            refused: groups,
            columns: (0..query.columns.len()).collect(),
            cursor: Cursor::new(query, buffers),
            groups: vec![0; BLOCK],
            places: Vec::with_capacity(BLOCK),
            scratch: Scratch::new(query),
            spare: subjects
                .map(|subject| Numbers::new(subject.class))
                .collect(),
        }
    }

    /// Adds rows of a row group to a table; how many bytes it read.
    pub(crate) fn run(
        &mut self,
        piece: &Piece,
        table: &mut Table,
        stop: &AtomicBool,
    ) -> Result<usize> {
        let mut opened = Opened::new(self.query, self.query.row_groups[piece.row_group]);
        if !opened.open_filters(&self.cursor.buffers)? {
            return Ok(opened.bytes);
        }
        opened.open_columns(&self.columns, &self.cursor.buffers)?;
        let codes = &self.dimensions.row_groups[piece.row_group];
        opened.prepare(self.dimensions, codes, &self.strides, &mut self.spare)?;
        Cursor::pass(piece.rows.start, &mut opened);
        let mut left = piece.rows.len();
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
            for subject in 0..self.query.subjects.len() {
                rows.add(subject, groups, self.refused, &mut self.scratch, table)?;
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
