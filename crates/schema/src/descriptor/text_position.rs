//! Lines and columns of places in a text: where a JSON pointer leads, where a parser stopped.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The line and column, from 1 and in characters, of what follows a text.
pub(crate) fn after(text: &str) -> (usize, usize) {
    let line = text.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let start = text.rfind('\n').map_or(0, |newline| newline + 1);
    (line, text[start..].chars().count() + 1)
}

/// Where a JSON error points, with its column in characters instead of bytes.
pub(crate) fn of_error(text: &str, error: &serde_json::Error) -> (usize, usize) {
    let line = text
        .split('\n')
        .nth(error.line().saturating_sub(1))
        .unwrap_or_default();
    let bytes = error.column().saturating_sub(1);
    let characters = line
        .char_indices()
        .take_while(|(start, _)| *start < bytes)
        .count();
    (error.line().max(1), characters + 1)
}

/// Where the value that a JSON pointer leads to begins, in a text that is valid JSON.
pub(crate) fn of(text: &str, pointer: &str) -> (usize, usize) {
    let steps: Vec<String> = pointer
        .split('/')
        .skip(1)
        .map(|step| step.replace("~1", "/").replace("~0", "~"))
        .collect();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    // The seek stops at the value by failing: the parser then tells how far it has read.
    let read = match Seek(&steps).deserialize(&mut deserializer) {
        Err(stop) => start_of_line(text, stop.line()) + stop.column(),
        Ok(()) => 0,
    };
    let rest = text.get(read..).unwrap_or_default().trim_start();
    after(&text[..text.len() - rest.len()])
}

fn start_of_line(text: &str, line: usize) -> usize {
    text.split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum()
}

/// Walks down the steps of a pointer, then fails on purpose.
struct Seek<'s>(&'s [String]);

impl<'de> DeserializeSeed<'de> for Seek<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.0.is_empty() {
            Err(D::Error::custom("here"))
        } else {
            deserializer.deserialize_any(self)
        }
    }
}

impl<'de> Visitor<'de> for Seek<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the value that the pointer leads to")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut properties: A) -> Result<(), A::Error> {
        while let Some(name) = properties.next_key::<String>()? {
            if self.0.first() == Some(&name) {
                return properties.next_value_seed(Seek(&self.0[1..]));
            }
            properties.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let wanted = self
            .0
            .first()
            .and_then(|step| step.parse().ok())
            .unwrap_or(usize::MAX);
        for _ in 0..wanted {
            if items.next_element::<IgnoredAny>()?.is_none() {
                return Ok(());
            }
        }
        items
            .next_element_seed(Seek(&self.0[1..]))
            .map(Option::unwrap_or_default)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_lead_to_the_first_character_of_their_value() {
        let text = "{\n  \"name\": \"口岸\", \"x/y~z\":3,\n  \"list\": [\n    {\"a\": null},\n    [10,20]\n  ]\n}\n";
        for (pointer, expected) in [
            ("", (1, 1)),
            ("/name", (2, 11)),
            ("/x~1y~0z", (2, 25)),
            ("/list", (3, 11)),
            ("/list/0", (4, 5)),
            ("/list/0/a", (4, 11)),
            ("/list/1", (5, 5)),
            ("/list/1/0", (5, 6)),
            ("/list/1/1", (5, 9)),
        ] {
            assert_eq!(of(text, pointer), expected, "{pointer}");
        }
    }

    #[test]
    fn a_text_ends_where_the_next_begins() {
        assert_eq!(after(""), (1, 1));
        assert_eq!(after("é\nab"), (2, 3));
        assert_eq!(after("a\n"), (2, 1));
    }
}
