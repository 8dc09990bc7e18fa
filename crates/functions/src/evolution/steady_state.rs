//! `steady_state`: where a Markov chain settles.

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
pub(super) struct SteadyState;

impl Documented for SteadyState {
    const PARAMETERS: Parameters = Parameters {
        function: "steady_state",
        list: MATRIX,
    };
    const MANUAL: Manual = Manual {
        text: "The share of time spent in each state in the long run, if the probabilities stay as they are, as LIST<STRUCT(state VARCHAR, \
        p DOUBLE)> in the order of the matrix: p with p = p P and a sum of 1. States that are left for good have 0.\n\n\
        NULL gives NULL, and so do a NULL inside the matrix, a matrix without states, a state of which it is not known where it goes, a row of \
        zeros (`transition_matrix` with absorb makes it stay), and a chain whose end depends on its beginning because it has two parts that are never left. \
        A matrix that is not square, a probability outside 0 to 1, a row that does not sum to 1 and more than 100 states are errors.\n\n\
        Source: Kemeny and Snell (1960), Finite Markov Chains, chapter 4; computed as in Grassmann, Taksar and Heyman (1985), \
        doi 10.1287/opre.33.5.1107.",
        example: "
> SELECT share['state'] AS state, round(share['p'], 4) AS p
  FROM (SELECT unnest(steady_state([[0.5, 0.5], [0.25, 0.75]])) AS share);
+-------+--------+
| state | p      |
+-------+--------+
| 1     | 0.3333 |
| 2     | 0.6667 |
+-------+--------+
",
        related: &["transition_matrix", "mfpt"],
    };
    const SAMPLES: Samples = MATRIX_SAMPLES;
    const BENCHMARK: Benchmark = benchmark::alone("SELECT steady_state(matrix) FROM matrices");
}

impl ByRow for SteadyState {
    type Arguments = NamedChain;
    type Answer = Vec<Share>;

    fn answer(NamedChain { states, chain }: NamedChain) -> Result<Option<Vec<Share>>> {
        let shares = chain.steady_state().map(|shares| {
            let share = |(state, p)| Share { state, p };
            states.into_iter().zip(shares).map(share).collect()
        });
        Ok(shares)
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
