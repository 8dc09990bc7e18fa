//! A row of the function list: one SQL function of any kind.

use std::sync::Arc;

use datafusion_doc::Documentation;
use datafusion_expr::{AggregateUDF, ScalarUDF, ScalarUDFImpl, WindowUDF};

use crate::aggregate::{Aggregate, Measure};
use crate::partition::{PartitionMeasure, Window};

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
    /// A row for a scalar function.
    pub(crate) fn scalar(function: impl ScalarUDFImpl + 'static) -> Self {
        Self::Scalar(Arc::new(ScalarUDF::new_from_impl(function)))
    }

    /// A row for an aggregate function.
    pub(crate) fn aggregate(measure: impl Measure) -> Self {
        Self::Aggregate(Arc::new(AggregateUDF::new_from_impl(Aggregate::new(
            measure,
        ))))
    }

    /// A row for a window function.
    pub(crate) fn window(measure: impl PartitionMeasure) -> Self {
        Self::Window(Arc::new(WindowUDF::new_from_impl(Window::new(measure))))
    }

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
