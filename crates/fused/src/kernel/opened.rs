//! A row group's columns, opened, and what the query asks of them evaluated on their dictionaries.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{exec_err, internal_err};
use datafusion::error::Result;

use super::Numbers;
use super::dimensions::{Codes, with_null};
use super::row_group::Kernel;
use crate::pages::{Chunk, ColumnReader};
use crate::plan::{Computation, Part, Place, RowGroup, is_all_codes};

/// Every bit, so that a row's group can be chosen without a branch.
pub(super) const PASSES: u32 = u32::MAX;

/// A column of the row group that is being read.
pub(super) enum Column {
    Pages(Box<ColumnReader>),
    /// A partition's value: code 0 in every row.
    Constant,
}

/// What a subject's values are by code.
pub(super) struct ByCode {
    pub(super) numbers: Numbers,
    /// 1 for each code without a value.
    pub(super) missing: Option<Vec<u32>>,
}

/// The open columns of a row group and what they are by code.
pub(super) struct Opened {
    pub(super) columns: Vec<Option<Column>>,
    pub(super) dictionaries: Vec<Option<ArrayRef>>,
    pub(super) filters: Vec<Option<Vec<u32>>>,
    pub(super) parts: Vec<Option<Vec<u32>>>,
    pub(super) subjects: Vec<Option<ByCode>>,
    pub(super) subject_filters: Vec<Option<Vec<u32>>>,
}

impl Kernel<'_> {
    pub(super) fn is_all_codes(&self, group: RowGroup, column: usize) -> bool {
        let file = &self.query.files[group.file];
        match file.columns[column] {
            Place::Leaf(leaf) => is_all_codes(file.metadata.row_group(group.index).column(leaf)),
            Place::Partition(_) => true,
        }
    }

    pub(super) fn open(
        &self,
        group: RowGroup,
        column: usize,
        opened: &mut Opened,
    ) -> Result<usize> {
        if opened.columns[column].is_some() {
            return Ok(0);
        }
        let file = &self.query.files[group.file];
        let leaf = match &file.columns[column] {
            Place::Leaf(leaf) => *leaf,
            Place::Partition(value) => {
                opened.dictionaries[column] = Some(value.to_array()?);
                opened.columns[column] = Some(Column::Constant);
                return Ok(0);
            }
        };
        let chunk = file.metadata.row_group(group.index).column(leaf);
        let (start, length) = chunk.byte_range();
        let read = Chunk::read(&file.file, start, length, &self.buffers)?;
        let reader = ColumnReader::open(read, chunk, group.rows)?;
        if let Some(values) = reader.dictionary(&self.query.columns[column].data_type)? {
            let optional = chunk.column_descr().max_def_level() > 0;
            opened.dictionaries[column] = Some(with_null(values, optional)?);
        }
        opened.columns[column] = Some(Column::Pages(Box::new(reader)));
        Ok(length as usize)
    }

    /// Evaluates what is asked of columns on their dictionaries.
    pub(super) fn prepare(&self, codes: &Codes, opened: &mut Opened) -> Result<()> {
        for (index, part) in self.query.parts.iter().enumerate() {
            let stride = self.strides.get(index).copied().unwrap_or(1);
            let numbers = match &codes[index] {
                Some(codes) => Some(codes.clone()),
                None => self.range_codes(index, part, opened)?,
            };
            let strided = |codes: Vec<u32>| codes.into_iter().map(|code| code * stride).collect();
            opened.parts.push(numbers.map(strided));
        }
        for subject in &self.query.subjects {
            let by_code = match (&subject.argument, subject.class) {
                (Some(argument), class) => match evaluated(argument, opened)? {
                    Some(values) => {
                        let (numbers, nulls) = Numbers::of(&values, class)?;
                        let missing = nulls
                            .map(|nulls| nulls.iter().map(|valid| u32::from(!valid)).collect());
                        Some(ByCode { numbers, missing })
                    }
                    None => None,
                },
                (None, _) => None,
            };
            opened.subjects.push(by_code);
            let filter = subject
                .filter
                .as_ref()
                .map(|filter| by_code_mask(filter, opened))
                .transpose()?;
            opened.subject_filters.push(filter.flatten());
        }
        Ok(())
    }

    /// The numbers of a dictionary's values in a range.
    fn range_codes(&self, index: usize, part: &Part, opened: &Opened) -> Result<Option<Vec<u32>>> {
        let (Some(range), Some(values)) = (part.range, evaluated(&part.computation, opened)?)
        else {
            return Ok(None);
        };
        let null = self.dimensions.parts[index].null.unwrap_or(0);
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

/// An expression over one column on its dictionary; nothing without one.
pub(super) fn evaluated(computation: &Computation, opened: &Opened) -> Result<Option<ArrayRef>> {
    let dictionary = computation
        .single_column()
        .and_then(|column| opened.dictionaries[column].as_ref());
    let evaluate =
        |values: &ArrayRef| computation.evaluate(vec![ArrayRef::clone(values)], values.len());
    dictionary.map(evaluate).transpose()
}

pub(super) fn by_code_mask(filter: &Computation, opened: &Opened) -> Result<Option<Vec<u32>>> {
    let values = evaluated(filter, opened)?;
    values.map(|values| mask_of(&values)).transpose()
}

/// All bits where true, none where false or NULL.
pub(super) fn mask_of(values: &ArrayRef) -> Result<Vec<u32>> {
    match values.as_boolean_opt() {
        Some(values) => {
            let passes = |value: Option<bool>| if value == Some(true) { PASSES } else { 0 };
            Ok(values.iter().map(passes).collect())
        }
        None => internal_err!("a filter gives {}", values.data_type()),
    }
}
