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

use crate::documented::{Sample, Samples};
use crate::function::Group;
use crate::parameters::{Kind, Parameter, optional, required};

/// The functions of this group.
pub(crate) fn group() -> Group {
    Group::new(
        "stages",
        "Which stage of development does a year, a date or a number belong to?",
    )
    .scalar(port_stage::PortStage)
    .scalar(port_stage_no::PortStageNo)
    .scalar(port_stage_bounds::PortStageBounds)
    .scalar(try_port_stage::TryPortStage)
    .scalar(stage_bucket::StageBucket)
}

/// What every function over the stages of the calendar takes.
const CALENDAR: &[Parameter] = &[
    required(
        "value",
        Kind::Moment,
        "Year (INTEGER of any width), DATE, TIMESTAMP or text.",
    ),
    optional(
        "boundaries",
        Kind::Integers,
        "Years in which a new stage begins, strictly increasing. Default [1950, 1980, 2000].",
    ),
    optional(
        "labels",
        Kind::Texts,
        "Names of the stages, one more than boundaries, all different; a value may be one of them. \
        Default for boundaries of your own: `before 1978`, `1978-1991`, `from 1992`.",
    ),
];

const CALENDAR_SAMPLES: Samples = &[
    &[YEARS],
    &[YEARS, BOUNDARIES],
    &[YEARS, BOUNDARIES, LABELS],
    &[MOMENTS],
    &[MOMENTS, BOUNDARIES, LABELS],
];
const YEARS: Sample = Sample::Integers([1881, 1949, 1983, 2000]);
const MOMENTS: Sample = Sample::Texts(["1881", "1949-12", "1983-05-01", "post-2000"]);
const BOUNDARIES: Sample =
    Sample::IntegerLists([&[1950, 1980], &[1950, 1980], &[1978, 1992], &[1978, 1992]]);
const LABELS: Sample = Sample::TextLists([&["early", "in between them", "post-2000"]; 4]);
