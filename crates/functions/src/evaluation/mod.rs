//! Evaluation: how well labels or rankings of the same things agree.

mod accuracy;
mod balanced_accuracy;
mod cohen_kappa;
mod confusion;
mod label_pairs;
mod ranks;
mod spearman;

use crate::function::Group;

/// The functions of this group.
pub(crate) fn group() -> Group {
    Group::new("evaluation", "How good is a classification?")
        .aggregate(cohen_kappa::CohenKappa)
        .aggregate(accuracy::Accuracy)
        .aggregate(balanced_accuracy::BalancedAccuracy)
        .aggregate(confusion::Confusion)
        .aggregate(spearman::Spearman)
}
