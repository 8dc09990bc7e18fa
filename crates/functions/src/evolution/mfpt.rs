//! `mfpt`: how long a Markov chain takes from state to state.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, StringViewArray, StructArray};
use arrow::datatypes::{DataType, Field, Fields};
use datafusion_common::Result;

use super::matrix::{MATRIX, MATRIX_SAMPLES, NamedChain};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::lists::Item;
use crate::parameters::Parameters;
use crate::scalar::ByRow;

#[derive(Debug)]
pub(super) struct Mfpt;

impl Documented for Mfpt {
    const PARAMETERS: Parameters = Parameters {
        function: "mfpt",
        list: MATRIX,
    };
    const MANUAL: Manual = Manual {
        text: "Mean first passage times: the mean number of steps until a thing in one state is first in another, as \
        LIST<STRUCT(from_state VARCHAR, to_state VARCHAR, steps DOUBLE)> for every pair in the order of the matrix; from a state to itself, until it is back. \
        +infinity if it may never get there. A step is the time between two rows of an id in `transition_matrix`.\n\n\
        NULL gives NULL, and so do a NULL inside the matrix and a state of which it is not known where it goes, a row of \
        zeros (`transition_matrix` with absorb makes it stay). A matrix that is not square, a probability outside 0 to 1, a row that does not sum to 1 \
        and more than 100 states are errors.\n\n\
        Source: Kemeny and Snell (1960), Finite Markov Chains, section 4.4.",
        example: "
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
",
        related: &["transition_matrix", "steady_state"],
    };
    const SAMPLES: Samples = MATRIX_SAMPLES;
    const BENCHMARK: Benchmark = benchmark::alone("SELECT mfpt(matrix) FROM matrices");
}

impl ByRow for Mfpt {
    type Arguments = NamedChain;
    type Answer = Vec<Passage>;

    fn answer(NamedChain { states, chain }: NamedChain) -> Result<Option<Vec<Passage>>> {
        let times = chain.first_passage();
        let passages = times.iter().zip(&states).flat_map(|(row, from)| {
            row.iter().zip(&states).map(|(steps, to)| Passage {
                from_state: Arc::clone(from),
                to_state: Arc::clone(to),
                steps: *steps,
            })
        });
        Ok(Some(passages.collect()))
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
