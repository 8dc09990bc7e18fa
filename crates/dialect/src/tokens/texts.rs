//! `'a' 'b'`: two texts in a row, of which the parser would take the second for a name.

use sqlparser::tokenizer::{Span, Token, TokenWithSpan};

use crate::refusal::Refusal;
use crate::registry::{Outcome, Syntax};
use crate::tokens::{closing, is, is_word};

pub(crate) const SYNTAX: Syntax = Syntax {
    name: "two texts in a row",
    example: "SELECT 'a' 'b'",
    outcome: Outcome::Refused("two texts follow one another"),
    tokens: Some(refuse),
    ..Syntax::NONE
};

#[expect(clippy::ptr_arg, reason = "as every rewrite of tokens takes them")]
fn refuse(tokens: &mut Vec<TokenWithSpan>) -> Result<(), Refusal> {
    let is_text = |token: Option<&TokenWithSpan>| matches!(token, Some(token) if matches!(token.token, Token::SingleQuotedString(_)));
    let mut at = 0;
    while at < tokens.len() {
        // Options of COPY and CREATE EXTERNAL TABLE are pairs of texts.
        if is_word(tokens.get(at), "options") && is(tokens.get(at + 1), &Token::LParen) {
            at = closing(tokens, at + 1).unwrap_or(tokens.len());
        } else if is_text(tokens.get(at)) && is_text(tokens.get(at + 1)) {
            let span = Span::new(tokens[at].span.start, tokens[at + 1].span.end);
            return Err(Refusal::new("two texts follow one another", span)
                .hint("write || between them, or AS before a name"));
        }
        at += 1;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::tokens::testing::{refused, rewritten};

    #[test]
    fn a_text_is_no_name_of_a_text() {
        assert_eq!(refused("SELECT 'a' 'b'").1, "'a' 'b'");
        assert!(rewritten("SELECT 'a' AS 'b', 'c', DATE '2024-01-01'").is_ok());
        assert!(rewritten("COPY t TO 'x' OPTIONS ('format.delimiter' ';', 'a' 'b')").is_ok());
        let inside = "COPY (SELECT 'a' 'b') TO 'x' OPTIONS ('c' 'd')";
        assert_eq!(refused(inside).1, "'a' 'b'");
    }
}
