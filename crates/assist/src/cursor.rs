//! Where the cursor stands in what is typed, and so what may follow.

use kouan_dialect::Kouan;
use kouan_engine::{Location, byte_offset};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, Tokenizer, Word};

use crate::clauses::{self, CommonTable, common_tables};

/// The word that is being typed, and what it may become.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Cursor<'a> {
    /// The byte where the word starts.
    pub(crate) start: usize,
    /// The word as far as it is typed.
    pub(crate) word: &'a str,
    pub(crate) expects: Expects,
    /// The tables that the statement's WITH defines.
    pub(crate) common_tables: Vec<CommonTable>,
}

/// What may stand at the cursor.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Expects {
    /// A table, after FROM and its like.
    Table,
    /// A column of this table or alias, or a table of this schema.
    Member(String, Vec<TableUse>),
    /// Columns of these tables, functions, keywords.
    Expression(Vec<TableUse>),
    /// Columns that all these tables have, in `USING (`.
    Shared(Vec<TableUse>),
    /// A file, in a string after FROM and its like.
    Path,
    /// A value of a column, in a string: what qualifies the column, its name, the tables.
    Value(Option<String>, String, Vec<TableUse>),
    /// Nothing we know, as inside a comment.
    Nothing,
}

/// A table in the FROM of the statement at the cursor, wherever that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TableUse {
    /// Its name as written, with its schema if written so.
    pub(crate) name: String,
    /// What the statement calls it, if not that.
    pub(crate) alias: Option<String>,
}

/// Reads the text around the cursor, which stands at a byte.
pub(crate) fn read(text: &str, position: usize) -> Cursor<'_> {
    let before = &text[..position];
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let start = before
        .char_indices()
        .rev()
        .take_while(|(_, c)| is_word(*c))
        .last();
    let start = start.map_or(position, |(byte, _)| byte);
    let word = &before[start..];

    let quote = open_string(before);
    let (start, word) = match quote {
        Some(quote) => (quote + 1, &before[quote + 1..]),
        None => (start, word),
    };
    let (mut tokens, open) = tokens(&before[..quote.unwrap_or(start)]);
    if open {
        return Cursor {
            start,
            word,
            expects: Expects::Nothing,
            common_tables: Vec::new(),
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
        expects: match quote {
            Some(_) => expects_in_string(&tokens, left),
            None => expects(&tokens, left),
        },
        common_tables: common_tables(&tokens),
    }
}

/// The byte of the quote that opens the string in which the text ends.
fn open_string(text: &str) -> Option<usize> {
    let error = Tokenizer::new(&Kouan, text).tokenize().err()?;
    let place = Location {
        line: error.location.line,
        column: error.location.column,
    };
    let quote = byte_offset(text, place);
    text[quote..].starts_with('\'').then_some(quote)
}

fn expects_in_string(tokens: &[Token], left: usize) -> Expects {
    let before = &tokens[..left];
    if clauses::is_at_path(before) {
        return Expects::Path;
    }
    clauses::compared_column(before).map_or(Expects::Nothing, |(table, column)| {
        Expects::Value(table, column, tables(tokens))
    })
}

fn expects(tokens: &[Token], left: usize) -> Expects {
    let last = left.checked_sub(1).map(|index| &tokens[index]);
    match last {
        Some(Token::Period) => match left.checked_sub(2).map(|index| &tokens[index]) {
            Some(Token::Word(word)) => Expects::Member(word.value.clone(), tables(tokens)),
            _ => Expects::Nothing,
        },
        Some(Token::Word(word)) if introduces_table(word) => Expects::Table,
        _ if clauses::is_in_using(&tokens[..left]) => Expects::Shared(tables(tokens)),
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
    ) || word.value.eq_ignore_ascii_case("summarize")
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
    let error = Tokenizer::new(&Kouan, text)
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
        assert_eq!(at("FROM 'a/po|"), ("a/po".into(), Expects::Path));
        let ports = || uses(&[("ports", Some("p"))]);
        let value =
            |table: Option<&str>| Expects::Value(table.map(str::to_string), "type".into(), ports());
        for text in [
            "FROM ports p WHERE type = 'ra|",
            "FROM ports p WHERE type NOT IN ('a', 'ra|",
        ] {
            assert_eq!(at(text), ("ra".into(), value(None)), "{text}");
        }
        assert_eq!(
            at("FROM ports p WHERE p.type <> 'ra|"),
            ("ra".into(), value(Some("p")))
        );
        assert_eq!(
            at("FROM ports JOIN flows USING (po|"),
            (
                "po".into(),
                Expects::Shared(uses(&[("ports", None), ("flows", None)]))
            )
        );
        assert_eq!(at("SELECT 1 -- po|"), ("po".into(), Expects::Nothing));
        assert_eq!(
            at("SELECT 1; SELECT a|"),
            ("a".into(), Expects::Expression(Vec::new()))
        );
    }

    #[test]
    fn with_names_tables() {
        let text = "WITH a AS (SELECT 1 AS x), b(y) AS (SELECT (x) FROM a) SELECT  FROM b";
        let cursor = read(text, text.len() - 7);
        let queries: Vec<_> = cursor
            .common_tables
            .iter()
            .map(|table| table.query.as_str())
            .collect();
        assert_eq!(
            queries,
            [
                "WITH a AS ( SELECT 1 AS x ) SELECT * FROM a",
                "WITH a AS ( SELECT 1 AS x ) , b ( y ) AS ( SELECT ( x ) FROM a ) SELECT * FROM b",
            ]
        );
    }
}
