//! What a cell means: one typed value, or the rule that it breaks.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta};

use crate::types::duration::Duration;
use crate::types::geo::Point;
use crate::types::json_text::JsonText;

/// The value of one cell; missing cells have none.
///
/// Values of one field are all of one variant, so the derived order is the order of its type.
/// `NaN` compares with nothing. A duration is compared by its length, not its text.
#[derive(Debug, Clone)]
pub enum Value<'t> {
    /// Type `string`.
    Text(Cow<'t, str>),
    /// Type `integer`.
    Integer(i64),
    /// Type `number`.
    Number(f64),
    /// Type `boolean`.
    Boolean(bool),
    /// Type `date`, in days since 1970-01-01.
    Date(i32),
    /// Type `time`, in microseconds since midnight.
    Time(i64),
    /// Type `datetime`, in microseconds since 1970-01-01T00:00:00.
    DateTime(i64),
    /// Type `year`.
    Year(i32),
    /// Type `yearmonth`: the month's first day, in days since 1970-01-01.
    YearMonth(i32),
    /// Type `duration`, with its text.
    Duration(Duration, Cow<'t, str>),
    /// Types `object`, `array` and `geojson`.
    Json(JsonText<'t>),
    /// Type `list`.
    List(Vec<Value<'t>>),
    /// Type `geopoint`.
    Point(Point),
}

impl Value<'_> {
    /// The same value, no longer borrowing the cell.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Self::Integer(integer) => Value::Integer(integer),
            Self::Number(number) => Value::Number(number),
            Self::Boolean(boolean) => Value::Boolean(boolean),
            Self::Date(days) => Value::Date(days),
            Self::Time(microseconds) => Value::Time(microseconds),
            Self::DateTime(microseconds) => Value::DateTime(microseconds),
            Self::Year(year) => Value::Year(year),
            Self::YearMonth(days) => Value::YearMonth(days),
            Self::Duration(duration, text) => {
                Value::Duration(duration, Cow::Owned(text.into_owned()))
            }
            Self::Json(json) => Value::Json(json.into_owned()),
            Self::List(items) => Value::List(items.into_iter().map(Value::into_owned).collect()),
            Self::Point(point) => Value::Point(point),
        }
    }
}

impl PartialEq for Value<'_> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

impl PartialOrd for Value<'_> {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Text(value), Self::Text(other)) => value.partial_cmp(other),
            (Self::Integer(value), Self::Integer(other)) => value.partial_cmp(other),
            (Self::Number(value), Self::Number(other)) => value.partial_cmp(other),
            (Self::Boolean(value), Self::Boolean(other)) => value.partial_cmp(other),
            (Self::Time(value), Self::Time(other))
            | (Self::DateTime(value), Self::DateTime(other)) => value.partial_cmp(other),
            (Self::Date(value), Self::Date(other))
            | (Self::Year(value), Self::Year(other))
            | (Self::YearMonth(value), Self::YearMonth(other)) => value.partial_cmp(other),
            (Self::Duration(value, _), Self::Duration(other, _)) => value.partial_cmp(other),
            (Self::Json(value), Self::Json(other)) => value.partial_cmp(other),
            (Self::List(value), Self::List(other)) => value.partial_cmp(other),
            (Self::Point(value), Self::Point(other)) => value.partial_cmp(other),
            _ => None,
        }
    }
}

/// As the default format of the type writes it.
impl fmt::Display for Value<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => formatter.write_str(text),
            Self::Integer(integer) => write!(formatter, "{integer}"),
            Self::Number(number) => write!(formatter, "{number}"),
            Self::Boolean(boolean) => write!(formatter, "{boolean}"),
            Self::Year(year) if *year < 0 => write!(formatter, "-{:04}", year.unsigned_abs()),
            Self::Year(year) => write!(formatter, "{year:04}"),
            Self::Date(days) => match NaiveDate::from_epoch_days(*days) {
                Some(date) => write!(formatter, "{date}"),
                None => write!(formatter, "day {days}"),
            },
            Self::YearMonth(days) => match NaiveDate::from_epoch_days(*days) {
                Some(date) => write!(formatter, "{}", date.format("%Y-%m")),
                None => write!(formatter, "day {days}"),
            },
            Self::Time(microseconds) => {
                let since_midnight = TimeDelta::microseconds(*microseconds);
                write!(formatter, "{}", NaiveTime::MIN + since_midnight)
            }
            Self::DateTime(microseconds) => match DateTime::from_timestamp_micros(*microseconds) {
                Some(moment) => write!(formatter, "{}", moment.format("%Y-%m-%dT%H:%M:%S%.f")),
                None => write!(formatter, "microsecond {microseconds}"),
            },
            Self::Duration(_, text) => formatter.write_str(text),
            Self::Json(json) => formatter.write_str(&json.text),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(ToString::to_string).collect();
                formatter.write_str(&items.join(","))
            }
            Self::Point(point) => write!(formatter, "{},{}", point.longitude, point.latitude),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_as_their_default_format() {
        let cases = [
            (Value::Text("ferry".into()), "ferry"),
            (Value::Integer(-3), "-3"),
            (Value::Number(0.5), "0.5"),
            (Value::Boolean(true), "true"),
            // 16102 days from 1970-01-01 to 2014-02-01: 44 × 365 + 11 leap days + 31.
            (Value::Date(16102), "2014-02-01"),
            (Value::YearMonth(16102), "2014-02"),
            (Value::Date(i32::MAX), "day 2147483647"),
            (Value::Time(3_661_500_000), "01:01:01.500"),
            (Value::DateTime(86_400_000_000), "1970-01-02T00:00:00"),
            (Value::Year(800), "0800"),
            (Value::Year(-44), "-0044"),
        ];
        for (value, expected) in cases {
            assert_eq!(value.to_string(), expected);
            assert_eq!(value.clone().into_owned(), value);
        }
    }
}
