//! Joins of DuckDB and ClickHouse that are not known here: ASOF, POSITIONAL, PASTE, ANY, GLOBAL.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Span, TokenWithSpan};

use super::{is_word, unquoted};
use crate::refusal::Refusal;
use crate::registry::{Outcome, Syntax};

pub(crate) const SYNTAX: Syntax = Syntax {
    name: "joins by place or by the nearest value",
    example: "SELECT * FROM a POSITIONAL JOIN b",
    outcome: Outcome::Refused("POSITIONAL JOIN is not known"),
    tokens: Some(refuse),
    ..Syntax::NONE
};

/// The first word of each, and what to write instead.
const UNKNOWN: &[(&str, &str)] = &[
    (
        "POSITIONAL",
        "number the rows on both sides by row_number() OVER (ORDER BY …), and join on the numbers",
    ),
    (
        "PASTE",
        "number the rows on both sides by row_number() OVER (ORDER BY …), and join on the numbers",
    ),
    (
        "ASOF",
        "give each row of the right side the time of the next one by lead(…) OVER (ORDER BY …), and join on times between",
    ),
];

#[expect(clippy::ptr_arg, reason = "as every rewrite of tokens takes them")]
fn refuse(tokens: &mut Vec<TokenWithSpan>) -> Result<(), Refusal> {
    for (at, token) in tokens.iter().enumerate() {
        let Some((word, hint)) = UNKNOWN.iter().find(|(word, _)| is_word(Some(token), word)) else {
            continue;
        };
        let rest = &tokens[at + 1..];
        let kinds = rest.iter().take_while(|token| is_kind(token)).count();
        if is_word(rest.get(kinds), "JOIN") {
            let span = Span::new(token.span.start, rest[kinds].span.end);
            return Err(Refusal::new(format!("{word} JOIN is not known"), span).hint(*hint));
        }
    }
    Ok(())
}

/// LEFT, RIGHT and the like, which may stand before JOIN.
fn is_kind(token: &TokenWithSpan) -> bool {
    let keyword = unquoted(Some(token)).map(|word| word.keyword);
    matches!(
        keyword,
        Some(Keyword::LEFT | Keyword::RIGHT | Keyword::FULL | Keyword::INNER | Keyword::OUTER)
            | Some(Keyword::SEMI | Keyword::ANTI)
    )
}

#[cfg(test)]
mod tests {
    use crate::tokens::testing::{refused, rewritten};

    #[test]
    fn each_is_refused_where_it_stands() {
        let (message, place) = refused("SELECT * FROM a ASOF LEFT JOIN b ON a.x >= b.x");
        assert_eq!(
            (message.as_str(), place.as_str()),
            ("ASOF JOIN is not known", "ASOF LEFT JOIN")
        );
        assert!(rewritten("SELECT asof FROM a JOIN b ON true").is_ok());
    }
}
