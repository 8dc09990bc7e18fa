//! `entropy_w`: entropy of shares.

use arrow::array::ArrayRef;
use datafusion_common::Result;

use super::AMOUNT;
use super::logs::Logs;
use crate::aggregate::{Constant, Loader, Measure, Row, Saver, State};
use crate::documented::{Benchmark, Documented, Manual, Sample, Samples, benchmark};
use crate::parameters::{Kind, Parameters, setting};

#[derive(Debug)]
pub(super) struct EntropyW;

impl Documented for EntropyW {
    const PARAMETERS: Parameters = Parameters {
        function: "entropy_w",
        list: &[
            AMOUNT,
            setting(
                "base",
                Kind::Number,
                "Base of the logarithm, above 1, the same for all rows of a group. Default e.",
            )
            .numbers("a number above 1", |base| base > 1.0),
        ],
    };
    const MANUAL: Manual = Manual {
        text: "The Shannon entropy of amounts, -sum s log(s) over their shares s = x / sum x: 0 if one has all, log n if all n are alike. \
        The w says that x are weights: rows are not counted.\n\n\
        Rows with NULL in x are skipped; NULL as base means its default. No rows or a total of 0 give NULL. A negative amount, NaN and infinity are errors. So are a base of 1 or less and two bases in one group.\n\n\
        Source: Shannon (1948), A mathematical theory of communication, Bell System Technical Journal 27.",
        example: "
> SELECT round(entropy_w(cargo), 6) AS nats, round(entropy_w(cargo, 2), 6) AS bits FROM (VALUES (50), (30), (20)) AS countries(cargo);
+----------+----------+
| nats     | bits     |
+----------+----------+
| 1.029653 | 1.485475 |
+----------+----------+
",
        related: &["entropy_normalized"],
    };
    const SAMPLES: Samples = &[
        &[Sample::Numbers([0.1, 0.2, 0.3, 0.4])],
        &[
            Sample::Numbers([0.1, 0.2, 0.3, 0.4]),
            Sample::Integers([2; 4]),
        ],
    ];
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD_OF_MANY,
        "SELECT entropy_w(x) FROM many GROUP BY place",
    );
}

impl Measure for EntropyW {
    type State = WeightedLogs;
    type Answer = f64;

    fn update(state: &mut WeightedLogs, row: Row<'_>) -> Result<()> {
        if let Some(base) = row.optional_number(1)? {
            state.base.set(base, &Self::PARAMETERS, 1)?;
        }
        state.logs.add(row.non_negative(0)?);
        Ok(())
    }

    fn evaluate(state: &mut WeightedLogs) -> Result<Option<f64>> {
        let unit = state.base.get().map_or(1.0, f64::ln);
        Ok(state.logs.entropy().map(|entropy| entropy / unit))
    }
}

/// The weights seen and the base they are to be measured in.
#[derive(Debug, Default)]
pub(super) struct WeightedLogs {
    logs: Logs,
    base: Constant,
}

impl State for WeightedLogs {
    fn merge(&mut self, other: Self) -> Result<()> {
        self.logs.absorb(other.logs);
        self.base.merge(other.base, &EntropyW::PARAMETERS, 1)
    }

    fn save(states: &[Self]) -> Result<Vec<ArrayRef>> {
        let logs: Vec<Logs> = states.iter().map(|state| state.logs).collect();
        let mut columns = Logs::save(&logs)?;
        columns.extend(Saver::new(states).constant(|state| state.base).columns()?);
        Ok(columns)
    }

    fn load(row: &mut Loader<'_>) -> Result<Self> {
        Ok(Self {
            logs: Logs::load(row)?,
            base: row.constant()?,
        })
    }
}
