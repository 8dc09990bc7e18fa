//! The rows of a block that passed the filters, with what their columns' codes mean.

use std::cell::OnceCell;

use arrow::array::ArrayRef;
use datafusion::error::Result;

use super::open_row_group::OpenRowGroup;
use crate::pages::Block;
use crate::plan::{Computation, Query};

/// Rows that are added to a table together.
pub(super) struct Rows<'a> {
    pub(super) query: &'a Query,
    pub(super) opened: &'a OpenRowGroup<'a>,
    /// The rows of each column.
    pub(super) blocks: &'a [Block],
    /// The same as arrays, once one is asked for.
    pub(super) arrays: Vec<OnceCell<ArrayRef>>,
    pub(super) count: usize,
}

impl Rows<'_> {
    /// Evaluates an expression on the rows.
    pub(super) fn evaluate(&self, computation: &Computation) -> Result<ArrayRef> {
        let columns = computation.columns.iter();
        let arrays = columns.map(|column| self.array(*column));
        computation.evaluate(arrays.collect::<Result<_>>()?, self.count)
    }

    fn array(&self, column: usize) -> Result<ArrayRef> {
        let known = &self.arrays[column];
        if let Some(array) = known.get() {
            return Ok(ArrayRef::clone(array));
        }
        let dictionary = self.opened.dictionary(column)?;
        let data_type = &self.query.columns[column].data_type;
        let array = self.blocks[column].array(dictionary, data_type)?;
        Ok(ArrayRef::clone(known.get_or_init(|| array)))
    }

    /// The rows of the only column that an expression looks at.
    pub(super) fn block_of(&self, computation: &Computation) -> Option<&Block> {
        computation
            .single_column()
            .map(|column| &self.blocks[column])
    }
}
