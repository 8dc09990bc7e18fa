//! The first key of an order: which values of it may still be wanted.

use std::collections::BinaryHeap;

use arrow::array::{ArrayRef, BooleanArray};
use arrow::compute::filter;
use arrow::row::{OwnedRow, RowConverter, SortField};
use datafusion::error::Result;

use super::order::Compared;
use crate::plan::SortKey;

/// So many rows are let through by an old bound before dictionaries are compared with a new one: comparing looks at
/// every value of the dictionary, which rows that are let through in vain have to be worth.
pub(super) const STALE: usize = 256;

/// The first keys of the rows so far, as many as are wanted.
pub(super) struct FirstKey {
    converter: RowConverter,
    best: BinaryHeap<OwnedRow>,
    /// Rows behind this value are not wanted.
    pub(super) bound: Option<ArrayRef>,
    /// True when rows equal to the bound are not wanted either.
    pub(super) is_strict: bool,
}

/// A dictionary of the first key, and what the bound makes of it.
pub(super) struct FirstKeyByCode {
    pub(super) values: ArrayRef,
    /// 1 for each code that may be wanted.
    pub(super) mask: Vec<u8>,
    /// Rows that the mask let through.
    pub(super) passed: usize,
}

impl FirstKey {
    pub(super) fn new(field: SortField, bound: Option<ArrayRef>) -> Result<Self> {
        Ok(Self {
            converter: RowConverter::new(vec![field])?,
            best: BinaryHeap::new(),
            bound,
            is_strict: false,
        })
    }

    /// 1 for each value that may be wanted.
    pub(super) fn mask(&self, values: &ArrayRef, key: &SortKey) -> Result<Vec<u8>> {
        let Some(bound) = &self.bound else {
            return Ok(vec![1; values.len()]);
        };
        let compared = Compared::new(values, bound, key.options)?;
        let wanted = match self.is_strict {
            true => compared.before,
            false => &compared.before | &compared.equal,
        };
        Ok(wanted.iter().map(u8::from).collect())
    }

    /// Takes in the keys of rows that may be wanted.
    pub(super) fn learn(
        &mut self,
        values: &ArrayRef,
        key: &SortKey,
        limit: usize,
        is_only: bool,
    ) -> Result<()> {
        let mut values = ArrayRef::clone(values);
        if let (true, Some(bound)) = (self.best.len() == limit, &self.bound) {
            let before = Compared::new(&values, bound, key.options)?.before;
            if before.count_set_bits() == 0 {
                return Ok(());
            }
            values = filter(&values, &BooleanArray::new(before, None))?;
        }
        for row in &self.converter.convert_columns(&[values])? {
            if self.best.len() == limit {
                if self.best.peek().is_some_and(|last| row >= last.row()) {
                    continue;
                }
                self.best.pop();
            }
            self.best.push(row.owned());
        }
        if self.best.len() == limit
            && let Some(last) = self.best.peek()
        {
            self.bound = self.converter.convert_rows([last.row()])?.pop();
            self.is_strict = is_only;
        }
        Ok(())
    }
}
