//! Reads the arguments of a call by position, columns and constants alike.

use arrow::array::{
    Array, ArrayAccessor, ArrayRef, AsArray, BooleanArray, Float64Array, Int32Array, ListArray,
    StringViewArray, UInt32Array,
};
use arrow::compute::take;
use arrow::datatypes::{DataType, Float64Type, Int32Type};
use datafusion_common::{Result, ScalarValue};
use datafusion_expr::{ColumnarValue, ScalarFunctionArgs};

/// An argument of known type: one value for all rows or one a row.
#[derive(Debug)]
pub(crate) struct Column<A> {
    array: A,
    constant: bool,
}

impl<A> Column<A>
where
    for<'a> &'a A: ArrayAccessor,
{
    /// The value in `row`, `None` for NULL.
    pub(crate) fn get(&self, row: usize) -> Option<<&A as ArrayAccessor>::Item> {
        let array = &self.array;
        let row = if self.constant { 0 } else { row };
        array.is_valid(row).then(|| array.value(row))
    }

    /// Whether every row has the same value.
    pub(crate) fn is_constant(&self) -> bool {
        self.constant
    }
}

impl Column<Float64Array> {
    /// One answer a row, in a single pass over the numbers.
    pub(crate) fn map<T: Clone>(&self, rows: usize, answer: impl Fn(Option<f64>) -> T) -> Vec<T> {
        if self.constant {
            return vec![answer(self.get(0)); rows];
        }
        if self.array.null_count() > 0 {
            return self.array.iter().map(answer).collect();
        }
        let numbers = self.array.values().iter();
        numbers.map(|number| answer(Some(*number))).collect()
    }

    /// Whether `fits` holds for every number that is not NULL. Each is asked, which lets the
    /// loop run on several at a time.
    pub(crate) fn all(&self, fits: impl Fn(f64) -> bool) -> bool {
        if self.array.null_count() > 0 {
            return self.array.iter().flatten().all(fits);
        }
        let numbers = self.array.values().iter();
        numbers.fold(true, |all, number| all & fits(*number))
    }
}

/// Argument `position` as an array of its coerced type; a missing one is NULL.
fn column<A>(
    args: &ScalarFunctionArgs,
    position: usize,
    missing: &DataType,
    read: impl FnOnce(&dyn Array) -> A,
) -> Result<Column<A>> {
    let null;
    let argument = match args.args.get(position) {
        Some(argument) => argument,
        None => {
            null = ColumnarValue::Scalar(ScalarValue::try_new_null(missing)?);
            &null
        }
    };
    Ok(match argument {
        ColumnarValue::Array(array) => Column {
            array: read(array),
            constant: false,
        },
        ColumnarValue::Scalar(value) => Column {
            array: read(&value.to_array()?),
            constant: true,
        },
    })
}

/// A DOUBLE argument.
pub(crate) fn numbers(args: &ScalarFunctionArgs, position: usize) -> Result<Column<Float64Array>> {
    column(args, position, &DataType::Float64, |array| {
        array.as_primitive::<Float64Type>().clone()
    })
}

/// An INTEGER argument.
pub(crate) fn integers(args: &ScalarFunctionArgs, position: usize) -> Result<Column<Int32Array>> {
    column(args, position, &DataType::Int32, |array| {
        array.as_primitive::<Int32Type>().clone()
    })
}

/// A VARCHAR argument.
pub(crate) fn texts(args: &ScalarFunctionArgs, position: usize) -> Result<Column<StringViewArray>> {
    column(args, position, &DataType::Utf8View, |array| {
        array.as_string_view().clone()
    })
}

/// A BOOLEAN argument.
pub(crate) fn booleans(args: &ScalarFunctionArgs, position: usize) -> Result<Column<BooleanArray>> {
    column(args, position, &DataType::Boolean, |array| {
        array.as_boolean().clone()
    })
}

