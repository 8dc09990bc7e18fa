//! Lifts a mergeable summary of rows to a SQL aggregate: grouped, distinct, windowed, distributed.
//!
//! An author writes a [`State`] (what is kept of the rows seen, and how two of them become one) and a
//! [`Measure`] (how a row enters the state and what it says in the end), then lists it with `Group::aggregate`.
//! Everything DataFusion asks for beyond that is here.

mod accumulators;
mod answer;
mod distinct;
mod groups;
mod rows;
mod state;
mod window;

use std::fmt::Debug;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion_common::Result;
use datafusion_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion_expr::utils::{AggregateOrderSensitivity, format_state_name};
use datafusion_expr::{
    Accumulator, AggregateUDFImpl, Documentation, GroupsAccumulator, ReturnFieldArgs, Signature,
    Volatility,
};

use crate::documented::{Documented, Entry};
use accumulators::Plain;
use distinct::Distinct;
use groups::Groups;
use window::Sliding;

pub(crate) use answer::{Answer, NamedNumbers};
pub(crate) use rows::{Row, Rows};
pub(crate) use state::{Constant, Loader, Saver, State, Sum, number_lists};

/// The rule of an aggregate function: how a row enters the state and what the state answers.
///
/// A row with NULL in any argument is skipped before [`Self::update`] sees it. The answer must not
/// depend on the order of rows.
pub(crate) trait Measure: Documented + Debug + Send + Sync + 'static {
    /// What is kept of the rows.
    type State: State;
    /// What a group answers.
    type Answer: Answer;

    /// Takes in one row.
    fn update(state: &mut Self::State, row: Row<'_>) -> Result<()>;

    /// The answer for the rows taken in so far, `None` for NULL. More rows may follow: the state may be
    /// put in another order but must mean the same.
    fn evaluate(state: &mut Self::State) -> Result<Option<Self::Answer>>;

    /// What keeps the states of many groups.
    #[must_use]
    fn groups() -> Box<dyn GroupsAccumulator>
    where
        Self: Sized,
    {
        Box::new(Groups::<Self>::default())
    }
}

/// A measure without its type, so that a plan can ask any aggregate of ours for its entry.
trait AnyMeasure: Debug + Send + Sync {
    fn answer_type(&self) -> DataType;
    fn state_types(&self) -> Result<Vec<DataType>>;
    fn plain(&self) -> Box<dyn Accumulator>;
    fn distinct(&self, fields: &[FieldRef]) -> Box<dyn Accumulator>;
    fn sliding(&self, distinct: bool) -> Box<dyn Accumulator>;
    fn groups(&self) -> Box<dyn GroupsAccumulator>;
}

impl<M: Measure> AnyMeasure for M {
    fn answer_type(&self) -> DataType {
        M::Answer::data_type()
    }

    fn state_types(&self) -> Result<Vec<DataType>> {
        let columns = M::State::save(&[])?;
        let types = columns.iter().map(|column| column.data_type().clone());
        Ok(types.collect())
    }

    fn plain(&self) -> Box<dyn Accumulator> {
        Box::new(Plain::<M>::default())
    }

    fn distinct(&self, fields: &[FieldRef]) -> Box<dyn Accumulator> {
        Box::new(Distinct::<M>::new(fields))
    }

    fn sliding(&self, distinct: bool) -> Box<dyn Accumulator> {
        Box::new(Sliding::<M>::new(distinct))
    }

    fn groups(&self) -> Box<dyn GroupsAccumulator> {
        M::groups()
    }
}

/// A measure as DataFusion sees it.
#[derive(Debug)]
pub(crate) struct Aggregate {
    entry: Entry,
    measure: Box<dyn AnyMeasure>,
}

impl Aggregate {
    pub(crate) fn new<M: Measure>(group: &'static str, measure: M) -> Self {
        Self {
            entry: Entry::of::<M>(group, Volatility::Immutable),
            measure: Box::new(measure),
        }
    }

    /// What is written of it.
    pub(crate) fn entry(&self) -> &Entry {
        &self.entry
    }
}

impl PartialEq for Aggregate {
    fn eq(&self, other: &Self) -> bool {
        self.entry == other.entry
    }
}

impl Eq for Aggregate {}

impl Hash for Aggregate {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.entry.hash(state);
    }
}

impl AggregateUDFImpl for Aggregate {
    fn name(&self) -> &str {
        self.entry.name()
    }

    fn aliases(&self) -> &[String] {
        &self.entry.aliases
    }

    fn signature(&self) -> &Signature {
        &self.entry.signature
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        Ok(self.entry.parameters.coerce(given))
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.measure.answer_type())
    }

    fn return_field(&self, arg_fields: &[FieldRef]) -> Result<FieldRef> {
        self.entry.parameters.check(&ReturnFieldArgs {
            arg_fields,
            scalar_arguments: &vec![None; arg_fields.len()],
        })?;
        let data_type = self.measure.answer_type();
        Ok(Arc::new(Field::new(self.name(), data_type, true)))
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let types: Vec<DataType> = if args.is_distinct {
            let fields = args.input_fields.iter();
            fields.map(|field| distinct::column_type(field)).collect()
        } else {
            self.measure.state_types()?
        };
        let field = |(position, data_type): (usize, DataType)| {
            let name = format_state_name(args.name, &format!("state{position}"));
            Arc::new(Field::new(name, data_type, true))
        };
        Ok(types.into_iter().enumerate().map(field).collect())
    }

    fn accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        if args.is_distinct {
            return Ok(self.measure.distinct(args.expr_fields));
        }
        Ok(self.measure.plain())
    }

    fn groups_accumulator_supported(&self, args: AccumulatorArgs) -> bool {
        !args.is_distinct
    }

    fn create_groups_accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(self.measure.groups())
    }

    fn create_sliding_accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        Ok(self.measure.sliding(args.is_distinct))
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        AggregateOrderSensitivity::Insensitive
    }

    fn documentation(&self) -> Option<&Documentation> {
        Some(self.entry.documentation())
    }
}
