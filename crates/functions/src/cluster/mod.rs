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

use crate::function::{Function, Group};

/// The functions of this group.
pub(crate) fn group() -> Group {
    Group {
        name: "cluster",
        question: "Do like values lie together, and where?",
        functions: vec![
            Function::aggregate(moran_i::MoranI),
            Function::window(local_moran::LocalMoran),
            Function::window(getis_ord_gi_star::GetisOrdGiStar),
            Function::aggregate(geary_c::GearyC),
            Function::aggregate(getis_ord_g::GetisOrdG),
        ],
    }
}
