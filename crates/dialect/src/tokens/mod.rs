//! Rewrites of tokens: syntax that the parser cannot read, made into syntax that it can.
//!
//! The tokens are those of one statement, without white space and comments. Tokens that are put in take
//! the place of the words that they stand for.

pub(crate) mod filters;
pub(crate) mod joins;
pub(crate) mod limits;
pub(crate) mod materialized;
pub(crate) mod numbers;
pub(crate) mod powers;
pub(crate) mod samples;
pub(crate) mod texts;

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Span, Token, TokenWithSpan, Word};

use crate::refusal::Refusal;
use crate::registry::SYNTAX;

/// Makes one statement's tokens readable for the parser.
///
/// # Errors
/// A [`Refusal`]: what was typed has no meaning here.
pub fn rewrite(tokens: &mut Vec<TokenWithSpan>) -> Result<(), Refusal> {
    for syntax in SYNTAX {
        if let Some(rewrite) = syntax.tokens {
            rewrite(tokens)?;
        }
    }
    Ok(())
}

/// True when the token is this word, not in quotes.
fn is_word(token: Option<&TokenWithSpan>, word: &str) -> bool {
    matches!(unquoted(token), Some(found) if found.value.eq_ignore_ascii_case(word))
}

/// The word of a token that is one, not in quotes.
fn unquoted(token: Option<&TokenWithSpan>) -> Option<&Word> {
    match token {
        Some(TokenWithSpan {
            token: Token::Word(word),
            ..
        }) if word.quote_style.is_none() => Some(word),
        _ => None,
    }
}

fn is(token: Option<&TokenWithSpan>, wanted: &Token) -> bool {
    token.is_some_and(|found| found.token == *wanted)
}

/// True when nothing, not even white space, stands between two tokens.
fn touch(left: &TokenWithSpan, right: &TokenWithSpan) -> bool {
    left.span.end == right.span.start
}

/// A token in the place of others.
fn put(token: Token, span: Span) -> TokenWithSpan {
    TokenWithSpan { token, span }
}

fn put_word(word: &str, span: Span) -> TokenWithSpan {
    put(Token::make_word(word, None), span)
}

/// How many parentheses, brackets and braces a token opens, less those it closes.
fn depth(token: &Token) -> i32 {
    match token {
        Token::LParen | Token::LBracket | Token::LBrace => 1,
        Token::RParen | Token::RBracket | Token::RBrace => -1,
        _ => 0,
    }
}

/// The place of the bracket that closes the one at `open`.
fn closing(tokens: &[TokenWithSpan], open: usize) -> Option<usize> {
    let mut level = 0;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        level += depth(&token.token);
        if level == 0 {
            return Some(at);
        }
    }
    None
}

/// True when a value may end with this token, so that an operator may follow.
fn ends_value(token: Option<&TokenWithSpan>) -> bool {
    let Some(token) = token else { return false };
    match &token.token {
        Token::RParen | Token::RBracket | Token::RBrace => true,
        Token::Number(..) | Token::SingleQuotedString(_) | Token::Placeholder(_) => true,
        Token::Word(word) => {
            word.quote_style.is_some()
                || matches!(
                    word.keyword,
                    Keyword::NoKeyword
                        | Keyword::NULL
                        | Keyword::TRUE
                        | Keyword::FALSE
                        | Keyword::END
                )
                || !OPENS_VALUE.contains(&word.keyword)
        }
        _ => false,
    }
}

/// Keywords that a value follows, of those after which a `*` could stand.
const OPENS_VALUE: &[Keyword] = &[
    Keyword::SELECT,
    Keyword::DISTINCT,
    Keyword::ALL,
    Keyword::WHERE,
    Keyword::AND,
    Keyword::OR,
    Keyword::NOT,
    Keyword::ON,
    Keyword::WHEN,
    Keyword::THEN,
    Keyword::ELSE,
    Keyword::CASE,
    Keyword::BY,
    Keyword::HAVING,
    Keyword::QUALIFY,
    Keyword::FROM,
    Keyword::IN,
    Keyword::LIKE,
    Keyword::IS,
    Keyword::BETWEEN,
    Keyword::LIMIT,
    Keyword::OFFSET,
    Keyword::RETURNING,
    Keyword::VALUES,
];

#[cfg(test)]
pub(crate) mod testing {
    //! Reads text as tokens, rewrites it, and writes it again.

    use sqlparser::tokenizer::{Token, Tokenizer};

    use crate::{Kouan, Refusal};

    /// The rewritten tokens with one space between them.
    pub(crate) fn rewritten(text: &str) -> Result<String, Refusal> {
        let mut tokens = Tokenizer::new(&Kouan, text)
            .tokenize_with_location()
            .expect("tokens");
        tokens.retain(|token| !matches!(token.token, Token::Whitespace(_)));
        super::rewrite(&mut tokens)?;
        let words: Vec<String> = tokens.iter().map(|token| token.token.to_string()).collect();
        Ok(words.join(" ").trim_end_matches(" EOF").to_string())
    }

    /// The message of a refusal, and the text that it points to.
    pub(crate) fn refused(text: &str) -> (String, String) {
        let refusal = rewritten(text).expect_err(text);
        let start = usize::try_from(refusal.span.start.column).expect("column") - 1;
        let end = usize::try_from(refusal.span.end.column).expect("column") - 1;
        let pointed: String = text.chars().skip(start).take(end - start).collect();
        (refusal.message, pointed)
    }
}
