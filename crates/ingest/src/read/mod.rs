//! From the files of a table to chunks of whole rows, and one number for all that was read.

pub(crate) mod decode;
pub(crate) mod feed;
pub(crate) mod fingerprint;
pub(crate) mod flaws;
pub(crate) mod hash;
pub(crate) mod header;
pub(crate) mod ragged;
pub(crate) mod rows;
pub(crate) mod source;
