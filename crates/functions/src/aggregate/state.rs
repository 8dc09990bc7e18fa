//! What an aggregate keeps, and how it travels between partitions as columns.

use std::fmt::Debug;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Float64Array, Int64Array, ListArray, ListBuilder, StringBuilder,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, Float64Type, Int64Type};
use datafusion_common::{Result, exec_err, internal_datafusion_err, resources_datafusion_err};

use crate::parameters::Parameters;

/// What is kept of the rows of one group; the default has seen none.
///
/// Merging the states of two parts gives the state of the whole, whatever the parts.
pub(crate) trait State: Debug + Default + Send + Sync + 'static {
    /// Takes in what `other` has seen.
    fn merge(&mut self, other: Self) -> Result<()>;

    /// Writes states as columns of one row each; without states it says the types.
    fn save(states: &[Self]) -> Result<Vec<ArrayRef>>;

    /// Reads one row of [`Self::save`], field by field in the same order.
    fn load(row: &mut Loader<'_>) -> Result<Self>;

    /// Bytes held outside the struct itself.
    fn heap_size(&self) -> usize {
        0
    }
}

/// A sum that keeps what rounding drops (Knuth's two-sum), so that the order of additions hardly shows.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Sum {
    total: f64,
    dropped: f64,
}

impl Sum {
    pub(crate) fn add(&mut self, value: f64) {
        let total = self.total + value;
        // Exact like Neumaier's comparison of sizes, but without a branch.
        let added = total - self.total;
        self.dropped += (self.total - (total - added)) + (value - added);
        self.total = total;
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.add(other.total);
        self.dropped += other.dropped;
    }

    pub(crate) fn value(self) -> f64 {
        self.total + self.dropped
    }

    /// The sum as two numbers, for states that hold several.
    pub(crate) fn parts(self) -> [f64; 2] {
        [self.total, self.dropped]
    }

    pub(crate) fn from_parts([total, dropped]: [f64; 2]) -> Self {
        Self { total, dropped }
    }
}

impl FromIterator<f64> for Sum {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut sum = Self::default();
        for value in values {
            sum.add(value);
        }
        sum
    }
}

/// An argument that has one value for all rows of a group.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Constant(Option<f64>);

impl Constant {
    /// The value, once a row has been seen.
    pub(crate) fn get(self) -> Option<f64> {
        self.0
    }

    /// Sets the value; a second, different one is an error.
    pub(crate) fn set(
        &mut self,
        value: f64,
        parameters: &Parameters,
        position: usize,
    ) -> Result<()> {
        let known = *self.0.get_or_insert(value);
        if known == value {
            return Ok(());
        }
        let (function, name) = (parameters.function, parameters.list[position].name);
        exec_err!("{function} takes one {name} for all rows of a group, got {known} and {value}")
    }

    /// Takes in the value another part has seen.
    pub(crate) fn merge(
        &mut self,
        other: Self,
        parameters: &Parameters,
        position: usize,
    ) -> Result<()> {
        match other.0 {
            Some(value) => self.set(value, parameters, position),
            None => Ok(()),
        }
    }
}

/// Writes fields of states as columns.
pub(crate) struct Saver<'a, S> {
    states: &'a [S],
    columns: Vec<Result<ArrayRef>>,
}

impl<'a, S> Saver<'a, S> {
    pub(crate) fn new(states: &'a [S]) -> Self {
        Self {
            states,
            columns: Vec::new(),
        }
    }

    pub(crate) fn sum(self, field: impl Fn(&S) -> Sum) -> Self {
        self.number(|state| field(state).total)
            .number(|state| field(state).dropped)
    }

    pub(crate) fn number(mut self, field: impl Fn(&S) -> f64) -> Self {
        let values = self.states.iter().map(field);
        self.columns
            .push(Ok(Arc::new(Float64Array::from_iter_values(values))));
        self
    }

    pub(crate) fn count(mut self, field: impl Fn(&S) -> i64) -> Self {
        let values = self.states.iter().map(field);
        self.columns
            .push(Ok(Arc::new(Int64Array::from_iter_values(values))));
        self
    }

    pub(crate) fn constant(mut self, field: impl Fn(&S) -> Constant) -> Self {
        let values = self.states.iter().map(|state| field(state).get());
        self.columns
            .push(Ok(Arc::new(values.collect::<Float64Array>())));
        self
    }

