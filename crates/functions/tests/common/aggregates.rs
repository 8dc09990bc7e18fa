//! Calls an aggregate the way a plan does: coerce, check, cast, accumulate.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, FieldRef, Schema};
use datafusion_common::Result;
use datafusion_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion_expr::type_coercion::functions::fields_with_udf;
use datafusion_expr::{Accumulator, AggregateUDF, EmitTo, GroupsAccumulator};

/// One planned call.
pub(crate) struct Call<'a> {
    function: &'a AggregateUDF,
    fields: Vec<FieldRef>,
    answer: FieldRef,
    distinct: bool,
    /// The arguments, cast to the types the function asked for.
    pub(crate) columns: Vec<ArrayRef>,
}

impl<'a> Call<'a> {
    pub(crate) fn plan(function: &'a AggregateUDF, args: &[ArrayRef]) -> Result<Self> {
        let given: Vec<_> = args
            .iter()
            .map(|array| Arc::new(Field::new("argument", array.data_type().clone(), true)))
            .collect();
        let fields = fields_with_udf(&given, function)?;
        let answer = function.return_field(&fields)?;
        let columns = args
            .iter()
            .zip(&fields)
            .map(|(array, field)| Ok(cast(array, field.data_type())?))
            .collect::<Result<_>>()?;
        Ok(Self {
            function,
            fields,
            answer,
            distinct: false,
            columns,
        })
    }

    /// The same call with DISTINCT.
    pub(crate) fn distinct(self) -> Self {
        Self {
            distinct: true,
            ..self
        }
    }

    pub(crate) fn accumulator(&self) -> Result<Box<dyn Accumulator>> {
        self.function.accumulator(self.arguments(&Schema::empty()))
    }

    pub(crate) fn sliding(&self) -> Result<Box<dyn Accumulator>> {
        let schema = Schema::empty();
        self.function
            .create_sliding_accumulator(self.arguments(&schema))
    }

    pub(crate) fn groups(&self) -> Result<Box<dyn GroupsAccumulator>> {
        let schema = Schema::empty();
        self.function
            .create_groups_accumulator(self.arguments(&schema))
    }

    /// The types of a partial state.
    pub(crate) fn state_types(&self) -> Result<Vec<DataType>> {
        let fields = self.function.state_fields(StateFieldsArgs {
            name: self.function.name(),
            input_fields: &self.fields,
            return_field: Arc::clone(&self.answer),
            ordering_fields: &[],
            is_distinct: self.distinct,
        })?;
        Ok(fields
            .iter()
            .map(|field| field.data_type().clone())
            .collect())
    }

    /// The answer to all rows as one group, a column of one row.
    pub(crate) fn answer(&self) -> Result<ArrayRef> {
        let mut accumulator = self.accumulator()?;
        accumulator.update_batch(&self.columns)?;
        let answer = accumulator.evaluate()?.to_array()?;
        assert_eq!(answer.data_type(), self.answer.data_type());
        Ok(answer)
    }

    /// The partial state of `length` rows from `offset`, a row of columns.
    pub(crate) fn state(&self, offset: usize, length: usize) -> Result<Vec<ArrayRef>> {
        let mut accumulator = self.accumulator()?;
        accumulator.update_batch(&self.slice(offset, length))?;
        let state = accumulator.state()?;
        state.iter().map(|value| value.to_array()).collect()
    }

    /// The answer of partial states, merged in the order given.
    pub(crate) fn merged(&self, states: &[Vec<ArrayRef>]) -> Result<ArrayRef> {
        let mut accumulator = self.accumulator()?;
        for state in states {
            accumulator.merge_batch(state)?;
        }
        accumulator.evaluate()?.to_array()
    }

    /// The answers of two groups that take turns, or of those rows that `filter` lets through.
    pub(crate) fn two_groups(&self, filter: Option<&BooleanArray>) -> Result<ArrayRef> {
        let mut groups = self.groups()?;
        groups.update_batch(&self.columns, &self.turns(), filter, 2)?;
        groups.evaluate(EmitTo::All)
    }

    /// The same by way of a partial state for each row.
    pub(crate) fn two_groups_merged(&self, filter: Option<&BooleanArray>) -> Result<ArrayRef> {
        let states = self.groups()?.convert_to_state(&self.columns, filter)?;
        let mut partial = self.groups()?;
        partial.merge_batch(&states, &self.turns(), 2)?;
        let states = partial.state(EmitTo::All)?;
        let mut groups = self.groups()?;
        groups.merge_batch(&states, &[0, 1], 2)?;
        groups.evaluate(EmitTo::All)
    }

    pub(crate) fn slice(&self, offset: usize, length: usize) -> Vec<ArrayRef> {
        let columns = self.columns.iter();
        columns.map(|column| column.slice(offset, length)).collect()
    }

    fn turns(&self) -> Vec<usize> {
        let rows = self.columns.first().map_or(0, |column| column.len());
        (0..rows).map(|row| row % 2).collect()
    }

    fn arguments<'b>(&'b self, schema: &'b Schema) -> AccumulatorArgs<'b> {
        AccumulatorArgs {
            return_field: Arc::clone(&self.answer),
            schema,
            ignore_nulls: false,
            order_bys: &[],
            is_reversed: false,
            name: self.function.name(),
            is_distinct: self.distinct,
            exprs: &[],
            expr_fields: &self.fields,
        }
    }
}
