//! Cells of the type duration: XML Schema's form of ISO 8601, `P1Y2M3DT4H5M6.7S`.

use std::cmp::Ordering;

use chrono::{Months, NaiveDate, TimeDelta};

use crate::types::rule::Rule;

const SHAPE: &str = "not a duration like P1Y2M3DT4H5M6S";

/// A length of time. Months and days cannot be exchanged, since months differ in length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duration {
    /// Years and months, in months.
    pub months: i32,
    /// Days and all below, in nanoseconds.
    pub nanoseconds: i64,
}

/// The dates at which XML Schema (3.2.6.2) compares durations: every length of month comes up.
const REFERENCES: [(i32, u32); 4] = [(1696, 9), (1697, 2), (1903, 3), (1903, 7)];

/// Longer where it is longer from every date; `P1M` and `P30D` are neither shorter, longer nor equal.
impl PartialOrd for Duration {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let mut orders = REFERENCES.iter().map(|&(year, month)| {
            let start = NaiveDate::from_ymd_opt(year, month, 1)?;
            Some(self.after(start)?.cmp(&other.after(start)?))
        });
        let first = orders.next()??;
        orders.all(|order| order == Some(first)).then_some(first)
    }
}

impl Duration {
    /// When the duration ends that starts with a day.
    fn after(self, start: NaiveDate) -> Option<chrono::NaiveDateTime> {
        let months = Months::new(self.months.unsigned_abs());
        let day = if self.months < 0 {
            start.checked_sub_months(months)?
        } else {
            start.checked_add_months(months)?
        };
        let moment = day.and_hms_opt(0, 0, 0)?;
        moment.checked_add_signed(TimeDelta::nanoseconds(self.nanoseconds))
    }
}

/// Reads a duration. Parts stand in their order, each once, and at least one.
pub(crate) fn parse_duration(text: &str) -> Result<Duration, Rule> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let rest = rest.strip_prefix('P').ok_or(SHAPE)?;
    let (date, time) = match rest.split_once('T') {
        Some((_, "")) => return Err(SHAPE.into()),
        Some((date, time)) => (date, time),
        None if rest.is_empty() => return Err(SHAPE.into()),
        None => (rest, ""),
    };
    let [years, months, days] = whole_parts(date, ['Y', 'M', 'D'])?;
    let (time, seconds) = split_seconds(time)?;
    let [hours, minutes] = whole_parts(time, ['H', 'M'])?;
    let duration = total(years, months, [days, hours, minutes], seconds);
    let (months, nanoseconds) = duration.ok_or("longer than kouan can count")?;
    let sign = if negative { -1 } else { 1 };
    Ok(Duration {
        months: sign * months,
        nanoseconds: i64::from(sign) * nanoseconds,
    })
}

fn total(
    years: i64,
    months: i64,
    [days, hours, minutes]: [i64; 3],
    fraction: i64,
) -> Option<(i32, i64)> {
    let months = years.checked_mul(12)?.checked_add(months)?;
    let hours = days.checked_mul(24)?.checked_add(hours)?;
    let minutes = hours.checked_mul(60)?.checked_add(minutes)?;
    let nanoseconds = minutes.checked_mul(60_000_000_000)?.checked_add(fraction)?;
    Some((months.try_into().ok()?, nanoseconds))
}

/// The numbers before some letters, which stand in this order; 0 where one is left out.
fn whole_parts<const N: usize>(mut text: &str, letters: [char; N]) -> Result<[i64; N], Rule> {
    let mut parts = [0; N];
    for (part, letter) in parts.iter_mut().zip(letters) {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = text.split_at(digits);
        if let Some(rest) = rest.strip_prefix(letter) {
            *part = number.parse().map_err(|_| SHAPE)?;
            text = rest;
        }
    }
    if text.is_empty() {
        Ok(parts)
    } else {
        Err(SHAPE.into())
    }
}

/// What stands before the seconds, and the seconds in nanoseconds.
fn split_seconds(text: &str) -> Result<(&str, i64), Rule> {
    let Some(rest) = text.strip_suffix('S') else {
        return Ok((text, 0));
    };
    let start = rest.rfind(['H', 'M']).map_or(0, |index| index + 1);
    let (before, seconds) = rest.split_at(start);
    let (whole, fraction) = match seconds.split_once('.') {
        Some((_, "")) => return Err(SHAPE.into()),
        Some((whole, fraction)) => (whole, fraction),
        None => (seconds, ""),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return Err(SHAPE.into());
    }
    if fraction.trim_end_matches('0').len() > 9 {
        return Err("finer than a nanosecond".into());
    }
    let nanoseconds = format!("{fraction:0<9}")[..9].parse::<i64>();
    let whole = whole.parse::<i64>().ok();
    let total = whole.and_then(|whole| {
        whole
            .checked_mul(1_000_000_000)?
            .checked_add(nanoseconds.ok()?)
    });
    Ok((before, total.ok_or("longer than kouan can count")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Months and nanoseconds.
    fn read(text: &str) -> Result<(i32, i64), String> {
        parse_duration(text)
            .map(|read| (read.months, read.nanoseconds))
            .map_err(|rule| rule.to_string())
    }

    #[test]
    fn every_part_counts() {
        let second = 1_000_000_000;
        // XML Schema Part 2, 3.2.6: the examples, counted by hand.
        assert_eq!(
            read("P1Y2M3DT10H30M"),
            Ok((14, (3 * 24 + 10) * 3600 * second + 1800 * second))
        );
        assert_eq!(read("-P120D"), Ok((0, -120 * 86_400 * second)));
        assert_eq!(read("P1347Y"), Ok((1347 * 12, 0)));
        assert_eq!(read("P0Y1347M"), Ok((1347, 0)));
        assert_eq!(read("PT1004199059S"), Ok((0, 1_004_199_059 * second)));
        assert_eq!(read("PT130S"), Ok((0, 130 * second)));
        assert_eq!(read("PT2M10.5S"), Ok((0, 130 * second + second / 2)));
        for text in [
            "", "P", "PT", "P1YT", "1Y", "P1S", "P1D2M", "P-1347M", "P1Y2MT", "PT.5S", "PT1.S",
            "P1.5Y", "p1y", "P1Y ",
        ] {
            assert_eq!(read(text), Err(SHAPE.to_string()), "{text}");
        }
        assert_eq!(
            read("P999999999999Y"),
            Err("longer than kouan can count".to_string())
        );
        assert_eq!(
            read("PT0.0000000001S"),
            Err("finer than a nanosecond".to_string())
        );
    }

    /// XML Schema Part 2, 3.2.6.2, the table of orders between months and days.
    #[test]
    fn durations_have_a_partial_order() {
        let order = |a: &str, b: &str| {
            let [a, b] = [a, b].map(|text| parse_duration(text).unwrap());
            a.partial_cmp(&b)
        };
        assert_eq!(order("P1Y", "P364D"), Some(Ordering::Greater));
        assert_eq!(order("P1Y", "P365D"), None);
        assert_eq!(order("P1Y", "P367D"), Some(Ordering::Less));
        assert_eq!(order("P1M", "P27D"), Some(Ordering::Greater));
        assert_eq!(order("P1M", "P30D"), None);
        assert_eq!(order("P1M", "P32D"), Some(Ordering::Less));
        assert_eq!(order("PT60M", "PT1H"), Some(Ordering::Equal));
    }
}
