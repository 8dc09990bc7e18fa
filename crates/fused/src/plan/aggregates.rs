//! Which sums each aggregate function needs.

use std::sync::Arc;

use arrow::datatypes::{DataType, FieldRef};
use datafusion::functions_aggregate::average::Avg;
use datafusion::functions_aggregate::count::Count;
use datafusion::functions_aggregate::stddev::{Stddev, StddevPop};
use datafusion::functions_aggregate::variance::{VariancePopulation, VarianceSample};
use datafusion::logical_expr::AggregateUDFImpl;
use datafusion::logical_expr::utils::AggregateOrderSensitivity;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::aggregate::AggregateFunctionExpr;
use datafusion::physical_expr::expressions::Literal;
use kouan_semantics::{Max, Min, Sum};

use super::computation::Columns;
use super::shape::Shape;
use super::{Aggregate, AggregateState, Computation, Declined, KeyPart};

/// The kind of number that is summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberKind {
    /// Only whether there is a value counts.
    Presence,
    /// 64-bit floats.
    Float,
    /// 64-bit whole numbers, dates and times.
    Whole,
    /// 128-bit whole numbers, decimals.
    Wide,
    /// The codes of a key, which is the one at this place in [`super::Query::key_parts`].
    KeyCode(usize),
}

/// What is done with the values of an input, per group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Sum,
    Least,
    Most,
    /// Count, mean and sum of squared differences (Welford).
    Moments,
    Distinct,
}

/// What an aggregate takes in: the values of its argument in rows that pass its filter. Aggregates of one input share it.
#[derive(Debug)]
pub(crate) struct AggregateInput {
    /// Nothing for `count(*)`.
    pub(crate) argument: Option<Computation>,
    pub(crate) filter: Option<Computation>,
    pub(crate) kind: NumberKind,
    pub(crate) ops: Vec<Op>,
}

impl AggregateInput {
    /// True when whole numbers or decimals are summed, which may be beyond what their type holds.
    pub(crate) fn is_summed(&self) -> bool {
        matches!(self.kind, NumberKind::Whole | NumberKind::Wide) && self.ops.contains(&Op::Sum)
    }

    fn is_for(
        &self,
        argument: Option<&Computation>,
        filter: Option<&Computation>,
        kind: NumberKind,
    ) -> bool {
        let same = |one: Option<&Computation>, other: Option<&Computation>| match (one, other) {
            (None, None) => true,
            (Some(one), Some(other)) => one.same(other),
            _ => false,
        };
        self.kind == kind
            && same(self.argument.as_ref(), argument)
            && same(self.filter.as_ref(), filter)
    }
}

/// A function that keeps its own state, which is of few numbers for each group.
#[derive(Debug)]
pub(crate) struct Accumulation {
    pub(crate) function: Arc<AggregateFunctionExpr>,
    pub(crate) arguments: Vec<Computation>,
    pub(crate) filter: Option<Computation>,
    /// How many numbers it keeps for a group.
    pub(crate) state_numbers: usize,
}

/// Inputs, each once, functions with states of their own, and the aggregates over both.
pub(super) struct Planned {
    pub(super) inputs: Vec<AggregateInput>,
    pub(super) accumulations: Vec<Accumulation>,
    pub(super) aggregates: Vec<Aggregate>,
}

/// Finds out what has to be kept for the aggregates.
pub(super) fn plan(
    shape: &Shape<'_>,
    columns: &mut Columns<'_>,
    key_parts: &mut Vec<KeyPart>,
) -> Declined<Planned> {
    let keys = key_parts.len();
    let mut planner = Planner {
        columns,
        key_parts,
        keys,
        inputs: Vec::new(),
        accumulations: Vec::new(),
    };
    let mut aggregates = Vec::new();
    for (function, arguments, filter) in &shape.aggregates {
        aggregates.push(planner.aggregate(function, arguments, filter.as_ref())?);
    }
    for argument in &shape.counted_once {
        let state = planner.distinct(argument, None)?;
        aggregates.push(Aggregate {
            function: None,
            states: vec![state],
        });
    }
    Ok(Planned {
        inputs: planner.inputs,
        accumulations: planner.accumulations,
        aggregates,
    })
}

