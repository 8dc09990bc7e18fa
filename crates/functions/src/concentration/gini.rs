//! `gini`: the Gini coefficient.

use datafusion_common::Result;
use datafusion_expr::GroupsAccumulator;

use super::amounts::Amounts;
use super::amounts_of_groups::AmountsOfGroups;
use super::{AMOUNT, AMOUNT_SAMPLES};
use crate::aggregate::{Measure, Row, Sum};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::Parameters;

#[derive(Debug)]
pub(super) struct Gini;

impl Documented for Gini {
    const PARAMETERS: Parameters = Parameters {
        function: "gini",
        list: &[AMOUNT],
    };
    const MANUAL: Manual = Manual {
        text: "The Gini coefficient of amounts, sum (2i - n - 1) x_i / (n sum x) with x sorted upwards: 0 if all are alike, 1 - 1/n if one of n has all. \
        The population form, without n / (n - 1). All amounts of a group are kept in memory, 8 bytes each.\n\n\
        Rows with NULL are skipped. No rows or a total of 0 give NULL. A negative amount, NaN and infinity are errors.\n\n\
        Source: Gini (1912), Variabilità e mutabilità.",
        example: "
> SELECT gini(cargo) AS gini FROM (VALUES (50), (30), (20)) AS countries(cargo);
+------+
| gini |
+------+
| 0.2  |
+------+
",
        related: &["theil_t", "hhi"],
    };
    const SAMPLES: Samples = AMOUNT_SAMPLES;
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD_OF_MANY,
        "SELECT gini(x) FROM many GROUP BY place",
    );
}

impl Measure for Gini {
    type State = Amounts;
    type Answer = f64;

    fn update(state: &mut Amounts, row: Row<'_>) -> Result<()> {
        state.push(row.non_negative(0)?);
        Ok(())
    }

    fn evaluate(state: &mut Amounts) -> Result<Option<f64>> {
        let amounts = state.sorted();
        let count = amounts.len() as f64;
        let (mut total, mut weighted) = (Sum::default(), Sum::default());
        // 2i - n - 1.
        let mut weight = 1.0 - count;
        for amount in amounts {
            total.add(*amount);
            weighted.add(weight * amount);
            weight += 2.0;
        }
        let total = total.value();
        Ok((total > 0.0).then(|| (weighted.value() / (count * total)).max(0.0)))
    }

    fn groups() -> Box<dyn GroupsAccumulator> {
        Box::new(AmountsOfGroups::<Self>::default())
    }
}
