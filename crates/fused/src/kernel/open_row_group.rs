//! A row group's columns, opened, and what the query asks of them evaluated on their dictionaries.

use std::cell::OnceCell;
use std::mem;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::concat;
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{exec_err, internal_err};
use datafusion::error::Result;

use super::BLOCK;
use super::key_dictionaries::{KeyCodes, KeyDictionaries, with_null};
use super::missing::Missing;
use super::numbers::Numbers;
use crate::pages::{Block, Buffers, Chunk, ColumnReader};
use crate::plan::{
    AggregateInput, ColumnSource, Computation, DataFile, KeyPart, Query, RowGroup, is_all_codes,
};

/// A column of the row group that is being read.
pub(super) enum OpenColumn {
    NotOpen,
    Pages(Box<ColumnReader>),
    /// A partition's value: code 0 in every row.
    Constant(ArrayRef),
}

/// The values of an aggregate's input by code.
pub(super) struct InputByCode {
    pub(super) numbers: Numbers,
    pub(super) missing: Missing,
    /// What [`Numbers::magnitude`] is, of an input that is summed.
    pub(super) magnitude: u128,
}

/// What is handed to a function by code, where it looks at one column with a dictionary.
pub(super) struct AccumulationByCode {
    pub(super) arguments: Vec<Option<ArrayRef>>,
    pub(super) filter: Option<ArrayRef>,
}

/// The open columns of a row group and what they are by code.
pub(super) struct OpenRowGroup<'a> {
    query: &'a Query,
    group: RowGroup,
    pub(super) columns: Vec<OpenColumn>,
    /// The dictionary of each column with NULL as its last value, once it is asked for.
    dictionaries: Vec<OnceCell<Option<ArrayRef>>>,
    /// 1 for each code that passes.
    pub(super) filters: Vec<Option<Vec<u8>>>,
    /// The key code of NULL, for each part of the key.
    pub(super) nulls: Vec<u32>,
    /// What each code of a page's dictionary adds to the number of the group, for each part of the key.
    pub(super) key_codes: Vec<Option<Vec<u32>>>,
    pub(super) inputs: Vec<Option<InputByCode>>,
    pub(super) input_filters: Vec<Option<Vec<u8>>>,
    pub(super) accumulations: Vec<AccumulationByCode>,
    /// How many bytes were read.
    pub(super) bytes: usize,
}

impl<'a> OpenRowGroup<'a> {
    pub(super) fn new(query: &'a Query, group: RowGroup) -> Self {
        Self {
            query,
            group,
            columns: query.columns.iter().map(|_| OpenColumn::NotOpen).collect(),
            dictionaries: query.columns.iter().map(|_| OnceCell::new()).collect(),
            filters: Vec::new(),
            nulls: Vec::new(),
            key_codes: Vec::new(),
            inputs: Vec::new(),
            input_filters: Vec::new(),
            accumulations: Vec::new(),
            bytes: 0,
        }
    }

