//! `getis_ord_g`: whether large values lie together, or small ones.

use datafusion_common::Result;

use super::links::{Moments, Weighing};
use super::score::Score;
use super::shuffle;
use super::sites::{Layout, PERMUTATIONS, SAMPLES, Sites, VALUE};
use super::weights::WEIGHTS;
use crate::aggregate::{Measure, NamedNumbers, Row};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::Parameters;
use crate::space::surface::{LAT, LON, SURFACE};

const PARAMETERS: Parameters = Parameters {
    function: "getis_ord_g",
    list: &[
        VALUE
            .describes("The value seen at a place, in any unit, at least 0.")
            .non_negative(),
        LON,
        LAT,
        WEIGHTS,
        SURFACE,
        PERMUTATIONS,
    ],
};

#[derive(Debug)]
pub(super) struct GetisOrdG;

impl Documented for GetisOrdG {
    const PARAMETERS: Parameters = PARAMETERS;
    const MANUAL: Manual = Manual {
        text: "Whether large values lie together, or small ones (the general G of Getis and Ord), STRUCT(g DOUBLE, eg DOUBLE, z_norm DOUBLE, p_norm DOUBLE, p_sim DOUBLE): \
        G = sum(w_ij v_i v_j) / sum(v_i v_j) over all pairs of different places, with weights w of 1 for neighbours. eg = S0 / (n (n - 1)) is expected by chance; a G above it says that large values \
        lie together, below it that small ones do, which moran_i cannot tell apart. p_norm is the two-sided chance of the standard score z_norm (esda gives one side), p_sim the share of shuffles \
        as extreme on the same side, NULL without permutations.\n\n\
        A place without neighbours contributes 0. Of equally near places the western, then the southern one is the nearer. Rows with NULL in v, lon, lat or weights are skipped; NULL as surface or permutations means its default. \
        NULL if all values are the same, at most one is above 0, nobody has a neighbour, or a group has K rows or fewer for 'knn:K'; the score is NULL where chance leaves no spread. \
        A negative v, NaN, infinity, coordinates out of range (on the earth), other words as weights and settings that differ between rows of a group are errors.\n\n\
        Source: Getis and Ord (1992), The analysis of spatial association by use of distance statistics, Geographical Analysis 24(3), doi 10.1111/j.1538-4632.1992.tb00261.x.",
        example: "
> SELECT round(getis['g'], 3) AS g, round(getis['eg'], 3) AS eg, round(getis['z_norm'], 3) AS z
  FROM (SELECT getis_ord_g(v, x, 0, 'band:1', 'plane') AS getis FROM (VALUES (0, 9), (1, 8), (5, 1), (6, 2)) AS ports(x, v));
+-------+-------+-------+
| g     | eg    | z     |
+-------+-------+-------+
| 0.592 | 0.333 | 1.414 |
+-------+-------+-------+
",
        related: &["moran_i", "getis_ord_gi_star"],
    };
    const SAMPLES: Samples = SAMPLES;
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD,
        "SELECT getis_ord_g(x, lon, lat, 'knn:4') FROM some GROUP BY place",
    );
}

impl Measure for GetisOrdG {
    type State = Sites;
    type Answer = Getis;

    fn update(state: &mut Sites, row: Row<'_>) -> Result<()> {
        state.update(row, &PARAMETERS)
    }

    fn evaluate(state: &mut Sites) -> Result<Option<Getis>> {
        let layout = state.layout()?;
        Ok(layout.and_then(|layout| Getis::of(&layout)))
    }
}

/// The statistic, what chance expects, and how far it is from that.
#[derive(Debug)]
pub(super) struct Getis([Option<f64>; 5]);

impl Getis {
    fn of(layout: &Layout) -> Option<Self> {
        let Layout { values, links, .. } = layout;
        let n = values.len() as f64;
        let powers = [1, 2, 3, 4].map(|power| values.iter().map(|value| value.powi(power)).sum());
        let [sum, squares, ..]: [f64; 4] = powers;
        // Without two of them no pair has a product.
        if values.iter().filter(|value| **value > 0.0).count() < 2 {
            return None;
        }
        let statistic = |values: &[f64]| {
            let sums = (0..links.places()).map(|place| links.sum(place, values));
            let products = values.iter().zip(sums).map(|(value, sum)| value * sum);
            products.sum::<f64>() / (sum * sum - squares)
        };
        let g = statistic(values);
        let moments = links.moments(Weighing::Binary);
        let expected = moments.s0 / (n * (n - 1.0));
        let variance = expected_square(n, moments, powers) - expected * expected;
        let normal = Score::of(g, expected, variance);
        let shuffles = layout.permutations.unwrap_or(0);
        Some(Self([
            Some(g),
            Some(expected),
            normal.map(Score::z),
            normal.map(Score::p),
            shuffle::chance(values, shuffles, statistic),
        ]))
    }
}

/// The expected square of G, from the sums of powers of the values.
fn expected_square(
    n: f64,
    Moments { s0, s1, s2 }: Moments,
    [sum, squares, cubes, fourths]: [f64; 4],
) -> f64 {
    if n < 4.0 {
        return 0.0;
    }
    let all = s0 * s0;
    let parts = [
        ((n * n - 3.0 * n + 3.0) * s1 - n * s2 + 3.0 * all) * squares * squares,
        -((n * n - n) * s1 - 2.0 * n * s2 + 6.0 * all) * fourths,
        -(2.0 * n * s1 - (n + 3.0) * s2 + 6.0 * all) * sum * sum * squares,
        (4.0 * (n - 1.0) * s1 - 2.0 * (n + 1.0) * s2 + 8.0 * all) * sum * cubes,
        (s1 - s2 + all) * sum.powi(4),
    ];
    let pairs = sum * sum - squares;
    parts.iter().sum::<f64>() / (pairs * pairs * n * (n - 1.0) * (n - 2.0) * (n - 3.0))
}

impl NamedNumbers for Getis {
    const NAMES: &'static [&'static str] = &["g", "eg", "z_norm", "p_norm", "p_sim"];

    fn number(&self, position: usize) -> Option<f64> {
        self.0.get(position).copied().flatten()
    }
}
