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

use crate::documented::{Sample, Samples};
use crate::function::Group;
use crate::parameters::{Parameter, number};

pub use places::{PlaceCatalogue, PlaceSource};

/// The functions of this group.
pub(crate) fn group(places: &PlaceSource) -> Group {
    Group::new(
        "space",
        "How far is it, what lies near, and where is the middle?",
    )
    .scalar(geodesic_km::GeodesicKm)
    .scalar(great_circle_km::GreatCircleKm)
    .scalar(azimuth_deg::AzimuthDeg)
    .scalar(nearest_city::NearestCity::new(places.clone()))
    .scalar(point_in_region::PointInRegion)
    .aggregate(mean_center::MeanCenter)
    .aggregate(weighted_mean_center::WeightedMeanCenter)
    .aggregate(median_center::MedianCenter)
    .aggregate(std_distance::StdDistance)
    .aggregate(std_ellipse::StdEllipse)
    .aggregate(convex_hull::ConvexHull)
    .aggregate(nearest_neighbour_index::NearestNeighbourIndex)
}

/// What every function of two points takes.
const TWO_POINTS: &[Parameter] = &[
    number(
        "lon1",
        "Longitude of the first point, degrees, east positive.",
    )
    .within(earth::LONGITUDES),
    number(
        "lat1",
        "Latitude of the first point, degrees, north positive, -90 to 90.",
    )
    .within(earth::LATITUDES),
    number("lon2", "Longitude of the second point.").within(earth::LONGITUDES),
    number("lat2", "Latitude of the second point.").within(earth::LATITUDES),
];

const TWO_POINTS_SAMPLES: Samples = &[&[
    Sample::Numbers([82.57, 0.0, 179.9, 10.0]),
    Sample::Numbers([45.17, 0.0, 0.0, 10.0]),
    Sample::Numbers([76.95, 179.7, -179.9, 10.0]),
    Sample::Numbers([43.25, 0.2, 0.0, 10.0]),
]];
