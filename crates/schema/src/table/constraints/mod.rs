//! What the values of a field must fulfil besides being of its type.

mod reading;

use std::cmp::Ordering;

use crate::types::pattern::Pattern;
use crate::types::rule::Rule;
use crate::types::value::Value;

/// The constraints of a field, their values read by the field's type.
#[derive(Debug, Clone, Default)]
pub struct Constraints {
    /// No value may be missing.
    pub required: bool,
    /// No two rows have the same value; missing values do not count.
    pub unique: bool,
    /// The values allowed.
    pub enumeration: Option<Vec<Value<'static>>>,
    /// What texts must look like; strings only.
    pub pattern: Option<Pattern>,
    /// The least value allowed; not for strings and booleans, like the next three.
    pub minimum: Option<Value<'static>>,
    /// The greatest value allowed.
    pub maximum: Option<Value<'static>>,
    /// A value that all must be above.
    pub exclusive_minimum: Option<Value<'static>>,
    /// A value that all must be below.
    pub exclusive_maximum: Option<Value<'static>>,
    /// The least length: characters (Unicode scalar values) of strings, items of collections.
    pub min_length: Option<usize>,
    /// The greatest length, counted in the same way.
    pub max_length: Option<usize>,
}

impl Constraints {
    /// Checks the value of one cell. `required` and `unique` look at more than that.
    ///
    /// # Errors
    /// The first rule that the value breaks.
    #[inline]
    pub fn check(&self, value: &Value<'_>) -> Result<(), Rule> {
        match value {
            Value::Text(text) => self.check_text(text)?,
            Value::Json(json) => {
                self.check_items(json.len(), "item or property", "items or properties")?
            }
            Value::List(items) => self.check_items(items.len(), "item", "items")?,
            _ => {}
        }
        self.check_bounds(value)?;
        match &self.enumeration {
            Some(allowed) if !allowed.contains(value) => {
                let allowed: Vec<String> = allowed.iter().map(ToString::to_string).collect();
                Err(format!("not one of {}", allowed.join(", ")).into())
            }
            _ => Ok(()),
        }
    }

    fn check_text(&self, text: &str) -> Result<(), Rule> {
        if let Some(pattern) = &self.pattern
            && !pattern.matches(text)
        {
            return Err(format!("does not match {}", pattern.as_str()).into());
        }
        if let Some(least) = self.min_length
            && text.chars().count() < least
        {
            return Err(format!("shorter than {}", characters(least)).into());
        }
        // A character has at least one byte, so most texts need no counting.
        if let Some(greatest) = self.max_length
            && text.len() > greatest
            && text.chars().count() > greatest
        {
            return Err(format!("longer than {}", characters(greatest)).into());
        }
        Ok(())
    }

    fn check_items(&self, found: usize, one: &str, several: &str) -> Result<(), Rule> {
        let counted = |count: usize| format!("{count} {}", if count == 1 { one } else { several });
        if let Some(least) = self.min_length.filter(|least| found < *least) {
            return Err(format!("shorter than {}", counted(least)).into());
        }
        if let Some(greatest) = self.max_length.filter(|greatest| found > *greatest) {
            return Err(format!("longer than {}", counted(greatest)).into());
        }
        Ok(())
    }

    /// `NaN` is within no bounds.
    fn check_bounds(&self, value: &Value<'_>) -> Result<(), Rule> {
        let against = |bound: &Option<Value<'static>>, broken: fn(Option<Ordering>) -> bool| {
            bound
                .as_ref()
                .filter(|bound| broken(value.partial_cmp(*bound)))
                .map(ToString::to_string)
        };
        if let Some(bound) = against(&self.minimum, |order| order.is_none_or(Ordering::is_lt)) {
            return Err(format!("below the minimum {bound}").into());
        }
        if let Some(bound) = against(&self.maximum, |order| order.is_none_or(Ordering::is_gt)) {
            return Err(format!("above the maximum {bound}").into());
        }
        if let Some(bound) = against(&self.exclusive_minimum, |order| {
            order != Some(Ordering::Greater)
        }) {
            return Err(format!("not above {bound}").into());
        }
        if let Some(bound) = against(&self.exclusive_maximum, |order| {
            order != Some(Ordering::Less)
        }) {
            return Err(format!("not below {bound}").into());
        }
        self.check_year(value)
    }

    /// Years beyond four digits are more often typing errors than meant.
    fn check_year(&self, value: &Value<'_>) -> Result<(), Rule> {
        let Value::Year(year) = value else {
            return Ok(());
        };
        if *year > 9999 && self.maximum.is_none() && self.exclusive_maximum.is_none() {
            return Err("above 9999, the last year unless the schema sets a maximum".into());
        }
        if *year < 0 && self.minimum.is_none() && self.exclusive_minimum.is_none() {
            return Err("below 0, the first year unless the schema sets a minimum".into());
        }
        Ok(())
    }
}

