//! Evolution: when much happened, and how things go from one state to the next.

mod bayesian_blocks;
mod blocks;
mod burst_periods;
mod histories;
mod markov;
mod matrix;
mod mfpt;
mod mobility;
mod series;
mod steady_state;
mod transition_matrix;

use crate::function::Group;

/// The functions of this group.
pub(crate) fn group() -> Group {
    Group::new("evolution", "How did it develop?")
        .aggregate(burst_periods::BurstPeriods)
        .aggregate(bayesian_blocks::BayesianBlocks)
        .aggregate(transition_matrix::TransitionMatrix)
        .scalar(steady_state::SteadyState)
        .scalar(mfpt::Mfpt)
        .scalar(mobility::Mobility)
}
