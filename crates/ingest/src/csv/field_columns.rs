//! Which column of a file holds which field of the schema.

use std::sync::Arc;

/// Which column of a file holds which field of the schema.
#[derive(Debug, Clone)]
pub(crate) struct FieldColumns {
    /// The column of each field; none where the file does not have it.
    columns: Arc<[Option<u32>]>,
    /// The columns of the file.
    pub(crate) width: usize,
}

impl FieldColumns {
    /// Every field in its place.
    pub(crate) fn in_order(fields: usize) -> Self {
        Self::new((0..fields).map(Some).collect(), fields)
    }

    pub(crate) fn new(columns: Vec<Option<usize>>, width: usize) -> Self {
        let columns = columns
            .into_iter()
            .map(|column| column.map(|column| column as u32));
        Self {
            columns: columns.collect(),
            width,
        }
    }

    /// The column of a field.
    #[inline]
    pub(crate) fn column(&self, field: usize) -> Option<usize> {
        self.columns[field].map(|column| column as usize)
    }
}
