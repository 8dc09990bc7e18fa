//! Patterns of SIMILAR TO as regular expressions.

/// The regular expression of a pattern of SQL's SIMILAR TO, which takes in the whole text.
///
/// `%` is any text and `_` any character; `|`, `*`, `+`, `?`, `{m,n}`, parentheses and brackets mean what they do in regular
/// expressions, everything else itself, and so does what stands behind the escape. As PostgreSQL's `similar_to_escape`.
pub(super) fn regular_expression(pattern: &str, escape: char) -> String {
    let mut expression = String::from("^(?s:");
    let mut in_brackets = false;
    let mut signs = pattern.chars();
    while let Some(sign) = signs.next() {
        match sign {
            _ if sign == escape => literal(&mut expression, signs.next().unwrap_or(escape)),
            ']' if in_brackets => {
                in_brackets = false;
                expression.push(']');
            }
            '\\' | '[' if in_brackets => literal(&mut expression, sign),
            _ if in_brackets => expression.push(sign),
            '[' => {
                in_brackets = true;
                expression.push('[');
            }
            '%' => expression.push_str(".*"),
            '_' => expression.push('.'),
            '(' => expression.push_str("(?:"),
            '|' | '*' | '+' | '?' | '{' | '}' | ')' => expression.push(sign),
            _ => literal(&mut expression, sign),
        }
    }
    expression.push_str(")$");
    expression
}

/// The character itself, whatever it means in regular expressions.
fn literal(expression: &mut String, sign: char) {
    if sign.is_ascii_punctuation() {
        expression.push('\\');
    }
    expression.push(sign);
}

#[cfg(test)]
mod tests {
    use super::regular_expression;

    /// PostgreSQL 17: `SELECT similar_to_escape('a%_.b')` gives `^(?:a.*.\.b)$`; the others alike.
    #[test]
    fn a_pattern_takes_in_the_whole_text() {
        assert_eq!(regular_expression("a%_.b", '\\'), r"^(?s:a.*.\.b)$");
        assert_eq!(
            regular_expression("(a|b)+c{2}", '\\'),
            "^(?s:(?:a|b)+c{2})$"
        );
        assert_eq!(regular_expression("[a%_]x", '\\'), "^(?s:[a%_]x)$");
    }

    #[test]
    fn an_escaped_sign_is_itself() {
        assert_eq!(regular_expression(r"100\%", '\\'), r"^(?s:100\%)$");
        assert_eq!(regular_expression("100!%!!", '!'), r"^(?s:100\%\!)$");
        assert_eq!(regular_expression(r"a\b", '!'), r"^(?s:a\\b)$");
    }
}
