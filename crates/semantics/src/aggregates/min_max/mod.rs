//! `min` and `max` that answer alike for floats, however they are computed.
//!
//! DataFusion's group accumulators compare with `partial_cmp`, so that what NaN does depends on the order of rows,
//! and begin at the largest finite number, which is then the minimum of infinities; its accumulators of one group
//! put a NaN with a sign below all numbers; its answers from statistics know no NaN (apache/datafusion 15812).
//! Here NaN is greater than any number, as in DuckDB and PostgreSQL, and -0.0 equals 0.0. What is no float goes
//! to DataFusion's functions.

mod groups;
mod order;
mod single;
mod sliding;

use arrow::datatypes::{DataType, FieldRef, Float16Type, Float32Type, Float64Type};
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use datafusion::functions_aggregate::min_max::{Max as DataFusionMax, Min as DataFusionMin};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::AggregateOrderSensitivity;
use datafusion::logical_expr::{
    Accumulator, AggregateUDFImpl, Documentation, GroupsAccumulator, ReversedUDAF, SetMonotonicity,
    Signature, StatisticsArgs,
};

use groups::GroupExtremes;
use order::{Greatest, Least};
use single::SingleExtreme;
use sliding::SlidingExtreme;

macro_rules! for_float {
    ($data_type:expr, $helper:ident, $otherwise:expr) => {
        match $data_type {
            DataType::Float16 => $helper!(Float16Type),
            DataType::Float32 => $helper!(Float32Type),
            DataType::Float64 => $helper!(Float64Type),
            _ => $otherwise,
        }
    };
}

macro_rules! extreme {
    ($function:ident, $inner:ty, $wanted:ty, $name:literal, $doc:literal) => {
        #[doc = $doc]
        ///
        /// NULL if all values are NULL. Of the same type as the argument, of which there is an order. Floats are in
        /// the order of numbers, with every NaN equal and greater than infinity.
        #[derive(Debug, PartialEq, Eq, Hash)]
        pub struct $function {
            inner: $inner,
        }

        impl $function {
            /// The function.
            pub fn new() -> Self {
                Self {
                    inner: <$inner>::new(),
                }
            }
        }

        impl Default for $function {
            fn default() -> Self {
                Self::new()
            }
        }

        impl AggregateUDFImpl for $function {
            fn name(&self) -> &str {
                $name
            }

            fn signature(&self) -> &Signature {
                self.inner.signature()
            }

            fn coerce_types(&self, arg_types: &[DataType]) -> Result<Vec<DataType>> {
                self.inner.coerce_types(arg_types)
            }

            fn return_type(&self, arg_types: &[DataType]) -> Result<DataType> {
                self.inner.return_type(arg_types)
            }

            fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
                self.inner.state_fields(args)
            }

            fn accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
                macro_rules! accumulator {
                    ($float:ty) => {
                        Ok(Box::new(SingleExtreme::<$float, $wanted>::default()))
                    };
                }
                for_float!(
                    args.return_type(),
                    accumulator,
                    self.inner.accumulator(args)
                )
            }

            fn groups_accumulator_supported(&self, args: AccumulatorArgs) -> bool {
                self.inner.groups_accumulator_supported(args)
            }

            fn create_groups_accumulator(
                &self,
                args: AccumulatorArgs,
            ) -> Result<Box<dyn GroupsAccumulator>> {
                macro_rules! accumulator {
                    ($float:ty) => {
                        Ok(Box::new(GroupExtremes::<$float, $wanted>::default()))
                    };
                }
                for_float!(
                    args.return_type(),
                    accumulator,
                    self.inner.create_groups_accumulator(args)
                )
            }

            fn create_sliding_accumulator(
                &self,
                args: AccumulatorArgs,
            ) -> Result<Box<dyn Accumulator>> {
                macro_rules! accumulator {
                    ($float:ty) => {
                        Ok(Box::new(SlidingExtreme::<$float, $wanted>::default()))
                    };
                }
                for_float!(
                    args.return_type(),
                    accumulator,
                    self.inner.create_sliding_accumulator(args)
                )
            }

            fn is_descending(&self) -> Option<bool> {
                self.inner.is_descending()
            }

            fn order_sensitivity(&self) -> AggregateOrderSensitivity {
                self.inner.order_sensitivity()
            }

            fn reverse_expr(&self) -> ReversedUDAF {
                ReversedUDAF::Identical
            }

            /// Statistics of floats leave NaN out, and may round zeros.
            fn value_from_stats(&self, statistics_args: &StatisticsArgs) -> Option<ScalarValue> {
                if statistics_args.return_type.is_floating() {
                    return None;
                }
                self.inner.value_from_stats(statistics_args)
            }

            fn documentation(&self) -> Option<&Documentation> {
                self.inner.documentation()
            }

            fn set_monotonicity(&self, data_type: &DataType) -> SetMonotonicity {
                self.inner.set_monotonicity(data_type)
            }
        }
    };
}

extreme!(
    Min,
    DataFusionMin,
    Least,
    "min",
    "The least of all values that are not NULL."
);
extreme!(
    Max,
    DataFusionMax,
    Greatest,
    "max",
    "The greatest of all values that are not NULL."
);
