//! `sum(x) FILTER (x > 1)`: the WHERE in the parentheses may be left out, as in DuckDB.

use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::{is, is_word, put_word};
use crate::refusal::Refusal;
use crate::registry::{Outcome, Syntax};

pub(crate) const SYNTAX: Syntax = Syntax {
    name: "FILTER without WHERE",
    example: "SELECT count(*) FILTER (x > 1) FROM (VALUES (1), (2)) t(x)",
    outcome: Outcome::Runs,
    tokens: Some(rewrite),
    ..Syntax::NONE
};

#[expect(clippy::unnecessary_wraps, reason = "one signature for all rewrites")]
fn rewrite(tokens: &mut Vec<TokenWithSpan>) -> Result<(), Refusal> {
    let mut at = 1;
    while at + 2 < tokens.len() {
        if is_word(tokens.get(at), "FILTER")
            && is(tokens.get(at - 1), &Token::RParen)
            && is(tokens.get(at + 1), &Token::LParen)
            && !is_word(tokens.get(at + 2), "WHERE")
        {
            let span = tokens[at].span;
            tokens.insert(at + 2, put_word("WHERE", span));
        }
        at += 1;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::tokens::testing::rewritten;

    #[test]
    fn where_is_put_in_once() {
        assert_eq!(
            rewritten("SELECT sum(x) filter (x > 1), sum(x) FILTER (WHERE y)").unwrap(),
            "SELECT sum ( x ) filter ( WHERE x > 1 ) , sum ( x ) FILTER ( WHERE y )"
        );
    }
}
