//! The rule that a cell breaks, in words.

use std::borrow::Cow;
use std::fmt;

/// The rule that a cell breaks, as a phrase: `not an integer`, `above the maximum 2100`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule(Cow<'static, str>);

impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Rule {}

impl From<&'static str> for Rule {
    fn from(phrase: &'static str) -> Self {
        Self(Cow::Borrowed(phrase))
    }
}

impl From<String> for Rule {
    fn from(phrase: String) -> Self {
        Self(Cow::Owned(phrase))
    }
}
