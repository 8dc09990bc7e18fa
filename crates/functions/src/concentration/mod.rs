//! Concentration: how unequally a total is spread over those who have a part in it.

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
mod pairs;
mod rank_size;
mod squares;
mod theil_decompose;
mod theil_t;

use crate::function::{Function, Group};

/// The functions of this group.
pub(crate) fn group() -> Group {
    Group {
        name: "concentration",
        question: "How concentrated is it?",
        functions: vec![
            Function::aggregate(hhi::Hhi),
            Function::aggregate(hhi_normalized::HhiNormalized),
            Function::aggregate(effective_number::EffectiveNumber),
            Function::aggregate(cr_k::CrK),
            Function::aggregate(gini::Gini),
            Function::aggregate(theil_t::TheilT),
            Function::aggregate(theil_decompose::TheilDecompose),
            Function::aggregate(entropy_w::EntropyW),
            Function::aggregate(entropy_normalized::EntropyNormalized),
            Function::aggregate(hoover_index::HooverIndex),
            Function::aggregate(krugman_index::KrugmanIndex),
            Function::aggregate(atkinson::Atkinson),
            Function::aggregate(rank_size::RankSize),
        ],
    }
}
