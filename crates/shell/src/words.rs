//! Words of a command line as typed at the prompt.

/// Splits at spaces; `'…'` and `"…"` keep spaces together when a word or a value after `=`
/// starts with them, so that `name=O'Brien` needs no care.
///
/// # Errors
/// A quote that is not closed.
pub(crate) fn split(text: &str) -> Result<Vec<String>, String> {
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

/// Reads `name=value`, `--name value` and `--name=value` into names and values.
///
/// # Errors
/// A word that is neither.
pub(crate) fn values(words: &[String]) -> Result<Vec<(String, String)>, String> {
    let mut values = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let (dashed, text) = match word.strip_prefix("--") {
            Some(text) => (true, text),
            None => (false, word.as_str()),
        };
        if let Some((name, value)) = text.split_once('=') {
            values.push((name.to_string(), value.to_string()));
        } else if dashed {
            let value = words
                .next()
                .ok_or_else(|| format!("`{word}` needs a value after it"))?;
            values.push((text.to_string(), value.clone()));
        } else {
            return Err(format!(
                "`{word}` is not understood; values are given as name=value"
            ));
        }
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_keep_spaces() {
        let check = |text: &str, expected: &[&str]| {
            assert_eq!(
                split(text).as_deref(),
                Ok(expected
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .as_slice()),
                "{text}"
            );
        };
        check(" run  a=1 'b c' ", &["run", "a=1", "b c"]);
        check("name=O'Brien", &["name=O'Brien"]);
        check(
            "place='Erenhot city' x=\"it's\"",
            &["place=Erenhot city", "x=it's"],
        );
        check("", &[]);
        assert!(split("'open").is_err());
    }

    #[test]
    fn both_spellings_of_values() {
        let words = ["a=1", "--b", "2", "--c=3", "d=x=y"].map(String::from);
        let expected = [("a", "1"), ("b", "2"), ("c", "3"), ("d", "x=y")];
        assert_eq!(
            values(&words),
            Ok(expected.map(|(n, v)| (n.into(), v.into())).to_vec())
        );
        assert!(values(&["--b".to_string()]).is_err_and(|error| error.contains("needs a value")));
        assert!(values(&["alone".to_string()]).is_err_and(|error| error.contains("name=value")));
    }
}
