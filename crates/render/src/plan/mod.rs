//! Plans for people: as text, and drawn as a tree with what each step did.

pub(crate) mod measured;
pub(crate) mod text;
