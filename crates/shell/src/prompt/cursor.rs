//! Where the cursor stands in what is typed, and so what may follow.

use kouan_engine::{Location, byte_offset};
use sqlparser::dialect::GenericDialect;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, Tokenizer, Word};

/// The word that is being typed, and what it may become.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cursor<'a> {
    /// The byte where the word starts.
    pub(super) start: usize,
    /// The word as far as it is typed.
    pub(super) word: &'a str,
    pub(super) expects: Expects,
}

/// What may stand at the cursor.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Expects {
    /// The name of a command of the prompt.
    Command,
    /// Arguments of this command, after these words.
    Argument(String, Vec<String>),
    /// A table, after FROM and its like.
    Table,
    /// A column of this table or alias, or a table of this schema.
    Member(String, Vec<TableUse>),
    /// Columns of these tables, functions, keywords.
    Expression(Vec<TableUse>),
    /// Nothing we know, as inside a string.
    Nothing,
}

/// A table in the FROM of the statement at the cursor, wherever that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TableUse {
    /// Its name as written, with its schema if written so.
    pub(super) name: String,
    /// What the statement calls it, if not that.
    pub(super) alias: Option<String>,
}

/// Reads the text around the cursor, which stands at a byte.
pub(super) fn read(text: &str, position: usize) -> Cursor<'_> {
    let before = &text[..position];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    if let Some(command) = before[line_start..].trim_start().strip_prefix('\\') {
        return in_command(before, command);
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let start = before
        .char_indices()
        .rev()
        .take_while(|(_, c)| is_word(*c))
        .last();
    let start = start.map_or(position, |(byte, _)| byte);
    let word = &before[start..];

    let (mut tokens, open) = tokens(&before[..start]);
    if open {
        return Cursor {
            start,
            word,
            expects: Expects::Nothing,
        };
    }
    if let Some(end) = tokens.iter().rposition(|token| *token == Token::SemiColon) {
        tokens.drain(..=end);
    }
    let left = tokens.len();
    let (right, _) = self::tokens(&text[position..]);
    tokens.extend(
        right
            .into_iter()
            .take_while(|token| *token != Token::SemiColon),
    );
    Cursor {
        start,
        word,
        expects: expects(&tokens, left),
    }
}

fn in_command<'a>(before: &'a str, command: &'a str) -> Cursor<'a> {
    let word_start = command.rfind(char::is_whitespace).map(|space| space + 1);
    let word = &command[word_start.unwrap_or(0)..];
    let start = before.len() - word.len();
    let mut words = command[..command.len() - word.len()]
        .split_whitespace()
        .map(str::to_string);
    let expects = match words.next() {
        None => Expects::Command,
        Some(name) => Expects::Argument(name, words.collect()),
    };
    Cursor {
        start,
        word,
        expects,
    }
}

fn expects(tokens: &[Token], left: usize) -> Expects {
    let last = left.checked_sub(1).map(|index| &tokens[index]);
    match last {
        Some(Token::Period) => match left.checked_sub(2).map(|index| &tokens[index]) {
            Some(Token::Word(word)) => Expects::Member(word.value.clone(), tables(tokens)),
            _ => Expects::Nothing,
        },
        Some(Token::Word(word)) if introduces_table(word) => Expects::Table,
        _ => Expects::Expression(tables(tokens)),
    }
}

fn introduces_table(word: &Word) -> bool {
    matches!(
        word.keyword,
        Keyword::FROM
            | Keyword::JOIN
            | Keyword::INTO
            | Keyword::TABLE
            | Keyword::DESCRIBE
            | Keyword::DESC
    )
}

/// The tables named after FROM, JOIN and the commas between them.
fn tables(tokens: &[Token]) -> Vec<TableUse> {
    let mut tables = Vec::new();
    let mut rest = tokens;
    while let Some((token, after)) = rest.split_first() {
        rest = after;
        let starts = matches!(token, Token::Word(word) if matches!(word.keyword, Keyword::FROM | Keyword::JOIN));
        if !starts {
            continue;
        }
        while let Some((table, after)) = table(rest) {
            tables.push(table);
            rest = after;
            match rest.split_first() {
                Some((Token::Comma, after)) => rest = after,
                _ => break,
            }
        }
    }
    tables
}

