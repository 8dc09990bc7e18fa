//! `name GLOB 'a*'`: LIKE in the spelling of file names, as in DuckDB and SQLite.

use sqlparser::ast::{BinaryOperator, Expr, Spanned, Value};

use super::{Context, call};
use crate::kouan::GLOB;
use crate::refusal::Refusal;
use crate::registry::{Outcome, Syntax};

pub(crate) const SYNTAX: Syntax = Syntax {
    name: "GLOB",
    example: "SELECT 'harbour' GLOB 'h*r?[!a-q]'",
    outcome: Outcome::Runs,
    expr: Some(rewrite),
    ..Syntax::NONE
};

fn rewrite(expr: &mut Expr, _context: &Context<'_>) -> Result<(), Refusal> {
    let Expr::BinaryOp {
        left,
        op: BinaryOperator::Custom(operator),
        right,
    } = expr
    else {
        return Ok(());
    };
    if operator != GLOB {
        return Ok(());
    }
    let span = right.span();
    let Expr::Value(pattern) = right.as_mut() else {
        return Err(Refusal::new(
            "the pattern of GLOB is a text in quotes",
            span,
        ));
    };
    let Value::SingleQuotedString(glob) = &pattern.value else {
        return Err(Refusal::new(
            "the pattern of GLOB is a text in quotes",
            span,
        ));
    };
    let Some(regex) = as_regex(glob) else {
        return Err(Refusal::new("`[` is not closed in the pattern", span));
    };
    pattern.value = Value::SingleQuotedString(regex);
    let text = std::mem::replace(left.as_mut(), Expr::value(Value::Null));
    let pattern = std::mem::replace(right.as_mut(), Expr::value(Value::Null));
    *expr = call("regexp_like", [text, pattern], span);
    Ok(())
}

/// The regular expression of a pattern: `*` is any text, `?` any character, `[a-z]` one of these, `[!a-z]` none of them.
fn as_regex(glob: &str) -> Option<String> {
    let mut regex = String::from("^(?s:");
    let mut characters = glob.chars();
    while let Some(character) = characters.next() {
        match character {
            '*' => regex.push_str(".*"),
            '?' => regex.push('.'),
            '[' => set(&mut characters, &mut regex)?,
            '\\' => escape(characters.next()?, &mut regex),
            other => escape(other, &mut regex),
        }
    }
    regex.push_str(")$");
    Some(regex)
}

fn set(characters: &mut std::str::Chars<'_>, regex: &mut String) -> Option<()> {
    regex.push('[');
    let mut is_first = true;
    loop {
        match characters.next()? {
            '!' if is_first => {
                regex.push('^');
                continue;
            }
            ']' if !is_first => break,
            '-' if !is_first => regex.push('-'),
            other => escape(other, regex),
        }
        is_first = false;
    }
    regex.push(']');
    Some(())
}

fn escape(character: char, regex: &mut String) {
    if character.is_ascii_punctuation() {
        regex.push('\\');
    }
    regex.push(character);
}

#[cfg(test)]
mod tests {
    use super::as_regex;
    use crate::tree::testing::{refused, text};

    #[test]
    fn patterns_are_regular_expressions() {
        assert_eq!(as_regex("a*.?[!x-z]").unwrap(), r"^(?s:a.*\..[^x-z])$");
        assert_eq!(as_regex("[]]").unwrap(), r"^(?s:[\]])$");
        assert_eq!(as_regex("[a"), None);
        assert_eq!(
            text("SELECT x GLOB 'a*' AND y FROM t"),
            "SELECT regexp_like(x, '^(?s:a.*)$') AND y FROM t"
        );
        assert_eq!(refused("SELECT x GLOB y FROM t").1, "y");
    }
}
