//! What a person sees: answers on standard output or in files, messages on standard error.

pub(crate) mod answers;
pub(crate) mod listing;
pub(crate) mod output;
pub(crate) mod panics;
pub(crate) mod report;
pub(crate) mod status_line;