fn table(tokens: &[Token]) -> Option<(TableUse, &[Token])> {
    let (first, mut rest) = name(tokens)?;
    let mut name_ = first.to_string();
    while let Some((Token::Period, after)) = rest.split_first() {
        let (part, after) = name(after)?;
        name_ = format!("{name_}.{part}");
        rest = after;
    }
    if let Some((Token::Word(word), after)) = rest.split_first()
        && word.keyword == Keyword::AS
    {
        rest = after;
    }
    let (alias, rest) = match name(rest) {
        Some((alias, after)) => (Some(alias.to_string()), after),
        None => (None, rest),
    };
    Some((TableUse { name: name_, alias }, rest))
}

/// A name: a word that is quoted or no keyword.
fn name(tokens: &[Token]) -> Option<(&str, &[Token])> {
    match tokens.split_first() {
        Some((Token::Word(word), rest))
            if word.quote_style.is_some() || word.keyword == Keyword::NoKeyword =>
        {
            Some((&word.value, rest))
        }
        _ => None,
    }
}

/// The tokens that mean something, and whether the text ends inside a string or comment.
fn tokens(text: &str) -> (Vec<Token>, bool) {
    let mut tokens = Vec::new();
    let error = Tokenizer::new(&GenericDialect {}, text)
        .tokenize_with_location_into_buf(&mut tokens)
        .is_err();
    let in_comment = tokens.last().is_some_and(|token| {
        let end = Location {
            line: token.span.end.line,
            column: token.span.end.column,
        };
        matches!(&token.token, Token::Whitespace(space) if space.to_string().starts_with("--"))
            && byte_offset(text, end) == text.len()
            && !text.ends_with('\n')
    });
    let tokens = tokens.into_iter().map(|token| token.token);
    (
        tokens
            .filter(|token| !matches!(token, Token::Whitespace(_) | Token::EOF))
            .collect(),
        error || in_comment,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a text whose cursor is written as `|`.
    fn at(text: &str) -> (String, Expects) {
        let position = text.find('|').unwrap_or(text.len());
        let text = text.replacen('|', "", 1);
        let cursor = read(&text, position);
        (cursor.word.to_string(), cursor.expects)
    }

    fn uses(tables: &[(&str, Option<&str>)]) -> Vec<TableUse> {
        let owned = |(name, alias): &(&str, Option<&str>)| TableUse {
            name: (*name).to_string(),
            alias: alias.map(str::to_string),
        };
        tables.iter().map(owned).collect()
    }

    #[test]
    fn the_from_to_the_right_counts() {
        let expected = Expects::Expression(uses(&[("ports", Some("p")), ("paper.table3", None)]));
        assert_eq!(
            at("SELECT pl| FROM ports AS p, paper.table3 WHERE 1 = 1; FROM x"),
            ("pl".into(), expected)
        );
    }

    #[test]
    fn what_stands_before_decides() {
        assert_eq!(at("SELECT 1 FROM po|"), ("po".into(), Expects::Table));
        assert_eq!(
            at("SELECT p.| FROM ports p"),
            (
                String::new(),
                Expects::Member("p".into(), uses(&[("ports", Some("p"))]))
            )
        );
        assert_eq!(at("SELECT 'po|"), ("po".into(), Expects::Nothing));
        assert_eq!(at("SELECT 1 -- po|"), ("po".into(), Expects::Nothing));
        assert_eq!(
            at("SELECT 1; SELECT a|"),
            ("a".into(), Expects::Expression(Vec::new()))
        );
    }

    #[test]
    fn commands_and_their_arguments() {
        assert_eq!(at("\\ru|"), ("ru".into(), Expects::Command));
        assert_eq!(
            at("\\run |"),
            (String::new(), Expects::Argument("run".into(), Vec::new()))
        );
        assert_eq!(
            at("\\run openings y|"),
            (
                "y".into(),
                Expects::Argument("run".into(), vec!["openings".into()])
            )
        );
    }
}
