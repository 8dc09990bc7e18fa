//! `mfpt`: how long a Markov chain takes from state to state.

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
    function: "mfpt",
    list: MATRIX,
};

#[user_doc(
    doc_section(label = "evolution"),
    description = "Mean first passage times: the mean number of steps until a thing in one state is first in another, as \
    LIST<STRUCT(from_state VARCHAR, to_state VARCHAR, steps DOUBLE)> for every pair in the order of the matrix; from a state to itself, until it is back. \
    +infinity if it may never get there. A step is the time between two rows of an id in `transition_matrix`.\n\n\
    NULL gives NULL, and so do a NULL inside the matrix and a state of which it is not known where it goes, a row of \
    zeros (`transition_matrix` with absorb makes it stay). A matrix that is not square, a probability outside 0 to 1, a row that does not sum to 1 \
    and more than 100 states are errors.\n\n\
    Source: Kemeny and Snell (1960), Finite Markov Chains, section 4.4.",
    syntax_example = "mfpt(matrix)",
    sql_example = r#"```sql
> SELECT way['from_state'] AS from_state, way['to_state'] AS to_state, way['steps'] AS steps
  FROM (SELECT unnest(mfpt([[0.5, 0.5], [0.25, 0.75]])) AS way);
+------------+----------+-------+
| from_state | to_state | steps |
+------------+----------+-------+
| 1          | 1        | 3.0   |
| 1          | 2        | 2.0   |
| 2          | 1        | 4.0   |
| 2          | 2        | 1.5   |
+------------+----------+-------+
```"#,
    argument(
        name = "matrix",
        description = "Probabilities: the answer of transition_matrix, or a list of rows such as [[0.9, 0.1], [0.2, 0.8]] whose states are called 1, 2, ..."
    ),
    related_udf(name = "transition_matrix"),
    related_udf(name = "steady_state")
)]
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Mfpt {
    signature: Signature,
}

impl Default for Mfpt {
    fn default() -> Self {
        Self {
            signature: PARAMETERS.signature(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for Mfpt {
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
        Ok(<Vec<Passage> as Answer>::data_type())
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        PARAMETERS.check(&args)?;
        let data_type = <Vec<Passage> as Answer>::data_type();
        Ok(Arc::new(Field::new(self.name(), data_type, true)))
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        each_chain(PARAMETERS.function, &args, |named| {
            let times = named.chain.first_passage();
            let states = &named.states;
            let passages = times.iter().zip(states).flat_map(|(row, from)| {
                row.iter().zip(states).map(|(steps, to)| Passage {
                    from_state: Arc::clone(from),
                    to_state: Arc::clone(to),
                    steps: *steps,
                })
            });
            Some(passages.collect::<Vec<_>>())
        })
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}

/// One pair of states.
#[derive(Debug)]
pub(super) struct Passage {
    from_state: Arc<str>,
    to_state: Arc<str>,
    steps: f64,
}

impl Item for Passage {
    fn data_type() -> DataType {
        DataType::Struct(fields())
    }

    fn array(rows: Vec<Self>) -> Result<ArrayRef> {
        let columns: Vec<ArrayRef> = vec![
            Arc::new(
                rows.iter()
                    .map(|row| Some(&row.from_state))
                    .collect::<StringViewArray>(),
            ),
            Arc::new(
                rows.iter()
                    .map(|row| Some(&row.to_state))
                    .collect::<StringViewArray>(),
            ),
            Arc::new(rows.iter().map(|row| row.steps).collect::<Float64Array>()),
        ];
        Ok(Arc::new(StructArray::try_new(fields(), columns, None)?))
    }
}

fn fields() -> Fields {
    Fields::from(vec![
        Field::new("from_state", DataType::Utf8View, false),
        Field::new("to_state", DataType::Utf8View, false),
        Field::new("steps", DataType::Float64, false),
    ])
}
