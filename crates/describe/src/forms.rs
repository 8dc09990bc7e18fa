//! The forms that a column may have, in the order of preference: the fields of `forms.json`, a list that is itself a
//! Data Package, so that a form means here what it will mean when the data are read.

use std::sync::Arc;

use kouan_schema::{Embedded, FieldType, Package, SchemaError, Value};
use serde_json::{Map, Value as Json};

static FILES: &[(&str, &[u8])] = &[("datapackage.json", include_bytes!("forms.json"))];

/// Every number of so many digits is that of one double, so that it can be told again from it.
pub(crate) const SURE_DIGITS: usize = 15;
/// No double is written with more, if it is written so that it can be read again.
const MOST_DIGITS: usize = 17;

/// Dates without separators are taken for dates within these years only; others are numbers.
const YEARS: (&str, &str) = ("18000101", "21001231");

/// 1000-01-01 in days since 1970: `1.5.2` is a section or a version, and no day of the year 2.
const FIRST_DAY: i32 = -354_285;

/// One form of a cell: a type with what modifies it.
#[derive(Debug)]
pub(crate) struct Form {
    kind: FieldType,
    /// The properties that a field of this form has, but for its name.
    pub(crate) properties: Map<String, Json>,
}

/// All forms, nearest to a computer's own first.
pub(crate) fn forms() -> Result<Vec<Form>, SchemaError> {
    let package = Package::open(Arc::new(Embedded::new(FILES)))?;
    let kinds = package
        .tables()
        .iter()
        .flat_map(|table| &table.definition.fields);
    let listed: Json = serde_json::from_slice(FILES[0].1).unwrap_or_default();
    let listed = &listed["resources"][0]["schema"]["fields"];
    let forms = kinds.enumerate().map(|(place, field)| {
        let mut properties = listed[place].as_object().cloned().unwrap_or_default();
        properties.shift_remove("name");
        Form {
            kind: field.kind.clone(),
            properties,
        }
    });
    Ok(forms.collect())
}

impl Form {
    /// What a cell means in this form; nothing if it is not of this form, or the form would lose a part of it.
    pub(crate) fn read<'t>(&self, text: &'t str) -> Option<Value<'t>> {
        let value = self.keeps(text).then(|| self.kind.parse(text).ok());
        value
            .flatten()
            .filter(|value| !matches!(value, Value::Date(days) if *days < FIRST_DAY))
    }

    /// The type's name in Table Schema.
    pub(crate) fn type_name(&self) -> &'static str {
        self.kind.name()
    }

    /// Whether a least and a greatest value say something.
    pub(crate) fn has_range(&self) -> bool {
        use FieldType as T;
        matches!(
            self.kind,
            T::Integer { .. } | T::Number { .. } | T::Date(_) | T::DateTime(_) | T::YearMonth
        )
    }

    pub(crate) fn is_numeric(&self) -> bool {
        matches!(
            self.kind,
            FieldType::Integer { .. } | FieldType::Number { .. }
        )
    }

    /// Whether it reads whole numbers, and numbers with a point, as they are mostly written.
    pub(crate) fn takes_points(&self) -> bool {
        matches!(self.kind, FieldType::Number { decimal: '.', .. })
    }

    /// The mark of thousands.
    pub(crate) fn group(&self) -> Option<char> {
        match self.kind {
            FieldType::Integer { group, .. } | FieldType::Number { group, .. } => group,
            _ => None,
        }
    }

    /// Which sign it takes for the decimal point; none where it has neither a point nor a comma between thousands.
    pub(crate) fn decimal_mark(&self) -> Option<char> {
        match (&self.kind, self.group()) {
            (_, Some(',')) => Some('.'),
            (_, Some('.')) => Some(','),
            (FieldType::Number { decimal, .. }, _) => Some(*decimal),
            _ => None,
        }
    }

    /// The two texts of a boolean that people also write for something else, such as `NO` for Norway.
    pub(crate) fn needs_both(&self) -> Option<(&[String], &[String])> {
        match &self.kind {
            FieldType::Boolean {
                true_values,
                false_values,
            } if !true_values.iter().any(|text| text == "true") => {
                Some((true_values, false_values))
            }
            _ => None,
        }
    }

    pub(crate) fn is_point(&self) -> bool {
        matches!(self.kind, FieldType::Point(_))
    }

    /// Numbers tell amounts: that no two of them are equal is chance.
    pub(crate) fn may_identify(&self) -> bool {
        let identifies = [
            "string",
            "integer",
            "date",
            "datetime",
            "yearmonth",
            "year",
            "time",
        ];
        identifies.contains(&self.type_name())
    }

    /// Digits that mean something must survive: `007` is a code, and `1.5` no 15 with points between thousands.
    fn keeps(&self, text: &str) -> bool {
        match self.kind {
            FieldType::Integer { group, .. } => is_plain(text) && is_grouped(text, group, None),
            FieldType::Number { group, decimal, .. } => {
                is_plain(text)
                    && is_grouped(text, group, Some(decimal))
                    && is_that_of_a_double(text, decimal)
            }
            FieldType::Date(_)
                if text.len() == YEARS.0.len()
                    && text.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                (YEARS.0..=YEARS.1).contains(&text)
            }
            _ => true,
        }
    }
}

/// Without zeros at the front, which identifiers have and numbers lose, and without a plus sign.
fn is_plain(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let mut bytes = digits.bytes();
    match (bytes.next(), bytes.next()) {
        (Some(b'0'), Some(second)) => !second.is_ascii_digit(),
        (Some(b'+'), _) => false,
        _ => true,
    }
}

