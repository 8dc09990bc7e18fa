//! What is asked about tables and saved queries, beside running them: counts, checks, expectations.

pub(crate) mod check;
pub(crate) mod counts;
pub(crate) mod unmet;
