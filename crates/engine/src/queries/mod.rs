//! Saved queries: where their files are found, what calls of them name, how values are given to them.

pub(crate) mod binding;
pub(crate) mod call;
pub(crate) mod calls;
pub(crate) mod file;
pub(crate) mod library;
pub(crate) mod literals;
