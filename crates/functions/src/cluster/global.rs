//! What the two global statistics of deviations share: how each stands to chance.

use super::links::{Moments, Weighing};
use super::score::Score;
use super::shuffle;
use super::sites::Layout;

/// One statistic of all places together.
pub(super) trait Global {
    /// What chance expects of `n` places.
    fn expected(n: f64) -> f64;

    /// The statistic of deviations whose squares add up to `squares`.
    fn statistic(layout: &Layout, deviations: &[f64], s0: f64, squares: f64) -> f64;

    /// Its variance if the values are normal.
    fn variance_of_normal(n: f64, moments: Moments) -> f64;

    /// Its variance if the values, of this kurtosis, are shuffled over the places; 0 where it is not defined.
    fn variance_of_shuffled(n: f64, moments: Moments, kurtosis: f64) -> f64;
}

/// The statistic, what chance expects, z and p of normal values, z and p of shuffled ones, and the share of
/// shuffles as extreme.
#[derive(Debug)]
pub(super) struct GlobalAnswers([Option<f64>; 7]);

impl GlobalAnswers {
    pub(super) fn of<G: Global>(layout: &Layout) -> Self {
        let deviations = layout.deviations();
        let n = deviations.len() as f64;
        let moments = layout.links.moments(Weighing::Rows);
        let squares: f64 = deviations.iter().map(|z| z * z).sum();
        let fourths: f64 = deviations.iter().map(|z| z.powi(4)).sum();
        let kurtosis = n * fourths / (squares * squares);
        let statistic = |values: &[f64]| G::statistic(layout, values, moments.s0, squares);
        let (found, expected) = (statistic(&deviations), G::expected(n));
        let normal = Score::of(found, expected, G::variance_of_normal(n, moments));
        let shuffled = G::variance_of_shuffled(n, moments, kurtosis);
        let shuffled = Score::of(found, expected, shuffled);
        let shuffles = layout.permutations.unwrap_or(0);
        Self([
            Some(found),
            Some(expected),
            normal.map(Score::z),
            normal.map(Score::p),
            shuffled.map(Score::z),
            shuffled.map(Score::p),
            shuffle::chance(&deviations, shuffles, statistic),
        ])
    }

    pub(super) fn number(&self, position: usize) -> Option<f64> {
        self.0.get(position).copied().flatten()
    }
}
