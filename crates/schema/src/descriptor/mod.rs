//! Descriptions as JSON files: where a property stands, which properties there are, what texts and paths may say.

pub(crate) mod json;
pub(crate) mod metadata;
pub(crate) mod near;
pub(crate) mod path;
pub(crate) mod strict_json;
pub(crate) mod text_position;
pub(crate) mod vocabulary;
