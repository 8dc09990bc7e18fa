//! `bayesian_blocks`: where the rate of events changes.

use arrow::array::ArrayRef;
use datafusion_common::{Result, exec_err};

use super::blocks::{Cells, P0, penalty};
use crate::aggregate::{Constant, Loader, Measure, Row, Saver, State};
use crate::documented::{Benchmark, Documented, Manual, Sample, Samples, benchmark};
use crate::parameters::{Parameters, number};

const PARAMETERS: Parameters = Parameters {
    function: "bayesian_blocks",
    list: &[
        number(
            "t",
            "Time of one event, any unit: a year with its fraction, a number of days.",
        ),
        P0,
    ],
};

/// The work grows with the square of the number of different times.
const MOST_TIMES: usize = 20_000;

#[derive(Debug)]
pub(super) struct BayesianBlocks;

impl Documented for BayesianBlocks {
    const PARAMETERS: Parameters = PARAMETERS;
    const MANUAL: Manual = Manual {
        text: "The times at which the rate of events changes, with the first and the last time, as LIST<DOUBLE>: the edges of the best \
        division of time into periods of constant rate. Inner edges lie half way between two events. Two edges mean one rate throughout.\n\n\
        Rows with NULL in t are skipped; NULL in p0 means its default. No rows give NULL. NaN and infinity, more than 20000 different times, p0 out of its range or two \
        values of it in a group are errors; yearly counts belong in `burst_periods`.\n\n\
        Source: Scargle, Norris, Jackson and Chiang (2013), Studies in Astronomical Time Series Analysis VI, equations 19 and 21, \
        doi 10.1088/0004-637X/764/2/167; the edges equal those of astropy.stats.bayesian_blocks with fitness='events'.",
        example: "
> SELECT bayesian_blocks(t) AS edges
  FROM (VALUES (0), (10), (20), (20.1), (20.2), (20.3), (20.4), (20.5), (30), (40)) AS events(t);
+---------------------------+
| edges                     |
+---------------------------+
| [0.0, 20.05, 20.45, 40.0] |
+---------------------------+
",
        related: &["burst_periods"],
    };
    const SAMPLES: Samples = &[
        &[Sample::Numbers([0.0, 10.0, 10.5, 11.0])],
        &[
            Sample::Numbers([0.0, 10.0, 10.5, 11.0]),
            Sample::Numbers([0.1; 4]),
        ],
    ];
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD,
        "SELECT bayesian_blocks(x) FROM some GROUP BY place",
    );
}

/// All times, in any order.
#[derive(Debug, Default)]
pub(super) struct Times {
    times: Vec<f64>,
    p0: Constant,
}

impl State for Times {
    fn merge(&mut self, other: Self) -> Result<()> {
        self.times.extend(other.times);
        self.p0.merge(other.p0, &PARAMETERS, 1)
    }

    fn save(states: &[Self]) -> Result<Vec<ArrayRef>> {
        Saver::new(states)
            .numbers(|state| state.times.iter().copied())
            .constant(|state| state.p0)
            .columns()
    }

    fn load(row: &mut Loader<'_>) -> Result<Self> {
        Ok(Self {
            times: row.numbers()?,
            p0: row.constant()?,
        })
    }

    fn heap_size(&self) -> usize {
        self.times.capacity() * size_of::<f64>()
    }
}

impl Measure for BayesianBlocks {
    type State = Times;
    type Answer = Vec<f64>;

    fn update(state: &mut Times, row: Row<'_>) -> Result<()> {
        if let Some(p0) = row.optional_number(1)? {
            state.p0.set(p0, &PARAMETERS, 1)?;
        }
        state.times.push(row.number(0)?);
        Ok(())
    }

    fn evaluate(state: &mut Times) -> Result<Option<Vec<f64>>> {
        if state.times.is_empty() {
            return Ok(None);
        }
        state.times.sort_unstable_by(f64::total_cmp);
        let groups = state.times.chunk_by(|left, right| left == right);
        let (times, counts): (Vec<f64>, Vec<f64>) =
            groups.map(|group| (group[0], group.len() as f64)).unzip();
        if times.len() > MOST_TIMES {
            return exec_err!(
                "bayesian_blocks takes up to {MOST_TIMES} different times, got {}; count them by year and use burst_periods",
                times.len()
            );
        }
        let p0 = state.p0.get().unwrap_or(0.05);
        let cells = Cells::of_times(&times, counts);
        let blocks = cells.blocks(penalty(state.times.len() as f64, p0));
        let starts = blocks.iter().map(|block| block.start);
        let edges = starts.chain([times.len()]);
        Ok(Some(edges.map(|edge| cells.edges()[edge]).collect()))
    }
}