struct Planner<'a, 'b> {
    columns: &'a mut Columns<'b>,
    key_parts: &'a mut Vec<KeyPart>,
    /// Parts before this are the group key, whose codes are multiplied for the group.
    keys: usize,
    inputs: Vec<AggregateInput>,
    accumulations: Vec<Accumulation>,
}

impl Planner<'_, '_> {
    fn aggregate(
        &mut self,
        function: &Arc<AggregateFunctionExpr>,
        arguments: &[Arc<dyn PhysicalExpr>],
        filter: Option<&Arc<dyn PhysicalExpr>>,
    ) -> Declined<Aggregate> {
        let name = function.name();
        if !function.order_bys().is_empty() {
            return Err(format!("{name} asks for an order"));
        }
        let filter = filter
            .map(|filter| self.columns.computation(filter))
            .transpose()?;
        let inner = function.fun().inner().as_ref();
        let [given] = arguments else {
            return self.accumulated(function, arguments, filter);
        };
        if is::<Count>(inner) && function.is_distinct() {
            let state = self.distinct(given, filter)?;
            return Ok(Aggregate {
                function: None,
                states: vec![state],
            });
        }
        let is_constant = given
            .downcast_ref::<Literal>()
            .is_some_and(|literal| !literal.value().is_null());
        if is::<Count>(inner) && is_constant {
            let input = self.input(None, filter, NumberKind::Presence);
            return Ok(self.finished(function, vec![AggregateState::Count(input)]));
        }
        let argument = self.columns.computation(given)?;
        if argument.columns.is_empty() {
            return Err(format!("{name} looks at no column"));
        }
        if is::<Count>(inner) {
            let input = self.input(Some(argument), filter, NumberKind::Presence);
            return Ok(self.finished(function, vec![AggregateState::Count(input)]));
        }
        // Sums over distinct values need the values.
        if function.is_distinct() && !is::<Min>(inner) && !is::<Max>(inner) {
            return Err(format!("{name} is over distinct values"));
        }
        if !function.groups_accumulator_supported() {
            return Err(format!("{name} keeps no state of many groups"));
        }
        let sums = self.state_is_a_number(function)?;
        let data_type = argument.data_type.clone();
        let states = if is::<Sum>(inner) || is::<Avg>(inner) {
            let kind = match &data_type {
                DataType::Float64 => NumberKind::Float,
                DataType::Int64 | DataType::Duration(_) => NumberKind::Whole,
                DataType::UInt64
                | DataType::Decimal32(..)
                | DataType::Decimal64(..)
                | DataType::Decimal128(..) => NumberKind::Wide,
                other => return Err(format!("{name} sums values of type {other}")),
            };
            let input = self.input(Some(argument), filter, kind);
            let sum = AggregateState::Value(input, self.op(input, Op::Sum));
            if is::<Avg>(inner) {
                vec![AggregateState::CountOrNull(input), sum]
            } else {
                vec![sum]
            }
        } else if is::<Min>(inner) || is::<Max>(inner) {
            let kind = match &data_type {
                DataType::Float32 | DataType::Float64 => NumberKind::Float,
                DataType::UInt64 | DataType::Decimal128(..) => NumberKind::Wide,
                number if number.is_integer() => NumberKind::Whole,
                DataType::Date32
                | DataType::Timestamp(..)
                | DataType::Time32(_)
                | DataType::Time64(_)
                | DataType::Duration(_) => NumberKind::Whole,
                other => return Err(format!("{name} compares values of type {other}")),
            };
            let input = self.input(Some(argument), filter, kind);
            let op = if is::<Min>(inner) {
                Op::Least
            } else {
                Op::Most
            };
            vec![AggregateState::Value(input, self.op(input, op))]
        } else if is::<VarianceSample>(inner)
            || is::<VariancePopulation>(inner)
            || is::<Stddev>(inner)
            || is::<StddevPop>(inner)
        {
            if data_type != DataType::Float64 {
                return Err(format!("{name} is of values of type {data_type}"));
            }
            let input = self.input(Some(argument), filter, NumberKind::Float);
            let op = self.op(input, Op::Moments);
            (0..3)
                .map(|moment| AggregateState::Moment(input, op, moment))
                .collect()
        } else {
            return self.accumulated(function, arguments, filter);
        };
        debug_assert_eq!(states.len(), sums);
        Ok(self.finished(function, states))
    }

