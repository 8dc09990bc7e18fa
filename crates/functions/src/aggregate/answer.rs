//! What a function may answer: a number or a struct of named numbers.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, StructArray};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Field, Fields};
use datafusion_common::Result;

/// A type of answer.
pub(crate) trait Answer: Sized {
    /// Its SQL type.
    fn data_type() -> DataType;

    /// Answers as a column of that type, `None` as NULL.
    fn array(answers: Vec<Option<Self>>) -> Result<ArrayRef>;

    /// The same of answers that are still to be found, up to the first error.
    fn collect(answers: impl Iterator<Item = Result<Option<Self>>>) -> Result<ArrayRef> {
        Self::array(answers.collect::<Result<_>>()?)
    }
}

impl Answer for f64 {
    fn data_type() -> DataType {
        DataType::Float64
    }

    fn array(answers: Vec<Option<Self>>) -> Result<ArrayRef> {
        Ok(Arc::new(Float64Array::from(answers)))
    }

    fn collect(answers: impl Iterator<Item = Result<Option<Self>>>) -> Result<ArrayRef> {
        Ok(Arc::new(answers.collect::<Result<Float64Array>>()?))
    }
}

/// An answer of several numbers with names: STRUCT(name DOUBLE, ...).
pub(crate) trait NamedNumbers: Sized {
    /// The names, in order.
    const NAMES: &'static [&'static str];

    /// The number at `position`, `None` for NULL.
    fn number(&self, position: usize) -> Option<f64>;
}

impl<T: NamedNumbers> Answer for T {
    fn data_type() -> DataType {
        let field = |name: &&str| Field::new(*name, DataType::Float64, true);
        DataType::Struct(T::NAMES.iter().map(field).collect::<Fields>())
    }

    fn array(answers: Vec<Option<Self>>) -> Result<ArrayRef> {
        let column = |position: usize| -> ArrayRef {
            let numbers = answers
                .iter()
                .map(|answer| answer.as_ref()?.number(position));
            Arc::new(numbers.collect::<Float64Array>())
        };
        let columns: Vec<_> = (0..T::NAMES.len()).map(column).collect();
        let valid: NullBuffer = answers.iter().map(Option::is_some).collect();
        let DataType::Struct(fields) = Self::data_type() else {
            return datafusion_common::internal_err!("named numbers are a struct");
        };
        Ok(Arc::new(StructArray::try_new(
            fields,
            columns,
            Some(valid),
        )?))
    }
}
