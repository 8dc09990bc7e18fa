//! One saved query: a plain SQL file whose header comment says what it is, what it takes and what
//! its answer must be.

pub(crate) mod arguments;
pub(crate) mod declaration;
pub(crate) mod expectation;
pub(crate) mod header;
pub(crate) mod parameter;
pub(crate) mod saved_query;
