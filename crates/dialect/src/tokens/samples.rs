//! `USING SAMPLE 10%` and the spellings of TABLESAMPLE, brought to the one that the parser reads.
//!
//! A sample is taken of what FROM gives, before WHERE, so that over one table USING SAMPLE is
//! its TABLESAMPLE. [`crate::tree::samples`] makes it a subquery.

use sqlparser::tokenizer::{Span, Token, TokenWithSpan};

use super::{closing, depth, ends_value, is, is_word, put, put_word, unquoted};
use crate::refusal::Refusal;
use crate::registry::{Outcome, Syntax};

pub(crate) const SYNTAX: Syntax = Syntax {
    name: "USING SAMPLE",
    example: "SELECT x FROM (VALUES (1), (2), (3)) t(x) WHERE x > 0 USING SAMPLE 2 ROWS",
    outcome: Outcome::Runs,
    tokens: Some(rewrite),
    ..Syntax::NONE
};

/// How much a sample takes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Amount {
    number: String,
    is_share: bool,
}

fn rewrite(tokens: &mut Vec<TokenWithSpan>) -> Result<(), Refusal> {
    let mut at = 1;
    while at < tokens.len() {
        let is_clause = is_word(tokens.get(at), "USING") && is_word(tokens.get(at + 1), "SAMPLE");
        let is_of_table = is_word(tokens.get(at), "TABLESAMPLE") && ends_value(tokens.get(at - 1));
        if is_clause || is_of_table {
            let from = at + if is_clause { 2 } else { 1 };
            let (amount, end) = amount(tokens, from)?;
            let span = Span::new(tokens[at].span.start, tokens[end - 1].span.end);
            tokens.drain(at..end);
            let into = match is_clause {
                true => end_of_table(tokens, at, span)?,
                false => at,
            };
            let sample = written(&amount, span);
            at += sample.len();
            tokens.splice(into..into, sample);
        } else {
            at += 1;
        }
    }
    Ok(())
}

/// The amount that begins at `at`, and where it ends.
fn amount(tokens: &[TokenWithSpan], at: usize) -> Result<(Amount, usize), Refusal> {
    let place = |at: usize| {
        tokens
            .get(at)
            .or_else(|| tokens.last())
            .map_or(Span::empty(), |token| token.span)
    };
    let method = unquoted(tokens.get(at)).map(|word| word.value.to_uppercase());
    let open = at + usize::from(method.is_some());
    let is_open = is(tokens.get(open), &Token::LParen);
    let first = open + usize::from(is_open);
    let Some(Token::Number(number, _)) = tokens.get(first).map(|token| &token.token) else {
        return Err(Refusal::new(
            "a sample is a number of rows or a share of them",
            place(first),
        )
        .hint("such as TABLESAMPLE BERNOULLI (10 PERCENT), or USING SAMPLE 100 ROWS"));
    };
    let unit = tokens.get(first + 1);
    let is_percent = is(unit, &Token::Mod) || is_word(unit, "PERCENT");
    let is_rows = is_word(unit, "ROWS");
    let mut end = first + 1 + usize::from(is_percent || is_rows);
    if is_open {
        if !is(tokens.get(end), &Token::RParen) {
            return Err(Refusal::new(
                "expected `)` after the size of the sample",
                place(end),
            ));
        }
        end += 1;
    }
    let mut method = method.map(|method| (method, place(at)));
    // `10% (bernoulli)`, `10% (bernoulli, 42)`
    if method.is_none()
        && !is_open
        && is(tokens.get(end), &Token::LParen)
        && let Some(name) = unquoted(tokens.get(end + 1))
        && let Some(close) = closing(tokens, end)
    {
        if close != end + 2 {
            return Err(no_seed(place(end + 3)));
        }
        method = Some((name.value.to_uppercase(), place(end + 1)));
        end = close + 1;
    }
    if is_word(tokens.get(end), "REPEATABLE") || is_word(tokens.get(end), "SEED") {
        return Err(no_seed(place(end)));
    }
    let is_share = match method {
        None => is_percent,
        Some((method, _)) if matches!(method.as_str(), "BERNOULLI" | "SYSTEM") && !is_rows => true,
        Some((method, _)) if method == "RESERVOIR" && !is_percent => false,
        Some((method, at)) if matches!(method.as_str(), "BERNOULLI" | "SYSTEM") => {
            let message = format!("{method} takes a share of the rows, not a number of them");
            return Err(Refusal::new(message, at).hint("a number of rows is RESERVOIR (100 ROWS)"));
        }
        Some((method, at)) if method == "RESERVOIR" => {
            let message = "RESERVOIR takes a number of rows, not a share of them";
            return Err(Refusal::new(message, at).hint("a share is BERNOULLI (10 PERCENT)"));
        }
        Some((method, at)) => {
            let message = format!("`{method}` is no way to take a sample");
            return Err(Refusal::new(message, at).hint("there are BERNOULLI, SYSTEM and RESERVOIR"));
        }
    };
    let number = number.clone();
    Ok((Amount { number, is_share }, end))
}

