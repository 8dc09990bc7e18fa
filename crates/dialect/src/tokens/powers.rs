//! `x ** 2`: another spelling of `x ^ 2`.

use sqlparser::tokenizer::{Span, Token, TokenWithSpan};

use super::{ends_value, is, put, touch};
use crate::refusal::Refusal;
use crate::registry::{Outcome, Syntax};

pub(crate) const SYNTAX: Syntax = Syntax {
    name: "** for powers",
    example: "SELECT 2 ** 3",
    outcome: Outcome::Runs,
    tokens: Some(rewrite),
    ..Syntax::NONE
};

#[expect(clippy::unnecessary_wraps, reason = "one signature for all rewrites")]
fn rewrite(tokens: &mut Vec<TokenWithSpan>) -> Result<(), Refusal> {
    let mut at = 1;
    while at + 1 < tokens.len() {
        if is(tokens.get(at), &Token::Mul)
            && is(tokens.get(at + 1), &Token::Mul)
            && touch(&tokens[at], &tokens[at + 1])
            && ends_value(tokens.get(at - 1))
        {
            let span = Span::new(tokens[at].span.start, tokens[at + 1].span.end);
            tokens.splice(at..at + 2, [put(Token::Caret, span)]);
        }
        at += 1;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::tokens::testing::rewritten;

    #[test]
    fn two_stars_are_a_power_after_a_value() {
        assert_eq!(
            rewritten("SELECT (a)**2, * FROM t").unwrap(),
            "SELECT ( a ) ^ 2 , * FROM t"
        );
    }
}
