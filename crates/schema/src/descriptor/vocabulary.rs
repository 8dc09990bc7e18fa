//! Which properties an object may have, so that none is ignored by mistake.

use crate::descriptor::json::Node;
use crate::descriptor::near::nearest;
use crate::error::{Result, SchemaError};

/// The properties that an object may have.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    /// What the object is, with its article.
    of: &'static str,
    /// Properties that change how the data are read, and others that kouan shows.
    known: &'static [&'static str],
    /// Properties that are accepted as they are.
    metadata: &'static [&'static str],
    /// Properties that change how the data are read, in a way that kouan does not know yet.
    unsupported: &'static [&'static str],
    /// Whether no other property is accepted.
    closed: bool,
}

impl Vocabulary {
    /// Every property changes how the data are read, so no other is accepted.
    pub(crate) const fn closed(
        of: &'static str,
        known: &'static [&'static str],
        unsupported: &'static [&'static str],
    ) -> Self {
        Self {
            of,
            known,
            metadata: &[],
            unsupported,
            closed: true,
        }
    }

    /// Other properties are accepted, unless they look like a misspelling of a known one.
    pub(crate) const fn open(
        of: &'static str,
        known: &'static [&'static str],
        metadata: &'static [&'static str],
        unsupported: &'static [&'static str],
    ) -> Self {
        Self {
            of,
            known,
            metadata,
            unsupported,
            closed: false,
        }
    }
}

impl Node<'_> {
    /// Makes sure that the value is an object and that each of its properties means something.
    pub(crate) fn check(&self, vocabulary: &Vocabulary) -> Result<()> {
        self.object()?
            .keys()
            .try_for_each(|name| self.check_property(name, vocabulary))
    }

    fn check_property(&self, name: &str, vocabulary: &Vocabulary) -> Result<()> {
        let Vocabulary {
            of,
            known,
            metadata,
            unsupported,
            closed,
        } = *vocabulary;
        let at = || self.child(name).at();
        if unsupported.contains(&name) {
            return Err(SchemaError::Unsupported {
                at: at(),
                what: format!("property `{name}`"),
            });
        }
        // A prefix marks properties of one's own, by the standard's recommendation; kouan knows those of its own.
        let is_foreign = name.contains(':') && !name.starts_with("kouan:");
        if known.contains(&name) || metadata.contains(&name) || is_foreign {
            return Ok(());
        }
        let near = nearest(name, known.iter().copied());
        if !closed && near.is_none() && !name.contains(':') {
            return Ok(());
        }
        Err(SchemaError::PropertyUnknown {
            at: at(),
            name: name.to_string(),
            of,
            near: near.map(str::to_string),
        })
    }
}
