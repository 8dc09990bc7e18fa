//! The format `any` of dates and times: any common form, as long as it has only one meaning.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use crate::types::rule::Rule;
use crate::types::temporal_pattern::{Parts, TemporalPattern};

/// The forms that are tried. `03/04/2014` is a day in March or in April, so it is refused;
/// `31/01/2014` is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnyForm {
    patterns: Vec<TemporalPattern>,
}

const DATES: &[&str] = &[
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y%m%d",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%m.%d.%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d %B %Y",
    "%B %d, %Y",
    "%B %d %Y",
    "%d-%B-%Y",
];
const TIMES: &[&str] = &[
    "%H:%M:%S",
    "%H:%M",
    "%H:%M:%S.%f",
    "%I:%M %p",
    "%I:%M:%S %p",
    "%I:%M%p",
];
/// What stands between a date and its time.
const BETWEEN: [&str; 2] = [" ", "T"];

impl AnyForm {
    pub(crate) fn new(parts: Parts) -> Self {
        let sources: Vec<String> = match parts {
            Parts::Date => DATES.iter().map(ToString::to_string).collect(),
            Parts::Time => TIMES.iter().map(ToString::to_string).collect(),
            Parts::DateTime => {
                let dates = DATES
                    .iter()
                    .flat_map(|date| BETWEEN.map(|between| (date, between)));
                dates
                    .flat_map(|(date, between)| {
                        TIMES
                            .iter()
                            .map(move |time| format!("{date}{between}{time}"))
                    })
                    .collect()
            }
        };
        let patterns = sources
            .iter()
            .filter_map(|source| TemporalPattern::new(source, parts).ok());
        Self {
            patterns: patterns.collect(),
        }
    }

    pub(crate) fn parse_date(&self, text: &str) -> Result<NaiveDate, Rule> {
        self.only(|pattern| pattern.parse_date(text), "date")
    }

    pub(crate) fn parse_time(&self, text: &str) -> Result<NaiveTime, Rule> {
        self.only(|pattern| pattern.parse_time(text), "time")
    }

    pub(crate) fn parse_datetime(&self, text: &str) -> Result<NaiveDateTime, Rule> {
        self.only(|pattern| pattern.parse_datetime(text), "date and time")
    }

    /// The only meaning of a text.
    fn only<T: PartialEq>(
        &self,
        read: impl Fn(&TemporalPattern) -> Result<T, Rule>,
        kind: &str,
    ) -> Result<T, Rule> {
        let mut meanings = self
            .patterns
            .iter()
            .filter_map(|pattern| read(pattern).ok());
        let Some(first) = meanings.next() else {
            return Err(format!("not a {kind} in a common form; give the field a format").into());
        };
        if meanings.all(|other| other == first) {
            return Ok(first);
        }
        Err("day or month first? give the field a format such as %d/%m/%Y".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_with_one_meaning_is_read() {
        let read = |text| {
            let date = AnyForm::new(Parts::Date).parse_date(text);
            date.map_or_else(|rule| rule.to_string(), |date| date.to_string())
        };
        for text in [
            "2014-01-31",
            "2014/01/31",
            "20140131",
            "31/01/2014",
            "01/31/2014",
            "31.01.2014",
            "31 January 2014",
            "31 Jan 2014",
            "Jan 31, 2014",
            "31-Jan-2014",
        ] {
            assert_eq!(read(text), "2014-01-31", "{text}");
        }
        assert_eq!(read("04/04/2014"), "2014-04-04");
        assert_eq!(
            read("03/04/2014"),
            "day or month first? give the field a format such as %d/%m/%Y"
        );
        assert_eq!(
            read("spring 2014"),
            "not a date in a common form; give the field a format"
        );
        let moment = AnyForm::new(Parts::DateTime).parse_datetime("31 Jan 2014 3:05 PM");
        assert_eq!(
            moment.map(|moment| moment.to_string()),
            Ok("2014-01-31 15:05:00".to_string())
        );
        let time = AnyForm::new(Parts::Time).parse_time("15:05");
        assert_eq!(
            time.map(|time| time.to_string()),
            Ok("15:05:00".to_string())
        );
    }
}
