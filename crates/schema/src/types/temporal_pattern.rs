//! Dates and times written by a `strptime` pattern such as `%d/%m/%Y`.

use std::fmt::Write;

use chrono::format::{Item, Parsed, StrftimeItems};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

use crate::types::rule::Rule;

/// A `strptime` pattern whose directives mean the same to Python and C as to kouan:
/// `%Y %y %m %b %B %d %j %a %A %H %I %p %M %S .%f %z %%`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemporalPattern {
    source: String,
    items: Vec<Item<'static>>,
}

/// What a pattern has to determine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parts {
    Date,
    Time,
    DateTime,
}

const DATE_DIRECTIVES: &str = "YymbBdjaA";
const TIME_DIRECTIVES: &str = "HIpMSf";
/// 2013-11-29T13:45:00Z: no two of its parts can be mistaken for each other.
const SAMPLE: DateTime<Utc> = match DateTime::from_timestamp(1_385_732_700, 0) {
    Some(moment) => moment,
    None => DateTime::UNIX_EPOCH,
};

impl TemporalPattern {
    /// Reads a pattern, and makes sure that it determines the whole value.
    pub(crate) fn new(source: &str, parts: Parts) -> Result<Self, PatternProblem> {
        let translated = translate(source, parts)?;
        let items = StrftimeItems::new(&translated)
            .parse_to_owned()
            .map_err(|_| PatternProblem::Malformed)?;
        let pattern = Self {
            source: source.to_string(),
            items,
        };
        if pattern.reads_its_own_writing(parts) {
            Ok(pattern)
        } else {
            Err(PatternProblem::Incomplete)
        }
    }

    /// The pattern as the schema writes it.
    pub fn as_str(&self) -> &str {
        &self.source
    }

    pub(crate) fn parse_date(&self, text: &str) -> Result<NaiveDate, Rule> {
        let date = self
            .parse(text)
            .and_then(|parsed| parsed.to_naive_date().ok());
        date.filter(|date| in_range(*date))
            .ok_or_else(|| self.mismatch("date"))
    }

    pub(crate) fn parse_time(&self, text: &str) -> Result<NaiveTime, Rule> {
        let time = self
            .parse(text)
            .and_then(|parsed| parsed.to_naive_time().ok());
        time.ok_or_else(|| self.mismatch("time"))
    }

    pub(crate) fn parse_datetime(&self, text: &str) -> Result<NaiveDateTime, Rule> {
        let moment = self.parse(text).and_then(|parsed| {
            let local = parsed.to_naive_datetime_with_offset(0).ok()?;
            let ahead = TimeDelta::seconds(parsed.offset().unwrap_or(0).into());
            local.checked_sub_signed(ahead)
        });
        moment
            .filter(|moment| in_range(moment.date()))
            .ok_or_else(|| self.mismatch("date and time"))
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        // chrono passes over spaces before numbers.
        if text.contains(char::is_whitespace) && !self.source.contains(char::is_whitespace) {
            return None;
        }
        let mut parsed = Parsed::new();
        chrono::format::parse(&mut parsed, text, self.items.iter()).ok()?;
        // POSIX takes 69 as 1969, chrono would take it as 2069.
        if parsed.year_mod_100() == Some(69) && parsed.year().is_none() {
            parsed.set_year_div_100(19).ok()?;
        }
        Some(parsed)
    }

    fn mismatch(&self, kind: &str) -> Rule {
        format!("not a {kind} like {}", self.source).into()
    }

    fn reads_its_own_writing(&self, parts: Parts) -> bool {
        let mut text = String::new();
        let written = write!(text, "{}", SAMPLE.format_with_items(self.items.iter()));
        let sample = SAMPLE.naive_utc();
        written.is_ok()
            && match parts {
                Parts::Date => self.parse_date(&text) == Ok(sample.date()),
                Parts::Time => self.parse_time(&text) == Ok(sample.time()),
                Parts::DateTime => self.parse_datetime(&text) == Ok(sample),
            }
    }
}

/// What is wrong with a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PatternProblem {
    /// It is none.
    Malformed,
    /// It names a directive that kouan does not know yet.
    Unsupported(char),
    /// It names a directive of another type, such as an hour in a date.
    Foreign(char),
    /// It leaves a part of the value open.
    Incomplete,
}

/// The pattern as chrono writes it. Refuses directives that chrono reads differently.
fn translate(source: &str, parts: Parts) -> Result<String, PatternProblem> {
    if !source.contains('%') {
        return Err(PatternProblem::Malformed);
    }
    let mut translated = String::new();
    let mut characters = source.chars();
    while let Some(character) = characters.next() {
        if character != '%' {
            translated.push(character);
            continue;
        }
        let directive = characters.next().ok_or(PatternProblem::Malformed)?;
        check_directive(directive, parts)?;
        if directive != 'f' {
            translated.extend(['%', directive]);
        } else if translated.pop() == Some('.') {
            // Python's %f is a fraction; chrono's is a count of nanoseconds.
            translated.push_str("%.f");
        } else {
            return Err(PatternProblem::Unsupported('f'));
        }
    }
    Ok(translated)
}