    /// A function that is none of those above, if what it keeps of a group is so many numbers, whatever the rows.
    fn accumulated(
        &mut self,
        function: &Arc<AggregateFunctionExpr>,
        arguments: &[Arc<dyn PhysicalExpr>],
        filter: Option<Computation>,
    ) -> Declined<Aggregate> {
        let name = function.name();
        if function.is_distinct() || !function.groups_accumulator_supported() {
            return Err(format!("{name} keeps no state of many groups"));
        }
        if function.order_sensitivity() != AggregateOrderSensitivity::Insensitive {
            return Err(format!("{name} depends on the order of rows"));
        }
        let fields = function.state_fields().map_err(|error| error.to_string())?;
        let is_number = |field: &FieldRef| {
            field.data_type().is_primitive() || *field.data_type() == DataType::Boolean
        };
        if let Some(field) = fields.iter().find(|field| !is_number(field)) {
            let data_type = field.data_type();
            return Err(format!("{name} keeps values of type {data_type}"));
        }
        let arguments = arguments.iter();
        let arguments = arguments.map(|argument| self.columns.computation(argument));
        let arguments: Vec<_> = arguments.collect::<Declined<_>>()?;
        if arguments.iter().all(|argument| argument.columns.is_empty()) {
            return Err(format!("{name} looks at no column"));
        }
        self.accumulations.push(Accumulation {
            function: Arc::clone(function),
            arguments,
            filter,
            state_numbers: fields.len(),
        });
        let state = AggregateState::Accumulated(self.accumulations.len() - 1);
        Ok(self.finished(function, vec![state]))
    }

    /// The number of columns of the function's state, each a number that the kernel can give.
    fn state_is_a_number(&self, function: &AggregateFunctionExpr) -> Declined<usize> {
        let fields = function.state_fields().map_err(|error| error.to_string())?;
        for field in &fields {
            if field.data_type().is_nested()
                || matches!(field.data_type(), DataType::Decimal256(..))
            {
                return Err(format!(
                    "{} keeps values of type {}",
                    function.name(),
                    field.data_type()
                ));
            }
        }
        Ok(fields.len())
    }

    fn finished(
        &self,
        function: &Arc<AggregateFunctionExpr>,
        states: Vec<AggregateState>,
    ) -> Aggregate {
        Aggregate {
            function: Some(Arc::clone(function)),
            states,
        }
    }

    fn distinct(
        &mut self,
        argument: &Arc<dyn PhysicalExpr>,
        filter: Option<Computation>,
    ) -> Declined<AggregateState> {
        let key_part = self.columns.key_part(argument)?;
        let argument = key_part.computation.clone();
        let known = self.key_parts[self.keys..]
            .iter()
            .position(|known| known.computation.same(&argument));
        let index = known.map_or(self.key_parts.len(), |index| self.keys + index);
        if index == self.key_parts.len() {
            self.key_parts.push(key_part);
        }
        let input = self.input(Some(argument), filter, NumberKind::KeyCode(index));
        Ok(AggregateState::Value(input, self.op(input, Op::Distinct)))
    }

    fn input(
        &mut self,
        argument: Option<Computation>,
        filter: Option<Computation>,
        kind: NumberKind,
    ) -> usize {
        let known = self
            .inputs
            .iter()
            .position(|input| input.is_for(argument.as_ref(), filter.as_ref(), kind));
        known.unwrap_or_else(|| {
            self.inputs.push(AggregateInput {
                argument,
                filter,
                kind,
                ops: Vec::new(),
            });
            self.inputs.len() - 1
        })
    }

    fn op(&mut self, input: usize, op: Op) -> usize {
        let ops = &mut self.inputs[input].ops;
        ops.iter()
            .position(|known| *known == op)
            .unwrap_or_else(|| {
                ops.push(op);
                ops.len() - 1
            })
    }
}

/// By type, not by name: a person may register another function under it.
fn is<F: AggregateUDFImpl>(function: &dyn AggregateUDFImpl) -> bool {
    function.is::<F>()
}
