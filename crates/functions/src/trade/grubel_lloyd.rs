//! `grubel_lloyd`: how much of trade goes both ways within a good.

use arrow::array::ArrayRef;
use datafusion_common::Result;

use crate::aggregate::{Loader, Measure, Row, Saver, State, Sum};
use crate::documented::{Benchmark, Documented, Manual, Sample, Samples, benchmark};
use crate::parameters::{Parameters, number};

#[derive(Debug)]
pub(super) struct GrubelLloyd;

impl Documented for GrubelLloyd {
    const PARAMETERS: Parameters = Parameters {
        function: "grubel_lloyd",
        list: &[
            number("x", "Exports of one good, at least 0."),
            number("m", "Imports of the same good, the same unit."),
        ],
    };
    const MANUAL: Manual = Manual {
        text: "The Grubel-Lloyd index of trade within goods, 1 - sum abs(x - m) / sum (x + m), one row for each good: 1 if each is exported as much as imported, \
        0 if each goes one way only. For a single good it is 1 - abs(directionality(x, m)).\n\n\
        Rows with NULL in either are skipped. No rows and no trade at all give NULL. A negative amount, NaN and infinity are errors.\n\n\
        Source: Grubel and Lloyd (1975), Intra-Industry Trade.",
        example: "
> SELECT grubel_lloyd(x, m) AS within_goods FROM (VALUES (30, 50), (20, 0)) AS goods(x, m);
+--------------+
| within_goods |
+--------------+
| 0.6          |
+--------------+
",
        related: &["directionality"],
    };
    const SAMPLES: Samples = &[&[
        Sample::Numbers([620_000.0, 0.5, 3.0, 7.0]),
        Sample::Integers([580_000, 1_200, 0, 7]),
    ]];
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::CORRELATION,
        "SELECT grubel_lloyd(x, y) FROM some GROUP BY place",
    );
}

impl Measure for GrubelLloyd {
    type State = Balance;
    type Answer = f64;

    fn update(state: &mut Balance, row: Row<'_>) -> Result<()> {
        let (exports, imports) = (row.non_negative(0)?, row.non_negative(1)?);
        state.one_way.add((exports - imports).abs());
        state.all.add(exports);
        state.all.add(imports);
        Ok(())
    }

    fn evaluate(state: &mut Balance) -> Result<Option<f64>> {
        let (one_way, all) = (state.one_way.value(), state.all.value());
        Ok((all > 0.0).then(|| 1.0 - one_way / all))
    }
}

/// Trade in all, and what of it is not matched by trade the other way.
#[derive(Debug, Default)]
pub(super) struct Balance {
    one_way: Sum,
    all: Sum,
}

impl State for Balance {
    fn merge(&mut self, other: Self) -> Result<()> {
        self.one_way.merge(other.one_way);
        self.all.merge(other.all);
        Ok(())
    }

    fn save(states: &[Self]) -> Result<Vec<ArrayRef>> {
        Saver::new(states)
            .sum(|state| state.one_way)
            .sum(|state| state.all)
            .columns()
    }

    fn load(row: &mut Loader<'_>) -> Result<Self> {
        Ok(Self {
            one_way: row.sum()?,
            all: row.sum()?,
        })
    }
}
