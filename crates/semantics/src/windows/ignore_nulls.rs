//! `lead`, `lag`, `first_value`, `last_value` and `nth_value`, which see the whole partition where they need to.
//!
//! apache/datafusion 25471: with IGNORE NULLS, DataFusion's `lead` and `lag` look ahead as far as their offset says,
//! not as far as the next value that is not NULL, and a LIMIT above cuts off the rows they look at. With a negative
//! offset `lag` looks ahead, which LIMIT is not told either.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, FieldRef};
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use datafusion::functions_window::{lead_lag, nth_value};
use datafusion::logical_expr::expr::NullTreatment;
use datafusion::logical_expr::function::{
    ExpressionArgs, PartitionEvaluatorArgs, WindowFunctionSimplification, WindowUDFFieldArgs,
};
use datafusion::logical_expr::window_state::WindowAggState;
use datafusion::logical_expr::{
    Documentation, Expr, LimitEffect, PartitionEvaluator, ReversedUDWF, Signature, WindowUDF,
    WindowUDFImpl,
};
use datafusion::physical_expr::PhysicalExpr;

pub(super) fn functions() -> Vec<Arc<WindowUDF>> {
    [
        lead_lag::lead_udwf(),
        lead_lag::lag_udwf(),
        nth_value::first_value_udwf(),
        nth_value::last_value_udwf(),
        nth_value::nth_value_udwf(),
    ]
    .into_iter()
    .map(|inner| {
        let ignores_nulls = false;
        Arc::new(WindowUDF::from(Reaching {
            inner,
            ignores_nulls,
        }))
    })
    .collect()
}

/// One of DataFusion's functions, with what it looks at told to the planner.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Reaching {
    inner: Arc<WindowUDF>,
    /// Known once the call is planned; whether the call says IGNORE NULLS is not told to `limit_effect`.
    ignores_nulls: bool,
}

impl Reaching {
    fn of(&self, inner: Arc<WindowUDF>) -> Arc<WindowUDF> {
        let ignores_nulls = self.ignores_nulls;
        Arc::new(WindowUDF::from(Self {
            inner,
            ignores_nulls,
        }))
    }
}

impl WindowUDFImpl for Reaching {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn signature(&self) -> &Signature {
        self.inner.signature()
    }

    fn expressions(&self, expr_args: ExpressionArgs) -> Vec<Arc<dyn PhysicalExpr>> {
        self.inner.expressions(expr_args)
    }

    fn partition_evaluator(
        &self,
        args: PartitionEvaluatorArgs,
    ) -> Result<Box<dyn PartitionEvaluator>> {
        let ignores_nulls = args.ignore_nulls();
        let inner = self.inner.partition_evaluator_factory(args)?;
        Ok(if ignores_nulls {
            Box::new(WholePartition(inner))
        } else {
            inner
        })
    }

    fn simplify(&self) -> Option<WindowFunctionSimplification> {
        if self.ignores_nulls {
            return None;
        }
        let reaching = Arc::new(WindowUDF::from(Self {
            inner: Arc::clone(&self.inner),
            ignores_nulls: true,
        }));
        Some(Box::new(move |mut call, _| {
            if call.params.null_treatment == Some(NullTreatment::IgnoreNulls) {
                call.fun = Arc::clone(&reaching).into();
            }
            Ok(Expr::from(call))
        }))
    }

    fn field(&self, field_args: WindowUDFFieldArgs) -> Result<FieldRef> {
        self.inner.field(field_args)
    }

    fn coerce_types(&self, arg_types: &[DataType]) -> Result<Vec<DataType>> {
        self.inner.coerce_types(arg_types)
    }

    fn reverse_expr(&self) -> ReversedUDWF {
        match self.inner.reverse_expr() {
            ReversedUDWF::Reversed(inner) => ReversedUDWF::Reversed(self.of(inner)),
            other => other,
        }
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.inner.documentation()
    }

    fn limit_effect(&self, args: &[Arc<dyn PhysicalExpr>]) -> LimitEffect {
        // With an offset that is given, `lag` may look ahead.
        if self.ignores_nulls || (self.name() == "lag" && args.len() > 1) {
            return LimitEffect::Unknown;
        }
        self.inner.inner().limit_effect(args)
    }
}

/// An evaluator that is given all rows of a partition before it is asked about the first.
#[derive(Debug)]
struct WholePartition(Box<dyn PartitionEvaluator>);

impl PartitionEvaluator for WholePartition {
    fn memoize(&mut self, state: &mut WindowAggState) -> Result<()> {
        self.0.memoize(state)
    }

    fn get_range(&self, idx: usize, n_rows: usize) -> Result<Range<usize>> {
        self.0.get_range(idx, n_rows)
    }

    fn is_causal(&self) -> bool {
        false
    }

    fn evaluate_all(&mut self, values: &[ArrayRef], num_rows: usize) -> Result<ArrayRef> {
        self.0.evaluate_all(values, num_rows)
    }

    fn evaluate(&mut self, values: &[ArrayRef], range: &Range<usize>) -> Result<ScalarValue> {
        self.0.evaluate(values, range)
    }

    fn evaluate_all_with_rank(
        &self,
        num_rows: usize,
        ranks_in_partition: &[Range<usize>],
    ) -> Result<ArrayRef> {
        self.0.evaluate_all_with_rank(num_rows, ranks_in_partition)
    }

    fn supports_bounded_execution(&self) -> bool {
        false
    }

    fn uses_window_frame(&self) -> bool {
        self.0.uses_window_frame()
    }

    fn include_rank(&self) -> bool {
        self.0.include_rank()
    }
}
