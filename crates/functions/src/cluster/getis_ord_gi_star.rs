//! `getis_ord_gi_star`: where the hot and the cold spots are.

use datafusion_common::Result;

use super::score::Score;
use super::sites::{Layout, Sites, VALUE};
use super::weights::WEIGHTS;
use crate::aggregate::{NamedNumbers, Row};
use crate::documented::{Benchmark, Documented, Manual, Sample, Samples, benchmark};
use crate::parameters::Parameters;
use crate::partition::PartitionMeasure;
use crate::space::surface::{LAT, LON, SURFACE};

const PARAMETERS: Parameters = Parameters {
    function: "getis_ord_gi_star",
    list: &[VALUE, LON, LAT, WEIGHTS, SURFACE],
};

#[derive(Debug)]
pub(super) struct GetisOrdGiStar;

impl Documented for GetisOrdGiStar {
    const PARAMETERS: Parameters = PARAMETERS;
    const MANUAL: Manual = Manual {
        text: "Of each place, whether it is in a hot or a cold spot (Gi* of Getis and Ord), STRUCT(z DOUBLE, p DOUBLE), a window function over whole partitions: \
        z = (sum of v of the m neighbours, the place itself among them, - m * mean) / (s * sqrt((n m - m²) / (n - 1))) with mean and standard deviation s (divided by n) of the partition. Above 1.96 large values lie around \
        the place, below -1.96 small ones; p is the two-sided chance of such a score (esda gives one side), and of 100 places 5 have a p below 0.05 by chance.\n\n\
        Of equally near places the western, then the southern one is the nearer. Rows with NULL in v, lon, lat or weights answer NULL and are nobody's neighbour; NULL as surface means its default. \
        All answer NULL if all values are the same, nobody has a neighbour, or a partition has K rows or fewer for 'knn:K', and a place whose neighbours are all the others does. The order and the frame of the window do not matter. \
        NaN, infinity, coordinates out of range (on the earth), other words as weights and settings that differ between rows of a partition are errors.\n\n\
        Source: Ord and Getis (1995), Local spatial autocorrelation statistics, Geographical Analysis 27(4), doi 10.1111/j.1538-4632.1995.tb00912.x.",
        example: "
> SELECT x, v, round(getis['z'], 3) AS z
  FROM (SELECT x, v, getis_ord_gi_star(v, x, 0, 'band:1', 'plane') OVER () AS getis FROM (VALUES (0, 9), (1, 8), (5, 1), (6, 2), (7, 9), (30, 1)) AS ports(x, v)) ORDER BY x;
+----+---+--------+
| x  | v | z      |
+----+---+--------+
| 0  | 9 | 1.497  |
| 1  | 8 | 1.497  |
| 5  | 1 | -1.497 |
| 6  | 2 | -0.605 |
| 7  | 9 | 0.214  |
| 30 | 1 | -1.082 |
+----+---+--------+
",
        related: &["getis_ord_g", "local_moran"],
    };
    const SAMPLES: Samples = &[
        &[
            Sample::Numbers([1.0, 0.5, 3.0, 9.0]),
            Sample::Numbers([75.39, 127.5, 179.9, 100.0]),
            Sample::Numbers([40.55, 50.25, 60.0, 21.5]),
            Sample::Texts(["knn:2"; 4]),
        ],
        &[
            Sample::Integers([7, 5, 0, 2]),
            Sample::Numbers([0.0, 40.0, 40.0, 7.0]),
            Sample::Numbers([0.0, 0.0, 30.0, 20.0]),
            Sample::Texts(["band:30.5"; 4]),
            Sample::Texts(["plane"; 4]),
        ],
    ];
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD_OF_EACH,
        "SELECT getis_ord_gi_star(x, lon, lat, 'knn:4') OVER (PARTITION BY place) FROM some",
    );
}

impl PartitionMeasure for GetisOrdGiStar {
    type State = Sites;
    type Answer = Spot;

    fn update(state: &mut Sites, row: Row<'_>) -> Result<()> {
        state.update(row, &PARAMETERS)
    }

    fn evaluate(state: &Sites) -> Result<Vec<Option<Spot>>> {
        let layout = state.layout()?;
        let spots = layout.as_ref().map(Spot::all).unwrap_or_default();
        Ok(state.in_order_of_rows(layout, spots))
    }
}

/// How hot it is at a place.
#[derive(Debug)]
pub(super) struct Spot(Option<Score>);

impl Spot {
    fn all(layout: &Layout) -> Vec<Self> {
        let Layout { links, .. } = layout;
        let deviations = layout.deviations();
        let n = deviations.len() as f64;
        let variance = deviations.iter().map(|z| z * z).sum::<f64>() / n;
        let spot = |place: usize| {
            let sum = links.sum(place, &deviations) + deviations[place];
            let members = (links.row(place).len() + 1) as f64;
            let spread = variance * members * (n - members) / (n - 1.0);
            Self(Score::of(sum, 0.0, spread))
        };
        (0..links.places()).map(spot).collect()
    }
}

impl NamedNumbers for Spot {
    const NAMES: &'static [&'static str] = &["z", "p"];

    fn number(&self, position: usize) -> Option<f64> {
        let score = self.0?;
        match position {
            0 => Some(score.z()),
            _ => Some(score.p()),
        }
    }
}
