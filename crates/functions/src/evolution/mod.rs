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

use crate::function::{Function, Group};

/// The functions of this group.
pub(crate) fn group() -> Group {
    Group {
        name: "evolution",
        question: "How did it develop?",
        functions: vec![
            Function::aggregate(burst_periods::BurstPeriods),
            Function::aggregate(bayesian_blocks::BayesianBlocks),
            Function::aggregate(transition_matrix::TransitionMatrix),
            Function::scalar(steady_state::SteadyState::default()),
            Function::scalar(mfpt::Mfpt::default()),
            Function::scalar(mobility::Mobility::default()),
        ],
    }
}
