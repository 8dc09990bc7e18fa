//! One row group, block by block: filters, groups, sums.

use std::sync::atomic::{AtomicBool, Ordering};

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use datafusion::common::{exec_err, internal_err};
use datafusion::error::Result;

use super::dimensions::{Codes, Dimensions};
use super::opened::{Column, Opened, PASSES, by_code_mask, mask_of};
use super::{Numbers, Table};
use crate::pages::{Block, Buffers, Cells};
use crate::plan::{Class, Computation, Query, RowGroup};

/// Rows that are worked on at once: their groups and values stay in the first cache.
pub(crate) const BLOCK: usize = 2048;

/// Works through row groups, one after the other, with buffers of its own.
pub(crate) struct Kernel<'a> {
    pub(super) query: &'a Query,
    pub(super) dimensions: &'a Dimensions,
    pub(super) strides: Vec<u32>,
    /// The group of rows that do not pass.
    pub(super) refused: u32,
    pub(super) buffers: Buffers,
    pub(super) blocks: Vec<Block>,
    pub(super) groups: Vec<u32>,
    pub(super) masked: Vec<u32>,
    pub(super) passing: Vec<u32>,
    pub(super) missing: Vec<u32>,
    pub(super) parts: Vec<u32>,
}

impl<'a> Kernel<'a> {
    pub(crate) fn new(query: &'a Query, dimensions: &'a Dimensions, groups: u32) -> Self {
        let mut stride = 1;
        let strides = dimensions.parts.iter().take(query.keys).map(|part| {
            let own = stride;
            stride *= part.size as u32;
            own
        });
        Self {
            query,
            dimensions,
            strides: strides.collect(),
            refused: groups,
            buffers: Buffers::default(),
            blocks: query.columns.iter().map(|_| Block::new(BLOCK)).collect(),
            groups: vec![0; BLOCK],
            masked: vec![0; BLOCK],
            passing: vec![0; BLOCK],
            missing: vec![0; BLOCK],
            parts: vec![0; BLOCK],
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
        let mut opened = Opened {
            columns: self.query.columns.iter().map(|_| None).collect(),
            dictionaries: vec![None; self.query.columns.len()],
            filters: Vec::new(),
            parts: Vec::new(),
            subjects: Vec::new(),
            subject_filters: Vec::new(),
        };
        let mut bytes = 0;
        for filter in &self.query.filters {
            for column in &filter.columns {
                bytes += self.open(group, *column, &mut opened)?;
            }
            let passes = by_code_mask(filter, &opened)?;
            let nothing_passes = passes
                .as_ref()
                .is_some_and(|passes| !passes.contains(&PASSES));
            if nothing_passes
                && filter
                    .single_column()
                    .is_some_and(|column| self.is_all_codes(group, column))
            {
                return Ok(bytes);
            }
            opened.filters.push(passes);
        }
        for column in 0..self.query.columns.len() {
            bytes += self.open(group, column, &mut opened)?;
        }
        self.prepare(codes, &mut opened)?;
        let mut left = group.rows;
        while left > 0 {
            if stop.load(Ordering::Relaxed) {
                return exec_err!("cancelled");
            }
            let mut rows = left.min(BLOCK);
            for column in &mut opened.columns {
                if let Some(Column::Pages(reader)) = column {
                    rows = rows.min(reader.rows_in_page()?);
                }
            }
            self.block(rows, &mut opened, table)?;
            left -= rows;
        }
        Ok(bytes)
    }

    fn block(&mut self, rows: usize, opened: &mut Opened, table: &mut Table) -> Result<()> {
        let mut filled = vec![false; opened.columns.len()];
        let mut is_filtered = false;
        for index in 0..self.query.filters.len() {
            let query = self.query;
            self.fill(&query.filters[index].columns, rows, opened, &mut filled)?;
            if self.filter(index, rows, opened, &mut is_filtered)? {
                let columns = opened.columns.iter_mut().zip(&mut self.blocks);
                for ((column, block), filled) in columns.zip(&filled) {
                    if let (false, Some(Column::Pages(reader))) = (filled, column) {
                        reader.skip(rows, block)?;
                    }
                }
                return Ok(());
            }
        }
        let all: Vec<usize> = (0..opened.columns.len()).collect();
        self.fill(&all, rows, opened, &mut filled)?;
        self.group(rows, opened)?;
        if is_filtered {
            for (group, passes) in self.groups[..rows].iter_mut().zip(&self.passing) {
                *group = *group & passes | self.refused & !passes;
            }
        }
        table.count(&self.groups[..rows]);
        for subject in 0..self.query.subjects.len() {
            self.subject(subject, rows, opened, table)?;
        }
        Ok(())
    }

    fn fill(
        &mut self,
        columns: &[usize],
        rows: usize,
        opened: &mut Opened,
        filled: &mut [bool],
    ) -> Result<()> {
        for column in columns {
            if std::mem::replace(&mut filled[*column], true) {
                continue;
            }
            match &mut opened.columns[*column] {
                Some(Column::Pages(reader)) => reader.fill(rows, &mut self.blocks[*column])?,
                _ => self.blocks[*column].cells = Cells::Constant(0),
            }
        }
        Ok(())
    }

    /// Notes which rows pass a filter; true when none does.
    fn filter(
        &mut self,
        index: usize,
        rows: usize,
        opened: &Opened,
        is_filtered: &mut bool,
    ) -> Result<bool> {
        let filter = &self.query.filters[index];
        let by_code = opened.filters[index].as_ref().zip(filter.single_column());
        let all_pass = !*is_filtered;
        match by_code.map(|(mask, column)| (mask, &self.blocks[column])) {
            Some((
                mask,
                Block {
                    cells: Cells::Constant(code),
                    ..
                },
            )) => return Ok(mask[*code as usize] == 0),
            Some((
                mask,
                block @ Block {
                    cells: Cells::Codes,
                    ..
                },
            )) => {
                for (passing, code) in self.passing[..rows].iter_mut().zip(&block.codes) {
                    let passes = mask[*code as usize];
                    *passing = if all_pass { passes } else { *passing & passes };
                }
            }
            _ => {
                let mask = mask_of(&self.rows_of(filter, rows, opened)?)?;
                for (passing, passes) in self.passing[..rows].iter_mut().zip(mask) {
                    *passing = if all_pass { passes } else { *passing & passes };
                }
            }
        }
        *is_filtered = true;
        Ok(self.passing[..rows]
            .iter()
            .fold(0, |any, passes| any | passes)
            == 0)
    }

    /// Evaluates an expression on the rows of the block.
    fn rows_of(&self, computation: &Computation, rows: usize, opened: &Opened) -> Result<ArrayRef> {
        let mut arrays = Vec::new();
        for column in &computation.columns {
            let dictionary = opened.dictionaries[*column].as_ref();
            let data_type = &self.query.columns[*column].data_type;
            arrays.push(match &opened.columns[*column] {
                Some(Column::Pages(reader)) => {
                    self.blocks[*column].array(reader, dictionary, data_type)?
                }
                _ => match dictionary {
                    Some(value) => datafusion::scalar::ScalarValue::try_from_array(value, 0)?
                        .to_array_of_size(rows)?,
                    None => return internal_err!("a partition has no value"),
                },
            });
        }
        computation.evaluate(arrays, rows)
    }

    /// The group of each row.
    fn group(&mut self, rows: usize, opened: &Opened) -> Result<()> {
        let mut base = 0;
        let mut is_first = true;
        for index in 0..self.query.keys {
            let stride = self.strides[index];
            match self.numbers_of_part(index, rows, stride, opened)? {
                Some(constant) => base += constant,
                None if is_first => {
                    std::mem::swap(&mut self.groups, &mut self.parts);
                    is_first = false;
                }
                None => {
                    for (group, part) in self.groups[..rows].iter_mut().zip(&self.parts) {
                        *group += part;
                    }
                }
            }
        }
        if is_first {
            self.groups[..rows].fill(base);
        } else if base > 0 {
            self.groups[..rows]
                .iter_mut()
                .for_each(|group| *group += base);
        }
        Ok(())
    }

    /// Puts the numbers of a part into `self.parts`, or gives the one that all rows have.
    fn numbers_of_part(
        &mut self,
        index: usize,
        rows: usize,
        stride: u32,
        opened: &Opened,
    ) -> Result<Option<u32>> {
        let part = &self.query.parts[index];
        let Some(column) = part.computation.single_column() else {
            return internal_err!("a key looks at several columns");
        };
        let block = &self.blocks[column];
        let numbers = &mut self.parts[..rows];
        match (&block.cells, &opened.parts[index], part.range) {
            (Cells::Constant(code), Some(by_code), _) => return Ok(Some(by_code[*code as usize])),
            (Cells::Codes, Some(by_code), _) => {
                for (number, code) in numbers.iter_mut().zip(&block.codes) {
                    *number = by_code[*code as usize];
                }
            }
            (Cells::Lanes(width), _, Some(range)) => {
                let span = (range.most - range.least) as u64;
                let null = self.dimensions.parts[index].null.unwrap_or(0);
                let valid = block.validity();
                let mut greatest = 0;
                let mut row = 0;
                let mut place = |number: &mut u32, value: i64| {
                    let offset = value.wrapping_sub(range.least).cast_unsigned();
                    let is_null = valid.is_some_and(|valid| valid[row] == 0);
                    greatest = if is_null {
                        greatest
                    } else {
                        greatest.max(offset)
                    };
                    *number = if is_null { null } else { offset as u32 };
                    row += 1;
                };
                let is_unsigned = self.query.columns[column].data_type == DataType::UInt32;
                match width {
                    4 if is_unsigned => {
                        for (number, lane) in numbers.iter_mut().zip(block.lanes.as_chunks().0) {
                            place(number, i64::from(u32::from_le_bytes(*lane)));
                        }
                    }
                    4 => {
                        for (number, lane) in numbers.iter_mut().zip(block.lanes.as_chunks().0) {
                            place(number, i64::from(i32::from_le_bytes(*lane)));
                        }
                    }
                    _ => {
                        for (number, lane) in numbers.iter_mut().zip(block.lanes.as_chunks().0) {
                            place(number, i64::from_le_bytes(*lane));
                        }
                    }
                }
                if greatest > span {
                    return exec_err!("statistics and values of a Parquet file differ");
                }
                if stride != 1 {
                    numbers.iter_mut().for_each(|number| *number *= stride);
                }
            }
            _ => return exec_err!("a Parquet page of a key holds no codes"),
        }
        Ok(None)
    }

    /// Adds the values of a subject to their groups.
    fn subject(
        &mut self,
        index: usize,
        rows: usize,
        opened: &Opened,
        table: &mut Table,
    ) -> Result<()> {
        let subject = &self.query.subjects[index];
        if subject.argument.is_none() && subject.filter.is_none() {
            return Ok(());
        }
        let mut is_missing = false;
        if let Some(filter) = &subject.filter {
            let mask = opened.subject_filters[index]
                .as_ref()
                .zip(filter.single_column());
            match mask.map(|(mask, column)| (mask, &self.blocks[column])) {
                Some((
                    mask,
                    Block {
                        cells: Cells::Constant(code),
                        ..
                    },
                )) => {
                    self.missing[..rows].fill(u32::from(mask[*code as usize] == 0));
                }
                Some((
                    mask,
                    block @ Block {
                        cells: Cells::Codes,
                        ..
                    },
                )) => {
                    for (missing, code) in self.missing[..rows].iter_mut().zip(&block.codes) {
                        *missing = !mask[*code as usize] & 1;
                    }
                }
                _ => {
                    let mask = mask_of(&self.rows_of(filter, rows, opened)?)?;
                    for (missing, passes) in self.missing[..rows].iter_mut().zip(mask) {
                        *missing = !passes & 1;
                    }
                }
            }
            is_missing = true;
        }
        let mut numbers = Numbers::new(subject.class, rows);
        if let Some(argument) = &subject.argument {
            is_missing |= self.values(index, argument, rows, opened, &mut numbers, is_missing)?;
        }
        if let Class::Part(part) = subject.class
            && let Some(constant) = self.numbers_of_part(part, rows, 1, opened)?
        {
            self.parts[..rows].fill(constant);
        }
        let mut groups = &self.groups[..rows];
        if is_missing {
            table.count_missing(index, groups, &self.missing[..rows]);
            for ((masked, group), missing) in self.masked.iter_mut().zip(groups).zip(&self.missing)
            {
                *masked = if *missing == 0 { *group } else { self.refused };
            }
            groups = &self.masked[..rows];
        }
        for op in &mut table.subjects[index].ops {
            op.update(groups, &numbers, &self.parts[..rows]);
        }
        Ok(())
    }

    /// The values of an argument; true when some are missing, as `self.missing` then tells.
    fn values(
        &mut self,
        index: usize,
        argument: &Computation,
        rows: usize,
        opened: &Opened,
        numbers: &mut Numbers,
        is_missing: bool,
    ) -> Result<bool> {
        let block = argument.single_column().map(|column| &self.blocks[column]);
        let missing = &mut self.missing[..rows];
        let mut note = |row: usize, is_null: u32, known: bool| {
            missing[row] = if known {
                missing[row] | is_null
            } else {
                is_null
            };
        };
        match (block, &opened.subjects[index]) {
            (
                Some(Block {
                    cells: Cells::Constant(code),
                    ..
                }),
                Some(by_code),
            ) => {
                numbers.repeat(&by_code.numbers, *code, rows);
                let is_null = by_code
                    .missing
                    .as_ref()
                    .map_or(0, |missing| missing[*code as usize]);
                if is_null == 1 {
                    (0..rows).for_each(|row| note(row, 1, is_missing));
                }
                return Ok(is_null == 1);
            }
            (
                Some(
                    block @ Block {
                        cells: Cells::Codes,
                        ..
                    },
                ),
                Some(by_code),
            ) => {
                numbers.gather(&by_code.numbers, &block.codes[..rows]);
                let Some(nulls) = &by_code.missing else {
                    return Ok(false);
                };
                let any = block.codes[..rows]
                    .iter()
                    .fold(0, |any, code| any | nulls[*code as usize]);
                if any == 1 {
                    for (row, code) in block.codes[..rows].iter().enumerate() {
                        note(row, nulls[*code as usize], is_missing);
                    }
                }
                return Ok(any == 1);
            }
            (
                Some(
                    block @ Block {
                        cells: Cells::Lanes(_),
                        ..
                    },
                ),
                _,
            ) => {
                if let Some(from) = &argument.bare
                    && numbers.read(&block.lanes, from)
                {
                    let Some(valid) = block.validity() else {
                        return Ok(false);
                    };
                    for (row, valid) in valid.iter().enumerate() {
                        note(row, 1 - *valid, is_missing);
                    }
                    return Ok(true);
                }
            }
            _ => {}
        }
        let (own, nulls) = Numbers::of(
            &self.rows_of(argument, rows, opened)?,
            self.query.subjects[index].class,
        )?;
        *numbers = own;
        let Some(nulls) = nulls else { return Ok(false) };
        for (row, valid) in nulls.iter().enumerate() {
            let is_null = u32::from(!valid);
            self.missing[row] = if is_missing {
                self.missing[row] | is_null
            } else {
                is_null
            };
        }
        Ok(true)
    }
}
