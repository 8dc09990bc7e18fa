//! Values as a person types them: `name=value`, `--name value`, quotes around what holds spaces.

/// Splits a line at spaces; `'…'` and `"…"` keep spaces together when a word or a value after `=`
/// starts with them, so that `name=O'Brien` needs no care.
///
/// # Errors
/// A quote that is not closed.
pub fn split_words(text: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (word, after) = word(rest)?;
        words.push(word);
        rest = after.trim_start();
    }
    Ok(words)
}

fn word(text: &str) -> Result<(String, &str), String> {
    let mut word = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let opens = (first == '\'' || first == '"') && (word.is_empty() || word.ends_with('='));
        if opens {
            let inner = &rest[1..];
            let end = inner
                .find(first)
                .ok_or_else(|| format!("the quote in `{text}` is not closed"))?;
            word.push_str(&inner[..end]);
            return Ok((word, &inner[end + 1..]));
        }
        if first.is_whitespace() {
            break;
        }
        word.push(first);
        rest = &rest[first.len_utf8()..];
    }
    Ok((word, rest))
}

/// A value that [`split_words`] reads back as one word.
pub fn quote_word(value: &str) -> String {
    let is_plain = !value.is_empty()
        && !value.contains(char::is_whitespace)
        && !value.starts_with(['\'', '"']);
    match value {
        value if is_plain => value.to_string(),
        value if value.contains('\'') => format!("\"{value}\""),
        value => format!("'{value}'"),
    }
}

/// Reads `name=value`, `--name value` and `--name=value` into names and values.
///
/// # Errors
/// Every word that is neither.
pub fn named_values(words: &[String]) -> Result<Vec<(String, String)>, Vec<String>> {
    let (values, problems) = read_values(words);
    if problems.is_empty() {
        Ok(values)
    } else {
        Err(problems)
    }
}

/// The values among some words, and what is wrong with the other words.
pub(crate) fn read_values(words: &[String]) -> (Vec<(String, String)>, Vec<String>) {
    let mut values = Vec::new();
    let mut problems = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let (dashed, text) = match word.strip_prefix("--") {
            Some(text) => (true, text),
            None => (false, word.as_str()),
        };
        if let Some((name, value)) = text.split_once('=') {
            values.push((name.to_string(), value.to_string()));
        } else if !dashed {
            problems.push(format!(
                "`{word}` is not understood; values are given as name=value"
            ));
        } else if let Some(value) = words.next() {
            values.push((text.to_string(), value.clone()));
        } else {
            problems.push(format!("`{word}` needs a value after it"));
        }
    }
    (values, problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_keep_spaces() {
        let check = |text: &str, expected: &[&str]| {
            let expected: Vec<String> = expected.iter().map(ToString::to_string).collect();
            assert_eq!(split_words(text), Ok(expected), "{text}");
        };
        check(" run  a=1 'b c' ", &["run", "a=1", "b c"]);
        check("name=O'Brien", &["name=O'Brien"]);
        check(
            "place='Erenhot city' x=\"it's\"",
            &["place=Erenhot city", "x=it's"],
        );
        check("", &[]);
        assert!(split_words("'open").is_err());
    }

    #[test]
    fn a_quoted_value_reads_back() {
        for value in ["", "a", "Erenhot city", "O'Brien", "it's here", "'x'"] {
            let line = format!("place={}", quote_word(value));
            assert_eq!(
                split_words(&line),
                Ok(vec![format!("place={value}")]),
                "{line}"
            );
        }
    }

    #[test]
    fn both_spellings_of_values() {
        let words = ["a=1", "--b", "2", "--c=3", "d=x=y"].map(String::from);
        let expected = [("a", "1"), ("b", "2"), ("c", "3"), ("d", "x=y")];
        assert_eq!(
            named_values(&words),
            Ok(expected.map(|(n, v)| (n.into(), v.into())).to_vec())
        );
    }

    #[test]
    fn every_word_that_is_no_value_is_told() {
        let problems = named_values(&["alone", "a=1", "--b"].map(String::from)).unwrap_err();
        assert!(problems[0].contains("`alone`") && problems[1].contains("`--b` needs"));
    }
}
