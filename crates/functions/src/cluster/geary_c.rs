//! `geary_c`: how much neighbours differ.

use datafusion_common::Result;

use super::global::{Global, GlobalAnswers};
use super::links::{Moments, Weighing};
use super::sites::{self, Layout, Sites};
use crate::aggregate::{Measure, NamedNumbers, Row};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::Parameters;

const PARAMETERS: Parameters = Parameters {
    function: "geary_c",
    list: sites::PARAMETERS,
};

#[derive(Debug)]
pub(super) struct GearyC;

impl Documented for GearyC {
    const PARAMETERS: Parameters = PARAMETERS;
    const MANUAL: Manual = Manual {
        text: "How much neighbours differ (Geary's C), STRUCT(c DOUBLE, ec DOUBLE, z_norm DOUBLE, p_norm DOUBLE, z_rand DOUBLE, p_rand DOUBLE, p_sim DOUBLE): \
        C = (n - 1) * sum(w_ij (v_i - v_j)²) / (2 S0 sum(z_i²)) of the values v and their deviations z from the mean, with weights w that are equal for all neighbours of a place and 1 in sum. \
        ec = 1 is expected by chance; a C below it speaks of clusters, above it of a chessboard. It looks closer than moran_i at differences between neighbours. The scores and chances are those of moran_i.\n\n\
        A place without neighbours contributes 0. Of equally near places the western, then the southern one is the nearer. Rows with NULL in v, lon, lat or weights are skipped; NULL as surface or permutations means its default. \
        NULL if all values are the same, nobody has a neighbour, or a group has K rows or fewer for 'knn:K'; a score is NULL where chance leaves no spread (z_rand of fewer than 4 rows). \
        NaN, infinity, coordinates out of range (on the earth), other words as weights and settings that differ between rows of a group are errors.\n\n\
        Source: Geary (1954), The contiguity ratio and statistical mapping, The Incorporated Statistician 5(3), doi 10.2307/2986645; variances of Cliff and Ord (1981), as in PySAL's esda.",
        example: "
> SELECT round(geary['c'], 3) AS c, geary['ec'] AS ec, round(geary['z_norm'], 3) AS z
  FROM (SELECT geary_c(v, x, 0, 'knn:1', 'plane') AS geary FROM (VALUES (0, 9), (1, 8), (5, 1), (6, 2)) AS ports(x, v));
+------+-----+--------+
| c    | ec  | z      |
+------+-----+--------+
| 0.03 | 1.0 | -2.169 |
+------+-----+--------+
",
        related: &["moran_i"],
    };
    const SAMPLES: Samples = sites::SAMPLES;
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD,
        "SELECT geary_c(x, lon, lat, 'knn:4') FROM some GROUP BY place",
    );
}

impl Measure for GearyC {
    type State = Sites;
    type Answer = Geary;

    fn update(state: &mut Sites, row: Row<'_>) -> Result<()> {
        state.update(row, &PARAMETERS)
    }

    fn evaluate(state: &mut Sites) -> Result<Option<Geary>> {
        let layout = state.layout()?;
        Ok(layout.map(|layout| Geary(GlobalAnswers::of::<Self>(&layout))))
    }
}

impl Global for GearyC {
    fn expected(_: f64) -> f64 {
        1.0
    }

    fn statistic(Layout { links, .. }: &Layout, deviations: &[f64], s0: f64, squares: f64) -> f64 {
        let differences = (0..links.places()).map(|place| {
            let others = links.row(place).iter().map(|other| *other as usize);
            let squares = others.map(|other| (deviations[place] - deviations[other]).powi(2));
            squares.sum::<f64>() * links.weight(place, Weighing::Rows)
        });
        (deviations.len() as f64 - 1.0) * differences.sum::<f64>() / (2.0 * s0 * squares)
    }

    fn variance_of_normal(n: f64, Moments { s0, s1, s2 }: Moments) -> f64 {
        ((2.0 * s1 + s2) * (n - 1.0) - 4.0 * s0 * s0) / (2.0 * (n + 1.0) * s0 * s0)
    }

    fn variance_of_shuffled(n: f64, Moments { s0, s1, s2 }: Moments, kurtosis: f64) -> f64 {
        if n < 4.0 {
            return 0.0;
        }
        let pairs = (n - 1.0) * s1 * (n * n - 3.0 * n + 3.0 - (n - 1.0) * kurtosis);
        let places = (n - 1.0) * s2 * (n * n + 3.0 * n - 6.0 - (n * n - n + 2.0) * kurtosis) / 4.0;
        let all = s0 * s0 * (n * n - 3.0 - (n - 1.0).powi(2) * kurtosis);
        (pairs - places + all) / (n * (n - 2.0) * (n - 3.0) * s0 * s0)
    }
}

/// The statistic under its names.
#[derive(Debug)]
pub(super) struct Geary(GlobalAnswers);

impl NamedNumbers for Geary {
    const NAMES: &'static [&'static str] =
        &["c", "ec", "z_norm", "p_norm", "z_rand", "p_rand", "p_sim"];

    fn number(&self, position: usize) -> Option<f64> {
        self.0.number(position)
    }
}
