//! Answers of several rows: `LIST<DOUBLE>` or `LIST<STRUCT>`, which `unnest` opens.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Float64Array, ListArray};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion_common::Result;

use crate::aggregate::Answer;

/// What such a list holds.
pub(crate) trait Item: Sized {
    /// Its SQL type.
    fn data_type() -> DataType;

    /// Items as a column of that type.
    fn array(items: Vec<Self>) -> Result<ArrayRef>;
}

impl Item for f64 {
    fn data_type() -> DataType {
        DataType::Float64
    }

    fn array(items: Vec<Self>) -> Result<ArrayRef> {
        Ok(Arc::new(Float64Array::from(items)))
    }
}

fn item_field<I: Item>() -> FieldRef {
    Arc::new(Field::new_list_field(I::data_type(), true))
}

impl<I: Item> Answer for Vec<I> {
    fn data_type() -> DataType {
        DataType::List(item_field::<I>())
    }

    fn array(answers: Vec<Option<Self>>) -> Result<ArrayRef> {
        let valid: NullBuffer = answers.iter().map(Option::is_some).collect();
        let length = |answer: &Option<Self>| answer.as_ref().map_or(0, Vec::len);
        let offsets = OffsetBuffer::from_lengths(answers.iter().map(length));
        let items = I::array(answers.into_iter().flatten().flatten().collect())?;
        debug_assert_eq!(items.data_type(), &I::data_type());
        let lists = ListArray::try_new(item_field::<I>(), offsets, items, Some(valid))?;
        Ok(Arc::new(lists))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::AsArray;

    #[test]
    fn no_answer_and_an_empty_one_differ() {
        let answers = vec![Some(vec![1.0, 2.0]), None, Some(vec![])];
        let array = <Vec<f64> as Answer>::array(answers).unwrap();
        let lists = array.as_list::<i32>();
        assert_eq!(lists.value(0).len(), 2);
        assert!(lists.is_null(1));
        assert!(lists.is_valid(2) && lists.value(2).is_empty());
    }
}