fn characters(count: usize) -> String {
    if count == 1 {
        "1 character".to_string()
    } else {
        format!("{count} characters")
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::read_field;

    /// Parses a text by a field of this type with these constraints.
    fn parse(kind: &str, constraints: &str, text: &str) -> String {
        let field =
            format!(r#"{{"name": "x", "type": "{kind}", "constraints": {{{constraints}}}}}"#);
        let field = read_field(&field);
        let parsed = field.parse(text);
        parsed.map_or_else(|rule| rule.to_string(), |value| format!("= {value}"))
    }

    /// Each number is a bound that a cell of the same text meets exactly; readers of JSON may be off by the last bit.
    #[test]
    fn bounds_are_numbers_to_the_last_bit() {
        let mut bits = 0_u64;
        for _ in 0..2_000 {
            bits = bits
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            // Like degrees, with all their digits.
            let text = format!(
                "{:?}",
                (bits >> 11) as f64 * 360.0 / (1_u64 << 53) as f64 - 180.0
            );
            let bounds = format!(r#""minimum": {text}, "maximum": {text}"#);
            assert_eq!(parse("number", &bounds, &text), format!("= {text}"));
        }
    }

    #[test]
    fn bounds_are_values_of_the_type() {
        for (kind, constraints, text, expected) in [
            ("integer", r#""minimum": 3, "maximum": 5"#, "3", "= 3"),
            ("integer", r#""minimum": 3, "maximum": 5"#, "5", "= 5"),
            ("integer", r#""minimum": 3"#, "2", "below the minimum 3"),
            ("integer", r#""maximum": "5""#, "6", "above the maximum 5"),
            // As text 10 would be before 9.
            ("integer", r#""minimum": 9"#, "10", "= 10"),
            ("number", r#""exclusiveMinimum": 0"#, "0", "not above 0"),
            (
                "number",
                r#""exclusiveMaximum": 0.5"#,
                "0.5",
                "not below 0.5",
            ),
            ("number", r#""exclusiveMaximum": 0.5"#, "0.25", "= 0.25"),
            (
                "number",
                r#""minimum": -90"#,
                "NaN",
                "below the minimum -90",
            ),
            ("number", r#""exclusiveMaximum": 90"#, "NaN", "not below 90"),
            ("number", r#""maximum": 90"#, "INF", "above the maximum 90"),
            (
                "date",
                r#""minimum": "1949-10-01""#,
                "1949-09-30",
                "below the minimum 1949-10-01",
            ),
            (
                "time",
                r#""maximum": "18:00:00""#,
                "18:00:01",
                "above the maximum 18:00:00",
            ),
            (
                "datetime",
                r#""minimum": "2014-01-01T00:00:00""#,
                "2014-01-01T00:00:00",
                "= 2014-01-01T00:00:00",
            ),
            (
                "yearmonth",
                r#""minimum": "2014-02""#,
                "2014-01",
                "below the minimum 2014-02",
            ),
            (
                "year",
                r#""minimum": 1881, "maximum": "2014""#,
                "2015",
                "above the maximum 2014",
            ),
        ] {
            assert_eq!(
                parse(kind, constraints, text),
                expected,
                "{kind} {constraints} {text}"
            );
        }
    }

    #[test]
    fn years_have_four_digits_unless_bounds_say_otherwise() {
        assert_eq!(parse("year", "", "9999"), "= 9999");
        assert_eq!(
            parse("year", "", "30000"),
            "above 9999, the last year unless the schema sets a maximum"
        );
        assert_eq!(parse("year", r#""maximum": 40000"#, "30000"), "= 30000");
        assert_eq!(
            parse("year", "", "-0044"),
            "below 0, the first year unless the schema sets a minimum"
        );
        assert_eq!(parse("year", r#""minimum": -500"#, "-0044"), "= -0044");
        assert_eq!(
            parse("year", r#""minimum": 800"#, "0799"),
            "below the minimum 0800"
        );
    }

    #[test]
    fn texts_have_patterns_and_lengths() {
        for (constraints, text, expected) in [
            (r#""pattern": "[a-z]+""#, "rail", "= rail"),
            (
                r#""pattern": "^[a-z-]+$""#,
                "Rail",
                "does not match ^[a-z-]+$",
            ),
            // Lengths count characters: each of these has three bytes.
            (r#""minLength": 2, "maxLength": 2"#, "口岸", "= 口岸"),
            (r#""maxLength": 1"#, "口岸", "longer than 1 character"),
            (r#""minLength": 3"#, "口岸", "shorter than 3 characters"),
        ] {
            assert_eq!(
                parse("string", constraints, text),
                expected,
                "{constraints} {text}"
            );
        }
    }

    #[test]
    fn enumerations_hold_values() {
        let modes = r#""enum": ["rail", "road", "river", "air"]"#;
        assert_eq!(parse("string", modes, "road"), "= road");
        assert_eq!(
            parse("string", modes, "sea"),
            "not one of rail, road, river, air"
        );
        assert_eq!(parse("integer", r#""enum": [1, "2"]"#, "+2"), "= 2");
        assert_eq!(parse("number", r#""enum": [1, 2.5]"#, "1.0"), "= 1");
        assert_eq!(
            parse("boolean", r#""enum": [true]"#, "0"),
            "not one of true"
        );
        assert_eq!(
            parse("date", r#""enum": ["2014-01-31"]"#, "2014-01-30"),
            "not one of 2014-01-31"
        );
    }
}
