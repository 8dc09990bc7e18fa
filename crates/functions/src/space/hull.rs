//! The convex hull of points: the ring around them, its area and its length.

use robust::{Coord, orient2d};

use super::earth;
use super::gnomonic::{Gnomonic, is_between};
use super::surface::{Point, Surface};
use crate::aggregate::Sum;

/// What one sees of a hull; with fewer than three vertices the points lie on one line.
#[derive(Debug)]
pub(super) struct Hull {
    /// Counter-clockwise, each vertex once, from the southernmost on.
    pub(super) ring: Vec<Point>,
    /// km² on the earth, on a plane its unit squared.
    pub(super) area: f64,
    /// km on the earth, on a plane its unit; there and back for points on one line.
    pub(super) perimeter: f64,
}

impl Hull {
    /// The hull of points in any order; `None` without points, and for points that no half of the earth contains.
    pub(super) fn around(surface: Surface, points: &[Point]) -> Option<Self> {
        let ring = match surface {
            Surface::Plane => ring_of(placed(points, Some)?),
            Surface::Earth => {
                let projection = Gnomonic::around(points)?;
                without_rounding(ring_of(placed(points, |point| projection.place(point))?))
            }
        };
        let mut ring: Vec<Point> = ring.into_iter().map(|place| place.point).collect();
        let southernmost = ring.iter().enumerate().min_by(|(_, left), (_, right)| {
            let by_latitude = left[1].total_cmp(&right[1]);
            by_latitude.then(left[0].total_cmp(&right[0]))
        });
        let (start, _) = southernmost?;
        ring.rotate_left(start);
        if surface == Surface::Earth {
            ring = run_on(ring);
        }
        let (area, perimeter) = match surface {
            Surface::Plane => (plane_area(&ring), plane_perimeter(&ring)),
            Surface::Earth => earth::ring_area_and_perimeter_km(&ring),
        };
        let flat = ring.len() < 3;
        Some(Self {
            ring,
            area: if flat { 0.0 } else { area },
            perimeter,
        })
    }
}

/// A point and where it lies on the plane on which its hull is found.
#[derive(Debug, Clone, Copy)]
struct Placed {
    at: [f64; 2],
    point: Point,
}

fn placed(points: &[Point], place: impl Fn(Point) -> Option<[f64; 2]>) -> Option<Vec<Placed>> {
    let placed = |point: &Point| {
        let at = place(*point)?;
        Some(Placed { at, point: *point })
    };
    points.iter().map(placed).collect()
}

/// The hull by Andrew's monotone chain, with exact turns.
fn ring_of(mut places: Vec<Placed>) -> Vec<Placed> {
    for place in &mut places {
        // -0 sorts before 0, where it is no other place.
        place.at = place.at.map(|coordinate| coordinate + 0.0);
    }
    places.sort_unstable_by(|left, right| {
        let by_x = left.at[0].total_cmp(&right.at[0]);
        by_x.then(left.at[1].total_cmp(&right.at[1]))
    });
    places.dedup_by(|next, kept| next.at == kept.at);
    if places.len() < 3 {
        return places;
    }
    let mut ring = chain(places.iter());
    // The end of one way begins the other.
    ring.pop();
    ring.extend(chain(places.iter().rev()));
    ring.pop();
    ring
}

/// The places at which a way that only turns left passes, from the first to the last of them.
fn chain<'a>(places: impl Iterator<Item = &'a Placed>) -> Vec<Placed> {
    let mut chain: Vec<Placed> = Vec::new();
    for place in places {
        while let [.., before, last] = chain.as_slice()
            && !turns_left(before.at, last.at, place.at)
        {
            chain.pop();
        }
        chain.push(*place);
    }
    chain
}

fn turns_left(from: [f64; 2], middle: [f64; 2], to: [f64; 2]) -> bool {
    let [from, middle, to] = [from, middle, to].map(|[x, y]| Coord { x, y });
    orient2d(from, middle, to) > 0.0
}

/// A ring without the vertices that only rounding has moved off the line between their neighbours.
fn without_rounding(ring: Vec<Placed>) -> Vec<Placed> {
    let mut kept: Vec<Placed> = Vec::with_capacity(ring.len());
    for place in ring {
        while let [.., before, last] = kept.as_slice()
            && is_between(last.at, before.at, place.at)
        {
            kept.pop();
        }
        kept.push(place);
    }
    while let [first, _, .., before, last] = kept.as_slice()
        && is_between(last.at, before.at, first.at)
    {
        kept.pop();
    }
    while let [first, second, .., last] = kept.as_slice()
        && is_between(first.at, last.at, second.at)
    {
        kept.remove(0);
    }
    kept
}

/// A ring whose longitudes run on across the antimeridian: 179, then 181.
fn run_on(ring: Vec<Point>) -> Vec<Point> {
    let mut before = 0.0_f64;
    let turn = |[longitude, latitude]: Point| {
        let apart = before - longitude;
        // Half a turn away may be either way: stay with what was given.
        if apart.abs() <= 180.0 {
            before = longitude;
        } else {
            before = longitude + 360.0 * (apart / 360.0).round();
        }
        [before, latitude]
    };
    let mut ring: Vec<Point> = ring.into_iter().map(turn).collect();
    // Around a pole it may run on for more than a turn from 0.
    let back = match ring.iter().find(|[longitude, _]| longitude.abs() > 360.0) {
        Some([longitude, _]) => 360.0_f64.copysign(*longitude),
        None => return ring,
    };
    for [longitude, _] in &mut ring {
        *longitude -= back;
    }
    ring
}