    fn file(&self) -> &'a DataFile {
        &self.query.files[self.group.file]
    }

    /// Opens the columns of the filters; false when no value of a dictionary passes one.
    pub(super) fn open_filters(&mut self, buffers: &Buffers) -> Result<bool> {
        for filter in &self.query.filters {
            for column in &filter.columns {
                self.open(*column, buffers)?;
            }
            let passes = self.mask(filter)?;
            // Where every page is codes of the dictionary, no row passes when none of its values does; a page of
            // plain values might have others.
            let nothing_passes = passes.as_ref().is_some_and(|mask| !mask.contains(&1));
            let has_codes_only = |column| match self.file().columns[column] {
                ColumnSource::Partition(_) => true,
                ColumnSource::Leaf(leaf) => is_all_codes(
                    self.file()
                        .metadata
                        .row_group(self.group.index)
                        .column(leaf),
                ),
            };
            if nothing_passes && filter.single_column().is_some_and(has_codes_only) {
                return Ok(false);
            }
            self.filters.push(passes);
        }
        Ok(true)
    }

    /// Opens columns that are not open yet.
    pub(super) fn open_columns(&mut self, columns: &[usize], buffers: &Buffers) -> Result<()> {
        columns
            .iter()
            .try_for_each(|column| self.open(*column, buffers))
    }

    /// Evaluates what is asked of columns on their dictionaries.
    ///
    /// `spare` has room for the numbers of dictionaries, by input, which goes from one row group to the next, so that
    /// memory is not asked for again.
    pub(super) fn prepare(
        &mut self,
        key_dictionaries: &KeyDictionaries,
        codes: &KeyCodes,
        strides: &[u32],
        spare: &mut [Numbers],
    ) -> Result<()> {
        for (index, key_part) in self.query.key_parts.iter().enumerate() {
            let stride = strides.get(index).copied().unwrap_or(1);
            let null = key_dictionaries.keys[index].null.unwrap_or(0);
            let numbers = match &codes[index] {
                Some(codes) => Some(codes.clone()),
                None => self.range_codes(key_part, null)?,
            };
            self.nulls.push(null);
            let strided = |codes: Vec<u32>| codes.into_iter().map(|code| code * stride).collect();
            self.key_codes.push(numbers.map(strided));
        }
        for (input, spare) in self.query.inputs.iter().zip(spare) {
            let by_code = self.by_code(input, spare)?;
            self.inputs.push(by_code);
            let filter = input.filter.as_ref().map(|filter| self.mask(filter));
            self.input_filters.push(filter.transpose()?.flatten());
        }
        for accumulation in &self.query.accumulations {
            let arguments = accumulation.arguments.iter();
            let arguments = arguments.map(|argument| self.evaluated(argument));
            let filter = accumulation.filter.as_ref();
            let filter = filter.map(|filter| self.evaluated(filter)).transpose()?;
            self.accumulations.push(AccumulationByCode {
                arguments: arguments.collect::<Result<_>>()?,
                filter: filter.flatten(),
            });
        }
        Ok(())
    }

    /// Gives back the room for numbers of dictionaries.
    pub(super) fn close(self, spare: &mut [Numbers]) {
        for (spare, by_code) in spare.iter_mut().zip(self.inputs) {
            if let Some(by_code) = by_code {
                *spare = by_code.numbers;
            }
        }
    }

    fn open(&mut self, column: usize, buffers: &Buffers) -> Result<()> {
        if !matches!(self.columns[column], OpenColumn::NotOpen) {
            return Ok(());
        }
        let file = self.file();
        self.columns[column] = match &file.columns[column] {
            ColumnSource::Partition(value) => OpenColumn::Constant(value.to_array()?),
            ColumnSource::Leaf(leaf) => {
                let chunk = file.metadata.row_group(self.group.index).column(*leaf);
                let (start, length) = chunk.byte_range();
                let read = Chunk::read(&file.file, start, length, buffers)?;
                self.bytes += length as usize;
                OpenColumn::Pages(Box::new(ColumnReader::open(read, chunk, self.group.rows)?))
            }
        };
        Ok(())
    }

    /// The dictionary of a column with NULL as its last value, if it has one.
    pub(super) fn dictionary(&self, column: usize) -> Result<Option<&ArrayRef>> {
        let cell = &self.dictionaries[column];
        if cell.get().is_none() {
            let values = match &self.columns[column] {
                OpenColumn::NotOpen => None,
                OpenColumn::Constant(value) => Some(ArrayRef::clone(value)),
                OpenColumn::Pages(reader) => reader
                    .dictionary_array(&self.query.columns[column].data_type)?
                    .map(|values| with_null(values, reader.layout.optional))
                    .transpose()?,
            };
            return Ok(cell.get_or_init(|| values).as_ref());
        }
        Ok(cell.get().and_then(Option::as_ref))
    }

    /// Some rows of a column, given in order, of which none was read before.
    pub(super) fn take(
        &mut self,
        column: usize,
        rows: &[u32],
        block: &mut Block,
    ) -> Result<ArrayRef> {
        let data_type = &self.query.columns[column].data_type;
        let (mut start, mut taken) = (0, 0);
        let mut pieces = Vec::new();
        while taken < rows.len() {
            let OpenColumn::Pages(reader) = &mut self.columns[column] else {
                block.repeat(0, rows.len());
                return block.array(self.dictionary(column)?, data_type);
            };
            let count = reader.rows_in_page()?.min(BLOCK);
            let here = rows[taken..].partition_point(|row| (*row as usize) < start + count);
            if here == 0 {
                reader.skip(count);
            } else {
                let chosen = rows[taken..taken + here]
                    .iter()
                    .map(|row| row - start as u32);
                reader.fill(count, Some(&chosen.collect::<Vec<_>>()), block)?;
                pieces.push(block.array(self.dictionary(column)?, data_type)?);
            }
            start += count;
            taken += here;
        }
        let pieces: Vec<_> = pieces.iter().map(AsRef::as_ref).collect();
        Ok(concat(&pieces)?)
    }

    /// An expression over one column on its dictionary; nothing without one.
    pub(super) fn evaluated(&self, computation: &Computation) -> Result<Option<ArrayRef>> {
        let Some(column) = computation.single_column() else {
            return Ok(None);
        };
        let evaluate =
            |values: &ArrayRef| computation.evaluate(vec![ArrayRef::clone(values)], values.len());
        self.dictionary(column)?.map(evaluate).transpose()
    }

    fn mask(&self, filter: &Computation) -> Result<Option<Vec<u8>>> {
        let values = self.evaluated(filter)?;
        values.map(|values| mask_of(&values)).transpose()
    }

    fn by_code(&self, input: &AggregateInput, spare: &mut Numbers) -> Result<Option<InputByCode>> {
        let Some(argument) = &input.argument else {
            return Ok(None);
        };
        let null = self.code_of_null(argument);
        // A dictionary of numbers is read as it lies in the file: an array of it would be made only to be
        // copied out again.
        let (numbers, missing) = match self.bare_numbers(argument, spare) {
            Some(numbers) => (numbers, Missing::of_column(null)),
            None => {
                let Some(values) = self.evaluated(argument)? else {
                    return Ok(None);
                };
                let (numbers, nulls) = Numbers::of(&values, input.kind)?;
                (numbers, Missing::of_values(nulls.as_ref(), null))
            }
        };
        let magnitude = match input.is_summed() {
            true => numbers.magnitude(),
            false => 0,
        };
        Ok(Some(InputByCode {
            numbers,
            missing,
            magnitude,
        }))
    }

    /// The code that stands for NULL in an argument's column, if there is one.
    fn code_of_null(&self, argument: &Computation) -> Option<u32> {
        match &self.columns[argument.single_column()?] {
            OpenColumn::Pages(reader) if reader.layout.optional => {
                u32::try_from(reader.dictionary()?.size).ok()
            }
            OpenColumn::Pages(_) | OpenColumn::NotOpen | OpenColumn::Constant(_) => None,
        }
    }

    /// The values of a column as its dictionary has them, without an array between.
    fn bare_numbers(&self, argument: &Computation, spare: &mut Numbers) -> Option<Numbers> {
        let (from, column) = (argument.bare.as_ref()?, argument.single_column()?);
        let OpenColumn::Pages(reader) = &self.columns[column] else {
            return None;
        };
        let dictionary = reader.dictionary()?;
        let length = dictionary.size.checked_mul(reader.layout.width)?;
        let lanes = dictionary.bytes.get(..length).filter(|_| length > 0)?;
        spare.read(lanes, from, &reader.layout).then(|| {
            let mut numbers = mem::replace(spare, Numbers::None);
            // NULL has the code behind those of the values, and so needs a number there, whatever it is.
            numbers.push_nothing();
            numbers
        })
    }

    /// The key codes of a dictionary's values in a range.
    fn range_codes(&self, key_part: &KeyPart, null: u32) -> Result<Option<Vec<u32>>> {
        let (Some(range), Some(values)) = (key_part.range, self.evaluated(&key_part.computation)?)
        else {
            return Ok(None);
        };
        let values = match values.data_type() {
            DataType::Date32 => arrow::compute::cast(&values, &DataType::Int32)?,
            _ => values,
        };
        let values = arrow::compute::cast(&values, &DataType::Int64)?;
        let mut codes = Vec::with_capacity(values.len());
        for value in values.as_primitive::<Int64Type>() {
            codes.push(match value {
                None => null,
                Some(value) if range.least <= value && value <= range.most => {
                    (value - range.least) as u32
                }
                Some(_) => return exec_err!("statistics and values of a Parquet file differ"),
            });
        }
        Ok(Some(codes))
    }
}

/// 1 where true, 0 where false or NULL.
pub(super) fn mask_of(values: &ArrayRef) -> Result<Vec<u8>> {
    match values.as_boolean_opt() {
        Some(values) => Ok(values
            .iter()
            .map(|value| u8::from(value == Some(true)))
            .collect()),
        None => internal_err!("a filter gives {}", values.data_type()),
    }
}
