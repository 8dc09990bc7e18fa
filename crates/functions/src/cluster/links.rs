//! The neighbours of every place and what they weigh.

use datafusion_common::{Result, exec_err};

use super::weights::Weights;
use crate::space::proximity::Proximity;
use crate::space::surface::{Point, Surface};

/// The most pairs of neighbours that are held at once: 1 GiB of them.
const MOST_LINKS: usize = 1 << 28;

/// The places that each place has as neighbours, ascending, one list after another.
#[derive(Debug)]
pub(super) struct Links {
    starts: Vec<usize>,
    targets: Vec<u32>,
}

/// What a link weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weighing {
    /// 1.
    Binary,
    /// The same for all neighbours of a place, 1 in sum.
    Rows,
}

/// Sums of weights that variances are made of (Cliff and Ord 1981).
#[derive(Debug, Clone, Copy)]
pub(super) struct Moments {
    /// All weights.
    pub(super) s0: f64,
    /// Half the squares of the weights of both directions together.
    pub(super) s1: f64,
    /// Squares of what a place gives and gets together.
    pub(super) s2: f64,
}

impl Links {
    /// The neighbours of `points`; none if there are not as many others as each should have.
    pub(super) fn of(surface: Surface, points: &[Point], weights: Weights) -> Result<Option<Self>> {
        let proximity = Proximity::of(surface, points);
        let mut links = Self {
            starts: vec![0],
            targets: Vec::new(),
        };
        for index in 0..points.len() {
            let mut found = match weights {
                Weights::Nearest(count) if count as usize >= points.len() => return Ok(None),
                Weights::Nearest(count) => proximity.nearest(index, count as usize),
                Weights::Band(reach) => proximity.within(index, reach),
            };
            found.sort_unstable();
            let found = found.into_iter().map(u32::try_from);
            links.targets.extend(found.flatten());
            links.starts.push(links.targets.len());
            if links.targets.len() > MOST_LINKS {
                return exec_err!(
                    "{weights} makes more than {MOST_LINKS} pairs of neighbours of {} places: \
                     take fewer neighbours or a shorter distance",
                    points.len()
                );
            }
        }
        Ok(Some(links))
    }

    /// How many places there are.
    pub(super) fn places(&self) -> usize {
        self.starts.len() - 1
    }

    /// Whether no place has a neighbour.
    pub(super) fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    /// The most neighbours that a place has.
    pub(super) fn most(&self) -> usize {
        let counts = self.starts.windows(2).map(|bounds| bounds[1] - bounds[0]);
        counts.max().unwrap_or(0)
    }

    /// The neighbours of a place.
    pub(super) fn row(&self, place: usize) -> &[u32] {
        &self.targets[self.starts[place]..self.starts[place + 1]]
    }

    /// The sum of the values of a place's neighbours.
    pub(super) fn sum(&self, place: usize, values: &[f64]) -> f64 {
        let neighbours = self.row(place).iter();
        neighbours
            .map(|neighbour| values[*neighbour as usize])
            .sum()
    }

    /// The mean of the values of a place's neighbours, 0 without any.
    pub(super) fn mean(&self, place: usize, values: &[f64]) -> f64 {
        self.sum(place, values) * self.weight(place, Weighing::Rows)
    }

    /// What each link of a place weighs.
    pub(super) fn weight(&self, place: usize, weighing: Weighing) -> f64 {
        match (self.row(place).len(), weighing) {
            (0, _) => 0.0,
            (_, Weighing::Binary) => 1.0,
            (count, Weighing::Rows) => 1.0 / count as f64,
        }
    }

    /// The sums of weights.
    pub(super) fn moments(&self, weighing: Weighing) -> Moments {
        let mut moments = Moments {
            s0: 0.0,
            s1: 0.0,
            s2: 0.0,
        };
        let mut both = vec![0.0; self.places()];
        for place in 0..self.places() {
            let weight = self.weight(place, weighing);
            for neighbour in self.row(place) {
                let neighbour = *neighbour as usize;
                let back = self.row(neighbour).binary_search(&(place as u32));
                let back = back.map_or(0.0, |_| self.weight(neighbour, weighing));
                moments.s0 += weight;
                moments.s1 += weight * (weight + back);
                both[place] += weight;
                both[neighbour] += weight;
            }
        }
        moments.s2 = both.iter().map(|weight| weight * weight).sum();
        moments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line of three places and one far away: by hand, rows weigh 1, 1/2 + 1/2, 1 and nothing.
    #[test]
    fn moments_by_hand() {
        let points = [[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [9.0, 0.0]];
        let links = Links::of(Surface::Plane, &points, Weights::Band(1.0));
        let links = links.unwrap().unwrap();
        assert_eq!((links.row(1), links.row(3)), (&[0_u32, 2][..], &[][..]));
        let rows = links.moments(Weighing::Rows);
        assert_eq!([rows.s0, rows.s1, rows.s2], [3.0, 4.5, 13.5]);
        let binary = links.moments(Weighing::Binary);
        assert_eq!([binary.s0, binary.s1, binary.s2], [4.0, 8.0, 24.0]);
        assert_eq!(links.mean(3, &[1.0; 4]), 0.0);
    }
}
