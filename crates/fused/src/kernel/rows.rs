//! The rows of a block that passed the filters, with what their columns' codes mean.

use arrow::array::ArrayRef;
use datafusion::error::Result;

use super::opened::Opened;
use crate::pages::Block;
use crate::plan::{Computation, Query};

/// Rows that are added to a table together.
pub(super) struct Rows<'a> {
    pub(super) query: &'a Query,
    pub(super) opened: &'a Opened<'a>,
    /// The rows of each column.
    pub(super) blocks: &'a [Block],
    pub(super) count: usize,
}

impl Rows<'_> {
    /// Evaluates an expression on the rows.
    pub(super) fn evaluate(&self, computation: &Computation) -> Result<ArrayRef> {
        let mut arrays = Vec::new();
        for column in &computation.columns {
            let dictionary = self.opened.dictionary(*column)?;
            let data_type = &self.query.columns[*column].data_type;
            arrays.push(self.blocks[*column].array(dictionary, data_type)?);
        }
        computation.evaluate(arrays, self.count)
    }

    /// The rows of the only column that an expression looks at.
    pub(super) fn block_of(&self, computation: &Computation) -> Option<&Block> {
        computation
            .single_column()
            .map(|column| &self.blocks[column])
    }
}
