//! Concentration: how unequally a total is spread over those who have a part in it.

mod amount_pairs;
mod amounts;
mod amounts_of_groups;
mod atkinson;
mod cr_k;
mod effective_number;
mod entropy_normalized;
mod entropy_w;
mod gini;
mod hhi;
mod hhi_normalized;
mod hoover_index;
mod krugman_index;
mod logs;
mod rank_size;
mod squares;
mod theil_decompose;
mod theil_t;

use crate::documented::{Sample, Samples};
use crate::function::Group;
use crate::parameters::{Parameter, number};

/// The functions of this group.
pub(crate) fn group() -> Group {
    Group::new("concentration", "How concentrated is it?")
        .aggregate(hhi::Hhi)
        .aggregate(hhi_normalized::HhiNormalized)
        .aggregate(effective_number::EffectiveNumber)
        .aggregate(cr_k::CrK)
        .aggregate(gini::Gini)
        .aggregate(theil_t::TheilT)
        .aggregate(theil_decompose::TheilDecompose)
        .aggregate(entropy_w::EntropyW)
        .aggregate(entropy_normalized::EntropyNormalized)
        .aggregate(hoover_index::HooverIndex)
        .aggregate(krugman_index::KrugmanIndex)
        .aggregate(atkinson::Atkinson)
        .aggregate(rank_size::RankSize)
}

/// What most of them take.
const AMOUNT: Parameter = number(
    "x",
    "Amount of one part, at least 0, any unit: tonnes, people, ports.",
);

const AMOUNT_SAMPLES: Samples = &[
    &[Sample::Numbers([31_783.0, 3_513.5, 0.0, 4_655.0])],
    &[Sample::Integers([50, 30, 20, 7])],
];
