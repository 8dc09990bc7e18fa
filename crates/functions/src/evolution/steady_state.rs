//! `steady_state`: where a Markov chain settles.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, StringViewArray, StructArray};
use arrow::datatypes::{DataType, Field, FieldRef, Fields};
use datafusion_common::Result;
use datafusion_expr::{
    ColumnarValue, Documentation, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature,
    Volatility,
};
use datafusion_macros::user_doc;

use super::matrix::{MATRIX, each_chain};
use crate::aggregate::Answer;
use crate::lists::Item;
use crate::parameters::Parameters;

const PARAMETERS: Parameters = Parameters {
    function: "steady_state",
    list: MATRIX,
};

#[user_doc(
    doc_section(label = "evolution"),
    description = "The share of time spent in each state in the long run, if the probabilities stay as they are, as LIST<STRUCT(state VARCHAR, \
    p DOUBLE)> in the order of the matrix: p with p = p P and a sum of 1. States that are left for good have 0.\n\n\
    NULL gives NULL, and so do a NULL inside the matrix, a matrix without states, a state of which it is not known where it goes, a row of \
    zeros (`transition_matrix` with absorb makes it stay), and a chain whose end depends on its beginning because it has two parts that are never left. \
    A matrix that is not square, a probability outside 0 to 1, a row that does not sum to 1 and more than 100 states are errors.\n\n\
    Source: Kemeny and Snell (1960), Finite Markov Chains, chapter 4; computed as in Grassmann, Taksar and Heyman (1985), \
    doi 10.1287/opre.33.5.1107.",
    syntax_example = "steady_state(matrix)",
    sql_example = r#"```sql
> SELECT share['state'] AS state, round(share['p'], 4) AS p
  FROM (SELECT unnest(steady_state([[0.5, 0.5], [0.25, 0.75]])) AS share);
+-------+--------+
| state | p      |
+-------+--------+
| 1     | 0.3333 |
| 2     | 0.6667 |
+-------+--------+
```"#,
    argument(
        name = "matrix",
        description = "Probabilities: the answer of transition_matrix, or a list of rows such as [[0.9, 0.1], [0.2, 0.8]] whose states are called 1, 2, ..."
    ),
    related_udf(name = "transition_matrix"),
    related_udf(name = "mfpt")
)]
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct SteadyState {
    signature: Signature,
}

impl Default for SteadyState {
    fn default() -> Self {
        Self {
            signature: PARAMETERS.signature(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for SteadyState {
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
        Ok(<Vec<Share> as Answer>::data_type())
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        PARAMETERS.check(&args)?;
        let data_type = <Vec<Share> as Answer>::data_type();
        Ok(Arc::new(Field::new(self.name(), data_type, true)))
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        each_chain(PARAMETERS.function, &args, |named| {
            let shares = named.chain.steady_state()?;
            let states = named.states.iter().map(Arc::clone);
            let share = |(state, p)| Share { state, p };
            Some(states.zip(shares).map(share).collect::<Vec<_>>())
        })
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}

/// One state.
#[derive(Debug)]
pub(super) struct Share {
    state: Arc<str>,
    p: f64,
}

impl Item for Share {
    fn data_type() -> DataType {
        DataType::Struct(fields())
    }

    fn array(rows: Vec<Self>) -> Result<ArrayRef> {
        let columns: Vec<ArrayRef> = vec![
            Arc::new(
                rows.iter()
                    .map(|row| Some(&row.state))
                    .collect::<StringViewArray>(),
            ),
            Arc::new(rows.iter().map(|row| row.p).collect::<Float64Array>()),
        ];
        Ok(Arc::new(StructArray::try_new(fields(), columns, None)?))
    }
}

fn fields() -> Fields {
    Fields::from(vec![
        Field::new("state", DataType::Utf8View, false),
        Field::new("p", DataType::Float64, false),
    ])
}
