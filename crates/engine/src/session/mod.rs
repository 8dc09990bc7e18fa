//! An open session, and a statement's way in it: planned with the saved queries it names, bound, run.

pub(crate) mod all_unknown_names;
pub(crate) mod bind;
pub(crate) mod build;
pub(crate) mod describe;
pub(crate) mod nesting;
pub(crate) mod planner;
pub(crate) mod run;
pub(crate) mod run_saved;
pub(crate) mod settings;
pub(crate) mod window_frames;
