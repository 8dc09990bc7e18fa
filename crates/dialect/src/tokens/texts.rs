//! `'a' 'b'`: two texts in a row, of which the parser would take the second for a name.

use sqlparser::tokenizer::{Span, Token, TokenWithSpan};

use crate::refusal::Refusal;
use crate::registry::{Outcome, Syntax};

pub(crate) const SYNTAX: Syntax = Syntax {
    name: "two texts in a row",
    example: "SELECT 'a' 'b'",
    outcome: Outcome::Refused("two texts follow one another"),
    tokens: Some(refuse),
    ..Syntax::NONE
};

#[expect(clippy::ptr_arg, reason = "as every rewrite of tokens takes them")]
fn refuse(tokens: &mut Vec<TokenWithSpan>) -> Result<(), Refusal> {
    let is_text = |token: &TokenWithSpan| matches!(token.token, Token::SingleQuotedString(_));
    let both = tokens.windows(2).find(|pair| pair.iter().all(is_text));
    match both {
        Some(pair) => {
            let span = Span::new(pair[0].span.start, pair[1].span.end);
            Err(Refusal::new("two texts follow one another", span)
                .hint("write || between them, or AS before a name"))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::tokens::testing::{refused, rewritten};

    #[test]
    fn a_text_is_no_name_of_a_text() {
        assert_eq!(refused("SELECT 'a' 'b'").1, "'a' 'b'");
        assert!(rewritten("SELECT 'a' AS 'b', 'c', DATE '2024-01-01'").is_ok());
    }
}
