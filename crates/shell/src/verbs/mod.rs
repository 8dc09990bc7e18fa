//! What commands of the command line and of the prompt both do.

pub(crate) mod dictionary;
pub(crate) mod each_table;
pub(crate) mod saved_query;
pub(crate) mod source;
