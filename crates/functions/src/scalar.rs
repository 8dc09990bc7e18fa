//! Lifts a rule to a SQL function of one value a row.
//!
//! An author writes the words of a function as [`Documented`](crate::documented::Documented) and its rule either as
//! [`ByRow`], from the arguments of one row, or as [`Scalar`], from whole columns where that is faster. Everything
//! DataFusion asks for beyond that is here.

mod by_row;

use std::any::Any;
use std::fmt::Debug;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion_common::{Result, ScalarValue};
use datafusion_expr::sort_properties::{ExprProperties, SortProperties};
use datafusion_expr::{
    ColumnarValue, Documentation, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl,
    Signature, Volatility,
};

use crate::documented::{Documented, Entry};

pub(crate) use by_row::{Arguments, ByRow, Finite};

/// The rule of a scalar function, for all rows of a batch.
pub(crate) trait Scalar: Debug + Send + Sync + Any {
    /// The type of the answer.
    fn data_type(&self) -> DataType;

    /// The answer to each of `rows` rows. Arguments have the types of their parameters.
    fn array(&self, args: &ScalarFunctionArgs, rows: usize) -> Result<ArrayRef>;

    /// Refuses a call of the right shape by the literals in it, while planning.
    fn check(&self, _: &ReturnFieldArgs) -> Result<()> {
        Ok(())
    }

    /// Whether NULL in any argument gives NULL.
    fn is_strict(&self) -> bool {
        true
    }

    /// Whether a call can answer NULL.
    fn is_nullable(&self, _: &ReturnFieldArgs) -> bool {
        true
    }

    /// How long the answer to the same arguments holds.
    fn volatility(&self) -> Volatility {
        Volatility::Immutable
    }

    /// The order of the answers if arguments come in these.
    fn ordering(&self, _: &[ExprProperties]) -> SortProperties {
        SortProperties::Unordered
    }
}

/// A rule as DataFusion sees it.
#[derive(Debug)]
pub(crate) struct ScalarFunction {
    entry: Entry,
    rule: Box<dyn Scalar>,
}

impl ScalarFunction {
    pub(crate) fn new<F: Scalar + Documented>(group: &'static str, rule: F) -> Self {
        Self {
            entry: Entry::of::<F>(group, rule.volatility()),
            rule: Box::new(rule),
        }
    }

    /// What is written of it.
    pub(crate) fn entry(&self) -> &Entry {
        &self.entry
    }
}

/// Whether `function` is the one whose rule is an `F`.
pub(crate) fn is<F: Scalar>(function: &ScalarUDF) -> bool {
    let function = function.inner().downcast_ref::<ScalarFunction>();
    function.is_some_and(|function| {
        let rule: &dyn Any = function.rule.as_ref();
        rule.is::<F>()
    })
}

impl PartialEq for ScalarFunction {
    fn eq(&self, other: &Self) -> bool {
        self.entry == other.entry
    }
}

impl Eq for ScalarFunction {}

impl Hash for ScalarFunction {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.entry.hash(state);
    }
}

impl ScalarUDFImpl for ScalarFunction {
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
        Ok(self.rule.data_type())
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        self.entry.parameters.check(&args)?;
        self.rule.check(&args)?;
        let nullable = self.rule.is_nullable(&args);
        let field = Field::new(self.name(), self.rule.data_type(), nullable);
        Ok(Arc::new(field))
    }

    fn is_strict(&self) -> bool {
        self.rule.is_strict()
    }

    fn output_ordering(&self, inputs: &[ExprProperties]) -> Result<SortProperties> {
        Ok(self.rule.ordering(inputs))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let constant = |argument: &ColumnarValue| matches!(argument, ColumnarValue::Scalar(_));
        if args.args.iter().all(constant) {
            let array = self.rule.array(&args, 1)?;
            return ScalarValue::try_from_array(&array, 0).map(ColumnarValue::Scalar);
        }
        let rows = args.number_rows;
        self.rule.array(&args, rows).map(ColumnarValue::Array)
    }

    fn documentation(&self) -> Option<&Documentation> {
        Some(self.entry.documentation())
    }
}
