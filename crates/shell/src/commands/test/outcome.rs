//! What became of a saved query that was tested.

use std::time::Duration;

use kouan_engine::{QueryProblem, SavedQuery};

use crate::exit::Failure;

/// What became of a case.
pub(super) struct Outcome {
    pub(super) topic: String,
    pub(super) name: String,
    pub(super) values: String,
    /// `passed`, `blessed`, `failed`, or that there is no expected answer.
    pub(super) result: &'static str,
    pub(super) failures: Vec<Failure>,
    pub(super) took: Duration,
}

impl Outcome {
    pub(super) fn refused(query: &SavedQuery, failure: Failure) -> Self {
        Self {
            topic: query.topic.clone(),
            name: query.name.clone(),
            values: String::new(),
            result: "failed",
            failures: vec![failure],
            took: Duration::ZERO,
        }
    }

    pub(super) fn of_file(problem: &QueryProblem) -> Self {
        Self {
            topic: String::new(),
            name: problem.to_string(),
            values: String::new(),
            result: "failed",
            failures: vec![Failure::Engine(problem.clone().into())],
            took: Duration::ZERO,
        }
    }
}