/// A list argument.
pub(crate) fn lists(args: &ScalarFunctionArgs, position: usize) -> Result<Column<ListArray>> {
    column(
        args,
        position,
        &DataType::new_list(DataType::Null, true),
        |array| array.as_list::<i32>().clone(),
    )
}

/// Argument `position` as an array of `rows` values.
pub(crate) fn array(args: &ScalarFunctionArgs, position: usize, rows: usize) -> Result<ArrayRef> {
    args.args[position].to_array(rows)
}

/// Texts out of a small set, by code: each row costs one 16-byte view, no bytes are copied.
pub(crate) fn decode(labels: &[impl AsRef<str>], codes: &UInt32Array) -> Result<ArrayRef> {
    let labels: StringViewArray = labels.iter().map(|label| Some(label.as_ref())).collect();
    Ok(take(&labels, codes, None)?)
}

#[cfg(test)]
#[path = "../tests/common/mod.rs"]
mod common;

#[cfg(test)]
pub(crate) mod testing {
    //! Short calls for the tests of single functions.

    use std::sync::Arc;

    use arrow::array::{Array, ArrayRef, ListArray, StringViewArray};
    use arrow::buffer::OffsetBuffer;
    use arrow::datatypes::{DataType, Field, Int64Type};
    use datafusion_common::{Result, ScalarValue};
    use datafusion_expr::{ColumnarValue, ScalarUDF};

    pub(crate) use super::common::call;
    use crate::documented::Documented;
    use crate::scalar::{Scalar, ScalarFunction};

    /// A rule as SQL calls it.
    pub(crate) fn udf(rule: impl Scalar + Documented) -> ScalarUDF {
        ScalarUDF::new_from_impl(ScalarFunction::new("test", rule))
    }

    /// A constant list of texts.
    pub(crate) fn text_list(items: &[&str]) -> ScalarValue {
        let values: StringViewArray = items.iter().map(|item| Some(*item)).collect();
        let field = Arc::new(Field::new_list_field(DataType::Utf8View, true));
        let offsets = OffsetBuffer::from_lengths([items.len()]);
        ScalarValue::List(Arc::new(ListArray::new(
            field,
            offsets,
            Arc::new(values),
            None,
        )))
    }

    /// A constant list of integers.
    pub(crate) fn integer_list(items: &[i64]) -> ScalarValue {
        let items = items.iter().copied().map(Some);
        ScalarValue::List(Arc::new(ListArray::from_iter_primitive::<Int64Type, _, _>(
            [Some(items)],
        )))
    }

    /// The answer to constant arguments.
    pub(crate) fn scalar(
        function: impl Scalar + Documented,
        args: impl IntoIterator<Item = ScalarValue>,
    ) -> Result<ScalarValue> {
        let args: Vec<_> = args.into_iter().map(ColumnarValue::Scalar).collect();
        match call(&udf(function), &args)? {
            ColumnarValue::Scalar(value) => Ok(value),
            ColumnarValue::Array(array) => ScalarValue::try_from_array(&array, 0),
        }
    }

    /// The answer to one column and constants.
    pub(crate) fn column(
        function: impl Scalar + Documented,
        values: ArrayRef,
        constants: impl IntoIterator<Item = ScalarValue>,
    ) -> Result<ArrayRef> {
        let rows = values.len();
        let constants = constants.into_iter().map(ColumnarValue::Scalar);
        let args: Vec<_> = std::iter::once(ColumnarValue::Array(values))
            .chain(constants)
            .collect();
        call(&udf(function), &args)?.to_array(rows)
    }

    /// A text answer; the words of an error.
    pub(crate) fn said(answer: Result<ScalarValue>) -> Option<String> {
        match answer {
            Ok(ScalarValue::Utf8View(text)) => text,
            Ok(other) => Some(other.to_string()),
            Err(error) => Some(error.strip_backtrace()),
        }
    }
}
