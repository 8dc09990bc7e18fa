//! Finds words in a statement's tokens.

use sqlparser::tokenizer::{Span, Token, TokenWithSpan};

/// Where these words, none in quotes, first stand in a row.
pub(crate) fn of_words(tokens: &[TokenWithSpan], words: &[&str]) -> Option<Span> {
    let found = tokens.windows(words.len().max(1)).find(|window| {
        window
            .iter()
            .zip(words)
            .all(|(token, word)| is(token, word))
    })?;
    Some(Span::new(found.first()?.span.start, found.last()?.span.end))
}

fn is(token: &TokenWithSpan, wanted: &str) -> bool {
    match &token.token {
        Token::Word(word) => word.quote_style.is_none() && word.value.eq_ignore_ascii_case(wanted),
        token => token.to_string() == wanted,
    }
}
