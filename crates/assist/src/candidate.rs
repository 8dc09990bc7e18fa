//! What a word that is being typed may become.

use arrow::datatypes::DataType;

/// What a word that is being typed may become.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The text that takes the word's place.
    pub replacement: String,
    /// The name to show for it.
    pub label: String,
    /// What to show beside the name.
    pub about: About,
}

/// What there is to say of a candidate.
#[derive(Debug, Clone, PartialEq)]
pub enum About {
    /// Nothing beside its name.
    Nothing,
    /// What it holds or does, in a line.
    Text(String),
    /// A column's type.
    Type(DataType),
    /// A function, whose label is its syntax.
    Function,
}

impl Candidate {
    /// A name of which there is nothing to say.
    pub(crate) fn name(name: &str) -> Self {
        Self {
            replacement: name.to_string(),
            label: name.to_string(),
            about: About::Nothing,
        }
    }

    /// A name and a line about it, which may be empty.
    pub(crate) fn described(name: &str, about: &str) -> Self {
        let about = match about {
            "" => About::Nothing,
            about => About::Text(about.to_string()),
        };
        Self {
            about,
            ..Self::name(name)
        }
    }

    /// The rest of a string, with its closing quote unless that is there or a folder goes on.
    pub(crate) fn in_quotes(text: &str, is_closed: bool) -> Self {
        let quote = if is_closed || text.ends_with('/') {
            ""
        } else {
            "'"
        };
        Self {
            replacement: format!("{text}{quote}"),
            ..Self::name(text)
        }
    }
}
