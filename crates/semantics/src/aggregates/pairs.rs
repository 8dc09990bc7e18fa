//! `corr` and `regr_r2` by deviations from the means, which large offsets do not blur.
//!
//! DataFusion's group accumulator of `corr` subtracts sums of squares, so that numbers far from zero leave nothing but
//! rounding errors (1e9 and its neighbours correlate at random); its `regr_r2` of a constant is NULL, where the
//! standard, PostgreSQL and DuckDB say that a line fits a constant wholly.

use std::mem::size_of;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, Float64Array};
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use datafusion::functions_aggregate::correlation::corr_udaf;
use datafusion::functions_aggregate::regr::regr_r2_udaf;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::{AggregateOrderSensitivity, format_state_name};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, Documentation, EmitTo, GroupsAccumulator,
    Signature,
};

use super::moments::{Moments, PARTS, pairs, states};
use super::sliding::{Sliding, paired};

/// What is asked of pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Measure {
    Correlation,
    Determination,
}

impl Measure {
    fn of(self, moments: &Moments) -> Option<f64> {
        match self {
            Self::Correlation => moments.correlation(),
            Self::Determination => moments.determination(),
        }
    }
}

/// `corr`, the correlation coefficient (Pearson), or `regr_r2`, its square, of pairs of which no side is NULL.
///
/// NULL without pairs. The coefficient is NaN where a side does not vary, as in DuckDB and numpy, and where one is
/// NaN or infinite. Its square is NULL where the second argument does not vary, else 1 where the first does not, as
/// in the standard. Source: Chan, Golub and LeVeque (1983) for adding moments up.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct PairMeasure {
    measure: Measure,
    inner: Arc<AggregateUDF>,
}

impl PairMeasure {
    /// `corr`
    pub fn correlation() -> Self {
        Self {
            measure: Measure::Correlation,
            inner: corr_udaf(),
        }
    }

    /// `regr_r2`
    pub fn determination() -> Self {
        Self {
            measure: Measure::Determination,
            inner: regr_r2_udaf(),
        }
    }
}

impl AggregateUDFImpl for PairMeasure {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn signature(&self) -> &Signature {
        self.inner.signature()
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Float64)
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let field = |part: &str| {
            let name = format_state_name(args.name, part);
            Arc::new(Field::new(name, DataType::Float64, false))
        };
        Ok(PARTS.into_iter().map(field).collect())
    }

    fn accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(Single {
            measure: self.measure,
            moments: Moments::default(),
        }))
    }

    fn create_sliding_accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        if args.is_distinct {
            return self.accumulator(args);
        }
        let answer = match self.measure {
            Measure::Correlation => |moments: Moments, _| moments.correlation(),
            Measure::Determination => |moments: Moments, _| moments.determination(),
        };
        Ok(Box::new(Sliding::new(paired, answer)))
    }

    fn groups_accumulator_supported(&self, args: AccumulatorArgs) -> bool {
        !args.is_distinct
    }

    fn create_groups_accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(Groups {
            measure: self.measure,
            moments: Vec::new(),
        }))
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        AggregateOrderSensitivity::Insensitive
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.inner.documentation()
    }
}

#[derive(Debug)]
struct Single {
    measure: Measure,
    moments: Moments,
}

impl Accumulator for Single {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        pairs(values).for_each(|(_, pair)| self.moments.merge(&pair));
        Ok(())
    }

    fn merge_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        states(values).for_each(|state| self.moments.merge(&state));
        Ok(())
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let parts = self.moments.parts();
        Ok(parts.into_iter().map(ScalarValue::from).collect())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(ScalarValue::Float64(self.measure.of(&self.moments)))
    }

    fn size(&self) -> usize {
        size_of::<Self>()
    }
}

#[derive(Debug)]
struct Groups {
    measure: Measure,
    moments: Vec<Moments>,
}

impl GroupsAccumulator for Groups {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.moments.resize(total_num_groups, Moments::default());
        for (row, pair) in pairs(values) {
            let passes = opt_filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row));
            if passes {
                self.moments[group_indices[row]].merge(&pair);
            }
        }
        Ok(())
    }

    fn merge_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        total_num_groups: usize,
    ) -> Result<()> {
        self.moments.resize(total_num_groups, Moments::default());
        for (group, state) in group_indices.iter().zip(states(values)) {
            self.moments[*group].merge(&state);
        }
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let moments = emit_to.take_needed(&mut self.moments);
        let values: Float64Array = moments
            .iter()
            .map(|moments| self.measure.of(moments))
            .collect();
        Ok(Arc::new(values))
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let moments = emit_to.take_needed(&mut self.moments);
        let part = |part: usize| {
            let values = moments.iter().map(|moments| moments.parts()[part]);
            Arc::new(Float64Array::from_iter_values(values)) as ArrayRef
        };
        Ok((0..PARTS.len()).map(part).collect())
    }

    fn convert_to_state(
        &self,
        values: &[ArrayRef],
        opt_filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        let rows = values[0].len();
        let mut groups = Self {
            measure: self.measure,
            moments: Vec::new(),
        };
        let own: Vec<usize> = (0..rows).collect();
        groups.update_batch(values, &own, opt_filter, rows)?;
        groups.state(EmitTo::All)
    }

    fn size(&self) -> usize {
        self.moments.capacity() * size_of::<Moments>()
    }
}