/// Whether group characters, if there are any, stand before every three digits and in no fraction.
fn is_grouped(text: &str, group: Option<char>, decimal: Option<char>) -> bool {
    let Some(group) = group else { return true };
    let parts = decimal.and_then(|decimal| text.split_once(decimal));
    let (whole, fraction) = parts.unwrap_or((text, ""));
    let mut parts = whole.trim_start_matches('-').split(group);
    let first = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    // `0,123` is less than one.
    let are_threes = (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && rest.iter().all(|part| part.len() == 3);
    !fraction.contains(group) && (rest.is_empty() || are_threes)
}

/// Whether the double that is read is told by the text: it has no more digits than programs write for one, or it is
/// the text again when it is written with as many digits.
fn is_that_of_a_double(text: &str, decimal: char) -> bool {
    let mantissa = text.split(['e', 'E']).next().unwrap_or(text);
    let has_exponent = mantissa.len() < text.len();
    let has_mark = has_exponent || mantissa.contains(decimal);
    let digits = mantissa.bytes().filter(u8::is_ascii_digit);
    let digits: Vec<u8> = digits.skip_while(|digit| *digit == b'0').collect();
    if digits.is_empty() || (digits.len() <= SURE_DIGITS && !has_exponent) {
        return true;
    }
    // Whole numbers of so many digits identify something.
    if !has_mark && digits.len() > MOST_DIGITS {
        return false;
    }
    let point = |character: char| match character {
        _ if character == decimal => Some('.'),
        '-' | 'e' | 'E' | '+' => Some(character),
        _ => character.is_ascii_digit().then_some(character),
    };
    let number = text.chars().filter_map(point).collect::<String>();
    let Ok(number) = number.parse::<f64>() else {
        return false;
    };
    if has_mark && digits.len() <= MOST_DIGITS {
        return number != 0.0;
    }
    let written = format!("{:.*e}", digits.len() - 1, number.abs());
    let written = written.split('e').next().unwrap_or_default();
    let written: Vec<u8> = written.bytes().filter(u8::is_ascii_digit).collect();
    written == digits
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first form that takes all of these texts.
    fn first(texts: &[&str]) -> String {
        let forms = forms().unwrap();
        let found = forms
            .iter()
            .find(|form| texts.iter().all(|text| form.read(text).is_some()));
        found.map_or_else(
            || "none".to_string(),
            |form| Json::from(form.properties.clone()).to_string(),
        )
    }

    #[test]
    fn the_first_form_that_fits() {
        for (texts, expected) in [
            (&["95", "-3"][..], r#"{"type":"integer"}"#),
            (&["95", "0.5"], r#"{"type":"number"}"#),
            (&["1,234", "95"], r#"{"type":"integer","groupChar":","}"#),
            (
                &["1.234,5", "95"],
                r#"{"type":"number","decimalChar":",","groupChar":"."}"#,
            ),
            (&["1,5", "95"], r#"{"type":"number","decimalChar":","}"#),
            (
                &["true", "FALSE"],
                r#"{"type":"boolean","trueValues":["true","True","TRUE"],"falseValues":["false","False","FALSE"]}"#,
            ),
            (&["2014-09-30"], r#"{"type":"date"}"#),
            (&["20140930"], r#"{"type":"date","format":"%Y%m%d"}"#),
            (
                &["31/01/2014", "01/02/2014"],
                r#"{"type":"date","format":"%d/%m/%Y"}"#,
            ),
            (
                &["01/31/2014", "01/02/2014"],
                r#"{"type":"date","format":"%m/%d/%Y"}"#,
            ),
            (
                &["2014年9月30日"],
                r#"{"type":"date","format":"%Y年%m月%d日"}"#,
            ),
            (
                &["01/31/2014 12:00:00 AM"],
                r#"{"type":"datetime","format":"%m/%d/%Y %I:%M:%S %p"}"#,
            ),
            (&["2014-09"], r#"{"type":"yearmonth"}"#),
            (
                &["1'234'567", "95"],
                r#"{"type":"integer","groupChar":"'"}"#,
            ),
            (
                &["1.234.567", "95"],
                r#"{"type":"integer","groupChar":"."}"#,
            ),
            (&["0,123"], r#"{"type":"number","decimalChar":","}"#),
            // As `repr` of Python writes doubles, and Java and R.
            (
                &[
                    "0.017953321364452425",
                    "-0.00012345678901234567",
                    "1.2345678901234567e-05",
                    "0.30000000000000004",
                ],
                r#"{"type":"number"}"#,
            ),
            (
                &[
                    "5e-324",
                    "1.7976931348623157E308",
                    ".5",
                    "5.",
                    "1E5",
                    "0.1000000000000000055511151231257827",
                    "0.00",
                ],
                r#"{"type":"number"}"#,
            ),
            (&["16:45"], r#"{"type":"time","format":"%H:%M"}"#),
            (&["Erenhot"], "none"),
        ] {
            assert_eq!(first(texts), expected, "{texts:?}");
        }
    }

    /// Codes with zeros at the front, numbers that a double would round, and lone points are texts.
    #[test]
    fn nothing_is_lost_to_a_number() {
        for text in [
            "007",
            "00",
            "+86",
            "123456789012345678901",
            "1.5.2",
            "1,23,4",
            "0,123,456",
            "9223372036854775808",
            "99999999999999999.5",
            "1e-400",
            "1e400",
        ] {
            assert_eq!(first(&[text]), "none", "{text}");
        }
        // 2^63 + 1 and a number between two doubles beside one with a point.
        assert_eq!(first(&["9007199254740993", "0.5"]), "none");
        assert_eq!(first(&["99999999", "20140930"]), r#"{"type":"integer"}"#);
    }
}