    pub(crate) fn numbers<I: IntoIterator<Item = f64>>(
        mut self,
        field: impl Fn(&'a S) -> I,
    ) -> Self {
        let (mut ends, mut numbers) = (Vec::with_capacity(self.states.len()), Vec::new());
        for state in self.states {
            numbers.extend(field(state));
            ends.push(numbers.len());
        }
        self.columns.push(number_lists(ends, numbers));
        self
    }

    pub(crate) fn texts<I: IntoIterator<Item = &'a str>>(
        mut self,
        field: impl Fn(&'a S) -> I,
    ) -> Self {
        let mut lists = ListBuilder::new(StringBuilder::new());
        for state in self.states {
            lists.append_value(field(state).into_iter().map(Some));
        }
        self.columns.push(Ok(Arc::new(lists.finish())));
        self
    }

    pub(crate) fn columns(self) -> Result<Vec<ArrayRef>> {
        self.columns.into_iter().collect()
    }
}

/// Lists of DOUBLE that lie one after the other in `numbers`, each up to its place in `ends`.
pub(crate) fn number_lists(ends: Vec<usize>, numbers: Vec<f64>) -> Result<ArrayRef> {
    let offsets = std::iter::once(0).chain(ends).map(i32::try_from);
    let offsets = offsets.collect::<Result<Vec<_>, _>>().map_err(|_| {
        resources_datafusion_err!("one part of the rows keeps more than 2147483647 numbers")
    })?;
    let numbers = Float64Array::from(numbers);
    let field = Arc::new(Field::new_list_field(DataType::Float64, true));
    let offsets = OffsetBuffer::new(offsets.into());
    let lists = ListArray::try_new(field, offsets, Arc::new(numbers), None)?;
    Ok(Arc::new(lists))
}

/// Reads the fields of one saved state, in the order they were written.
pub(crate) struct Loader<'a> {
    columns: &'a [ArrayRef],
    row: usize,
    next: usize,
}

impl<'a> Loader<'a> {
    pub(super) fn new(columns: &'a [ArrayRef], row: usize) -> Self {
        Self {
            columns,
            row,
            next: 0,
        }
    }

    pub(crate) fn sum(&mut self) -> Result<Sum> {
        Ok(Sum {
            total: self.number()?,
            dropped: self.number()?,
        })
    }

    pub(crate) fn number(&mut self) -> Result<f64> {
        let row = self.row;
        let numbers = self.column(|array| array.as_primitive_opt::<Float64Type>())?;
        Ok(numbers.value(row))
    }

    pub(crate) fn count(&mut self) -> Result<i64> {
        let row = self.row;
        let counts = self.column(|array| array.as_primitive_opt::<Int64Type>())?;
        Ok(counts.value(row))
    }

    pub(crate) fn constant(&mut self) -> Result<Constant> {
        let row = self.row;
        let numbers = self.column(|array| array.as_primitive_opt::<Float64Type>())?;
        Ok(Constant(numbers.is_valid(row).then(|| numbers.value(row))))
    }

    pub(crate) fn numbers(&mut self) -> Result<Vec<f64>> {
        let list = self.list()?;
        let values = list.as_primitive_opt::<Float64Type>();
        let values =
            values.ok_or_else(|| internal_datafusion_err!("a saved list holds no DOUBLE"))?;
        Ok(values.values().to_vec())
    }

    pub(crate) fn texts(&mut self) -> Result<Vec<String>> {
        let list = self.list()?;
        let values = list.as_string_opt::<i32>();
        let values =
            values.ok_or_else(|| internal_datafusion_err!("a saved list holds no VARCHAR"))?;
        Ok(values.iter().flatten().map(str::to_owned).collect())
    }

    fn list(&mut self) -> Result<ArrayRef> {
        let row = self.row;
        let lists: &ListArray = self.column(|array| array.as_list_opt::<i32>())?;
        Ok(lists.value(row))
    }

    fn column<A>(&mut self, read: impl FnOnce(&'a ArrayRef) -> Option<&'a A>) -> Result<&'a A> {
        let position = self.next;
        self.next += 1;
        self.columns.get(position).and_then(read).ok_or_else(|| {
            internal_datafusion_err!("column {position} of a saved state is not of its type")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_keeps_what_rounding_drops() {
        let sum: Sum = [1e16, 1.0, -1e16].into_iter().collect();
        assert_eq!(sum.value(), 1.0);
        let (mut left, right): (Sum, Sum) = (
            [1e16, 1.0].into_iter().collect(),
            [1.0, -1e16].into_iter().collect(),
        );
        left.merge(right);
        assert_eq!(left.value(), 2.0);
    }
}
