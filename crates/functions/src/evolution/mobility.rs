//! `mobility`: how much a Markov chain moves.

use datafusion_common::Result;

use super::matrix::{MATRIX, MATRIX_SAMPLES, NamedChain};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::Parameters;
use crate::scalar::ByRow;

#[derive(Debug)]
pub(super) struct Mobility;

impl Documented for Mobility {
    const PARAMETERS: Parameters = Parameters {
        function: "mobility",
        list: MATRIX,
    };
    const MANUAL: Manual = Manual {
        text: "How readily things change their state: the trace index (k - sum p_ii) / (k - 1) of k states. 0 if all stay, 1 if the next \
        state does not depend on the present one, up to k / (k - 1) if none stays.\n\n\
        NULL gives NULL, and so do a NULL inside the matrix, fewer than two states, and a state of which it is not known where it goes, a row of \
        zeros (`transition_matrix` with absorb makes it stay). A matrix that is not square, a probability outside 0 to 1, a row that \
        does not sum to 1 and more than 100 states are errors.\n\n\
        Source: Shorrocks (1978), The Measurement of Mobility, Econometrica 46(5), doi 10.2307/1911433.",
        example: "
> SELECT mobility([[0.5, 0.5], [0.25, 0.75]]) AS mobility;
+----------+
| mobility |
+----------+
| 0.75     |
+----------+
",
        related: &["transition_matrix", "steady_state"],
    };
    const SAMPLES: Samples = MATRIX_SAMPLES;
    const BENCHMARK: Benchmark = benchmark::alone("SELECT mobility(matrix) FROM matrices");
}

impl ByRow for Mobility {
    type Arguments = NamedChain;
    type Answer = f64;

    fn answer(NamedChain { chain, .. }: NamedChain) -> Result<Option<f64>> {
        Ok(chain.mobility())
    }
}
