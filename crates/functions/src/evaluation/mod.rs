//! Evaluation: how well labels or rankings of the same things agree.

mod accuracy;
mod balanced_accuracy;
mod cohen_kappa;
mod confusion;
mod pairs;
mod ranks;
mod spearman;

use crate::function::{Function, Group};

/// The functions of this group.
pub(crate) fn group() -> Group {
    Group {
        name: "evaluation",
        question: "How good is a classification?",
        functions: vec![
            Function::aggregate(cohen_kappa::CohenKappa),
            Function::aggregate(accuracy::Accuracy),
            Function::aggregate(balanced_accuracy::BalancedAccuracy),
            Function::aggregate(confusion::Confusion),
            Function::aggregate(spearman::Spearman),
        ],
    }
}
