//! Count, mean and spread of a group's values, kept up to date row by row.

/// Count, mean and the sum of squared differences from it, after Welford.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Moments {
    pub(crate) count: u64,
    pub(crate) mean: f64,
    pub(crate) squares: f64,
}

impl Moments {
    #[inline]
    pub(super) fn add(&mut self, value: f64) {
        self.count += 1;
        let before = value - self.mean;
        self.mean += before / self.count as f64;
        self.squares += before * (value - self.mean);
    }

    /// Chan, Golub and LeVeque (1979), as DataFusion merges them.
    pub(super) fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = *other;
            return;
        }
        let (one, two) = (self.count as f64, other.count as f64);
        let both = one + two;
        let difference = self.mean - other.mean;
        self.mean = self.mean * one / both + other.mean * two / both;
        self.squares += other.squares + difference * difference * one * two / both;
        self.count += other.count;
    }
}
