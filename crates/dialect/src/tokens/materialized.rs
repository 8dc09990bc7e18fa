//! `WITH a AS MATERIALIZED (…)`: says how a subquery is run, not what it answers.

use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::{is, is_word};
use crate::refusal::Refusal;
use crate::registry::{Outcome, Syntax};

pub(crate) const SYNTAX: Syntax = Syntax {
    name: "MATERIALIZED",
    example: "WITH a AS NOT MATERIALIZED (SELECT 1 AS x) SELECT * FROM a",
    outcome: Outcome::Runs,
    tokens: Some(rewrite),
    ..Syntax::NONE
};

#[expect(clippy::unnecessary_wraps, reason = "one signature for all rewrites")]
fn rewrite(tokens: &mut Vec<TokenWithSpan>) -> Result<(), Refusal> {
    let mut at = 1;
    while at + 1 < tokens.len() {
        let from = at - usize::from(is_word(tokens.get(at - 1), "NOT"));
        let is_it =
            is_word(tokens.get(at), "MATERIALIZED") && is(tokens.get(at + 1), &Token::LParen);
        if is_it && from > 0 && is_word(tokens.get(from - 1), "AS") {
            tokens.drain(from..=at);
        }
        at += 1;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::tokens::testing::rewritten;

    #[test]
    fn it_is_left_out_of_with() {
        assert_eq!(
            rewritten("WITH a AS MATERIALIZED (SELECT 1), b AS NOT MATERIALIZED (SELECT 2) SELECT materialized").unwrap(),
            "WITH a AS ( SELECT 1 ) , b AS ( SELECT 2 ) SELECT materialized"
        );
    }
}
