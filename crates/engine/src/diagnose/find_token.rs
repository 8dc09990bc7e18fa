//! A statement's words, searched for the one an error speaks of.

use datafusion::common::{Location, Span};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan, Word};

use crate::statement::script::Statement;

pub(crate) fn span_of(token: &TokenWithSpan) -> Span {
    let place = |at: sqlparser::tokenizer::Location| Location {
        line: at.line,
        column: at.column,
    };
    Span::new(place(token.span.start), place(token.span.end))
}

/// A statement's words, searched for the one an error speaks of.
pub(crate) struct Words<'a> {
    pub(crate) statement: &'a Statement,
}

impl<'a> Words<'a> {
    fn words(&self) -> impl Iterator<Item = (&'a TokenWithSpan, &'a Word)> {
        self.statement
            .tokens
            .iter()
            .filter_map(|token| match &token.token {
                Token::Word(word) => Some((token, word)),
                _ => None,
            })
    }

    /// Texts in single quotes.
    pub(crate) fn texts(&self) -> impl Iterator<Item = String> {
        let tokens = self.statement.tokens.iter();
        tokens.filter_map(|token| match &token.token {
            Token::SingleQuotedString(text) => Some(text.clone()),
            _ => None,
        })
    }

    pub(crate) fn find(&self, name: &str) -> Option<Span> {
        self.words()
            .find(|(_, word)| word.value.eq_ignore_ascii_case(name))
            .map(|(token, _)| span_of(token))
    }

    pub(crate) fn double_quoted(&self, name: &str) -> bool {
        self.words()
            .any(|(_, word)| word.quote_style == Some('"') && word.value == name)
    }

    pub(crate) fn at(&self, at: Location) -> Option<&'a TokenWithSpan> {
        self.statement
            .tokens
            .iter()
            .find(|token| token.span.start.line == at.line && token.span.start.column == at.column)
    }

    /// A word that is no keyword but nearly one, where the parser stopped or just before.
    pub(crate) fn misspelt_keyword(
        &self,
        at: Option<Location>,
    ) -> Option<(&'a TokenWithSpan, &'static str)> {
        const CLAUSES: [&str; 20] = [
            "SELECT", "FROM", "WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "OFFSET", "JOIN",
            "LEFT", "INNER", "UNION", "WITH", "VALUES", "DISTINCT", "EXPLAIN", "CREATE", "INSERT",
            "BETWEEN", "DESCRIBE",
        ];
        let tokens = &self.statement.tokens;
        let stop = at
            .and_then(|at| {
                tokens.iter().position(|token| {
                    token.span.start.line == at.line && token.span.start.column == at.column
                })
            })
            .unwrap_or(tokens.len());
        let candidates = [stop, stop.wrapping_sub(1), stop.wrapping_sub(2)];
        candidates
            .into_iter()
            .filter_map(|index| tokens.get(index))
            .find_map(|token| {
                let Token::Word(Word {
                    value,
                    quote_style: None,
                    keyword: Keyword::NoKeyword,
                }) = &token.token
                else {
                    return None;
                };
                kouan_schema::nearest(value, CLAUSES).map(|keyword| (token, keyword))
            })
    }

    /// The one place where this text stands in single quotes.
    pub(crate) fn text(&self, text: &str) -> Option<Span> {
        self.only(|token| matches!(token, Token::SingleQuotedString(quoted) if quoted == text))
    }

    /// The one token that fits; none if there are several.
    pub(crate) fn only(&self, fits: impl Fn(&Token) -> bool) -> Option<Span> {
        let tokens = self.statement.tokens.iter();
        let mut found = tokens.filter(|token| fits(&token.token));
        let first = found.next().map(span_of);
        first.filter(|_| found.next().is_none())
    }

    /// From the first to the last word between the parentheses of a function's first call, or its name
    /// if there is nothing.
    pub(crate) fn arguments_of(&self, function: &str) -> Option<Span> {
        let tokens = &self.statement.tokens;
        let name = tokens.windows(2).position(|pair| match &pair[0].token {
            Token::Word(word) => {
                word.value.eq_ignore_ascii_case(function) && pair[1].token == Token::LParen
            }
            _ => false,
        })?;
        let mut depth = 0;
        let inside = tokens[name + 1..].iter().take_while(|token| {
            match token.token {
                Token::LParen => depth += 1,
                Token::RParen => depth -= 1,
                _ => {}
            }
            depth > 0
        });
        let arguments: Vec<_> = inside.skip(1).collect();
        Some(match (arguments.first(), arguments.last()) {
            (Some(first), Some(last)) => Span::new(span_of(first).start, span_of(last).end),
            _ => span_of(&tokens[name]),
        })
    }

    /// The function call that a message about arguments or values names.
    pub(crate) fn function_named_in(&self, message: &str) -> Option<Span> {
        let named = |name: &str| {
            message
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .any(|part| part.eq_ignore_ascii_case(name))
        };
        self.statement
            .tokens
            .windows(2)
            .find_map(|pair| match (&pair[0].token, &pair[1].token) {
                (Token::Word(word), Token::LParen) if named(&word.value) => Some(span_of(&pair[0])),
                _ => None,
            })
    }
}
