//! Arguments that a function answers without an error, written as constants beside it.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BooleanArray, Float64Array, Float64Builder, Int64Array, ListArray,
    ListBuilder, StringArray, StringBuilder, StructArray,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, Fields, Float64Type, Int64Type};
use datafusion_common::Result;

/// The rows of every sample.
pub const SAMPLE_ROWS: usize = 4;

/// Calls of a function, each a list of arguments.
pub(crate) type Samples = &'static [&'static [Sample]];

type FourRows<T> = [T; SAMPLE_ROWS];

/// One argument: a value for each of four rows.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Sample {
    /// BIGINT.
    Integers(FourRows<i64>),
    /// DOUBLE.
    Numbers(FourRows<f64>),
    /// VARCHAR.
    Texts(FourRows<&'static str>),
    /// BOOLEAN.
    Booleans(FourRows<bool>),
    /// Lists of BIGINT.
    IntegerLists(FourRows<&'static [i64]>),
    /// Lists of DOUBLE.
    NumberLists(FourRows<&'static [f64]>),
    /// Lists of VARCHAR.
    TextLists(FourRows<&'static [&'static str]>),
    /// Lists of lists of DOUBLE: a matrix, or a ring of pairs.
    Tables(FourRows<&'static [&'static [f64]]>),
    /// Lists of STRUCT(lon, lat).
    Rings(FourRows<&'static [[f64; 2]]>),
}

impl Sample {
    /// The argument as a column.
    pub(crate) fn array(&self) -> Result<ArrayRef> {
        Ok(match self {
            Self::Integers(rows) => Arc::new(Int64Array::from_iter_values(*rows)),
            Self::Numbers(rows) => Arc::new(Float64Array::from_iter_values(*rows)),
            Self::Texts(rows) => Arc::new(StringArray::from_iter_values(rows)),
            Self::Booleans(rows) => Arc::new(BooleanArray::from(rows.to_vec())),
            Self::IntegerLists(rows) => {
                let rows = rows.map(|row| Some(row.iter().copied().map(Some)));
                Arc::new(ListArray::from_iter_primitive::<Int64Type, _, _>(rows))
            }
            Self::NumberLists(rows) => {
                let rows = rows.map(|row| Some(row.iter().copied().map(Some)));
                Arc::new(ListArray::from_iter_primitive::<Float64Type, _, _>(rows))
            }
            Self::TextLists(rows) => {
                let mut lists = ListBuilder::new(StringBuilder::new());
                for row in rows {
                    lists.append_value(row.iter().map(Some));
                }
                Arc::new(lists.finish())
            }
            Self::Tables(rows) => {
                let mut tables = ListBuilder::new(ListBuilder::new(Float64Builder::new()));
                for row in rows {
                    for list in *row {
                        tables.values().append_value(list.iter().copied().map(Some));
                    }
                    tables.append(true);
                }
                Arc::new(tables.finish())
            }
            Self::Rings(rows) => Arc::new(rings(rows)?),
        })
    }
}

fn rings(rows: &FourRows<&[[f64; 2]]>) -> Result<ListArray> {
    let axis = |axis: usize| -> ArrayRef {
        let points = rows.iter().copied().flatten();
        Arc::new(Float64Array::from_iter_values(
            points.map(|point| point[axis]),
        ))
    };
    let field = |name: &str| Field::new(name, DataType::Float64, true);
    let fields = Fields::from(vec![field("lon"), field("lat")]);
    let points = StructArray::try_new(fields, vec![axis(0), axis(1)], None)?;
    let item = Field::new_list_field(points.data_type().clone(), true);
    let offsets = OffsetBuffer::from_lengths(rows.map(<[_]>::len));
    Ok(ListArray::try_new(
        Arc::new(item),
        offsets,
        Arc::new(points),
        None,
    )?)
}
