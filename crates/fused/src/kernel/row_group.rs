//! One row group of an aggregation: keys give each row's group, and subjects are added.

use std::sync::atomic::{AtomicBool, Ordering};

use datafusion::common::exec_err;
use datafusion::error::Result;

use super::cursor::Cursor;
use super::dimensions::{Codes, Dimensions};
use super::numbers::Numbers;
use super::opened::Opened;
use super::subject::Scratch;
use super::{BLOCK, Table};
use crate::plan::{Query, RowGroup};

/// Works through row groups, one after the other, with buffers of its own.
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
    scratch: Scratch,
    /// Room for the numbers of dictionaries, by subject.
    spare: Vec<Numbers>,
}

impl<'a> Kernel<'a> {
    pub(crate) fn new(query: &'a Query, dimensions: &'a Dimensions, groups: u32) -> Self {
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
            cursor: Cursor::new(query),
            groups: vec![0; BLOCK],
            scratch: Scratch::new(query),
            spare: subjects
                .map(|subject| Numbers::new(subject.class))
                .collect(),
        }
    }

    /// Adds a row group to a table; how many bytes it read.
    pub(crate) fn run(
        &mut self,
        group: RowGroup,
        codes: &Codes,
        table: &mut Table,
        stop: &AtomicBool,
    ) -> Result<usize> {
        let mut opened = Opened::new(self.query, group);
        if !opened.open_filters(&self.cursor.buffers)? {
            return Ok(opened.bytes);
        }
        opened.open_columns(&self.columns, &self.cursor.buffers)?;
        opened.prepare(self.dimensions, codes, &self.strides, &mut self.spare)?;
        let mut left = group.rows;
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
        }
        let bytes = opened.bytes;
        opened.close(&mut self.spare);
        Ok(bytes)
    }
}