fn no_seed(at: Span) -> Refusal {
    Refusal::new("a sample cannot be repeated", at)
        .hint("keep it: CREATE TABLE sample AS SELECT … USING SAMPLE …")
}

/// `TABLESAMPLE (10 PERCENT)`
fn written(amount: &Amount, span: Span) -> Vec<TokenWithSpan> {
    let unit = if amount.is_share { "PERCENT" } else { "ROWS" };
    vec![
        put_word("TABLESAMPLE", span),
        put(Token::LParen, span),
        put(Token::Number(amount.number.clone(), false), span),
        put_word(unit, span),
        put(Token::RParen, span),
    ]
}

/// Where the one table ends that the SELECT before `at` reads.
fn end_of_table(tokens: &[TokenWithSpan], at: usize, sample: Span) -> Result<usize, Refusal> {
    let mut level = 0;
    let mut end = at;
    for before in (0..at).rev() {
        level -= depth(&tokens[before].token);
        if level < 0 {
            break;
        }
        if level > 0 {
            continue;
        }
        let token = tokens.get(before);
        if ["WHERE", "GROUP", "HAVING", "WINDOW", "QUALIFY"]
            .iter()
            .any(|word| is_word(token, word))
        {
            end = before;
        } else if is(token, &Token::Comma) || is_word(token, "JOIN") {
            // A comma of a later clause has that clause before it.
            end = end.max(before);
        }
        if is_word(token, "FROM") {
            let is_several = tokens[before..end].iter().scan(0, |level, token| {
                *level += depth(&token.token);
                Some((*level, token))
            });
            let mut is_several = is_several.filter(|(level, _)| *level == 0);
            if is_several
                .any(|(_, token)| token.token == Token::Comma || is_word(Some(token), "JOIN"))
            {
                return Err(
                    Refusal::new("USING SAMPLE over several tables is not known", sample)
                        .hint("write TABLESAMPLE after one of the tables, or sample a subquery"),
                );
            }
            return Ok(end);
        }
    }
    Err(Refusal::new("there is no FROM to take a sample of", sample))
}

#[cfg(test)]
mod tests {
    use crate::tokens::testing::{refused, rewritten};

    #[test]
    fn samples_move_behind_the_table() {
        for (text, expected) in [
            ("FROM t USING SAMPLE 3", "FROM t TABLESAMPLE ( 3 ROWS )"),
            (
                "FROM t a WHERE x > 1 USING SAMPLE 10%",
                "FROM t a TABLESAMPLE ( 10 PERCENT ) WHERE x > 1",
            ),
            (
                "SELECT a, b FROM t GROUP BY a, b USING SAMPLE 10 PERCENT (bernoulli) LIMIT 2",
                "SELECT a , b FROM t TABLESAMPLE ( 10 PERCENT ) GROUP BY a , b LIMIT 2",
            ),
            (
                "SELECT * FROM (FROM f(1, 2) USING SAMPLE reservoir(5 ROWS)) u, v",
                "SELECT * FROM ( FROM f ( 1 , 2 ) TABLESAMPLE ( 5 ROWS ) ) u , v",
            ),
            (
                "FROM t TABLESAMPLE BERNOULLI(10)",
                "FROM t TABLESAMPLE ( 10 PERCENT )",
            ),
            (
                "FROM t TABLESAMPLE SYSTEM(10%), u",
                "FROM t TABLESAMPLE ( 10 PERCENT ) , u",
            ),
            (
                "FROM t TABLESAMPLE 2.5%",
                "FROM t TABLESAMPLE ( 2.5 PERCENT )",
            ),
        ] {
            assert_eq!(rewritten(text).unwrap(), expected);
        }
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for (text, message) in [
            (
                "FROM t, u USING SAMPLE 3",
                "USING SAMPLE over several tables is not known",
            ),
            (
                "FROM t JOIN u ON x WHERE a USING SAMPLE 3",
                "USING SAMPLE over several tables is not known",
            ),
            (
                "FROM t TABLESAMPLE 3 REPEATABLE (4)",
                "a sample cannot be repeated",
            ),
            (
                "FROM t USING SAMPLE 3% (bernoulli, 4)",
                "a sample cannot be repeated",
            ),
            (
                "FROM t TABLESAMPLE BERNOULLI(3 ROWS)",
                "BERNOULLI takes a share of the rows, not a number of them",
            ),
            (
                "FROM t TABLESAMPLE lottery(3)",
                "`LOTTERY` is no way to take a sample",
            ),
            (
                "FROM t TABLESAMPLE (x)",
                "a sample is a number of rows or a share of them",
            ),
        ] {
            assert_eq!(refused(text).0, message, "{text}");
        }
    }
}
