//! What cells cannot tell, for a person to decide.

use std::fmt;

/// What a person should know of a file. Whoever describes a package can mend its description; whoever only names a
/// file wants to know how it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Doubt {
    described: String,
    named: Option<String>,
}

impl Doubt {
    /// A doubt in the words of a package's description, which nobody needs to hear of who only names the file.
    pub(crate) fn of_description(described: impl Into<String>) -> Self {
        Self {
            described: described.into(),
            named: None,
        }
    }

    /// A doubt in the same words for both.
    pub(crate) fn plain(text: impl Into<String>) -> Self {
        let text = text.into();
        Self::of_description(text.clone()).or_of_file(text)
    }

    /// The same doubt in the words of a file.
    pub(crate) fn or_of_file(mut self, named: impl Into<String>) -> Self {
        self.named = Some(named.into());
        self
    }

    /// What there is to say of a file that was named, if anything.
    pub(crate) fn of_file(&self) -> Option<&str> {
        self.named.as_deref()
    }
}

/// In the words of a package's description.
impl fmt::Display for Doubt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.described)
    }
}
