//! `moran_i`: whether values near one another are alike.

use datafusion_common::Result;

use super::global::{Global, GlobalAnswers};
use super::links::Moments;
use super::sites::{self, Layout, Sites};
use crate::aggregate::{Measure, NamedNumbers, Row};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::Parameters;

const PARAMETERS: Parameters = Parameters {
    function: "moran_i",
    list: sites::PARAMETERS,
};

#[derive(Debug)]
pub(super) struct MoranI;

impl Documented for MoranI {
    const PARAMETERS: Parameters = PARAMETERS;
    const MANUAL: Manual = Manual {
        text: "Whether values near one another are alike (Moran's I), STRUCT(i DOUBLE, ei DOUBLE, z_norm DOUBLE, p_norm DOUBLE, z_rand DOUBLE, p_rand DOUBLE, p_sim DOUBLE): \
        I = n / S0 * sum(w_ij z_i z_j) / sum(z_i²) of the deviations z from the mean, with weights w that are equal for all neighbours of a place and 1 in sum. \
        ei = -1 / (n - 1) is expected by chance; an I above it speaks of clusters, below it of a chessboard. The standard scores z_norm and z_rand take the values as normal and as shuffled over \
        the places; p_norm and p_rand are the two-sided chances of such a score, p_sim is the share of shuffles as extreme on the same side, NULL without permutations.\n\n\
        A place without neighbours contributes 0. Of equally near places the western, then the southern one is the nearer. Rows with NULL in v, lon, lat or weights are skipped; NULL as surface or permutations means its default. \
        NULL if all values are the same, nobody has a neighbour, or a group has K rows or fewer for 'knn:K'; a score is NULL where chance leaves no spread (z_rand of fewer than 4 rows). \
        NaN, infinity, coordinates out of range (on the earth), other words as weights and settings that differ between rows of a group are errors.\n\n\
        Source: Moran (1950), Notes on continuous stochastic phenomena, Biometrika 37, doi 10.2307/2332142; variances of Cliff and Ord (1981), as in PySAL's esda.",
        example: "
> SELECT round(moran['i'], 3) AS i, round(moran['ei'], 3) AS ei, round(moran['z_norm'], 3) AS z
  FROM (SELECT moran_i(v, x, 0, 'knn:1', 'plane') AS moran FROM (VALUES (0, 9), (1, 8), (5, 1), (6, 2)) AS ports(x, v));
+------+--------+-------+
| i    | ei     | z     |
+------+--------+-------+
| 0.96 | -0.333 | 2.169 |
+------+--------+-------+
",
        related: &["geary_c", "local_moran"],
    };
    const SAMPLES: Samples = sites::SAMPLES;
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD,
        "SELECT moran_i(x, lon, lat, 'knn:4') FROM some GROUP BY place",
    );
}

impl Measure for MoranI {
    type State = Sites;
    type Answer = Moran;

    fn update(state: &mut Sites, row: Row<'_>) -> Result<()> {
        state.update(row, &PARAMETERS)
    }

    fn evaluate(state: &mut Sites) -> Result<Option<Moran>> {
        let layout = state.layout()?;
        Ok(layout.map(|layout| Moran(GlobalAnswers::of::<Self>(&layout))))
    }
}

impl Global for MoranI {
    fn expected(n: f64) -> f64 {
        -1.0 / (n - 1.0)
    }

    fn statistic(layout: &Layout, deviations: &[f64], s0: f64, squares: f64) -> f64 {
        let places = 0..layout.links.places();
        let means = places.map(|place| layout.links.mean(place, deviations));
        let products = deviations.iter().zip(means).map(|(z, mean)| z * mean);
        deviations.len() as f64 / s0 * products.sum::<f64>() / squares
    }

    fn variance_of_normal(n: f64, Moments { s0, s1, s2 }: Moments) -> f64 {
        let squared = (n * n * s1 - n * s2 + 3.0 * s0 * s0) / ((n - 1.0) * (n + 1.0) * s0 * s0);
        squared - (n - 1.0).powi(-2)
    }

    fn variance_of_shuffled(n: f64, Moments { s0, s1, s2 }: Moments, kurtosis: f64) -> f64 {
        if n < 4.0 {
            return 0.0;
        }
        let all = n * ((n * n - 3.0 * n + 3.0) * s1 - n * s2 + 3.0 * s0 * s0);
        let peaked = kurtosis * ((n * n - n) * s1 - 2.0 * n * s2 + 6.0 * s0 * s0);
        (all - peaked) / ((n - 1.0) * (n - 2.0) * (n - 3.0) * s0 * s0) - (n - 1.0).powi(-2)
    }
}

/// The statistic under its names.
#[derive(Debug)]
pub(super) struct Moran(GlobalAnswers);

impl NamedNumbers for Moran {
    const NAMES: &'static [&'static str] =
        &["i", "ei", "z_norm", "p_norm", "z_rand", "p_rand", "p_sim"];

    fn number(&self, position: usize) -> Option<f64> {
        self.0.number(position)
    }
}
