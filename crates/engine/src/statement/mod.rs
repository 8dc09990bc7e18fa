//! A statement before it is planned: cut from its source, told by its kind, parsed and rewritten.

pub(crate) mod column_heads;
pub(crate) mod kind;
pub(crate) mod named_arguments;
pub(crate) mod parse;
pub(crate) mod script;
pub(crate) mod table_columns;
