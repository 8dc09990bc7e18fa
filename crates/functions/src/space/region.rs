//! A region inside a ring, and which points it covers.

use robust::{Coord, orient2d};

use super::gnomonic::{Gnomonic, is_between};
use super::hull::edges;
use super::surface::Point;

/// What runs from one point of a ring to the next.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Edges {
    /// A straight line in longitude and latitude.
    #[default]
    Straight,
    /// The shortest line on a sphere.
    GreatCircle,
}

impl Edges {
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "straight" => Some(Self::Straight),
            "great_circle" => Some(Self::GreatCircle),
            _ => None,
        }
    }
}

/// A region made ready to be asked about many points.
#[derive(Debug)]
pub(super) struct Region {
    /// Where the edges are straight: in degrees, or as `projection` places them.
    ring: Vec<[f64; 2]>,
    projection: Option<Gnomonic>,
    least: Point,
    most: Point,
}

impl Region {
    /// The region of a closed or open ring, or what is wanted and what the ring is instead.
    pub(super) fn new(mut ring: Vec<Point>, edges: Edges) -> Result<Self, String> {
        if ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        if ring.len() < 3 {
            let points = ring.len();
            return Err(format!("a ring of at least 3 points as ring, got {points}"));
        }
        let projection = match edges {
            Edges::Straight => None,
            Edges::GreatCircle => {
                let projection = Gnomonic::around(&ring);
                let projected = projection.and_then(|projection| {
                    let places = ring.iter().map(|point| projection.place(*point));
                    ring = places.collect::<Option<_>>()?;
                    Some(projection)
                });
                Some(projected.ok_or("a ring on one half of the earth as ring, got a larger one")?)
            }
        };
        let (mut least, mut most) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for point in &ring {
            for axis in 0..2 {
                least[axis] = least[axis].min(point[axis]);
                most[axis] = most[axis].max(point[axis]);
            }
        }
        Ok(Self {
            ring,
            projection,
            least,
            most,
        })
    }

    /// Whether a place is inside or on the boundary, by whichever of its longitudes.
    pub(super) fn covers(&self, point: Point) -> bool {
        if let Some(projection) = &self.projection {
            // Projected, a point on an edge may lie a hair beside it.
            return projection.place(point).is_some_and(|place| {
                self.covers_place(place)
                    || edges(&self.ring).any(|(from, to)| is_between(place, from, to))
            });
        }
        let [longitude, latitude] = point;
        [longitude, longitude - 360.0, longitude + 360.0]
            .into_iter()
            .any(|longitude| self.covers_place([longitude, latitude]))
    }

    /// A ray to the east crosses the boundary an odd number of times from a point inside. Which side of an edge
    /// the point is on is exact, so that two regions with a common border leave no gap.
    fn covers_place(&self, point: [f64; 2]) -> bool {
        let within = |axis: usize| (self.least[axis]..=self.most[axis]).contains(&point[axis]);
        if !(within(0) && within(1)) {
            return false;
        }
        let mut inside = false;
        for (from, to) in edges(&self.ring) {
            if on_parallel(from, to, point) {
                return true;
            }
            // One end belongs to the edge, the other one to the next edge.
            if (from[1] > point[1]) == (to[1] > point[1]) {
                continue;
            }
            let [start, end, place] = [from, to, point].map(|[x, y]| Coord { x, y });
            let side = orient2d(start, end, place);
            if side == 0.0 {
                return true;
            }
            inside ^= (side > 0.0) == (to[1] > from[1]);
        }
        inside
    }
}

