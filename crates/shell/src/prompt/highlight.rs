//! Colours of SQL while it is typed, in the terminal's own palette.

use std::borrow::Cow;

use kouan_assist::{TokenClass, tokens};

/// The line with terminal colours; what cannot be read, such as an open string, stays plain.
pub(super) fn highlight(line: &str) -> Cow<'_, str> {
    let tokens = tokens(line);
    if tokens.is_empty() {
        return Cow::Borrowed(line);
    }
    let mut colored = String::with_capacity(line.len() * 2);
    let mut written = 0;
    for (token, class) in tokens {
        colored.push_str(&line[written..token.start]);
        colored.push_str(&format!(
            "\x1b[{}m{}\x1b[0m",
            style(class),
            &line[token.clone()]
        ));
        written = token.end;
    }
    colored.push_str(&line[written..]);
    Cow::Owned(colored)
}

fn style(class: TokenClass) -> &'static str {
    match class {
        TokenClass::Keyword => "1;34",
        TokenClass::Text => "32",
        TokenClass::Number => "36",
        TokenClass::Comment => "2",
    }
}

#[cfg(test)]
mod tests {
    use super::highlight;

    /// Colours as `<…>`, which must never change the text itself.
    fn marked(line: &str) -> String {
        let colored = highlight(line).into_owned();
        let mut text = String::new();
        let mut rest = colored.as_str();
        while let Some(start) = rest.find("\x1b[") {
            text.push_str(&rest[..start]);
            let end = rest[start..]
                .find('m')
                .map_or(rest.len(), |end| start + end);
            text.push(if &rest[start..end] == "\x1b[0" {
                '>'
            } else {
                '<'
            });
            rest = &rest[end + 1..];
        }
        text.push_str(rest);
        assert_eq!(text.replace(['<', '>'], ""), line);
        text
    }

    #[test]
    fn keywords_text_numbers_and_comments() {
        assert_eq!(
            marked("SELECT place, '口岸', 12\nFROM ports -- all"),
            "<SELECT> place, <'口岸'>, <12>\n<FROM> ports <-- all>"
        );
        assert_eq!(marked("SELECT 'open"), "<SELECT> 'open");
        assert_eq!(marked(""), "");
    }
}
