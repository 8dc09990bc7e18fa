//! Points in a tree that hands out the others of each of them, nearest first.

use rstar::RTree;
use rstar::primitives::GeomWithData;

use super::surface::{Point, Surface};

/// Points by how near they are to one another.
pub(crate) struct Proximity<'a> {
    surface: Surface,
    points: &'a [Point],
    tree: RTree<GeomWithData<[f64; 3], usize>>,
}

impl<'a> Proximity<'a> {
    pub(crate) fn of(surface: Surface, points: &'a [Point]) -> Self {
        let positions = points.iter().map(|point| surface.embed(*point));
        let entries = positions
            .zip(0..)
            .map(|(position, index)| GeomWithData::new(position, index));
        Self {
            surface,
            points,
            tree: RTree::bulk_load(entries.collect()),
        }
    }

    /// Every other point of the one at `index`, with a distance that neither it nor any that follows is
    /// nearer than. The tree orders by the straight line, which on the earth is not quite the order of distances.
    fn others(&self, index: usize) -> impl Iterator<Item = (f64, usize)> {
        let position = self.surface.embed(self.points[index]);
        let entries = self.tree.nearest_neighbor_iter_with_distance_2(&position);
        entries
            .filter(move |(entry, _)| entry.data != index)
            .map(|(entry, squared)| (self.surface.least_distance(squared), entry.data))
    }

    fn distance(&self, from: usize, to: usize) -> f64 {
        self.surface.distance(self.points[from], self.points[to])
    }

    /// The distance from the point at `index` to the nearest other one, infinity if there is none.
    pub(crate) fn nearest_distance(&self, index: usize) -> f64 {
        let mut nearest = f64::INFINITY;
        for (least, other) in self.others(index) {
            if least >= nearest {
                break;
            }
            nearest = nearest.min(self.distance(index, other));
        }
        nearest
    }

    /// The `count` other points nearest to the one at `index`; of equally near ones those that stand first.
    pub(crate) fn nearest(&self, index: usize, count: usize) -> Vec<usize> {
        let mut nearest: Vec<(f64, usize)> = Vec::with_capacity(count + 1);
        for (least, other) in self.others(index) {
            let full = nearest.len() == count;
            if full
                && nearest
                    .last()
                    .is_none_or(|last| rounded_down(least) > last.0)
            {
                break;
            }
            let found = (self.distance(index, other), other);
            let before = |known: &(f64, usize)| {
                let by_distance = known.0.total_cmp(&found.0);
                by_distance.then(known.1.cmp(&found.1)).is_lt()
            };
            nearest.insert(nearest.partition_point(before), found);
            nearest.truncate(count);
        }
        nearest.into_iter().map(|(_, other)| other).collect()
    }

    /// The other points at most `reach` away from the one at `index`.
    pub(crate) fn within(&self, index: usize, reach: f64) -> Vec<usize> {
        self.others(index)
            .take_while(|(least, _)| rounded_down(*least) <= reach)
            .map(|(_, other)| other)
            .filter(|other| self.distance(index, *other) <= reach)
            .collect()
    }
}

/// A bound that rounding cannot have raised above a distance it bounds.
fn rounded_down(least: f64) -> f64 {
    least * (1.0 - 1e-12)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By pyproj 3.7.2 it is 110.574 km to the point in the north and 110.763 km to the one in the east, which
    /// on a sphere would be the nearer one.
    const ELLIPSOID: [Point; 3] = [[0.0, 0.0], [0.0, 1.0], [0.995, 0.0]];

    #[test]
    fn the_ellipsoid_decides_who_is_nearest() {
        let proximity = Proximity::of(Surface::Earth, &ELLIPSOID);
        assert!((proximity.nearest_distance(0) - 110.574_388_557_798_78).abs() < 1e-9);
        assert_eq!(proximity.nearest(0, 1), [1]);
        assert_eq!(proximity.within(0, 110.7), [1]);
    }

    #[test]
    fn points_at_one_place_are_at_distance_0() {
        let points = [[5.0, 5.0]; 3];
        let proximity = Proximity::of(Surface::Plane, &points);
        assert_eq!(proximity.nearest_distance(1), 0.0);
        assert_eq!(proximity.nearest(1, 5), [0, 2]);
        assert_eq!(proximity.within(2, 0.0).len(), 2);
    }

    #[test]
    fn of_equally_near_points_the_first_counts() {
        let points = [[-1.0, 0.0], [0.0, -1.0], [0.0, 0.0], [0.0, 1.0], [1.0, 0.0]];
        let proximity = Proximity::of(Surface::Plane, &points);
        assert_eq!(proximity.nearest(2, 3), [0, 1, 3]);
        assert!(proximity.nearest(2, 0).is_empty());
    }
}
