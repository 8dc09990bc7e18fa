//! Stages of development: which period a year, a date or a number belongs to.

mod definition;
mod moment;
mod port_stage;
mod port_stage_bounds;
mod port_stage_no;
mod ranges;
mod stage_bucket;
mod try_port_stage;

pub use ranges::StageRanges;

use crate::function::{Function, Group};
use crate::parameters::{Kind, Parameter, optional, required};

/// The functions of this group.
pub(crate) fn group() -> Group {
    Group {
        name: "stages",
        question: "Which stage of development does a year, a date or a number belong to?",
        functions: vec![
            Function::scalar(port_stage::PortStage::default()),
            Function::scalar(port_stage_no::PortStageNo::default()),
            Function::scalar(port_stage_bounds::PortStageBounds::default()),
            Function::scalar(try_port_stage::TryPortStage::default()),
            Function::scalar(stage_bucket::StageBucket::default()),
        ],
    }
}

/// What every function over the stages of the calendar takes.
const CALENDAR: &[Parameter] = &[
    required("value", Kind::Moment),
    optional("boundaries", Kind::Integers),
    optional("labels", Kind::Texts),
];
