//! Which values a parameter takes out of its type: said once, checked in literals while planning and in every row.

use datafusion_common::{Result, ScalarValue, exec_err};

/// The values that make sense, and how an error calls them.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Domain {
    /// Every value of the type.
    Any,
    /// Some numbers.
    Numbers {
        wanted: &'static str,
        fits: fn(f64) -> bool,
    },
    /// Some texts.
    Texts {
        wanted: &'static str,
        fits: fn(&str) -> bool,
    },
}

impl Domain {
    /// Refuses a number that does not belong.
    pub(crate) fn check_number(self, function: &str, name: &str, value: f64) -> Result<()> {
        match self {
            Self::Numbers { wanted, fits } if !fits(value) => {
                exec_err!("{function} takes {wanted} as {name}, got {value}")
            }
            _ => Ok(()),
        }
    }

    /// Refuses a text that does not belong.
    pub(crate) fn check_text(self, function: &str, name: &str, value: &str) -> Result<()> {
        match self {
            Self::Texts { wanted, fits } if !fits(value) => {
                exec_err!("{function} takes {wanted} as {name}, got '{value}'")
            }
            _ => Ok(()),
        }
    }

    /// Refuses a constant of the coerced type; NULL always belongs.
    pub(crate) fn check(self, function: &str, name: &str, value: &ScalarValue) -> Result<()> {
        match value {
            ScalarValue::Float64(Some(value)) => self.check_number(function, name, *value),
            ScalarValue::Int32(Some(value)) => self.check_number(function, name, f64::from(*value)),
            ScalarValue::Utf8View(Some(value)) => self.check_text(function, name, value),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHARE: Domain = Domain::Numbers {
        wanted: "a number from 0 to 1",
        fits: |share| (0.0..=1.0).contains(&share),
    };

    #[test]
    fn a_value_outside_is_named() {
        assert!(SHARE.check("f", "p", &ScalarValue::from(0.5)).is_ok());
        assert!(SHARE.check("f", "p", &ScalarValue::Float64(None)).is_ok());
        for (value, said) in [
            (ScalarValue::from(1.5), "got 1.5"),
            (ScalarValue::from(-1), "got -1"),
            (ScalarValue::from(f64::NAN), "got NaN"),
        ] {
            let message = SHARE.check("f", "p", &value).unwrap_err().strip_backtrace();
            assert!(message.contains("f takes a number from 0 to 1 as p"));
            assert!(message.ends_with(said), "{message}");
        }
    }
}
