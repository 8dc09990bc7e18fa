//! Splits text into statements with the SQL tokenizer, and keeps where each one stood.
//!
//! Lines never matter: a `;` inside a string, a quoted name, a comment or a dollar-quoted
//! text does not split. Between statements a line that starts with `\` is a command for
//! the shell, so that saved scripts can hold both.

use std::sync::Arc;

use datafusion::common::{Location, Span};
use kouan_dialect::Kouan;
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer, TokenizerError};

use crate::error::StatementError;

/// A text of statements under the name that messages call it by.
#[derive(Debug, Clone)]
pub struct Source {
    /// A file's path, or nothing for text typed by hand.
    pub name: Option<Arc<str>>,
    /// The whole text, as the person wrote it.
    pub text: Arc<str>,
}

impl Source {
    /// Text that came from no file.
    pub fn typed(text: impl Into<Arc<str>>) -> Self {
        Self {
            name: None,
            text: text.into(),
        }
    }

    /// The text of a file.
    pub fn file(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self {
            name: Some(name.into()),
            text: text.into(),
        }
    }
}

/// One statement: its tokens, with places that count in the whole source.
#[derive(Debug, Clone)]
pub struct Statement {
    pub(crate) tokens: Vec<TokenWithSpan>,
    /// The source it was cut from.
    pub source: Source,
    /// From its first to its last token, without the closing `;`.
    pub span: Span,
}

impl Statement {
    /// The statement's own text, without the closing `;` and surrounding comments.
    pub fn text(&self) -> &str {
        let text = &self.source.text;
        let start = byte_offset(text, self.span.start);
        let end = byte_offset(text, self.span.end);
        &text[start..end]
    }

    /// A text as one statement, for messages about a part of one.
    pub(crate) fn whole(source: Source) -> Self {
        let start = Location { line: 1, column: 1 };
        Self {
            tokens: Vec::new(),
            source,
            span: Span::new(start, start),
        }
    }

    /// The names of its `$parameters`, each as often as it stands.
    pub(crate) fn placeholders(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().filter_map(|token| match &token.token {
            Token::Placeholder(name) => Some(name.trim_start_matches('$')),
            _ => None,
        })
    }

    /// Where `$name` stands first.
    pub(crate) fn find_placeholder(&self, name: &str) -> Option<Span> {
        let is_it = |token: &&TokenWithSpan| matches!(&token.token, Token::Placeholder(text) if text == name);
        let token = self.tokens.iter().find(is_it)?;
        Some(Span::new(
            location(token.span.start),
            location(token.span.end),
        ))
    }
}

/// What a script is made of, in order.
#[derive(Debug)]
pub enum Piece {
    /// A statement for the engine.
    Statement(Statement),
    /// A line that starts with `\`, for the shell; the text starts after the `\`.
    Command {
        /// The command's words, without the `\`.
        text: String,
        /// Where the `\` stands.
        at: Location,
    },
    /// The rest of a script that could not be read, such as an unclosed string.
    Broken(Box<StatementError>),
}

/// Cuts a source into statements and commands.
pub fn split(source: &Source) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut from = skip_preamble(&source.text);
    while from < source.text.len() {
        from = split_from(source, from, &mut pieces);
    }
    pieces
}

/// True when the text ends between statements, so that nothing more need be typed.
///
/// The shell asks this at every Enter: an open string, comment or a missing `;` means
/// that the statement goes on.
pub fn is_complete(text: &str) -> bool {
    if text.trim_start().starts_with('\\') {
        return true;
    }
    let (tokens, error) = tokenize(text);
    if error.is_some() {
        return false;
    }
    tokens
        .iter()
        .rev()
        .find(|token| !matches!(token.token, Token::Whitespace(_) | Token::EOF))
        .is_none_or(|token| token.token == Token::SemiColon)
}

/// The byte at which a line and column (both from 1, columns in characters) stand.
pub fn byte_offset(text: &str, location: Location) -> usize {
    let mut start = 0;
    for _ in 1..location.line {
        match text[start..].find('\n') {
            Some(newline) => start += newline + 1,
            None => return text.len(),
        }
    }
    let column = usize::try_from(location.column).unwrap_or(usize::MAX);
    text[start..]
        .char_indices()
        .nth(column.saturating_sub(1))
        .map_or(text.len(), |(offset, _)| start + offset)
}

/// A byte-order mark and a `#!` line are not SQL.
fn skip_preamble(text: &str) -> usize {
    let start = if text.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    if text[start..].starts_with("#!") {
        return text[start..]
            .find('\n')
            .map_or(text.len(), |end| start + end);
    }
    start
}

