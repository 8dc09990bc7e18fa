//! The gnomonic projection of half the earth, in which great circles are straight lines.

use super::earth::unit_vector;
use super::surface::Point;

/// A projection around a middle, in radii of the earth.
#[derive(Debug)]
pub(super) struct Gnomonic {
    middle: [f64; 3],
    east: [f64; 3],
    north: [f64; 3],
}

impl Gnomonic {
    /// The projection of a half of the earth that contains all points; `None` if there is no such half.
    pub(super) fn around(points: &[Point]) -> Option<Self> {
        let embedded: Vec<_> = points.iter().map(|[x, y]| unit_vector(*x, *y)).collect();
        let middle = middle(&embedded)?;
        // East and north of the middle; near a pole any direction does.
        let up = if middle[2].abs() < 0.9 {
            [0.0, 0.0, 1.0]
        } else {
            [1.0, 0.0, 0.0]
        };
        let east = unit(cross(up, middle));
        Some(Self {
            middle,
            east,
            north: cross(middle, east),
        })
    }

    /// Where a point lies, `None` on the other half of the earth.
    pub(super) fn place(&self, [longitude, latitude]: Point) -> Option<[f64; 2]> {
        let position = unit_vector(longitude, latitude);
        let depth = dot(self.middle, position);
        (depth > 0.0).then(|| [self.east, self.north].map(|axis| dot(axis, position) / depth))
    }
}

/// Whether a place is on the line between two others, up to what projecting may move it by.
pub(super) fn is_between(place: [f64; 2], from: [f64; 2], to: [f64; 2]) -> bool {
    // In radii of the earth: 6 micrometres.
    const ROUNDING: f64 = 1e-12;
    let [x, y] = [to[0] - from[0], to[1] - from[1]];
    let [east, north] = [place[0] - from[0], place[1] - from[1]];
    let length = x * x + y * y;
    let along = if length > 0.0 {
        ((x * east + y * north) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (east - along * x).hypot(north - along * y) <= ROUNDING
}

/// A direction less than 90 degrees from every point, if there is one; the mean, where it is.
///
/// Rosenblatt's perceptron: what lies behind pulls the direction towards it.
fn middle(points: &[[f64; 3]]) -> Option<[f64; 3]> {
    const STEPS: usize = 1_000;
    const LEAST_COSINE: f64 = 1e-3;
    let all = points.iter().fold([0.0; 3], |sum, point| plus(sum, *point));
    let mut sum = if dot(all, all) > 0.0 {
        unit(all)
    } else {
        *points.first()?
    };
    for _ in 0..STEPS {
        let middle = unit(sum);
        let cosines = points.iter().map(|point| (dot(middle, *point), point));
        let (cosine, farthest) = cosines.min_by(|(left, _), (right, _)| left.total_cmp(right))?;
        if cosine > LEAST_COSINE {
            return Some(middle);
        }
        sum = plus(sum, *farthest);
    }
    None
}

fn dot(left: [f64; 3], right: [f64; 3]) -> f64 {
    left.iter()
        .zip(right)
        .map(|(left, right)| left * right)
        .sum()
}

fn plus(left: [f64; 3], right: [f64; 3]) -> [f64; 3] {
    [left[0] + right[0], left[1] + right[1], left[2] + right[2]]
}

fn cross(left: [f64; 3], right: [f64; 3]) -> [f64; 3] {
    [
        left[1] * right[2] - left[2] * right[1],
        left[2] * right[0] - left[0] * right[2],
        left[0] * right[1] - left[1] * right[0],
    ]
}

fn unit(vector: [f64; 3]) -> [f64; 3] {
    let length = dot(vector, vector).sqrt();
    vector.map(|part| part / length)
}
