//! Text on one line of a terminal: nothing in it moves the cursor or hides, and it fits.

use std::borrow::Cow;
use std::fmt::Write;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The text with every character that would act on a terminal instead of being seen
/// written out: `\n`, `\t`, `\x1b`, `\u{202e}`.
///
/// These are control characters, line and paragraph separators, marks that turn the
/// direction of writing, and characters of no width that stand for nothing. A backslash
/// stays as it is, for paths and patterns are read more often than they are confused.
pub fn visible(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find(is_hidden) else {
        return Cow::Borrowed(text);
    };
    let mut escaped = String::with_capacity(text.len() + 8);
    escaped.push_str(&text[..first]);
    for character in text[first..].chars() {
        match character {
            '\n' => escaped.push_str("\\n"),
            '\t' => escaped.push_str("\\t"),
            '\r' => escaped.push_str("\\r"),
            '\0' => escaped.push_str("\\0"),
            _ if !is_hidden(character) => escaped.push(character),
            // Writing to a String does not fail.
            _ if character.is_ascii() => {
                let _ = write!(escaped, "\\x{:02x}", u32::from(character));
            }
            _ => {
                let _ = write!(escaped, "\\u{{{:x}}}", u32::from(character));
            }
        }
    }
    Cow::Owned(escaped)
}

fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            // Direction marks, embeddings, overrides and isolates.
            '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            // Line and paragraph separators.
            | '\u{2028}' | '\u{2029}'
            // Zero-width space, word joiner, byte-order mark.
            | '\u{200b}' | '\u{2060}' | '\u{feff}')
}

/// The text shortened to `width` terminal columns, with `…` for what is missing.
///
/// A wide character counts two columns and is never halved. Width 0 gives nothing.
pub fn cut(text: &str, width: usize) -> Cow<'_, str> {
    // A byte is at most one column wide, so short text need not be measured.
    if text.len() <= width || text.width() <= width {
        return Cow::Borrowed(text);
    }
    let Some(room) = width.checked_sub(1) else {
        return Cow::Borrowed("");
    };
    let mut used = 0;
    let end = text
        .char_indices()
        .find(|(_, character)| {
            used += character.width().unwrap_or(0);
            used > room
        })
        .map_or(text.len(), |(index, _)| index);
    let mut kept = text[..end].trim_end_matches('\u{200d}');
    // An emoji presentation mark widens the character before it.
    while kept.width() > room {
        let last = kept.char_indices().next_back();
        kept = last.map_or("", |(index, _)| &kept[..index]);
    }
    Cow::Owned(format!("{kept}…"))
}

/// Terminal columns that the text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_on_a_terminal_is_written_out() {
        for (text, seen) in [
            ("阿拉山口 Alashankou", "阿拉山口 Alashankou"),
            ("a\tb\r\nc\0", "a\\tb\\r\\nc\\0"),
            ("\u{1b}[31mred\u{7f}", "\\x1b[31mred\\x7f"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("abc\u{202e}fdp.exe", "abc\\u{202e}fdp.exe"),
            ("a\u{2028}b\u{200b}", "a\\u{2028}b\\u{200b}"),
            (r"C:\ports", r"C:\ports"),
            // The joiner inside an emoji is part of what is seen.
            ("👩\u{200d}🔬", "👩\u{200d}🔬"),
        ] {
            assert_eq!(visible(text), seen);
        }
    }

    #[test]
    fn cut_text_fits_and_says_so() {
        for (text, columns, seen) in [
            ("Kashgar", 7, "Kashgar"),
            ("Kashgar", 6, "Kashg…"),
            ("Kashgar", 1, "…"),
            ("Kashgar", 0, ""),
            ("阿拉山口", 8, "阿拉山口"),
            ("阿拉山口", 7, "阿拉山…"),
            ("阿拉山口", 6, "阿拉…"),
            ("é\u{301}é\u{301}é\u{301}", 2, "é\u{301}…"),
        ] {
            assert_eq!(cut(text, columns), seen);
            assert!(width(&cut(text, columns)) <= columns);
        }
    }

    #[test]
    fn cut_never_exceeds_its_width() {
        let hard = "☺\u{fe0f}👩\u{200d}👩\u{200d}👧🇨🇳口岸a\u{301}1\u{fe0f}\u{20e3}";
        for columns in 0..20 {
            let shown = cut(hard, columns);
            assert!(width(&shown) <= columns, "{shown} in {columns}");
        }
    }
}
