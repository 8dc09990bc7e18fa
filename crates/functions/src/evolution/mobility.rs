//! `mobility`: how much a Markov chain moves.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion_common::Result;
use datafusion_expr::{
    ColumnarValue, Documentation, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature,
    Volatility,
};
use datafusion_macros::user_doc;

use super::matrix::{MATRIX, each_chain};
use crate::aggregate::Answer;
use crate::parameters::Parameters;

const PARAMETERS: Parameters = Parameters {
    function: "mobility",
    list: MATRIX,
};

#[user_doc(
    doc_section(label = "evolution"),
    description = "How readily things change their state: the trace index (k - sum p_ii) / (k - 1) of k states. 0 if all stay, 1 if the next \
    state does not depend on the present one, up to k / (k - 1) if none stays.\n\n\
    NULL gives NULL, and so do a NULL inside the matrix, fewer than two states, and a state of which it is not known where it goes, a row of \
    zeros (`transition_matrix` with absorb makes it stay). A matrix that is not square, a probability outside 0 to 1, a row that \
    does not sum to 1 and more than 100 states are errors.\n\n\
    Source: Shorrocks (1978), The Measurement of Mobility, Econometrica 46(5), doi 10.2307/1911433.",
    syntax_example = "mobility(matrix)",
    sql_example = r#"```sql
> SELECT mobility([[0.5, 0.5], [0.25, 0.75]]) AS mobility;
+----------+
| mobility |
+----------+
| 0.75     |
+----------+
```"#,
    argument(
        name = "matrix",
        description = "Probabilities: the answer of transition_matrix, or a list of rows such as [[0.9, 0.1], [0.2, 0.8]] whose states are called 1, 2, ..."
    ),
    related_udf(name = "transition_matrix"),
    related_udf(name = "steady_state")
)]
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Mobility {
    signature: Signature,
}

impl Default for Mobility {
    fn default() -> Self {
        Self {
            signature: PARAMETERS.signature(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for Mobility {
    fn name(&self) -> &str {
        PARAMETERS.function
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        Ok(PARAMETERS.coerce(given))
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(f64::data_type())
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        PARAMETERS.check(&args)?;
        let data_type = f64::data_type();
        Ok(Arc::new(Field::new(self.name(), data_type, true)))
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        each_chain(PARAMETERS.function, &args, |named| named.chain.mobility())
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}
