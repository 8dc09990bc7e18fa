//! Chances by shuffling values over places: seeded, so that the same values give the same chance.

use fastrand::Rng;

use super::links::Links;

/// Any seed does; a fixed one makes answers repeatable.
const SEED: u64 = 2014;

/// Counts shuffles that are at least as large, or small, as what was seen.
#[derive(Debug, Clone, Copy)]
struct Tail {
    seen: f64,
    at_least: usize,
    at_most: usize,
}

impl Tail {
    fn of(seen: f64) -> Self {
        Self {
            seen,
            at_least: 0,
            at_most: 0,
        }
    }

    fn add(&mut self, shuffled: f64) {
        // Equal but for rounding is equal.
        let rounding = self.seen.abs() * 1e-12;
        self.at_least += usize::from(shuffled >= self.seen - rounding);
        self.at_most += usize::from(shuffled <= self.seen + rounding);
    }

    /// The share of the shorter tail, what was seen counted as one of the shuffles. (esda leaves ties out of
    /// the lower tail, which makes rare what is not.)
    fn chance(self, shuffles: usize) -> f64 {
        (self.at_least.min(self.at_most) + 1) as f64 / (shuffles + 1) as f64
    }
}

/// The chance of a statistic of all values as extreme as this one; none without shuffles.
pub(super) fn chance(
    values: &[f64],
    shuffles: usize,
    statistic: impl Fn(&[f64]) -> f64,
) -> Option<f64> {
    let mut tail = Tail::of(statistic(values));
    let mut shuffled = values.to_vec();
    let mut random = Rng::with_seed(SEED);
    for _ in 0..shuffles {
        random.shuffle(&mut shuffled);
        tail.add(statistic(&shuffled));
    }
    (shuffles > 0).then(|| tail.chance(shuffles))
}

/// For every place the chance of neighbours whose mean times its own value is as extreme, when the other
/// values are shuffled over the other places; none without shuffles or neighbours.
pub(super) fn local_chances(links: &Links, values: &[f64], shuffles: usize) -> Vec<Option<f64>> {
    let places = 0..links.places();
    let seen = |place: usize| values[place] * links.sum(place, values);
    let mut tails: Vec<Tail> = places.clone().map(|place| Tail::of(seen(place))).collect();
    let mut random = Rng::with_seed(SEED);
    // Positions among the others of any place; the first few are drawn anew each time.
    let mut drawn: Vec<usize> = (0..links.places().saturating_sub(1)).collect();
    for _ in 0..shuffles {
        for position in 0..links.most() {
            let other = random.usize(position..drawn.len());
            drawn.swap(position, other);
        }
        for place in places.clone() {
            let others = drawn[..links.row(place).len()].iter();
            let others = others.map(|other| values[other + usize::from(*other >= place)]);
            tails[place].add(values[place] * others.sum::<f64>());
        }
    }
    places
        .map(|place| {
            let known = shuffles > 0 && !links.row(place).is_empty();
            known.then(|| tails[place].chance(shuffles))
        })
        .collect()
}
