//! What the tokens around the cursor say: the clause it stands in, and the tables that WITH names.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, Word};

/// A table that the statement itself defines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CommonTable {
    pub(crate) name: String,
    /// A query that answers its columns.
    pub(crate) query: String,
}

/// The tables that a leading `WITH` defines and closes, in order.
pub(crate) fn common_tables(tokens: &[Token]) -> Vec<CommonTable> {
    let mut tables = Vec::new();
    if !tokens.first().is_some_and(|token| is(token, Keyword::WITH)) {
        return tables;
    }
    let mut next = 1;
    if tokens
        .get(next)
        .is_some_and(|token| is(token, Keyword::RECURSIVE))
    {
        next += 1;
    }
    while let Some(Token::Word(name)) = tokens.get(next) {
        let as_word = tokens[next..]
            .iter()
            .position(|token| is(token, Keyword::AS))
            .map(|place| next + place);
        let opened = as_word.and_then(|from| {
            let place = tokens[from..]
                .iter()
                .position(|token| *token == Token::LParen);
            place.map(|place| from + place)
        });
        let Some(closed) = opened.and_then(|opened| closing(tokens, opened)) else {
            break;
        };
        let text: Vec<String> = tokens[..=closed].iter().map(ToString::to_string).collect();
        tables.push(CommonTable {
            name: name.value.clone(),
            query: format!("{} SELECT * FROM {name}", text.join(" ")),
        });
        if tokens.get(closed + 1) != Some(&Token::Comma) {
            break;
        }
        next = closed + 2;
    }
    tables
}

/// The parenthesis that closes the one at a place.
fn closing(tokens: &[Token], opened: usize) -> Option<usize> {
    let mut depth = 0;
    for (place, token) in tokens.iter().enumerate().skip(opened) {
        match token {
            Token::LParen => depth += 1,
            Token::RParen if depth == 1 => return Some(place),
            Token::RParen => depth -= 1,
            _ => {}
        }
    }
    None
}

/// True between the parentheses of `USING (…)`.
pub(crate) fn is_in_using(before: &[Token]) -> bool {
    list_head(before).is_some_and(|head| is(head, Keyword::USING))
}

/// True where a string names a file.
pub(crate) fn is_at_path(before: &[Token]) -> bool {
    before.last().is_some_and(|token| {
        [Keyword::FROM, Keyword::JOIN, Keyword::LOCATION, Keyword::TO]
            .iter()
            .any(|keyword| is(token, *keyword))
    })
}

/// The column that a value is compared with, and what qualifies it: `p.type = `, `type IN ('a', `.
pub(crate) fn compared_column(before: &[Token]) -> Option<(Option<String>, String)> {
    let operand = match before.split_last()? {
        (Token::Eq | Token::Neq, operand) => operand,
        _ => {
            let opened = unclosed(before)?;
            let head = before[..opened].split_last()?;
            let (operand, _) = Some(head)
                .filter(|(word, _)| is(word, Keyword::IN))
                .map(|(_, rest)| (rest, ()))?;
            match operand.split_last() {
                Some((not, rest)) if is(not, Keyword::NOT) => rest,
                _ => operand,
            }
        }
    };
    match operand {
        [.., Token::Word(table), Token::Period, Token::Word(column)] => {
            Some((Some(table.value.clone()), column.value.clone()))
        }
        [.., Token::Word(column)] => Some((None, column.value.clone())),
        _ => None,
    }
}

/// The word before the parenthesis that is still open.
fn list_head(before: &[Token]) -> Option<&Token> {
    before[..unclosed(before)?].last()
}

/// Where the innermost parenthesis stands that is still open.
fn unclosed(before: &[Token]) -> Option<usize> {
    let mut depth = 0;
    for (place, token) in before.iter().enumerate().rev() {
        match token {
            Token::RParen => depth += 1,
            Token::LParen if depth == 0 => return Some(place),
            Token::LParen => depth -= 1,
            _ => {}
        }
    }
    None
}

fn is(token: &Token, keyword: Keyword) -> bool {
    matches!(token, Token::Word(Word { keyword: found, quote_style: None, .. }) if *found == keyword)
}
