//! Whether like values lie together, and where: spatial autocorrelation.

mod geary_c;
mod getis_ord_g;
mod getis_ord_gi_star;
mod global;
mod links;
mod local_moran;
mod moran_i;
mod score;
mod shuffle;
mod sites;
mod weights;

use crate::function::Group;

/// The functions of this group.
pub(crate) fn group() -> Group {
    Group::new("cluster", "Do like values lie together, and where?")
        .aggregate(moran_i::MoranI)
        .window(local_moran::LocalMoran)
        .window(getis_ord_gi_star::GetisOrdGiStar)
        .aggregate(geary_c::GearyC)
        .aggregate(getis_ord_g::GetisOrdG)
}
