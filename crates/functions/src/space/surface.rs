//! Where points lie: on the earth in degrees, or on a plane in any unit. Measures are written once for both.

use datafusion_common::{Result, exec_err};

use super::earth;
use crate::aggregate::Row;
use crate::parameters::{Kind, Parameter, number, setting};

/// A point: longitude and latitude in degrees, or x and y.
pub(crate) type Point = [f64; 2];

/// The first coordinate of a point.
pub(crate) const LON: Parameter = number("lon", "Longitude, degrees, east positive; x on a plane.");

/// The second coordinate of a point.
pub(crate) const LAT: Parameter = number(
    "lat",
    "Latitude, degrees, north positive, -90 to 90; y on a plane.",
);

/// The parameter that names the surface.
pub(crate) const SURFACE: Parameter = setting(
    "surface",
    Kind::Text,
    "'earth' (default) for degrees on WGS84 and km, 'plane' for projected coordinates in any unit; \
    the same for all rows of a group or partition.",
)
.texts("'earth' or 'plane'", |name| Surface::named(name).is_some());

/// What coordinates mean.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Surface {
    /// Degrees on WGS84; lengths are km.
    #[default]
    Earth,
    /// Plane coordinates; lengths are in their unit.
    Plane,
}

impl Surface {
    /// The surface named by an argument for [`SURFACE`].
    pub(crate) fn of(row: Row<'_>, position: usize) -> Result<Self> {
        let name = row.optional_text(position)?;
        Ok(name.and_then(Self::named).unwrap_or_default())
    }

    fn named(name: &str) -> Option<Self> {
        match name {
            "earth" => Some(Self::Earth),
            "plane" => Some(Self::Plane),
            _ => None,
        }
    }

    /// The point at two arguments that follow one another, within range.
    pub(crate) fn point(self, row: Row<'_>, function: &str, position: usize) -> Result<Point> {
        let (x, y) = (row.number(position)?, row.number(position + 1)?);
        if self == Self::Earth {
            earth::check_longitude(function, "lon", x)?;
            earth::check_latitude(function, "lat", y)?;
        }
        Ok([x, y])
    }

    /// The point in space that `point` is the direction or place of: means are taken there.
    pub(crate) fn embed(self, point: Point) -> [f64; 3] {
        match self {
            Self::Earth => earth::unit_vector(point[0], point[1]),
            Self::Plane => [point[0], point[1], 0.0],
        }
    }

    /// The point of a mean of embedded points; none if they cancel out.
    pub(crate) fn project(self, [x, y, z]: [f64; 3]) -> Option<Point> {
        if self == Self::Plane {
            return Some([x, y]);
        }
        let equatorial = x.hypot(y);
        // A mean this short is rounding: the points lie all around the earth.
        let balanced = equatorial.hypot(z) < 1e-12;
        (!balanced).then(|| {
            let longitude = y.atan2(x).to_degrees();
            [longitude, z.atan2(equatorial).to_degrees()]
        })
    }

    /// The mean of points, as the mean of their embeddings.
    pub(crate) fn mean(self, points: &[Point]) -> Option<Point> {
        let mut mean = [0.0; 3];
        for point in points {
            for (sum, part) in mean.iter_mut().zip(self.embed(*point)) {
                *sum += part / points.len() as f64;
            }
        }
        (!points.is_empty()).then_some(())?;
        self.project(mean)
    }

    /// How far `to` is from `from`, eastward and northward: an azimuthal equidistant projection around `from`.
    pub(crate) fn offset(self, from: Point, to: Point) -> [f64; 2] {
        match self {
            Self::Plane => [to[0] - from[0], to[1] - from[1]],
            Self::Earth => {
                let (km, azimuth) = earth::course(from, to);
                let (sine, cosine) = azimuth.to_radians().sin_cos();
                [km * sine, km * cosine]
            }
        }
    }

    /// The point at an offset from another: the inverse of [`Self::offset`].
    pub(crate) fn moved(self, from: Point, [east, north]: [f64; 2]) -> Point {
        match self {
            Self::Plane => [from[0] + east, from[1] + north],
            Self::Earth => {
                earth::destination(from, east.atan2(north).to_degrees(), east.hypot(north))
            }
        }
    }

    /// Length of the shortest line between two points.
    pub(crate) fn distance(self, from: Point, to: Point) -> f64 {
        match self {
            Self::Plane => (to[0] - from[0]).hypot(to[1] - from[1]),
            Self::Earth => earth::geodesic_km(from[0], from[1], to[0], to[1]),
        }
    }

    /// The least distance of points whose embeddings are so far apart.
    pub(crate) fn least_distance(self, chord_squared: f64) -> f64 {
        match self {
            Self::Plane => chord_squared.sqrt(),
            Self::Earth => earth::least_possible_km(chord_squared),
        }
    }

    /// As a number, to travel between partitions.
    pub(crate) fn code(self) -> i64 {
        match self {
            Self::Earth => 0,
            Self::Plane => 1,
        }
    }

    /// The surface of a code.
    pub(crate) fn from_code(code: i64) -> Self {
        if code == 0 { Self::Earth } else { Self::Plane }
    }
}

/// Joins what two rows or parts say about the surface of one group.
pub(crate) fn agree(
    function: &str,
    own: &mut Option<Surface>,
    other: Option<Surface>,
) -> Result<()> {
    let Some(other) = other else { return Ok(()) };
    if *own.get_or_insert(other) == other {
        return Ok(());
    }
    exec_err!("{function} takes one surface for all rows of a group, got 'earth' and 'plane'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_across_the_date_line_stays_there() {
        let mean = Surface::Earth.mean(&[[179.0, 10.0], [-179.0, 10.0]]);
        let [longitude, latitude] = mean.unwrap();
        assert!((longitude.abs() - 180.0).abs() < 1e-9);
        assert!((10.0..10.01).contains(&latitude));
        assert_eq!(Surface::Earth.mean(&[[0.0, 90.0], [0.0, -90.0]]), None);
    }

    #[test]
    fn an_offset_leads_back() {
        let (kashgar, torugart) = ([75.99, 39.47], [75.39, 40.55]);
        let offset = Surface::Earth.offset(kashgar, torugart);
        let [longitude, latitude] = Surface::Earth.moved(kashgar, offset);
        assert!((longitude - 75.39).abs() < 1e-9 && (latitude - 40.55).abs() < 1e-9);
    }
}
