//! `LIMIT 10%` and `LIMIT 10 PERCENT`: shares of the rows are not known here.

use sqlparser::tokenizer::{Span, Token, TokenWithSpan};

use super::{is, is_word};
use crate::refusal::Refusal;
use crate::registry::{Outcome, Syntax};

pub(crate) const SYNTAX: Syntax = Syntax {
    name: "LIMIT of a share of the rows",
    example: "SELECT 1 LIMIT 10%",
    outcome: Outcome::Refused("LIMIT takes a number of rows, not a share of them"),
    tokens: Some(refuse),
    ..Syntax::NONE
};

#[expect(clippy::ptr_arg, reason = "as every rewrite of tokens takes them")]
fn refuse(tokens: &mut Vec<TokenWithSpan>) -> Result<(), Refusal> {
    for at in 0..tokens.len().saturating_sub(2) {
        let share = &tokens[at + 2];
        if is_word(tokens.get(at), "LIMIT")
            && matches!(tokens[at + 1].token, Token::Number(..))
            && (is(Some(share), &Token::Mod) || is_word(Some(share), "PERCENT"))
        {
            let span = Span::new(tokens[at].span.start, share.span.end);
            let message = "LIMIT takes a number of rows, not a share of them";
            return Err(Refusal::new(message, span)
                .hint("number the rows by row_number() OVER (ORDER BY …), and compare with count(*) OVER ()"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::tokens::testing::{refused, rewritten};

    #[test]
    fn a_share_is_refused() {
        assert_eq!(refused("SELECT 1 LIMIT 10%").1, "LIMIT 10%");
        assert_eq!(refused("SELECT 1 LIMIT 10 PERCENT").1, "LIMIT 10 PERCENT");
        assert!(rewritten("SELECT 7 % 2 LIMIT 10").is_ok());
    }
}