/// Splits until the end or just past a command line, and returns where it stopped.
///
/// A command's line is not SQL and may hold a lone quote, so what follows it is
/// tokenized anew.
fn split_from(source: &Source, from: usize, pieces: &mut Vec<Piece>) -> usize {
    let text = &source.text[from..];
    let origin = location_of(&source.text, from);
    let (tokens, error) = tokenize(text);

    let mut statement: Vec<TokenWithSpan> = Vec::new();
    for mut token in tokens {
        match token.token {
            Token::Whitespace(_) | Token::EOF => {}
            Token::SemiColon => close(source, &mut statement, pieces),
            Token::Backslash if statement.is_empty() => {
                let start = from + byte_offset(text, location(token.span.start));
                let end = source.text[start..]
                    .find('\n')
                    .map_or(source.text.len(), |n| start + n);
                pieces.push(Piece::Command {
                    text: source.text[start + 1..end].trim().to_string(),
                    at: location_of(&source.text, start),
                });
                return end;
            }
            _ => {
                shift(&mut token, origin);
                statement.push(token);
            }
        }
    }
    match error {
        Some(error) => {
            let at = shifted(location(error.location), origin);
            pieces.push(Piece::Broken(Box::new(StatementError::unreadable(
                &error.message,
                at,
            ))));
        }
        None => close(source, &mut statement, pieces),
    }
    source.text.len()
}

fn tokenize(text: &str) -> (Vec<TokenWithSpan>, Option<TokenizerError>) {
    let mut tokens = Vec::new();
    let error = Tokenizer::new(&Kouan, text)
        .tokenize_with_location_into_buf(&mut tokens)
        .err();
    (tokens, error)
}

fn close(source: &Source, tokens: &mut Vec<TokenWithSpan>, pieces: &mut Vec<Piece>) {
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
        return;
    };
    let span = Span::new(location(first.span.start), location(last.span.end));
    pieces.push(Piece::Statement(Statement {
        tokens: std::mem::take(tokens),
        source: source.clone(),
        span,
    }));
}

pub(crate) fn location(location: sqlparser::tokenizer::Location) -> Location {
    Location {
        line: location.line,
        column: location.column,
    }
}

fn location_of(text: &str, offset: usize) -> Location {
    let before = &text[..offset];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    Location {
        line: before.matches('\n').count() as u64 + 1,
        column: before[line_start..].chars().count() as u64 + 1,
    }
}

/// Moves a location counted from `origin` to one counted from the start of the source.
fn shifted(at: Location, origin: Location) -> Location {
    if at.line <= 1 {
        Location {
            line: origin.line,
            column: at.column + origin.column - 1,
        }
    } else {
        Location {
            line: at.line + origin.line - 1,
            column: at.column,
        }
    }
}

fn shift(token: &mut TokenWithSpan, origin: Location) {
    for end in [&mut token.span.start, &mut token.span.end] {
        let at = shifted(location(*end), origin);
        end.line = at.line;
        end.column = at.column;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<String> {
        split(&Source::typed(text))
            .into_iter()
            .map(|piece| match piece {
                Piece::Statement(statement) => statement.text().to_string(),
                Piece::Command { text, at } => format!("\\{text} @{}:{}", at.line, at.column),
                Piece::Broken(error) => format!("broken: {error}"),
            })
            .collect()
    }

    #[test]
    fn semicolons_in_text_names_and_comments_do_not_split() {
        assert_eq!(
            pieces("SELECT 'a;b', \"c;d\" -- e;f\n, /* g;h */ $$i;j$$; SELECT 2"),
            [
                "SELECT 'a;b', \"c;d\" -- e;f\n, /* g;h */ $$i;j$$",
                "SELECT 2"
            ],
        );
    }

    #[test]
    fn empty_statements_comments_and_a_missing_last_semicolon() {
        assert_eq!(
            pieces(";; -- nothing\n;SELECT 1;\n\n/* end */"),
            ["SELECT 1"]
        );
        assert_eq!(pieces("  "), Vec::<String>::new());
        assert_eq!(
            pieces("\u{feff}#!/usr/bin/env kouan\r\nSELECT 1\r\n"),
            ["SELECT 1"]
        );
    }

    #[test]
    fn commands_stand_between_statements_and_may_hold_quotes() {
        assert_eq!(
            pieces("SELECT 1;\n  \\run x name=O'Brien\nSELECT '口岸';\\q"),
            [
                "SELECT 1",
                "\\run x name=O'Brien @2:3",
                "SELECT '口岸'",
                "\\q @3:13"
            ],
        );
    }

    #[test]
    fn places_count_in_the_whole_source() {
        let source = Source::typed("SELECT 1; SELECT '口岸',\n  x");
        let Some(Piece::Statement(second)) = split(&source).into_iter().nth(1) else {
            unreachable!("two statements")
        };
        assert_eq!((second.span.start.line, second.span.start.column), (1, 11));
        assert_eq!((second.span.end.line, second.span.end.column), (2, 4));
    }

    #[test]
    fn an_unclosed_string_breaks_only_what_follows() {
        let pieces = pieces("SELECT 1; SELECT 'oops");
        assert_eq!(pieces[0], "SELECT 1");
        assert!(pieces[1].starts_with("broken: "), "{pieces:?}");
    }

    #[test]
    fn completeness_is_what_the_prompt_waits_for() {
        for complete in [
            "",
            "SELECT 1;",
            "SELECT 1; -- done",
            "\\d ports",
            "-- only a comment",
        ] {
            assert!(is_complete(complete), "{complete}");
        }
        for open in [
            "SELECT 1",
            "SELECT 'a;",
            "SELECT 1 /* ;",
            "SELECT 1; SELECT",
            "SELECT \"a;",
        ] {
            assert!(!is_complete(open), "{open}");
        }
    }
}
