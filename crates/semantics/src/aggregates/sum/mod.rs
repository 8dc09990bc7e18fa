//! `sum` that is right or an error.
//!
//! DataFusion's adds with wrapping (no upstream issue) and keeps the width of narrow decimals, whose digits then
//! run out. Here whole numbers and decimals are added up in 128 bits, so that a sum is beyond its type only if the
//! whole of it is, whatever the order of rows and the number of partitions.

mod distinct;
mod groups;
mod single;
mod sliding;
mod summand;

use std::sync::Arc;

use arrow::datatypes::{
    DataType, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type,
    DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType, DurationSecondType,
    Field, FieldRef, Int64Type, TimeUnit, UInt64Type,
};
use datafusion::error::Result;
use datafusion::functions_aggregate::sum::Sum as DataFusionSum;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::{AggregateOrderSensitivity, format_state_name};
use datafusion::logical_expr::{
    Accumulator, AggregateUDFImpl, Documentation, GroupsAccumulator, ReversedUDAF, SetMonotonicity,
    Signature,
};

use distinct::{DistinctSum, SlidingDistinctSum};
use groups::GroupSums;
use single::SingleSum;
use sliding::SlidingSum;
use summand::Summand;

use super::sliding::{Sliding, floats};

/// The sum of all values that are not NULL; NULL if there is none.
///
/// Whole numbers give BIGINT, unsigned ones BIGINT UNSIGNED, decimals DECIMAL(38, s) with the scale of the argument
/// (DECIMAL(76, s) if it is wider), floats DOUBLE, durations and intervals their own type. A sum beyond its type is
/// an error. The state of whole numbers, durations and decimals is one DECIMAL(38, s), which holds what may still
/// become smaller again.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Sum {
    inner: DataFusionSum,
}

impl Sum {
    /// The function.
    pub fn new() -> Self {
        Self {
            inner: DataFusionSum::new(),
        }
    }
}

impl Default for Sum {
    fn default() -> Self {
        Self::new()
    }
}

/// Calls a macro with the type of an argument that is added up exactly, or evaluates to the second argument.
macro_rules! for_summand {
    ($data_type:expr, $helper:ident, $otherwise:expr) => {
        match $data_type {
            DataType::Int64 => $helper!(Int64Type),
            DataType::UInt64 => $helper!(UInt64Type),
            DataType::Decimal32(..) => $helper!(Decimal32Type),
            DataType::Decimal64(..) => $helper!(Decimal64Type),
            DataType::Decimal128(..) => $helper!(Decimal128Type),
            DataType::Decimal256(..) => $helper!(Decimal256Type),
            DataType::Duration(TimeUnit::Second) => $helper!(DurationSecondType),
            DataType::Duration(TimeUnit::Millisecond) => $helper!(DurationMillisecondType),
            DataType::Duration(TimeUnit::Microsecond) => $helper!(DurationMicrosecondType),
            DataType::Duration(TimeUnit::Nanosecond) => $helper!(DurationNanosecondType),
            _ => $otherwise,
        }
    };
}

/// The type of the state of a sum of such values, if they are added up exactly.
fn state_type(argument: &DataType) -> Option<DataType> {
    macro_rules! total {
        ($summand:ty) => {
            Some(<$summand>::total_type(argument))
        };
    }
    for_summand!(argument, total, None)
}

impl AggregateUDFImpl for Sum {
    fn name(&self) -> &str {
        "sum"
    }

    fn signature(&self) -> &Signature {
        self.inner.signature()
    }

    fn return_type(&self, arg_types: &[DataType]) -> Result<DataType> {
        match arg_types {
            [argument] if argument.is_decimal() => match state_type(argument) {
                Some(total) => Ok(total),
                None => self.inner.return_type(arg_types),
            },
            _ => self.inner.return_type(arg_types),
        }
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let argument = args.input_fields.first().map(|field| field.data_type());
        let Some((argument, total)) =
            argument.and_then(|argument| Some((argument, state_type(argument)?)))
        else {
            return self.inner.state_fields(args);
        };
        let field = if args.is_distinct {
            let item = Field::new_list_field(argument.clone(), true);
            Field::new_list(format_state_name(args.name, "sum distinct"), item, false)
        } else {
            Field::new(format_state_name(args.name, "sum"), total, true)
        };
        Ok(vec![Arc::new(field)])
    }

    fn accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        let Some(argument) = args.expr_fields.first().map(|field| field.data_type()) else {
            return self.inner.accumulator(args);
        };
        macro_rules! accumulator {
            ($summand:ty) => {{
                let result = args.return_type();
                if args.is_distinct {
                    Ok(Box::new(DistinctSum::<$summand>::new(argument, result)))
                } else {
                    Ok(Box::new(SingleSum::<$summand>::new(argument, result)))
                }
            }};
        }
        for_summand!(argument, accumulator, self.inner.accumulator(args))
    }

    fn groups_accumulator_supported(&self, args: AccumulatorArgs) -> bool {
        !args.is_distinct
    }

    fn create_groups_accumulator(
        &self,
        args: AccumulatorArgs,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        let Some(argument) = args.expr_fields.first().map(|field| field.data_type()) else {
            return self.inner.create_groups_accumulator(args);
        };
        macro_rules! accumulator {
            ($summand:ty) => {
                Ok(Box::new(GroupSums::<$summand>::new(
                    argument,
                    args.return_type(),
                )))
            };
        }
        for_summand!(
            argument,
            accumulator,
            self.inner.create_groups_accumulator(args)
        )
    }

    fn create_sliding_accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        let Some(argument) = args.expr_fields.first().map(|field| field.data_type()) else {
            return self.inner.create_sliding_accumulator(args);
        };
        macro_rules! accumulator {
            ($summand:ty) => {{
                let result = args.return_type();
                if args.is_distinct {
                    Ok(Box::new(SlidingDistinctSum::<$summand>::new(
                        argument, result,
                    )))
                } else {
                    Ok(Box::new(SlidingSum::<$summand>::new(argument, result)))
                }
            }};
        }
        if *argument == DataType::Float64 && !args.is_distinct {
            return Ok(Box::new(Sliding::<f64>::new(floats, |sum, _| Some(sum))));
        }
        for_summand!(
            argument,
            accumulator,
            self.inner.create_sliding_accumulator(args)
        )
    }

    fn reverse_expr(&self) -> ReversedUDAF {
        ReversedUDAF::Identical
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        AggregateOrderSensitivity::Insensitive
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.inner.documentation()
    }

    fn set_monotonicity(&self, data_type: &DataType) -> SetMonotonicity {
        self.inner.set_monotonicity(data_type)
    }
}
