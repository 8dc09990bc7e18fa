//! Numbers: `0b101`, `0o17`, `0xFF` and `1_000` as in PostgreSQL 16 and SQL:2023.
//!
//! The tokenizer reads `0b101` as a zero called `b101` and `0xFF` as bytes. No name may touch a number,
//! so that every other spelling of the kind is an error, too.

use sqlparser::tokenizer::{Span, Token, TokenWithSpan};

use super::{put, touch, unquoted};
use crate::refusal::Refusal;
use crate::registry::{Outcome, Syntax};

pub(crate) const SYNTAX: Syntax = Syntax {
    name: "numbers in other bases, and with underscores",
    example: "SELECT 0b101, 0o17, 0xFF, 1_000_000",
    outcome: Outcome::Runs,
    tokens: Some(rewrite),
    ..Syntax::NONE
};

fn rewrite(tokens: &mut Vec<TokenWithSpan>) -> Result<(), Refusal> {
    let mut at = 0;
    while at < tokens.len() {
        let span = tokens[at].span;
        match &tokens[at].token {
            // `X'FF'` is one wider, and stays bytes.
            Token::HexStringLiteral(digits) if is_as_wide(span, digits.len() + 2) => {
                let number = in_base(digits, 16, span)?;
                tokens[at].token = number;
                refuse_name_after(tokens, at)?;
            }
            Token::Number(digits, is_long) => {
                if *is_long || digits.ends_with('_') {
                    return Err(run_together(span));
                }
                if digits == "0"
                    && let Some((base, digits)) = based(tokens, at)
                {
                    let span = Span::new(span.start, tokens[at + 1].span.end);
                    let number = in_base(&digits, base, span)?;
                    tokens.splice(at..at + 2, [put(number, span)]);
                } else if digits.contains('_') {
                    let plain = digits.replace('_', "");
                    tokens[at].token = Token::Number(plain, false);
                }
                refuse_name_after(tokens, at)?;
            }
            _ => {}
        }
        at += 1;
    }
    Ok(())
}

fn is_as_wide(span: Span, width: usize) -> bool {
    span.end.column.saturating_sub(span.start.column) == width as u64
}

/// The base and the digits of what follows the zero at `at`, when it touches it and is a number.
fn based(tokens: &[TokenWithSpan], at: usize) -> Option<(u32, String)> {
    let next = tokens.get(at + 1)?;
    let word = &unquoted(Some(next))
        .filter(|_| touch(&tokens[at], next))?
        .value;
    let base = match word.as_bytes().first()? {
        b'b' | b'B' => 2,
        b'o' | b'O' => 8,
        b'x' | b'X' => 16,
        _ => return None,
    };
    let digits = &word[1..];
    let is_digit = |digit: char| digit == '_' || digit.is_digit(base);
    (!digits.is_empty() && digits.chars().all(is_digit)).then(|| (base, digits.to_string()))
}

fn in_base(digits: &str, base: u32, span: Span) -> Result<Token, Refusal> {
    let plain = digits.replace('_', "");
    match u128::from_str_radix(&plain, base) {
        Ok(number) => Ok(Token::Number(number.to_string(), false)),
        Err(_) if plain.is_empty() => Err(Refusal::new("the number has no digits", span)),
        Err(_) => Err(Refusal::new("the number is too large", span)),
    }
}

fn refuse_name_after(tokens: &[TokenWithSpan], at: usize) -> Result<(), Refusal> {
    match tokens.get(at + 1) {
        Some(next) if matches!(next.token, Token::Word(_)) && touch(&tokens[at], next) => Err(
            run_together(Span::new(tokens[at].span.start, next.span.end)),
        ),
        _ => Ok(()),
    }
}

fn run_together(span: Span) -> Refusal {
    Refusal::new("a number and a name run together", span)
        .hint("put a space between them, and AS before the name of a column")
}

#[cfg(test)]
mod tests {
    use crate::tokens::testing::{refused, rewritten};

    /// Values as PostgreSQL 16 answers them.
    #[test]
    fn other_bases_are_numbers() {
        let text = "SELECT 0b101, 0B1_0, 0o17, 0xFF, 0XfF, 0x1_F, X'FF', 1_000_000, 1_0.5_0, 1e3";
        let expected = "SELECT 5 , 2 , 15 , 255 , 255 , 31 , X'FF' , 1000000 , 10.50 , 1e3";
        assert_eq!(rewritten(text).unwrap(), expected);
    }

    #[test]
    fn names_do_not_touch_numbers() {
        for (text, pointed) in [
            ("SELECT 1abc", "1abc"),
            ("SELECT 0b102", "0b102"),
            ("SELECT 1__0", "1__0"),
            ("SELECT 7L", "7L"),
            ("SELECT 0xFFg", "0xFFg"),
            ("SELECT 1\"a\"", "1\"a\""),
        ] {
            let (message, place) = refused(text);
            assert_eq!(
                (message.as_str(), place.as_str()),
                ("a number and a name run together", pointed)
            );
        }
    }

    #[test]
    fn a_space_makes_a_name() {
        assert_eq!(
            rewritten("SELECT 0 b101, 1 AS x").unwrap(),
            "SELECT 0 b101 , 1 AS x"
        );
    }
}