/// Edges of a ring, the last one back to the start.
pub(super) fn edges(ring: &[Point]) -> impl Iterator<Item = (Point, Point)> {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(from, to)| (*from, *to))
}

fn plane_area(ring: &[Point]) -> f64 {
    let Some([x, y]) = ring.first() else {
        return 0.0;
    };
    // From a vertex on, so that coordinates far from 0 lose no digits.
    let parts = edges(ring).map(|([x1, y1], [x2, y2])| (x1 - x) * (y2 - y) - (x2 - x) * (y1 - y));
    parts.collect::<Sum>().value() / 2.0
}

fn plane_perimeter(ring: &[Point]) -> f64 {
    let lengths = edges(ring).map(|(from, to)| Surface::Plane.distance(from, to));
    lengths.collect::<Sum>().value()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn earth(points: &[Point]) -> Hull {
        Hull::around(Surface::Earth, points).unwrap()
    }

    /// Areas and lengths by pyproj 3.7.2, Geod(ellps="WGS84").polygon_area_perimeter.
    #[test]
    fn hulls_on_the_earth_know_no_date_line_and_no_pole() {
        let inner = [105.0, 25.0];
        let square = [
            [100.0, 20.0],
            [110.0, 30.0],
            inner,
            [110.0, 20.0],
            [100.0, 30.0],
        ];
        let hull = earth(&square);
        assert_eq!(
            hull.ring,
            [[100.0, 20.0], [110.0, 20.0], [110.0, 30.0], [100.0, 30.0]]
        );
        assert!((hull.area - 1_118_167.299_348_533_6).abs() < 1e-4);
        assert!((hull.perimeter - 4_226.365_330_579_218).abs() < 1e-8);

        let hull = earth(&[
            [-179.0, 0.0],
            [179.0, 0.0],
            [179.0, 2.0],
            [-179.0, 2.0],
            [180.0, 1.0],
        ]);
        assert_eq!(
            hull.ring,
            [[-179.0, 0.0], [-179.0, 2.0], [-181.0, 2.0], [-181.0, 0.0]]
        );
        assert!((hull.area - 49_231.584_297_431_02).abs() < 1e-4);

        let hull = earth(&[
            [0.0, 80.0],
            [90.0, 80.0],
            [180.0, 80.0],
            [-90.0, 80.0],
            [5.0, 90.0],
        ]);
        assert_eq!(hull.ring.len(), 4);
        for north in [1.0, -1.0] {
            let around = [150.0, -100.0, -20.0, 60.0].map(|longitude| [longitude, north * 80.0]);
            let ring = earth(&around).ring;
            assert!(
                ring.iter().all(|[longitude, _]| longitude.abs() <= 360.0),
                "{ring:?}"
            );
        }
        assert!((hull.area - 2_507_270.031_169_875).abs() < 1e-4);
        assert!((hull.perimeter - 6_301.599_963_614_222).abs() < 1e-8);
    }

    #[test]
    fn points_on_a_line_enclose_nothing() {
        let hull = earth(&[[10.0, 0.0], [10.0, 20.0], [10.0, 30.0], [10.0, 20.0]]);
        assert_eq!(hull.ring, [[10.0, 0.0], [10.0, 30.0]]);
        assert_eq!(hull.area, 0.0);
        let there = Surface::Earth.distance([10.0, 0.0], [10.0, 30.0]);
        assert!((hull.perimeter - 2.0 * there).abs() < 1e-9);

        let zeros = [[-0.0, 5.0], [0.0, 1.0], [0.0, 9.0]];
        assert_eq!(
            Hull::around(Surface::Plane, &zeros).unwrap().perimeter,
            16.0
        );
        let line = [[0.1, 0.1], [0.2, 0.2], [0.3, 0.3]];
        let hull = Hull::around(Surface::Plane, &line).unwrap();
        assert_eq!(hull.area, 0.0);
        assert_eq!(hull.ring, [[0.1, 0.1], [0.3, 0.3]]);
        let one_place = earth(&[[190.0, 5.0], [-170.0, 5.0], [190.0, 5.0]]);
        assert!(one_place.area == 0.0 && one_place.perimeter < 1e-9);
        assert!(Hull::around(Surface::Plane, &[]).is_none());
    }

    /// A triangle with a point on each edge: the base along the equator, the sides along meridians.
    #[test]
    fn a_point_on_an_edge_is_no_vertex() {
        let corners = [[70.0, 0.0], [110.0, 0.0], [90.0, 90.0]];
        for degrees in [1.0, 13.0, 29.9] {
            let on_edges = [[70.0, degrees], [70.0 + degrees, 0.0], [110.0, degrees]];
            let hull = earth(&[corners, on_edges].concat());
            assert_eq!(hull.ring.len(), 3, "{:?}", hull.ring);
        }
    }

    /// Most points lie far to one side: their mean is more than 90 degrees from the last one.
    #[test]
    fn half_the_earth_is_found_where_the_mean_misses_it() {
        let mut points = vec![[0.0, 0.0]; 50];
        points.extend([[0.0, 10.0], [120.0, 0.0]]);
        assert_eq!(earth(&points).ring.len(), 3);
        let around = [
            [0.0, 0.0],
            [120.0, 0.0],
            [-120.0, 0.0],
            [0.0, 90.0],
            [0.0, -90.0],
        ];
        assert!(Hull::around(Surface::Earth, &around).is_none());
    }
}
