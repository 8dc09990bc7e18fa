//! How far from chance: standard scores and the chance of larger ones.

use std::f64::consts::SQRT_2;

/// A statistic less its expectation, in standard deviations.
#[derive(Debug, Clone, Copy)]
pub(super) struct Score(f64);

impl Score {
    /// None if the variance is 0 or what rounding leaves of it: the statistic could not have differed.
    pub(super) fn of(statistic: f64, expected: f64, variance: f64) -> Option<Self> {
        let spread = variance > expected * expected * 1e-12;
        spread.then(|| Self((statistic - expected) / variance.sqrt()))
    }

    pub(super) fn z(self) -> f64 {
        self.0
    }

    /// The chance of a score at least as far from 0 on either side, by the normal distribution.
    pub(super) fn p(self) -> f64 {
        libm::erfc(self.0.abs() / SQRT_2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// scipy 1.17: 2 * norm.sf(1.959963984540054) and of 6.
    #[test]
    fn chances_by_scipy() {
        let p = |z| Score::of(z, 0.0, 1.0).map(Score::p);
        assert!(p(1.959_963_984_540_054).is_some_and(|p| (p - 0.05).abs() < 1e-15));
        assert!(p(-6.0).is_some_and(|p| (p - 1.973_175_290_075_396e-9).abs() < 1e-21));
        assert!(Score::of(1.0, 1.0, 1e-18).is_none());
    }
}
