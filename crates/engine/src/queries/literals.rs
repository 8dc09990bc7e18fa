//! The literals of a statement that could be parameters of a saved query, and the query with them as such.

use datafusion::common::Span;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan};

use crate::statement::script::{Statement, byte_offset, location};

/// A literal that a column is compared with, or a number of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// As it stands, such as `'road'`, `1990` or `DATE '2012-01-01'`.
    pub text: String,
    /// What a parameter for it may be called: the column, or `rows`; each name once.
    pub name: String,
    /// Its type in a header.
    pub type_name: &'static str,
    /// Its value in a header.
    default: String,
    place: Span,
}

impl Statement {
    /// The literals that columns are compared with, and those of LIMIT and OFFSET, in their order.
    pub fn literals(&self) -> Vec<Literal> {
        let is_word = |token: &&TokenWithSpan| !matches!(token.token, Token::Whitespace(_));
        let tokens: Vec<&TokenWithSpan> = self.tokens.iter().filter(is_word).collect();
        let mut found: Vec<Literal> = Vec::new();
        for place in 0..tokens.len() {
            let Some((type_name, default)) = value(&tokens[place].token) else {
                continue;
            };
            let is_date = place > 0 && is_keyword(&tokens[place - 1].token, Keyword::DATE);
            let first = if is_date { place - 1 } else { place };
            let Some(subject) = subject(&tokens[..first]) else {
                continue;
            };
            let start = location(tokens[first].span.start);
            let end = location(tokens[place].span.end);
            let text = &self.source.text;
            found.push(Literal {
                text: text[byte_offset(text, start)..byte_offset(text, end)].to_string(),
                name: free_name(&subject, &found),
                type_name: if is_date { "date" } else { type_name },
                default,
                place: Span::new(start, end),
            });
        }
        found
    }

    /// The text of a saved query: this statement, with some of its literals as parameters.
    pub fn as_saved_query(&self, name: &str, parameters: &[Literal]) -> String {
        let title = name.replace('_', " ");
        let mut text = format!("-- name: {name}\n-- title: {title}\n");
        for literal in parameters {
            let (name, type_name, default) = (&literal.name, literal.type_name, &literal.default);
            text.push_str(&format!("-- param: {name} {type_name} = {default}\n"));
        }
        let source = &self.source.text;
        let mut from = byte_offset(source, self.span.start);
        for literal in parameters {
            text.push_str(&source[from..byte_offset(source, literal.place.start)]);
            text.push_str(&format!("${}", literal.name));
            from = byte_offset(source, literal.place.end);
        }
        text.push_str(source[from..byte_offset(source, self.span.end)].trim_end());
        text.push_str(";\n");
        text
    }
}

/// The type and the value, as a header writes them, of a literal.
fn value(token: &Token) -> Option<(&'static str, String)> {
    match token {
        Token::Number(text, _) => Some(match text.parse::<i64>() {
            Ok(whole) if i32::try_from(whole).is_ok() => ("integer", text.clone()),
            Ok(_) => ("bigint", text.clone()),
            Err(_) => ("double", text.clone()),
        }),
        Token::SingleQuotedString(text) if !text.contains('\n') => {
            Some(("text", format!("'{}'", text.replace('\'', "''"))))
        }
        _ => None,
    }
}

/// What is compared with the value that comes next: the name before the comparison.
fn subject(before: &[&TokenWithSpan]) -> Option<String> {
    let (last, before) = before.split_last()?;
    if is_keyword(&last.token, Keyword::LIMIT) || is_keyword(&last.token, Keyword::OFFSET) {
        return Some(
            if is_keyword(&last.token, Keyword::LIMIT) {
                "rows"
            } else {
                "from_row"
            }
            .to_string(),
        );
    }
    let compares = matches!(
        last.token,
        Token::Eq | Token::Neq | Token::Lt | Token::LtEq | Token::Gt | Token::GtEq
    );
    let is_text_pattern =
        is_keyword(&last.token, Keyword::LIKE) || is_keyword(&last.token, Keyword::ILIKE);
    if compares || is_text_pattern || is_keyword(&last.token, Keyword::BETWEEN) {
        let negated = before
            .last()
            .is_some_and(|token| is_keyword(&token.token, Keyword::NOT));
        return name(before.get(before.len().checked_sub(1 + usize::from(negated))?)?);
    }
    if is_keyword(&last.token, Keyword::AND) {
        // The upper bound of BETWEEN low AND high.
        let [.., subject, between, _] = before else {
            return None;
        };
        return is_keyword(&between.token, Keyword::BETWEEN)
            .then(|| name(subject))
            .flatten();
    }
    None
}

fn name(token: &&TokenWithSpan) -> Option<String> {
    match &token.token {
        Token::Word(word) if word.keyword == Keyword::NoKeyword || word.quote_style.is_some() => {
            let is_plain = word
                .value
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '_');
            is_plain.then(|| word.value.to_lowercase())
        }
        Token::Word(word) => Some(word.value.to_lowercase()),
        Token::RParen => Some("value".to_string()),
        _ => None,
    }
}

fn is_keyword(token: &Token, keyword: Keyword) -> bool {
    matches!(token, Token::Word(word) if word.keyword == keyword && word.quote_style.is_none())
}

/// The name, with a number when another literal has it.
fn free_name(name: &str, taken: &[Literal]) -> String {
    let is_taken = |name: &str| taken.iter().any(|literal| literal.name == name);
    if !is_taken(name) {
        return name.to_string();
    }
    (2..)
        .map(|number| format!("{name}_{number}"))
        .find(|name| !is_taken(name))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statement::script::{Piece, Source, split};

    fn statement(text: &str) -> Statement {
        match split(&Source::typed(text)).into_iter().next() {
            Some(Piece::Statement(statement)) => statement,
            other => unreachable!("{other:?}"),
        }
    }

    #[test]
    fn literals_of_comparisons_are_offered() {
        let statement = statement(
            "SELECT date_trunc('month', d), 1 + x FROM ports -- 'a' = 3\nWHERE type = 'road' AND opened_year BETWEEN \
             1980 AND 1999 AND opened_year <> 1990 AND d >= DATE '2012-01-01' AND share > 0.5 AND place NOT LIKE 'A%' LIMIT 10",
        );
        let found: Vec<_> = statement
            .literals()
            .into_iter()
            .map(|literal| (literal.name, literal.type_name, literal.text))
            .collect();
        let expected = [
            ("type", "text", "'road'"),
            ("opened_year", "integer", "1980"),
            ("opened_year_2", "integer", "1999"),
            ("opened_year_3", "integer", "1990"),
            ("d", "date", "DATE '2012-01-01'"),
            ("share", "double", "0.5"),
            ("place", "text", "'A%'"),
            ("rows", "integer", "10"),
        ];
        let expected =
            expected.map(|(name, kind, text)| (name.to_string(), kind, text.to_string()));
        assert_eq!(found, expected);
    }

    #[test]
    fn the_query_takes_what_was_chosen() {
        let statement = statement("  SELECT * FROM ports\nWHERE type = 'it''s' LIMIT 5 ;");
        let literals = statement.literals();
        assert_eq!(
            statement.as_saved_query("by_type", &literals[..1]),
            "-- name: by_type\n-- title: by type\n-- param: type text = 'it''s'\n\
             SELECT * FROM ports\nWHERE type = $type LIMIT 5;\n"
        );
    }
}
