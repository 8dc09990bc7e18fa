//! Reads the arguments of an aggregate row by row, in the words of its parameters.

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int32Array, StringViewArray};
use arrow::datatypes::{Float64Type, Int32Type};
use datafusion_common::{Result, ScalarValue, exec_err, internal_err};

use crate::domain::Domain;
use crate::parameters::{Parameter, Parameters, non_negative};

/// A batch of arguments, cast to the types of their parameters.
pub(crate) struct Rows<'a> {
    parameters: &'a Parameters,
    columns: Vec<TypedColumn<'a>>,
    arrays: &'a [ArrayRef],
    /// Columns in which NULL makes a row be skipped.
    needed: Vec<&'a ArrayRef>,
}

enum TypedColumn<'a> {
    Numbers {
        values: &'a [f64],
        /// Whether every value, under NULL too, is finite, at least 0 and of the parameter's domain, so
        /// that rows need no check of their own.
        plain: bool,
    },
    Integers(&'a Int32Array),
    Texts(&'a StringViewArray),
    Other,
}

impl<'a> Rows<'a> {
    pub(crate) fn new(parameters: &'a Parameters, arrays: &'a [ArrayRef]) -> Self {
        let columns = arrays
            .iter()
            .zip(parameters.list)
            .map(|(array, parameter)| {
                if let Some(numbers) = array.as_primitive_opt::<Float64Type>() {
                    let values = numbers.values();
                    let fits = |value: f64| (0.0..=f64::MAX).contains(&value);
                    let any = matches!(parameter.domain, Domain::Any);
                    let plain = any && values.iter().fold(true, |all, value| all & fits(*value));
                    TypedColumn::Numbers { values, plain }
                } else if let Some(integers) = array.as_primitive_opt::<Int32Type>() {
                    TypedColumn::Integers(integers)
                } else if let Some(texts) = array.as_string_view_opt() {
                    TypedColumn::Texts(texts)
                } else {
                    TypedColumn::Other
                }
            });
        let needed = arrays
            .iter()
            .zip(parameters.list)
            .filter(|(array, parameter)| array.is_nullable() && !parameter.null_is_default)
            .map(|(array, _)| array);
        Self {
            parameters,
            columns: columns.collect(),
            arrays,
            needed: needed.collect(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.arrays.first().map_or(0, |array| array.len())
    }

    /// The row at `index`, `None` if an argument other than a setting is NULL there or `filter` leaves it out.
    #[inline]
    pub(crate) fn get(&self, index: usize, filter: Option<&BooleanArray>) -> Option<Row<'_>> {
        if let Some(filter) = filter
            && !(filter.is_valid(index) && filter.value(index))
        {
            return None;
        }
        if self.needed.iter().any(|array| array.is_null(index)) {
            return None;
        }
        Some(Row { rows: self, index })
    }
}

/// The arguments of one row, none of them NULL but settings.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    rows: &'a Rows<'a>,
    index: usize,
}

impl<'a> Row<'a> {
    /// A DOUBLE argument; NaN, infinity and what is outside the parameter's domain are errors.
    pub(crate) fn number(&self, position: usize) -> Result<f64> {
        let (value, plain) = self.unchecked(position)?;
        if !plain {
            self.check(position, value)?;
        }
        Ok(value)
    }

    /// A DOUBLE argument of at least 0.
    #[inline]
    pub(crate) fn non_negative(&self, position: usize) -> Result<f64> {
        let (value, plain) = self.unchecked(position)?;
        if !plain {
            self.check(position, value)?;
            let Parameter { name, .. } = &self.rows.parameters.list[position];
            non_negative(self.function(), name, value)?;
        }
        Ok(value)
    }

    #[inline]
    fn unchecked(&self, position: usize) -> Result<(f64, bool)> {
        match self.rows.columns.get(position) {
            Some(TypedColumn::Numbers { values, plain }) => Ok((values[self.index], *plain)),
            _ => internal_err!("argument {position} of {} is no DOUBLE", self.function()),
        }
    }

    #[cold]
    fn check(&self, position: usize, value: f64) -> Result<()> {
        let Parameter { name, domain, .. } = &self.rows.parameters.list[position];
        if !value.is_finite() {
            return exec_err!(
                "{} takes a finite number as {name}, got {value}",
                self.function()
            );
        }
        domain.check_number(self.function(), name, value)
    }

    /// A DOUBLE argument that the call may leave out.
    pub(crate) fn optional_number(&self, position: usize) -> Result<Option<f64>> {
        self.is_given(position)
            .then(|| self.number(position))
            .transpose()
    }

    /// An INTEGER argument, within the parameter's domain.
    pub(crate) fn integer(&self, position: usize) -> Result<i32> {
        let Some(TypedColumn::Integers(integers)) = self.rows.columns.get(position) else {
            return internal_err!("argument {position} of {} is no INTEGER", self.function());
        };
        let value = integers.value(self.index);
        let Parameter { name, domain, .. } = &self.rows.parameters.list[position];
        domain.check_number(self.function(), name, f64::from(value))?;
        Ok(value)
    }

    /// A VARCHAR argument, within the parameter's domain.
    pub(crate) fn text(&self, position: usize) -> Result<&'a str> {
        let Some(TypedColumn::Texts(texts)) = self.rows.columns.get(position) else {
            return internal_err!("argument {position} of {} is no VARCHAR", self.function());
        };
        let value = texts.value(self.index);
        let Parameter { name, domain, .. } = &self.rows.parameters.list[position];
        domain.check_text(self.function(), name, value)?;
        Ok(value)
    }

    /// A VARCHAR argument that the call may leave out.
    pub(crate) fn optional_text(&self, position: usize) -> Result<Option<&'a str>> {
        self.is_given(position)
            .then(|| self.text(position))
            .transpose()
    }

    /// An argument of any type.
    pub(crate) fn value(&self, position: usize) -> Result<ScalarValue> {
        ScalarValue::try_from_array(&self.rows.arrays[position], self.index)
    }

    /// Whether the call has an argument there that is not NULL.
    pub(crate) fn is_given(&self, position: usize) -> bool {
        let array = self.rows.arrays.get(position);
        array.is_some_and(|array| array.is_valid(self.index))
    }

    fn function(&self) -> &'static str {
        self.rows.parameters.function
    }
}
