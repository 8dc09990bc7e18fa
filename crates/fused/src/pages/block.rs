//! Some rows of one column, as codes of a dictionary or as numbers.

use arrow::array::{ArrayRef, BooleanArray, UInt32Array};
use arrow::compute::{nullif, take};
use arrow::datatypes::DataType;
use bytes::Bytes;
use datafusion::common::exec_err;
use datafusion::error::Result;

use super::Layout;
use super::plain::decode_plain;

/// How the rows of a [`Block`] are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cells {
    /// All rows have this code.
    Constant(u32),
    /// A code for each row in [`Block::codes`]; NULL has the code after the last of the dictionary.
    Codes,
    /// Numbers of a fixed width in [`Block::lanes`], zeros where NULL.
    Lanes(Layout),
}

/// Some rows of one column.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) cells: Cells,
    pub(crate) codes: Vec<u32>,
    pub(super) lanes: Lanes,
    /// 1 where a row has a value; meaningless unless `has_nulls`.
    pub(super) valid: Vec<u32>,
    pub(super) has_nulls: bool,
    pub(super) rows: usize,
    /// Codes of the rows that have a value, before they are spread.
    pub(super) dense: Vec<u32>,
}

/// Bytes of numbers: a piece of a page, or what was copied out of it.
#[derive(Debug)]
pub(super) enum Lanes {
    OfPage(Bytes),
    Copied(Vec<u8>),
}

impl Block {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            cells: Cells::Constant(0),
            codes: vec![0; capacity],
            lanes: Lanes::OfPage(Bytes::new()),
            valid: vec![1; capacity],
            has_nulls: false,
            rows: 0,
            dense: vec![0; capacity],
        }
    }

    /// How many rows there is room for.
    pub(super) fn capacity(&self) -> usize {
        self.codes.len()
    }

    /// Makes all rows those of one code.
    pub(crate) fn repeat(&mut self, code: u32, rows: usize) {
        self.cells = Cells::Constant(code);
        self.has_nulls = false;
        self.rows = rows;
    }

    /// The codes of the rows, where they are held as such.
    pub(crate) fn codes(&self) -> &[u32] {
        &self.codes[..self.rows]
    }

    /// The bytes of the rows' numbers.
    pub(crate) fn lanes(&self) -> &[u8] {
        match &self.lanes {
            Lanes::OfPage(bytes) => bytes,
            Lanes::Copied(bytes) => bytes,
        }
    }

    /// 1 for each row with a value, nothing when all have one.
    pub(crate) fn validity(&self) -> Option<&[u32]> {
        self.has_nulls.then(|| &self.valid[..self.rows])
    }

    /// Keeps the chosen rows, which are in order.
    pub(crate) fn keep(&mut self, chosen: &[u32]) {
        self.rows = chosen.len();
        if self.has_nulls {
            pick(&mut self.valid, chosen);
        }
        match self.cells {
            Cells::Constant(_) => {}
            Cells::Codes => pick(&mut self.codes, chosen),
            Cells::Lanes(layout) => {
                let copied = self.picked_lanes(layout.width, chosen);
                self.lanes = Lanes::Copied(copied);
            }
        }
    }

    fn picked_lanes(&self, width: usize, chosen: &[u32]) -> Vec<u8> {
        fn each<const N: usize>(lanes: &[u8], chosen: &[u32]) -> Vec<u8> {
            let lanes = lanes.as_chunks::<N>().0;
            let picked: Vec<[u8; N]> = chosen.iter().map(|row| lanes[*row as usize]).collect();
            picked.into_flattened()
        }
        let lanes = self.lanes();
        match width {
            4 => each::<4>(lanes, chosen),
            8 => each::<8>(lanes, chosen),
            width => chosen
                .iter()
                .flat_map(|row| &lanes[*row as usize * width..][..width])
                .copied()
                .collect(),
        }
    }

    /// The rows as an array, given the dictionary with NULL as its last value.
    pub(crate) fn array(
        &self,
        dictionary: Option<&ArrayRef>,
        data_type: &DataType,
    ) -> Result<ArrayRef> {
        let codes = match self.cells {
            Cells::Constant(code) => UInt32Array::from_value(code, self.rows),
            Cells::Codes => UInt32Array::from(self.codes().to_vec()),
            Cells::Lanes(layout) => {
                let array = decode_plain(&layout, self.lanes(), self.rows, data_type)?;
                let Some(valid) = self.validity() else {
                    return Ok(array);
                };
                let missing: BooleanArray = valid.iter().map(|valid| Some(*valid == 0)).collect();
                return Ok(nullif(&array, &missing)?);
            }
        };
        match dictionary {
            Some(values) => Ok(take(values, &codes, None)?),
            None => exec_err!("a Parquet page has codes without a dictionary"),
        }
    }
}

/// Moves the chosen values, which are in order, to the front.
fn pick(values: &mut [u32], chosen: &[u32]) {
    for (index, row) in chosen.iter().enumerate() {
        values[index] = values[*row as usize];
    }
}
