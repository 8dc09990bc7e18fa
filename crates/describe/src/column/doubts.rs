//! What a person should decide of a column, since its cells do not.

use kouan_schema::Value;

use super::Column;
use super::missing::NULL;
use crate::doubt::Doubt;
use crate::forms::Form;

/// Characters of a cell that a note shows.
const SHOWN: usize = 40;

impl Column {
    /// A cell of numbers with a decimal comma, if they could also be lists: between commas or beside cells without one.
    pub(crate) fn doubtful_comma(&self, delimiter: u8, forms: &[Form]) -> Option<&str> {
        let (_, form) = self.form(forms)?;
        let is_comma = form.is_numeric() && form.decimal_mark() == Some(',');
        let has_comma = |text: &&String| text.contains(',');
        let are_all = self.examples.iter().all(|text| has_comma(&text));
        let is_usual = delimiter == b';' && are_all;
        let example = self.examples.iter().find(has_comma);
        example
            .filter(|_| is_comma && !is_usual)
            .map(String::as_str)
    }

    /// What a person should decide, since the cells do not.
    pub(crate) fn doubts(&self, forms: &[Form]) -> Vec<Doubt> {
        let name = &self.name;
        if self.values == 0 {
            let described = format!("`{name}` has no value in any row; it is described as text");
            return vec![Doubt::of_description(described)];
        }
        match self.form(forms) {
            None => self.doubts_of_text(forms),
            Some((_, form)) => self.doubts_of_form(form, forms),
        }
    }

    fn doubts_of_text(&self, forms: &[Form]) -> Vec<Doubt> {
        let mut doubts = Vec::new();
        let name = &self.name;
        let missing = self.stands_for_missing.iter().copied();
        let missing: Vec<&str> = missing.filter(|text| *text != NULL).collect();
        if !missing.is_empty() {
            let missing = missing.join("`, `");
            let kept = format!("`{name}` is text, so `{missing}` is kept as a value");
            let described = format!("{kept}; add it to `missingValues` if it is none");
            doubts.push(Doubt::of_description(described).or_of_file(kept));
        }
        if let (Some(reason), Some(example)) = (self.reason, self.examples.first()) {
            let example = shown(example);
            let read = format!("`{name}` is text: `{example}` {reason}");
            let described = format!(
                "{read}; if it is a number, give the field a type with `decimalChar` or `groupChar`"
            );
            doubts.push(Doubt::of_description(described).or_of_file(read));
        }
        if let Some(spoiler) = &self.spoiler
            && spoiler.fitting * 10 >= self.fitting() * 9
        {
            let kind = forms[spoiler.form].type_name();
            let (line, text) = (spoiler.line, shown(&spoiler.text));
            let (fitting, values) = (spoiler.fitting, self.fitting());
            let reason = format!("`{name}` is text, since line {line} holds `{text}`");
            let doubt = Doubt::of_description(format!(
                "{reason}; {fitting} of {values} values are of type {kind}"
            ));
            // Codes with zeros in front are texts to everybody.
            let is_code = forms[spoiler.form].is_numeric()
                && spoiler.text.starts_with('0')
                && spoiler.text.bytes().all(|byte| byte.is_ascii_digit());
            doubts.push(if is_code {
                doubt
            } else {
                doubt.or_of_file(format!("{reason}; most other values are of type {kind}"))
            });
        }
        doubts
    }

    fn doubts_of_form(&self, first: &Form, forms: &[Form]) -> Vec<Doubt> {
        let mut doubts = Vec::new();
        let name = &self.name;
        for other in self.rivals.iter().map(|place| &forms[*place]) {
            let differs = |text: &&String| !is_same(first.read(text), other.read(text));
            if let Some(example) = self.examples.iter().find(differs) {
                let (read, wrong) = (first.read(example), other.read(example));
                let (taken, other) = (written(first), written(other));
                let doubt = Doubt::of_description(format!(
                    "`{name}` could be {taken} or {other}, as in `{example}`; the first is written"
                ));
                doubts.push(
                    doubt.or_of_file(match (shown_value(read), shown_value(wrong)) {
                        (Some(read), Some(wrong)) => {
                            format!(
                                "`{example}` in `{name}` is read as {read}; it could be {wrong}"
                            )
                        }
                        _ => format!("`{name}` could be read in two ways, as in `{example}`"),
                    }),
                );
            }
        }
        let example = |mark: char| {
            let example = self.examples.iter().find(|text| text.contains(mark));
            shown(example.map_or("", String::as_str))
        };
        if let Some(group) = first.group().filter(|group| group.is_whitespace()) {
            let example = example(group);
            let read = format!(
                "`{name}` is taken for numbers with spaces between thousands, as in `{example}`"
            );
            let described = format!("{read}; if it is none, make it a string");
            doubts.push(Doubt::of_description(described).or_of_file(read));
        }
        if let Some(code) = self.code.as_ref().filter(|_| first.is_numeric()) {
            let read =
                format!("`{name}` is taken for numbers, so `{code}` is one with an exponent");
            let described = format!("{read}; if it is a code, make it a string");
            doubts.push(Doubt::of_description(described).or_of_file(read));
        }
        if first.is_point() {
            let example = example(',');
            let read = format!("`{name}` is taken for points, longitude first, as in `{example}`");
            let described = format!("{read}; make it a string if latitude is first");
            doubts.push(Doubt::of_description(described).or_of_file(read));
        }
        if let Some(nan) = self.not_a_number(first) {
            let read = format!("`{name}` holds `{nan}`, which is read as not a number");
            let described = format!("{read}; add it to `missingValues` if it is a missing value");
            doubts.push(Doubt::of_description(described).or_of_file(read));
        }
        doubts
    }
}

/// Whether two readings of a cell are one value, if need be as numbers.
fn is_same(one: Option<Value<'_>>, other: Option<Value<'_>>) -> bool {
    match (one, other) {
        (Some(Value::Integer(whole)), Some(Value::Number(number)))
        | (Some(Value::Number(number)), Some(Value::Integer(whole))) => whole as f64 == number,
        (one, other) => one == other,
    }
}

/// A date or a number in the usual form.
fn shown_value(value: Option<Value<'_>>) -> Option<String> {
    let of_days = |days: i64| chrono::DateTime::from_timestamp(days * 86_400, 0);
    match value? {
        Value::Integer(number) => Some(number.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Date(days) => Some(of_days(days.into())?.date_naive().to_string()),
        Value::DateTime(microseconds) => {
            let time = chrono::DateTime::from_timestamp_micros(microseconds)?;
            Some(time.naive_utc().to_string())
        }
        _ => None,
    }
}

/// The beginning of a cell, on one line.
fn shown(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(SHOWN)
        .flat_map(char::escape_debug)
        .collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

/// A form in the words of a schema, without its type.
fn written(form: &Form) -> String {
    let properties = form.properties.iter().filter(|(name, _)| *name != "type");
    let properties: Vec<String> = properties
        .map(|(name, value)| format!("{name} {value}"))
        .collect();
    if properties.is_empty() {
        "the default format".to_string()
    } else {
        properties.join(", ")
    }
}
