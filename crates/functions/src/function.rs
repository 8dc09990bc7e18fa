//! A row of the function list: one SQL function of any kind.

use std::sync::Arc;

use arrow::array::ArrayRef;
use datafusion_common::Result;
use datafusion_doc::Documentation;
use datafusion_expr::{AggregateUDF, ScalarUDF, WindowUDF};

use crate::aggregate::{Aggregate, Measure};
use crate::benchmark::Benchmark;
use crate::documented::{Documented, Entry};
use crate::partition::{PartitionMeasure, Window};
use crate::sample::Sample;
use crate::scalar::{Scalar, ScalarFunction};

/// One SQL function.
#[derive(Debug, Clone)]
pub enum Function {
    /// One value a row.
    Scalar(Arc<ScalarUDF>),
    /// One value a group.
    Aggregate(Arc<AggregateUDF>),
    /// One value a row, computed over its partition.
    Window(Arc<WindowUDF>),
}

impl Function {
    /// The name SQL calls it by.
    pub fn name(&self) -> &str {
        match self {
            Self::Scalar(udf) => udf.name(),
            Self::Aggregate(udf) => udf.name(),
            Self::Window(udf) => udf.name(),
        }
    }

    /// Other names for the same function.
    pub fn aliases(&self) -> &[String] {
        match self {
            Self::Scalar(udf) => udf.aliases(),
            Self::Aggregate(udf) => udf.aliases(),
            Self::Window(udf) => udf.aliases(),
        }
    }

    /// The names of its parameters in order, as `name => value` takes them.
    pub fn parameter_names(&self) -> &[String] {
        let signature = match self {
            Self::Scalar(udf) => udf.signature(),
            Self::Aggregate(udf) => udf.signature(),
            Self::Window(udf) => udf.signature(),
        };
        signature.parameter_names.as_deref().unwrap_or_default()
    }

    /// What help and the manual show.
    pub fn documentation(&self) -> Option<&Documentation> {
        match self {
            Self::Scalar(udf) => udf.documentation(),
            Self::Aggregate(udf) => udf.documentation(),
            Self::Window(udf) => udf.documentation(),
        }
    }

    /// Calls that it answers without an error: for each of them its arguments, columns of [`SAMPLE_ROWS`] rows.
    ///
    /// [`SAMPLE_ROWS`]: crate::SAMPLE_ROWS
    ///
    /// # Errors
    /// A sample whose columns do not fit together.
    pub fn samples(&self) -> Result<Vec<Vec<ArrayRef>>> {
        let calls = self.entry().map_or(&[][..], |entry| entry.samples).iter();
        let columns = |call: &&[Sample]| call.iter().map(Sample::array).collect();
        calls.map(columns).collect()
    }

    /// The statement that times it.
    pub fn benchmark(&self) -> Option<Benchmark> {
        Some(self.entry()?.benchmark)
    }

    fn entry(&self) -> Option<&Entry> {
        match self {
            Self::Scalar(udf) => {
                let function = udf.inner().downcast_ref::<ScalarFunction>();
                function.map(ScalarFunction::entry)
            }
            Self::Aggregate(udf) => {
                let function = udf.inner().downcast_ref::<Aggregate>();
                function.map(Aggregate::entry)
            }
            Self::Window(udf) => udf.inner().downcast_ref::<Window>().map(Window::entry),
        }
    }
}

/// Functions that answer one kind of question.
#[derive(Debug, Clone)]
pub struct Group {
    /// Short name, also the section label in each function's documentation.
    pub name: &'static str,
    /// The question, in one sentence.
    pub question: &'static str,
    /// Its functions, the most used first.
    pub functions: Vec<Function>,
}

impl Group {
    pub(crate) fn new(name: &'static str, question: &'static str) -> Self {
        Self {
            name,
            question,
            functions: Vec::new(),
        }
    }

    /// A row for a scalar function.
    pub(crate) fn scalar<F: Scalar + Documented>(self, rule: F) -> Self {
        let function = ScalarFunction::new(self.name, rule);
        self.with(Function::Scalar(Arc::new(ScalarUDF::new_from_impl(
            function,
        ))))
    }

    /// A row for an aggregate function.
    pub(crate) fn aggregate(self, measure: impl Measure) -> Self {
        let function = Aggregate::new(self.name, measure);
        self.with(Function::Aggregate(Arc::new(AggregateUDF::new_from_impl(
            function,
        ))))
    }

    /// A row for a window function.
    pub(crate) fn window(self, measure: impl PartitionMeasure) -> Self {
        let function = Window::new(self.name, measure);
        self.with(Function::Window(Arc::new(WindowUDF::new_from_impl(
            function,
        ))))
    }

    fn with(mut self, function: Function) -> Self {
        self.functions.push(function);
        self
    }
}
