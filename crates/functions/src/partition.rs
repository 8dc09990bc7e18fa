//! Lifts a measure of whole partitions to a SQL window function: every row keeps its place and gets its answer.
//!
//! An author writes a [`PartitionMeasure`] and lists it with `Group::window`.

use std::fmt::Debug;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion_common::{Result, internal_err};
use datafusion_expr::function::{PartitionEvaluatorArgs, WindowUDFFieldArgs};
use datafusion_expr::{
    Documentation, PartitionEvaluator, ReturnFieldArgs, Signature, Volatility, WindowUDFImpl,
};

use crate::aggregate::{Answer, Row, Rows};
use crate::documented::{Documented, Entry};

/// The rule of a window function: how a row enters the state and what the state answers to each.
///
/// A row with NULL in any argument but a setting is skipped and answers NULL. The frame and the order of the
/// window do not matter.
pub(crate) trait PartitionMeasure: Documented + Debug + Send + Sync + 'static {
    /// What is kept of the rows.
    type State: Default;
    /// What a row answers.
    type Answer: Answer;

    /// Takes in one row.
    fn update(state: &mut Self::State, row: Row<'_>) -> Result<()>;

    /// The answer to each row taken in, in their order, `None` for NULL.
    fn evaluate(state: &Self::State) -> Result<Vec<Option<Self::Answer>>>;
}

/// A measure without its type, so that a plan can ask any of ours for its entry.
trait AnyPartitionMeasure: Debug + Send + Sync {
    fn answer_type(&self) -> DataType;
    fn evaluator(&self) -> Box<dyn PartitionEvaluator>;
}

impl<M: PartitionMeasure> AnyPartitionMeasure for M {
    fn answer_type(&self) -> DataType {
        M::Answer::data_type()
    }

    fn evaluator(&self) -> Box<dyn PartitionEvaluator> {
        Box::new(Whole::<M>(PhantomData))
    }
}

/// A measure as DataFusion sees it.
#[derive(Debug)]
pub(crate) struct Window {
    entry: Entry,
    measure: Box<dyn AnyPartitionMeasure>,
}

impl Window {
    pub(crate) fn new<M: PartitionMeasure>(group: &'static str, measure: M) -> Self {
        Self {
            entry: Entry::of::<M>(group, Volatility::Immutable).over_a_window(),
            measure: Box::new(measure),
        }
    }

    /// What is written of it.
    pub(crate) fn entry(&self) -> &Entry {
        &self.entry
    }
}

impl PartialEq for Window {
    fn eq(&self, other: &Self) -> bool {
        self.entry == other.entry
    }
}

impl Eq for Window {}

impl Hash for Window {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.entry.hash(state);
    }
}

impl WindowUDFImpl for Window {
    fn name(&self) -> &str {
        self.entry.name()
    }

    fn signature(&self) -> &Signature {
        &self.entry.signature
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        Ok(self.entry.parameters.coerce(given))
    }

    fn field(&self, args: WindowUDFFieldArgs) -> Result<FieldRef> {
        self.entry.parameters.check(&ReturnFieldArgs {
            arg_fields: args.input_fields(),
            scalar_arguments: &vec![None; args.input_fields().len()],
        })?;
        let data_type = self.measure.answer_type();
        Ok(Arc::new(Field::new(args.name(), data_type, true)))
    }

    fn partition_evaluator(
        &self,
        _: PartitionEvaluatorArgs,
    ) -> Result<Box<dyn PartitionEvaluator>> {
        Ok(self.measure.evaluator())
    }

    fn documentation(&self) -> Option<&Documentation> {
        Some(self.entry.documentation())
    }
}

/// Looks at a partition as a whole.
#[derive(Debug)]
struct Whole<M>(PhantomData<M>);

impl<M: PartitionMeasure> PartitionEvaluator for Whole<M> {
    fn evaluate_all(&mut self, values: &[ArrayRef], num_rows: usize) -> Result<ArrayRef> {
        let parameters = M::PARAMETERS;
        let rows = Rows::new(&parameters, values);
        let mut state = M::State::default();
        let mut taken = Vec::new();
        for index in 0..num_rows {
            if let Some(row) = rows.get(index, None) {
                M::update(&mut state, row)?;
                taken.push(index);
            }
        }
        let given = M::evaluate(&state)?;
        if given.len() != taken.len() {
            return internal_err!("{} has not answered each row", parameters.function);
        }
        let mut answers: Vec<Option<M::Answer>> = (0..num_rows).map(|_| None).collect();
        for (index, answer) in taken.into_iter().zip(given) {
            answers[index] = answer;
        }
        M::Answer::array(answers)
    }
}
