//! Cells of the types date, time, datetime, year and yearmonth.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};

use crate::types::any_form::AnyForm;
use crate::types::rule::Rule;
use crate::types::temporal_pattern::TemporalPattern;

/// How the cells of a `date`, `time` or `datetime` field are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemporalFormat {
    /// The standard's own form: `2014-01-31`, `15:00:00`, `2014-01-31T15:00:00`.
    Default,
    /// A `strptime` pattern such as `%d/%m/%Y`.
    Pattern(TemporalPattern),
    /// Any common form that has only one meaning.
    Any(AnyForm),
}

impl TemporalFormat {
    /// Days since 1970-01-01.
    pub(crate) fn parse_date(&self, text: &str) -> Result<i32, Rule> {
        let date = match self {
            Self::Default => iso_date(text.as_bytes(), "not a date like 2014-01-31"),
            Self::Pattern(pattern) => pattern.parse_date(text),
            Self::Any(any) => iso_date(text.as_bytes(), "").or_else(|_| any.parse_date(text)),
        };
        date.map(|date| date.to_epoch_days())
    }

    /// Microseconds since midnight.
    pub(crate) fn parse_time(&self, text: &str) -> Result<i64, Rule> {
        let time = match self {
            Self::Default => iso_time(text.as_bytes(), "not a time like 15:00:00"),
            Self::Pattern(pattern) => pattern.parse_time(text),
            Self::Any(any) => iso_time(text.as_bytes(), "").or_else(|_| any.parse_time(text)),
        }?;
        let seconds = i64::from(time.num_seconds_from_midnight());
        Ok(seconds * 1_000_000 + whole_microseconds(time.nanosecond())?)
    }

    /// Microseconds since 1970-01-01T00:00:00. With an offset from UTC in the cell, the moment
    /// in UTC; without one, the date and time as they stand.
    pub(crate) fn parse_datetime(&self, text: &str) -> Result<i64, Rule> {
        let moment = match self {
            Self::Default => iso_datetime(text.as_bytes()),
            Self::Pattern(pattern) => pattern.parse_datetime(text),
            Self::Any(any) => iso_datetime(text.as_bytes()).or_else(|_| any.parse_datetime(text)),
        }?;
        let moment = moment.and_utc();
        let fraction = whole_microseconds(moment.timestamp_subsec_nanos())?;
        Ok(moment.timestamp() * 1_000_000 + fraction)
    }
}

/// Reads a year of four digits or more, negative before year 0.
pub(crate) fn parse_year(text: &str) -> Result<i32, Rule> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.len() < 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("not a year of four digits".into());
    }
    text.parse().map_err(|_| "beyond any calendar".into())
}

/// Reads a month like `2014-02` as its first day.
pub(crate) fn parse_year_month(text: &str) -> Result<i32, Rule> {
    let Some((year, month)) = split_month(text.as_bytes()) else {
        return Err("not a month like 2014-02".into());
    };
    let first_day = NaiveDate::from_ymd_opt(year, month, 1).ok_or("no such month")?;
    Ok(first_day.to_epoch_days())
}

fn split_month(text: &[u8]) -> Option<(i32, u32)> {
    let [year @ .., b'-', _, _] = text else {
        return None;
    };
    let month = digits(&text[text.len() - 2..])?;
    (year.len() == 4).then_some(())?;
    Some((digits(year)?.cast_signed(), month))
}

fn iso_date(text: &[u8], shape: &'static str) -> Result<NaiveDate, Rule> {
    let [month @ .., b'-', _, _] = text else {
        return Err(shape.into());
    };
    let parts = split_month(month).zip(digits(&text[text.len() - 2..]));
    let ((year, month), day) = parts.ok_or(shape)?;
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| "no such day in the calendar".into())
}

fn iso_time(text: &[u8], shape: &'static str) -> Result<NaiveTime, Rule> {
    let [_, _, b':', _, _, b':', _, _] = text else {
        return Err(shape.into());
    };
    let parts = [&text[0..2], &text[3..5], &text[6..8]].map(digits);
    let [Some(hour), Some(minute), Some(second)] = parts else {
        return Err(shape.into());
    };
    NaiveTime::from_hms_opt(hour, minute, second).ok_or_else(|| "no such time of day".into())
}

/// XML Schema's dateTime: date, `T`, time, then perhaps a fraction and an offset from UTC.
fn iso_datetime(text: &[u8]) -> Result<NaiveDateTime, Rule> {
    const SHAPE: &str = "not a date and time like 2014-01-31T15:00:00";
    let (date, rest) = text.split_at_checked(10).ok_or(SHAPE)?;
    let (time, rest) = rest
        .strip_prefix(b"T")
        .and_then(|rest| rest.split_at_checked(8))
        .ok_or(SHAPE)?;
    let local = iso_date(date, SHAPE)?.and_time(iso_time(time, SHAPE)?);
    let (nanoseconds, rest) = fraction(rest).ok_or(SHAPE)?;
    let offset = offset(rest).ok_or(SHAPE)?;
    Ok(local + TimeDelta::nanoseconds(nanoseconds) - offset)
}

/// The nanoseconds of a fraction such as `.25`, and what follows it.
fn fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let Some(rest) = text.strip_prefix(b".") else {
        return Some((0, text));
    };
    let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    // Longer fractions than nanoseconds would need rounding.
    if !(1..=9).contains(&length) {
        return None;
    }
    let (digits_read, rest) = rest.split_at(length);
    let scale = 10_i64.pow(9 - u32::try_from(length).ok()?);
    Some((i64::from(digits(digits_read)?) * scale, rest))
}

