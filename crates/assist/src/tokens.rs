//! What each token of a text is, for who colours it.

use std::ops::Range;
use std::str::CharIndices;

use kouan_dialect::Kouan;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Location, Token, Tokenizer, Whitespace};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenClass {
    /// A word of SQL.
    Keyword,
    /// Text in quotes.
    Text,
    /// A number.
    Number,
    /// A comment.
    Comment,
}

/// The bytes of the tokens that are of a class, in order. What cannot be read, such as an open string, and what
/// follows it, is of none.
pub fn tokens(text: &str) -> Vec<(Range<usize>, TokenClass)> {
    let mut tokens = Vec::new();
    // An error leaves the tokens before it, which is all that can be told.
    let _ = Tokenizer::new(&Kouan, text).tokenize_with_location_into_buf(&mut tokens);
    let mut places = Places::new(text);
    let mut classed: Vec<(Range<usize>, TokenClass)> = Vec::new();
    for token in tokens {
        let Some(class) = class(&token.token) else {
            continue;
        };
        let start = places.byte(token.span.start);
        let end = places.byte(token.span.end);
        let is_behind = classed.last().is_none_or(|(last, _)| last.end <= start);
        if is_behind && start < end {
            classed.push((start..end, class));
        }
    }
    classed
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

fn class(token: &Token) -> Option<TokenClass> {
    match token {
        Token::Word(word) if word.quote_style.is_none() && word.keyword != Keyword::NoKeyword => {
            Some(TokenClass::Keyword)
        }
        Token::SingleQuotedString(_) | Token::DollarQuotedString(_) => Some(TokenClass::Text),
        Token::Number(..) => Some(TokenClass::Number),
        Token::Whitespace(
            Whitespace::SingleLineComment { .. } | Whitespace::MultiLineComment(_),
        ) => Some(TokenClass::Comment),
        _ => None,
    }
}