fn check_directive(directive: char, parts: Parts) -> Result<(), PatternProblem> {
    let of_date = DATE_DIRECTIVES.contains(directive);
    let of_time = TIME_DIRECTIVES.contains(directive);
    let fits = match parts {
        Parts::Date => of_date,
        Parts::Time => of_time,
        Parts::DateTime => of_date || of_time || directive == 'z',
    };
    if fits || directive == '%' {
        return Ok(());
    }
    let known = of_date || of_time || directive == 'z';
    Err(if known {
        PatternProblem::Foreign(directive)
    } else {
        PatternProblem::Unsupported(directive)
    })
}

/// Whether a date has a year of four digits, as the default format has.
fn in_range(date: NaiveDate) -> bool {
    (0..=9999).contains(&date.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        let read = |pattern, text| {
            let pattern = TemporalPattern::new(pattern, Parts::Date).unwrap();
            pattern
                .parse_date(text)
                .map(|date| date.to_string())
                .map_err(|rule| rule.to_string())
        };
        // Python's datetime.strptime gives the same for each.
        assert_eq!(read("%d/%m/%Y", "31/01/2014"), Ok("2014-01-31".to_string()));
        assert_eq!(
            read("%B %d, %Y", "January 31, 2014"),
            Ok("2014-01-31".to_string())
        );
        assert_eq!(read("%Y-%j", "2014-031"), Ok("2014-01-31".to_string()));
        assert_eq!(read("%y%m%d", "690131"), Ok("1969-01-31".to_string()));
        assert_eq!(read("%y%m%d", "680131"), Ok("2068-01-31".to_string()));
        for text in [
            "",
            "31.01.2014",
            "30/02/2014",
            "31/01/2014 ",
            " 31/ 1/2014",
            "31/01/12014",
        ] {
            let expected = Err("not a date like %d/%m/%Y".to_string());
            assert_eq!(read("%d/%m/%Y", text), expected, "{text}");
        }
    }

    #[test]
    fn times() {
        let read = |pattern, text| {
            let pattern = TemporalPattern::new(pattern, Parts::Time).unwrap();
            pattern
                .parse_time(text)
                .map(|time| time.to_string())
                .map_err(|rule| rule.to_string())
        };
        assert_eq!(read("%H:%M", "15:04"), Ok("15:04:00".to_string()));
        assert_eq!(read("%I:%M %p", "03:04 PM"), Ok("15:04:00".to_string()));
        assert_eq!(
            read("%H:%M:%S.%f", "15:04:05.25"),
            Ok("15:04:05.250".to_string())
        );
        assert_eq!(
            read("%H:%M", "25:00"),
            Err("not a time like %H:%M".to_string())
        );
    }

    #[test]
    fn dates_with_times() {
        let read = |pattern, text| {
            let pattern = TemporalPattern::new(pattern, Parts::DateTime).unwrap();
            pattern
                .parse_datetime(text)
                .map(|moment| moment.to_string())
        };
        let nine = Ok("2018-11-12 09:15:32".to_string());
        assert_eq!(read("%d/%m/%Y %H:%M:%S", "12/11/2018 09:15:32"), nine);
        assert_eq!(
            read("%Y-%m-%d %H:%M:%S%z", "2018-11-12 17:15:32+0800"),
            nine
        );
    }

    #[test]
    fn patterns_that_cannot_be_kept_are_refused() {
        let problem = |pattern, parts| TemporalPattern::new(pattern, parts).err();
        assert_eq!(
            problem("%d/%m", Parts::Date),
            Some(PatternProblem::Incomplete)
        );
        assert_eq!(
            problem("%I:%M", Parts::Time),
            Some(PatternProblem::Incomplete)
        );
        assert_eq!(
            problem("%Y-%m-%d", Parts::DateTime),
            Some(PatternProblem::Incomplete)
        );
        assert_eq!(
            problem("%Y-%m-%d %H", Parts::Date),
            Some(PatternProblem::Foreign('H'))
        );
        assert_eq!(
            problem("%x", Parts::Date),
            Some(PatternProblem::Unsupported('x'))
        );
        assert_eq!(
            problem("%H:%M:%S%f", Parts::Time),
            Some(PatternProblem::Unsupported('f'))
        );
        assert_eq!(
            problem("dd/mm/yyyy", Parts::Date),
            Some(PatternProblem::Malformed)
        );
        assert_eq!(
            problem("%d/%m/%", Parts::Date),
            Some(PatternProblem::Malformed)
        );
    }
}