/// Whether the point is the start of an edge or on one that runs along its parallel.
fn on_parallel(from: Point, to: Point, point: Point) -> bool {
    let between = from[0].min(to[0])..=from[0].max(to[0]);
    from == point || (from[1] == point[1] && to[1] == point[1] && between.contains(&point[0]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(ring: &[Point], point: Point) -> bool {
        let region = Region::new(ring.to_vec(), Edges::Straight).unwrap();
        region.covers(point)
    }

    /// A triangle whose edge from (0, 0) to (3, 1) has points that no double holds: by hand.
    #[test]
    fn an_edge_divides_exactly() {
        let (above, below) = (
            [[0.0, 0.0], [3.0, 1.0], [0.0, 1.0]],
            [[0.0, 0.0], [3.0, 0.0], [3.0, 1.0]],
        );
        let near = [f64::from_bits(1.5_f64.to_bits() + 1), 0.5];
        assert!(covers(&above, [1.5, 0.5]) && covers(&below, [1.5, 0.5]));
        assert!(!covers(&above, near) && covers(&below, near));
    }

    /// A ray through vertices: counted once where the boundary passes, not at all where it turns back.
    #[test]
    fn vertices_on_the_ray_do_not_confuse() {
        let diamond = [[0.0, -1.0], [1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]];
        assert!(covers(&diamond, [0.0, 0.0]));
        assert!(!covers(&diamond, [-2.0, 0.0]) && !covers(&diamond, [-0.5, 1.0]));
        let crown = [[0.0, 0.0], [4.0, 0.0], [4.0, 2.0], [2.0, 1.0], [0.0, 2.0]];
        assert!(covers(&crown, [0.5, 1.0]) && covers(&crown, [3.0, 1.0]));
        assert!(!covers(&crown, [-1.0, 1.0]) && !covers(&crown, [-1.0, 2.0]));
    }

    #[test]
    fn a_ring_across_the_date_line_runs_on() {
        let ring = [[170.0, -10.0], [190.0, -10.0], [190.0, 10.0], [170.0, 10.0]];
        for longitude in [175.0, 180.0, -180.0, -175.0, 185.0, -170.0] {
            assert!(covers(&ring, [longitude, 0.0]), "{longitude}");
        }
        assert!(!covers(&ring, [0.0, 0.0]) && !covers(&ring, [-169.0, 0.0]));
        // Written 170 to -170 it is the long way round.
        let long = [
            [170.0, -10.0],
            [-170.0, -10.0],
            [-170.0, 10.0],
            [170.0, 10.0],
        ];
        assert!(covers(&long, [0.0, 0.0]) && !covers(&long, [175.0, 0.0]));
    }

    /// The great circle from (0, 50) to (90, 50) passes its middle at atan(tan 50 / cos 45) = 59.32 north.
    #[test]
    fn a_great_circle_bulges_to_the_pole() {
        let ring = vec![[0.0, 50.0], [0.0, 0.0], [90.0, 0.0], [90.0, 50.0]];
        let round = Region::new(ring.clone(), Edges::GreatCircle).unwrap();
        assert!(round.covers([45.0, 59.3]) && !round.covers([45.0, 59.4]));
        assert!(!covers(&ring, [45.0, 50.1]));
        // On the equator and on a meridian, which are great circles; on the other side of the earth.
        assert!(
            round.covers([13.0, 0.0]) && round.covers([0.0, 13.0]) && round.covers([90.0, 13.0])
        );
        assert!(!round.covers([13.0, -1e-9]) && !round.covers([-135.0, -20.0]));
    }

    #[test]
    fn great_circles_know_no_date_line_and_no_pole() {
        let date_line = vec![
            [170.0, -10.0],
            [-170.0, -10.0],
            [-170.0, 10.0],
            [170.0, 10.0],
        ];
        let region = Region::new(date_line, Edges::GreatCircle).unwrap();
        assert!(region.covers([175.0, 0.0]) && region.covers([-175.0, 0.0]));
        assert!(!region.covers([0.0, 0.0]));
        let arctic = vec![[0.0, 70.0], [90.0, 70.0], [180.0, 70.0], [-90.0, 70.0]];
        let region = Region::new(arctic, Edges::GreatCircle).unwrap();
        assert!(region.covers([45.0, 89.0]) && !region.covers([45.0, 70.0]));
        let around = vec![[0.0, 0.0], [120.0, 0.0], [-120.0, 0.0]];
        assert!(Region::new(around, Edges::GreatCircle).is_err());
    }
}