/// `Z`, `+08:00` or nothing, as the time by which the clock is ahead of UTC.
fn offset(text: &[u8]) -> Option<TimeDelta> {
    if matches!(text, b"" | b"Z") {
        return Some(TimeDelta::zero());
    }
    let [sign @ (b'+' | b'-'), _, _, b':', _, _] = text else {
        return None;
    };
    let (hours, minutes) = (digits(&text[1..3])?, digits(&text[4..6])?);
    // XML Schema's limit.
    if minutes > 59 || hours * 60 + minutes > 14 * 60 {
        return None;
    }
    let ahead = TimeDelta::minutes(i64::from(hours * 60 + minutes));
    Some(if *sign == b'-' { -ahead } else { ahead })
}

/// A number of at most nine digits.
fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0, |number, byte| {
        byte.is_ascii_digit()
            .then(|| number * 10 + u32::from(byte - b'0'))
    })
}

fn whole_microseconds(nanoseconds: u32) -> Result<i64, Rule> {
    // chrono counts a leap second as nanoseconds beyond the 59th second.
    if nanoseconds >= 1_000_000_000 {
        return Err("a leap second, which SQL's times do not have".into());
    }
    if !nanoseconds.is_multiple_of(1000) {
        return Err("finer than a microsecond".into());
    }
    Ok(i64::from(nanoseconds / 1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule<T: std::fmt::Debug>(parsed: Result<T, Rule>) -> String {
        parsed.map_or_else(|rule| rule.to_string(), |value| format!("{value:?}"))
    }

    #[test]
    fn dates() {
        let parse = |text| rule(TemporalFormat::Default.parse_date(text));
        // Days from 1970-01-01, from `date -d … +%s` divided by 86400.
        assert_eq!(parse("1970-01-01"), "0");
        assert_eq!(parse("1881-02-24"), "-32452");
        assert_eq!(parse("2012-02-29"), "15399");
        for text in [
            "",
            "2014",
            "2014-1-31",
            "14-01-31",
            "2014/01/31",
            "2014-01-31 ",
            "2014-01-3x",
        ] {
            assert_eq!(parse(text), "not a date like 2014-01-31", "{text}");
        }
        assert_eq!(parse("2014-02-29"), "no such day in the calendar");
        assert_eq!(parse("2014-13-01"), "no such day in the calendar");
    }

    #[test]
    fn times() {
        let parse = |text| rule(TemporalFormat::Default.parse_time(text));
        assert_eq!(parse("00:00:00"), "0");
        assert_eq!(parse("23:59:59"), "86399000000");
        for text in ["", "1:00:00", "15:00", "15:00:00.5", "15-00-00", "aa:00:00"] {
            assert_eq!(parse(text), "not a time like 15:00:00", "{text}");
        }
        assert_eq!(parse("24:00:00"), "no such time of day");
        assert_eq!(parse("23:59:60"), "no such time of day");
    }

    #[test]
    fn dates_with_times() {
        let parse = |text| rule(TemporalFormat::Default.parse_datetime(text));
        assert_eq!(parse("1970-01-02T00:00:01"), "86401000000");
        assert_eq!(parse("1970-01-01T00:00:00.25"), "250000");
        assert_eq!(parse("1969-12-31T23:59:59.999999"), "-1");
        assert_eq!(parse("1970-01-01T00:00:00.000001000Z"), "1");
        // The moment in UTC: Beijing's clock is eight hours ahead.
        assert_eq!(parse("1970-01-01T08:00:00+08:00"), "0");
        assert_eq!(parse("1969-12-31T19:00:00.300-05:00"), "300000");
        for text in [
            "",
            "1970-01-01",
            "1970-01-01 00:00:00",
            "1970-01-01T00:00",
            "1970-01-01T00:00:00.",
            "1970-01-01T00:00:00z",
            "1970-01-01T00:00:00+0800",
            "1970-01-01T00:00:00+14:01",
            "1970-01-0éT00:00:00",
        ] {
            assert_eq!(
                parse(text),
                "not a date and time like 2014-01-31T15:00:00",
                "{text}"
            );
        }
        assert_eq!(
            parse("1970-01-01T00:00:00.0000001"),
            "finer than a microsecond"
        );
        assert_eq!(parse("1970-02-30T00:00:00"), "no such day in the calendar");
    }

    #[test]
    fn years() {
        let parse = |text| rule(parse_year(text));
        assert_eq!(parse("1881"), "1881");
        assert_eq!(parse("0800"), "800");
        assert_eq!(parse("30000"), "30000");
        assert_eq!(parse("-0044"), "-44");
        for text in ["", "800", "+1881", "1881.0", "1881?", " 1881", "-44"] {
            assert_eq!(parse(text), "not a year of four digits", "{text}");
        }
        assert_eq!(parse("99999999999"), "beyond any calendar");
    }

    #[test]
    fn months_are_their_first_day() {
        let parse = |text| rule(parse_year_month(text));
        assert_eq!(parse("1970-01"), "0");
        assert_eq!(parse("2014-02"), "16102");
        for text in [
            "",
            "2014",
            "2014-2",
            "14-02",
            "2014-02-01",
            "2014/02",
            "é014-02",
        ] {
            assert_eq!(parse(text), "not a month like 2014-02", "{text}");
        }
        assert_eq!(parse("2014-13"), "no such month");
    }
}
