//! The constraint `pattern`: a regular expression that the whole text of a cell must match.

use std::fmt;

use regex::Regex;

/// A regular expression that must match the whole cell, as XML Schema's do.
///
/// `^` and `$` around it are allowed and change nothing. What XML Schema and the `regex` crate
/// read differently, such as classes within classes, is refused.
#[derive(Clone)]
pub struct Pattern {
    source: String,
    whole: Regex,
}

impl Pattern {
    pub(crate) fn new(source: &str) -> Result<Self, String> {
        if let Some(operator) = class_operator(source) {
            return Err(format!("{operator} within [ ] is not supported yet"));
        }
        // Compiled alone first, so that a message shows the person's own text, and "a)(b" is refused.
        Regex::new(source).map_err(|error| error.to_string())?;
        let whole = Regex::new(&format!(r"\A(?:{source})\z")).map_err(|error| error.to_string())?;
        Ok(Self {
            source: source.to_string(),
            whole,
        })
    }

    /// The pattern as the schema writes it.
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// Whether it matches the whole text.
    pub fn matches(&self, text: &str) -> bool {
        self.whole.is_match(text)
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("Pattern")
            .field(&self.source)
            .finish()
    }
}

/// An operator on character classes: plain characters in XML Schema, or written otherwise there.
fn class_operator(source: &str) -> Option<&'static str> {
    let mut inside = false;
    let mut characters = source.chars().peekable();
    while let Some(character) = characters.next() {
        let twice = characters.peek() == Some(&character);
        match character {
            '\\' => {
                characters.next();
            }
            ']' => inside = false,
            '[' if inside => return Some("["),
            '[' => inside = true,
            '&' if inside && twice => return Some("&&"),
            '~' if inside && twice => return Some("~~"),
            '-' if inside && twice => return Some("--"),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_text_must_match() {
        for source in ["[a-z]+-(rail|road)", "^[a-z]+-(rail|road)$"] {
            let pattern = Pattern::new(source).unwrap();
            assert!(pattern.matches("erenhot-rail"));
            assert!(!pattern.matches("erenhot-rail "));
            assert!(!pattern.matches("2erenhot-road"));
            assert!(!pattern.matches("erenhot-rail\n"));
        }
        let either = Pattern::new("a|b").unwrap();
        assert!(either.matches("b") && !either.matches("ab"));
    }

    #[test]
    fn what_would_be_read_otherwise_is_refused() {
        let problem = |source| Pattern::new(source).err().unwrap_or_default();
        assert_eq!(
            problem("[a-z-[aeiou]]"),
            "[ within [ ] is not supported yet"
        );
        assert_eq!(problem("[a&&b]"), "&& within [ ] is not supported yet");
        assert_eq!(problem(r"a&&b--c[\[x]"), "");
        assert!(problem("a)(b").contains("unopened group"));
        assert!(problem(r"\i\c*").contains("unrecognized escape"));
    }
}
