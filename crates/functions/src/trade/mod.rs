//! Trade and change: balance of flows, specialisation, growth, seasons.

mod cagr;
mod directionality;
mod growth;
mod grubel_lloyd;
mod location_quotient;
mod months;
mod seasonality_index;
mod seasonality_vector;
mod shift_share;

use crate::function::Group;

/// The functions of this group.
pub(crate) fn group() -> Group {
    Group::new("trade", "How does trade balance, specialise and change?")
        .scalar(directionality::Directionality)
        .aggregate(grubel_lloyd::GrubelLloyd)
        .scalar(location_quotient::LocationQuotient)
        .scalar(shift_share::ShiftShare)
        .scalar(growth::Growth)
        .scalar(cagr::Cagr)
        .aggregate(seasonality_index::SeasonalityIndex)
        .aggregate(seasonality_vector::SeasonalityVector)
}
