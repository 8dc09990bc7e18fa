//! `transition_matrix`: how often one state follows another.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, StringViewArray, StructArray};
use arrow::datatypes::DataType;
use datafusion_common::{Result, ScalarValue, exec_err, internal_err};

use super::histories::Histories;
use super::markov::MOST_STATES;
use crate::aggregate::{Measure, Row};
use crate::documented::{Benchmark, Documented, Manual, Sample, Samples, benchmark};
use crate::lists::Item;
use crate::parameters::{Kind, Parameters, required, setting, transition_fields};

pub(super) const PARAMETERS: Parameters = Parameters {
    function: "transition_matrix",
    list: &[
        required(
            "id",
            Kind::Label,
            "What is in the states, VARCHAR, INTEGER or BOOLEAN.",
        ),
        required(
            "t",
            Kind::Position,
            "When: a number such as a year, a DATE or a TIMESTAMP.",
        ),
        required(
            "state",
            Kind::Label,
            "Its state then, VARCHAR, INTEGER or BOOLEAN.",
        ),
        setting(
            "absorb",
            Kind::Boolean,
            "Whether a state nothing was seen to leave stays for ever. Default false.",
        ),
    ],
};

#[derive(Debug)]
pub(super) struct TransitionMatrix;

impl Documented for TransitionMatrix {
    const PARAMETERS: Parameters = PARAMETERS;
    const MANUAL: Manual = Manual {
        text: "How often things go from one state to another from one of their rows to the next, as LIST<STRUCT(from_state VARCHAR, \
        to_state VARCHAR, n BIGINT, p DOUBLE)>: n transitions, and p = n over all transitions from from_state. Every pair of states is there, \
        in alphabetical order, also those of n = 0. The rows of one id are put in the order of t; how far apart two of them are does not \
        matter, so give a row for each period if staying counts.\n\n\
        A state that nothing was seen to leave or stay in has n = 0 and p = 0 in all its rows, unless absorb is true: then it stays, p = 1 to itself.\n\n\
        Rows with NULL in id, t or state are skipped; NULL in absorb means false. No rows give NULL. Two states of one id at one t, a t that is NaN, more than 100 states and two values of absorb \
        in a group are errors.\n\n\
        Source: Anderson and Goodman (1957), Statistical Inference about Markov Chains, doi 10.1214/aoms/1177707039; checked against giddy.markov.",
        example: "
> SELECT step['from_state'] AS from_state, step['to_state'] AS to_state, step['n'] AS n, step['p'] AS p
  FROM (SELECT unnest(transition_matrix(port, year, mode)) AS step
        FROM (VALUES ('Alashankou', 1990, 'PP'), ('Alashankou', 2000, 'CPC'), ('Alashankou', 2010, 'CPC'),
                     ('Torugart', 1990, 'PP'), ('Torugart', 2000, 'PP')) AS history(port, year, mode));
+------------+----------+---+-----+
| from_state | to_state | n | p   |
+------------+----------+---+-----+
| CPC        | CPC      | 1 | 1.0 |
| CPC        | PP       | 0 | 0.0 |
| PP         | CPC      | 1 | 0.5 |
| PP         | PP       | 1 | 0.5 |
+------------+----------+---+-----+
",
        related: &["steady_state", "mfpt", "mobility"],
    };
    const SAMPLES: Samples = &[
        &[
            Sample::Integers([1, 2, 1, 1]),
            Sample::Integers([2014, 1990, 1990, 2000]),
            Sample::Texts(["CC", "PP", "PP", "CPC"]),
        ],
        &[
            Sample::Texts(["a", "b", "a", "b"]),
            Sample::Numbers([2.5, 1.0, 0.0, -1.0]),
            Sample::Integers([1, 2, 2, 1]),
            Sample::Booleans([true; 4]),
        ],
    ];
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD,
        "SELECT transition_matrix(id, year, label) FROM some GROUP BY place",
    );
}

impl Measure for TransitionMatrix {
    type State = Histories;
    type Answer = Vec<Transition>;

    fn update(state: &mut Histories, row: Row<'_>) -> Result<()> {
        if row.is_given(3)
            && let ScalarValue::Boolean(Some(absorb)) = row.value(3)?
        {
            state.set_absorb(absorb)?;
        }
        state.add(row.text(0)?, time(&row.value(1)?)?, row.text(2)?);
        Ok(())
    }

    fn evaluate(histories: &mut Histories) -> Result<Option<Vec<Transition>>> {
        if histories.is_empty() {
            return Ok(None);
        }
        let names = histories.states();
        let order = names.sorted();
        if order.len() > MOST_STATES {
            return exec_err!(
                "transition_matrix takes up to {MOST_STATES} different values as state, got {}",
                order.len()
            );
        }
        let absorb = histories.absorbs();
        let counts = histories.count()?;
        let mut transitions = Vec::with_capacity(order.len() * order.len());
        for &from in &order {
            let left: i64 = counts[from].iter().sum();
            for &to in &order {
                let n = counts[from][to];
                let p = match left {
                    0 if absorb && from == to => 1.0,
                    0 => 0.0,
                    left => n as f64 / left as f64,
                };
                transitions.push(Transition {
                    from_state: Arc::clone(histories.states().name(from)),
                    to_state: Arc::clone(histories.states().name(to)),
                    n,
                    p,
                });
            }
        }
        Ok(Some(transitions))
    }
}

/// A place in the order of one id: exact for integers to 2^53 and for microseconds from 1685 to 2255.
fn time(value: &ScalarValue) -> Result<f64> {
    match value {
        ScalarValue::Int64(Some(value)) | ScalarValue::TimestampMicrosecond(Some(value), _) => {
            Ok(*value as f64)
        }
        ScalarValue::Float64(Some(value)) if value.is_nan() => {
            exec_err!("transition_matrix takes a number as t, got NaN")
        }
        // -0 and 0 are one time.
        ScalarValue::Float64(Some(value)) => Ok(*value + 0.0),
        other => internal_err!("transition_matrix got {other} as t"),
    }
}

/// One pair of states.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Transition {
    from_state: Arc<str>,
    to_state: Arc<str>,
    n: i64,
    p: f64,
}

impl Item for Transition {
    fn data_type() -> DataType {
        DataType::Struct(transition_fields())
    }

    fn array(rows: Vec<Self>) -> Result<ArrayRef> {
        let from_states = rows.iter().map(|row| Some(&row.from_state));
        let to_states = rows.iter().map(|row| Some(&row.to_state));
        let columns: Vec<ArrayRef> = vec![
            Arc::new(from_states.collect::<StringViewArray>()),
            Arc::new(to_states.collect::<StringViewArray>()),
            Arc::new(rows.iter().map(|row| row.n).collect::<Int64Array>()),
            Arc::new(rows.iter().map(|row| row.p).collect::<Float64Array>()),
        ];
        let fields = transition_fields();
        Ok(Arc::new(StructArray::try_new(fields, columns, None)?))
    }
}
