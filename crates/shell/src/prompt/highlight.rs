//! Colours of SQL while it is typed, in the terminal's own palette.

use std::borrow::Cow;
use std::str::CharIndices;

use kouan_dialect::Kouan;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Location, Token, Tokenizer, Whitespace};

const KEYWORD: &str = "1;34";
const TEXT: &str = "32";
const NUMBER: &str = "36";
const COMMENT: &str = "2";

/// The line with terminal colours; what the tokenizer cannot read, such as an open string,
/// stays plain.
pub(super) fn highlight(line: &str) -> Cow<'_, str> {
    let mut tokens = Vec::new();
    // An error leaves the tokens before it, which is all that can be coloured.
    let _ = Tokenizer::new(&Kouan, line).tokenize_with_location_into_buf(&mut tokens);

    let mut colored = String::with_capacity(line.len() * 2);
    let mut written = 0;
    let mut places = Places::new(line);
    for token in tokens {
        let Some(style) = style(&token.token) else {
            continue;
        };
        let start = places.byte(token.span.start);
        let end = places.byte(token.span.end);
        if start < written || end <= start {
            continue;
        }
        colored.push_str(&line[written..start]);
        colored.push_str(&format!("\x1b[{style}m{}\x1b[0m", &line[start..end]));
        written = end;
    }
    if written == 0 {
        return Cow::Borrowed(line);
    }
    colored.push_str(&line[written..]);
    Cow::Owned(colored)
}

/// Turns rising lines and columns into bytes in one walk over the text.
struct Places<'a> {
    rest: CharIndices<'a>,
    line: u64,
    column: u64,
    end: usize,
}

impl<'a> Places<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            rest: text.char_indices(),
            line: 1,
            column: 1,
            end: text.len(),
        }
    }

    fn byte(&mut self, at: Location) -> usize {
        while (self.line, self.column) < (at.line, at.column) {
            match self.rest.next() {
                Some((_, '\n')) => (self.line, self.column) = (self.line + 1, 1),
                Some(_) => self.column += 1,
                None => return self.end,
            }
        }
        self.rest.offset()
    }
}

fn style(token: &Token) -> Option<&'static str> {
    match token {
        Token::Word(word) if word.quote_style.is_none() && word.keyword != Keyword::NoKeyword => {
            Some(KEYWORD)
        }
        Token::SingleQuotedString(_) | Token::DollarQuotedString(_) => Some(TEXT),
        Token::Number(..) => Some(NUMBER),
        Token::Whitespace(
            Whitespace::SingleLineComment { .. } | Whitespace::MultiLineComment(_),
        ) => Some(COMMENT),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::highlight;

    /// Colours as `<…>`, which must never change the text itself.
    fn marked(line: &str) -> String {
        let colored = highlight(line).into_owned();
        let mut text = String::new();
        let mut rest = colored.as_str();
        while let Some(start) = rest.find("\x1b[") {
            text.push_str(&rest[..start]);
            let end = rest[start..]
                .find('m')
                .map_or(rest.len(), |end| start + end);
            text.push(if &rest[start..end] == "\x1b[0" {
                '>'
            } else {
                '<'
            });
            rest = &rest[end + 1..];
        }
        text.push_str(rest);
        assert_eq!(text.replace(['<', '>'], ""), line);
        text
    }

    #[test]
    fn keywords_text_numbers_and_comments() {
        assert_eq!(
            marked("SELECT place, '口岸', 12\nFROM ports -- all"),
            "<SELECT> place, <'口岸'>, <12>\n<FROM> ports <-- all>"
        );
        assert_eq!(marked("SELECT 'open"), "<SELECT> 'open");
        assert_eq!(marked(""), "");
    }
}
