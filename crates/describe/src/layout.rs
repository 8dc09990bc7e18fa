//! JSON as a person writes it: what fits stands on one line.

use serde_json::Value as Json;

/// Characters of a line.
const WIDTH: usize = 110;

/// A value over as few lines as fit, and a line break at the end.
pub(crate) fn lines(value: &Json) -> String {
    let mut text = String::new();
    write(value, 0, &mut text);
    text.push('\n');
    text
}

fn write(value: &Json, indent: usize, text: &mut String) {
    let line = on_one_line(value);
    let used = text.len() - text.rfind('\n').map_or(0, |end| end + 1);
    let (open, close, entries): (_, _, Vec<(Option<&String>, &Json)>) = match value {
        Json::Array(items) => ('[', ']', items.iter().map(|item| (None, item)).collect()),
        Json::Object(entries) => {
            let entries = entries.iter().map(|(name, value)| (Some(name), value));
            ('{', '}', entries.collect())
        }
        _ => return text.push_str(&line),
    };
    // One character is for the comma that may follow.
    if entries.is_empty() || used + line.chars().count() < WIDTH {
        return text.push_str(&line);
    }
    let inner = indent + 2;
    text.push(open);
    for (place, (name, value)) in entries.iter().enumerate() {
        text.push_str(if place > 0 { ",\n" } else { "\n" });
        text.push_str(&" ".repeat(inner));
        if let Some(name) = name {
            text.push_str(&format!("{}: ", Json::from(name.as_str())));
        }
        write(value, inner, text);
    }
    text.push('\n');
    text.push_str(&" ".repeat(indent));
    text.push(close);
}

fn on_one_line(value: &Json) -> String {
    let joined = |parts: Vec<String>| parts.join(", ");
    match value {
        Json::Array(items) => format!("[{}]", joined(items.iter().map(on_one_line).collect())),
        Json::Object(entries) if !entries.is_empty() => {
            let entry = |(name, value): (&String, &Json)| {
                format!("{}: {}", Json::from(name.as_str()), on_one_line(value))
            };
            format!("{{ {} }}", joined(entries.iter().map(entry).collect()))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_fits_stands_on_one_line() {
        let long = "x".repeat(100);
        let value = json!({ "name": "t", "fields": [{ "name": "a", "enum": ["b", "c"] }, { "name": long }], "e": {} });
        let expected = format!(
            "{{\n  \"name\": \"t\",\n  \"fields\": [\n    {{ \"name\": \"a\", \"enum\": [\"b\", \"c\"] }},\n    \
             {{\n      \"name\": \"{long}\"\n    }}\n  ],\n  \"e\": {{}}\n}}\n"
        );
        assert_eq!(lines(&value), expected);
        assert_eq!(serde_json::from_str::<Json>(&lines(&value)).unwrap(), value);
    }
}
