//! Distances and places, the middle of points and their spread.

mod azimuth_deg;
mod center;
mod convex_hull;
mod earth;
mod geodesic_km;
mod gnomonic;
mod great_circle_km;
mod hull;
mod mean_center;
mod median_center;
mod nearest_city;
mod nearest_neighbour_index;
mod places;
mod point_in_region;
pub(crate) mod points;
pub(crate) mod proximity;
mod region;
mod std_distance;
mod std_ellipse;
pub(crate) mod surface;
mod weighted_mean_center;

use datafusion_common::{Result, ScalarValue};
use datafusion_expr::{ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs};

use crate::function::{Function, Group};
use crate::parameters::{Kind, Parameter, Parameters, required, while_planning};
use crate::support::strict_numbers;

pub use places::{PlaceCatalogue, PlaceSource};

/// The functions of this group.
pub(crate) fn group(places: &PlaceSource) -> Group {
    Group {
        name: "space",
        question: "How far is it, what lies near, and where is the middle?",
        functions: vec![
            Function::scalar(geodesic_km::GeodesicKm::default()),
            Function::scalar(great_circle_km::GreatCircleKm::default()),
            Function::scalar(azimuth_deg::AzimuthDeg::default()),
            Function::scalar(nearest_city::NearestCity::new(places.clone())),
            Function::scalar(point_in_region::PointInRegion::default()),
            Function::aggregate(mean_center::MeanCenter),
            Function::aggregate(weighted_mean_center::WeightedMeanCenter),
            Function::aggregate(median_center::MedianCenter),
            Function::aggregate(std_distance::StdDistance),
            Function::aggregate(std_ellipse::StdEllipse),
            Function::aggregate(convex_hull::ConvexHull),
            Function::aggregate(nearest_neighbour_index::NearestNeighbourIndex),
        ],
    }
}

const TWO_POINTS: &[Parameter] = &[
    required("lon1", Kind::Number),
    required("lat1", Kind::Number),
    required("lon2", Kind::Number),
    required("lat2", Kind::Number),
];

/// Checks a call and its literals while planning.
fn check_points(parameters: &Parameters, args: &ReturnFieldArgs) -> Result<()> {
    parameters.check(args)?;
    let known = parameters.literals(args)?;
    for (parameter, literal) in parameters.list.iter().zip(known) {
        if let Some(ScalarValue::Float64(Some(degrees))) = literal {
            check_degrees(parameters.function, parameter.name, degrees).map_err(while_planning)?;
        }
    }
    Ok(())
}

/// A coordinate within its range; parameters say by their name which one it is.
fn check_degrees(function: &str, name: &str, degrees: f64) -> Result<f64> {
    if name.starts_with("lat") {
        return earth::check_latitude(function, name, degrees);
    }
    earth::check_longitude(function, name, degrees)
}

/// A distance between two points, row by row.
fn measured(
    parameters: &Parameters,
    args: &ScalarFunctionArgs,
    distance: fn(f64, f64, f64, f64) -> f64,
) -> Result<ColumnarValue> {
    strict_numbers(args, |degrees: [f64; 4]| {
        for (parameter, degrees) in parameters.list.iter().zip(degrees) {
            check_degrees(parameters.function, parameter.name, degrees)?;
        }
        let [longitude_1, latitude_1, longitude_2, latitude_2] = degrees;
        Ok(distance(longitude_1, latitude_1, longitude_2, latitude_2))
    })
}
