//! What a cell means: the types of fields, and the values that their cells have.

pub(crate) mod any_form;
pub(crate) mod duration;
pub(crate) mod field_type;
pub(crate) mod geo;
pub(crate) mod json_text;
pub(crate) mod number;
pub(crate) mod pattern;
pub(crate) mod rule;
pub(crate) mod temporal;
pub(crate) mod temporal_pattern;
pub(crate) mod text;
pub(crate) mod value;
