//! Reads years, dates, timestamps and ISO text as points of the calendar, and finds their stage.
//!
//! Boundaries are translated into the unit of the values once; a stage is then a count of boundaries
//! passed, so no value is ever taken apart into year, month and day.

use arrow::array::timezone::Tz;
use arrow::array::{
    Array, ArrowPrimitiveType, AsArray, PrimitiveArray, StringViewArray, UInt32Array,
};
use arrow::compute::kernels::cast_utils::string_to_datetime;
use arrow::datatypes::{
    ArrowNativeType, DataType, Date32Type, Date64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimeUnit, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use datafusion_common::{Result, ScalarValue, exec_datafusion_err};

use super::definition::{Calendar, YEARS};

/// What to do with a value that is no point of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OnInvalid {
    /// An error that names the function and the value.
    Fail(&'static str),
    /// NULL.
    Null,
}

/// The stage of each value, counted from 0; NULL stays NULL.
pub(super) fn stages_of(
    values: &dyn Array,
    calendar: &Calendar,
    on_invalid: OnInvalid,
) -> Result<UInt32Array> {
    use DataType::{
        Date32, Date64, Int8, Int16, Int32, Int64, Timestamp, UInt8, UInt16, UInt32, UInt64,
        Utf8View,
    };
    match values.data_type() {
        Int8 => stages_of_years::<Int8Type>(values, calendar, on_invalid),
        Int16 => stages_of_years::<Int16Type>(values, calendar, on_invalid),
        Int32 => stages_of_years::<Int32Type>(values, calendar, on_invalid),
        Int64 => stages_of_years::<Int64Type>(values, calendar, on_invalid),
        UInt8 => stages_of_years::<UInt8Type>(values, calendar, on_invalid),
        UInt16 => stages_of_years::<UInt16Type>(values, calendar, on_invalid),
        UInt32 => stages_of_years::<UInt32Type>(values, calendar, on_invalid),
        UInt64 => stages_of_years::<UInt64Type>(values, calendar, on_invalid),
        Date32 => stages_of_instants::<Date32Type>(values, calendar),
        Date64 => stages_of_instants::<Date64Type>(values, calendar),
        Timestamp(TimeUnit::Second, _) => {
            stages_of_instants::<TimestampSecondType>(values, calendar)
        }
        Timestamp(TimeUnit::Millisecond, _) => {
            stages_of_instants::<TimestampMillisecondType>(values, calendar)
        }
        Timestamp(TimeUnit::Microsecond, _) => {
            stages_of_instants::<TimestampMicrosecondType>(values, calendar)
        }
        Timestamp(TimeUnit::Nanosecond, _) => {
            stages_of_instants::<TimestampNanosecondType>(values, calendar)
        }
        Utf8View => stages_of_text(values.as_string_view(), calendar, on_invalid),
        other => Err(exec_datafusion_err!("a stage is not defined for {other}")),
    }
}

/// Where the stages begin, in the type of `values`: `None` for a boundary outside the type's range.
pub(super) fn boundary_literals(
    calendar: &Calendar,
    data_type: &DataType,
) -> Result<Option<Vec<ScalarValue>>> {
    let literals = starts(calendar, data_type)?
        .into_iter()
        .map(|start| literal(start, data_type));
    Ok(literals.collect())
}

fn stages_of_years<T>(
    values: &dyn Array,
    calendar: &Calendar,
    on_invalid: OnInvalid,
) -> Result<UInt32Array>
where
    T: ArrowPrimitiveType,
    T::Native: TryFrom<i128>,
{
    let years = values.as_primitive::<T>();
    let valid = |year: T::Native| year.to_i64().is_some_and(|year| YEARS.contains(&year));
    // Without a branch in the loop; values under a NULL may be anything and are looked at again.
    let all_valid = years
        .values()
        .iter()
        .fold(true, |all, &year| all & valid(year));
    let wrong = |year: &T::Native| !all_valid && !valid(*year);
    match on_invalid {
        OnInvalid::Fail(function) => match years.iter().flatten().find(wrong) {
            Some(year) => Err(exec_datafusion_err!(
                "{function} takes years from 1000 to 9999, got {year:?}"
            )),
            None => stages_of_instants::<T>(years, calendar),
        },
        OnInvalid::Null if all_valid => stages_of_instants::<T>(years, calendar),
        OnInvalid::Null => {
            let known = years.unary_opt::<_, T>(|year| valid(year).then_some(year));
            stages_of_instants::<T>(&known, calendar)
        }
    }
}

fn stages_of_instants<T>(values: &dyn Array, calendar: &Calendar) -> Result<UInt32Array>
where
    T: ArrowPrimitiveType,
    T::Native: TryFrom<i128>,
{
    let values: &PrimitiveArray<T> = values.as_primitive();
    let starts = starts(calendar, values.data_type())?;
    Ok(count_passed(values, &starts))
}

/// How many of `starts` each value has reached.
fn count_passed<T>(values: &PrimitiveArray<T>, starts: &[i128]) -> UInt32Array
where
    T: ArrowPrimitiveType,
    T::Native: TryFrom<i128>,
{
    let mut passed = vec![0_u32; values.len()];
    // One pass a boundary, so that each is a loop of vector comparisons.
    for &start in starts {
        match T::Native::try_from(start) {
            Ok(start) => add_reached(&mut passed, values.values(), start),
            // Before the first value the type can hold: every value has reached it.
            Err(_) if start < 0 => passed.iter_mut().for_each(|count| *count += 1),
            Err(_) => {}
        }
    }
    UInt32Array::new(passed.into(), values.nulls().cloned())
}

/// Adds one to the count of each value that is not below `start`.
pub(super) fn add_reached<N: PartialOrd + Copy>(counts: &mut [u32], values: &[N], start: N) {
    for (count, value) in counts.iter_mut().zip(values) {
        *count += u32::from(*value >= start);
    }
}

fn stages_of_text(
    values: &StringViewArray,
    calendar: &Calendar,
    on_invalid: OnInvalid,
) -> Result<UInt32Array> {
    let stage = |text: &str| match stage_of_text(text, calendar) {
        Some(stage) => Ok(Some(stage)),
        None => match on_invalid {
            OnInvalid::Null => Ok(None),
            OnInvalid::Fail(function) => Err(exec_datafusion_err!(
                "{function} takes a year, an ISO date or timestamp, or the label of a stage, got '{text}'"
            )),
        },
    };
    values
        .iter()
        .map(|text| text.map_or(Ok(None), stage))
        .collect()
}

/// A label names its stage; any other text must say a year.
fn stage_of_text(text: &str, calendar: &Calendar) -> Option<u32> {
    let stage = calendar.stage(text).or_else(|| {
        let year = year_of_text(text)?;
        Some(
            calendar
                .boundaries()
                .partition_point(|&start| start <= year),
        )
    })?;
    u32::try_from(stage).ok()
}

/// The year as written: `1983`, `1983-05`, `1983-05-01`, or a timestamp, whatever its offset.
fn year_of_text(text: &str) -> Option<i64> {
    let (digits, rest) = text.split_at_checked(4)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let year: i64 = digits.parse().ok()?;
    let complete = match rest.len() {
        0 => true,
        3 => NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").is_ok(),
        6 => NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok(),
        _ => rest.starts_with('-') && string_to_datetime(&Utc, text).is_ok(),
    };
    (complete && YEARS.contains(&year)).then_some(year)
}

/// The first instant of each boundary year, in the unit of `data_type`.
fn starts(calendar: &Calendar, data_type: &DataType) -> Result<Vec<i128>> {
    let start = start_of_year(data_type)?;
    Ok(calendar
        .boundaries()
        .iter()
        .map(|&year| start(year))
        .collect())
}

/// How to find the first instant of a year in the unit of `data_type`.
fn start_of_year(data_type: &DataType) -> Result<Box<dyn Fn(i64) -> i128>> {
    Ok(match data_type {
        DataType::Date32 => Box::new(|year| i128::from(seconds(year, None)) / 86_400),
        DataType::Date64 => Box::new(|year| i128::from(seconds(year, None)) * 1_000),
        DataType::Timestamp(unit, zone) => {
            let zone: Option<Tz> = zone.as_deref().map(str::parse).transpose()?;
            let per_second = match unit {
                TimeUnit::Second => 1,
                TimeUnit::Millisecond => 1_000,
                TimeUnit::Microsecond => 1_000_000,
                TimeUnit::Nanosecond => 1_000_000_000,
            };
            Box::new(move |year| i128::from(seconds(year, zone)) * per_second)
        }
        _ => Box::new(i128::from),
    })
}

/// Seconds from 1970 to the first instant of `year`, local to `zone` if there is one.
fn seconds(year: i64, zone: Option<Tz>) -> i64 {
    let day = i32::try_from(year)
        .ok()
        .and_then(|year| NaiveDate::from_ymd_opt(year, 1, 1))
        .unwrap_or_default();
    let midnight = day.and_time(NaiveTime::MIN);
    zone.and_then(|zone| first_instant(midnight, zone))
        .unwrap_or_else(|| midnight.and_utc().timestamp())
}

/// Where clocks skip midnight, the year begins when they run again.
fn first_instant(midnight: NaiveDateTime, zone: Tz) -> Option<i64> {
    (0..24)
        .map(|hours| midnight + Duration::hours(hours))
        .find_map(|local| zone.from_local_datetime(&local).earliest())
        .map(|instant| instant.timestamp())
}

/// `value` as a literal of `data_type`.
fn literal(value: i128, data_type: &DataType) -> Option<ScalarValue> {
    let long = i64::try_from(value).ok()?;
    match data_type {
        DataType::Date32 => Some(ScalarValue::Date32(Some(i32::try_from(value).ok()?))),
        DataType::Date64 => Some(ScalarValue::Date64(Some(long))),
        DataType::Timestamp(TimeUnit::Second, zone) => {
            Some(ScalarValue::TimestampSecond(Some(long), zone.clone()))
        }
        DataType::Timestamp(TimeUnit::Millisecond, zone) => {
            Some(ScalarValue::TimestampMillisecond(Some(long), zone.clone()))
        }
        DataType::Timestamp(TimeUnit::Microsecond, zone) => {
            Some(ScalarValue::TimestampMicrosecond(Some(long), zone.clone()))
        }
        DataType::Timestamp(TimeUnit::Nanosecond, zone) => {
            Some(ScalarValue::TimestampNanosecond(Some(long), zone.clone()))
        }
        integer if integer.is_integer() => ScalarValue::Int64(Some(long)).cast_to(integer).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    /// The stage of one value, counted from 1.
    fn stage(value: &ScalarValue) -> Option<u32> {
        let values = value.to_array().unwrap();
        let stages = stages_of(&values, &Calendar::paper(), OnInvalid::Fail("port_stage")).unwrap();
        stages.iter().next().flatten().map(|stage| stage + 1)
    }

    fn text(value: &str) -> Option<u32> {
        let values = StringViewArray::from_iter([Some(value)]);
        let stages = stages_of(&values, &Calendar::paper(), OnInvalid::Null).unwrap();
        stages.iter().next().flatten().map(|stage| stage + 1)
    }

    /// Days and seconds from `date -u -d 1980-01-01 +%s` = 315532800 = 3652 days.
    #[test]
    fn a_stage_begins_with_the_first_day_of_its_year() {
        assert_eq!(stage(&ScalarValue::Date32(Some(3651))), Some(2));
        assert_eq!(stage(&ScalarValue::Date32(Some(3652))), Some(3));
        assert_eq!(stage(&ScalarValue::Date64(Some(315_532_799_999))), Some(2));
        assert_eq!(stage(&ScalarValue::Date64(Some(315_532_800_000))), Some(3));
        assert_eq!(
            stage(&ScalarValue::TimestampSecond(Some(315_532_799), None)),
            Some(2)
        );
        assert_eq!(
            stage(&ScalarValue::TimestampMicrosecond(
                Some(315_532_800_000_000),
                None
            )),
            Some(3)
        );
        // 1950-01-01 is -7305 days.
        assert_eq!(stage(&ScalarValue::Date32(Some(-7306))), Some(1));
        assert_eq!(stage(&ScalarValue::Date32(Some(-7305))), Some(2));
        assert_eq!(stage(&ScalarValue::Date32(None)), None);
    }

    #[test]
    fn instants_far_outside_any_year_still_have_a_stage() {
        assert_eq!(stage(&ScalarValue::Date32(Some(i32::MIN))), Some(1));
        assert_eq!(stage(&ScalarValue::Date64(Some(i64::MAX))), Some(4));
        assert_eq!(
            stage(&ScalarValue::TimestampNanosecond(Some(i64::MIN), None)),
            Some(1)
        );
        assert_eq!(
            stage(&ScalarValue::TimestampNanosecond(Some(i64::MAX), None)),
            Some(4)
        );
    }

    /// Nanoseconds reach 1677 to 2262: earlier boundaries are always passed, later ones never.
    #[test]
    fn boundaries_outside_the_type_are_before_or_after_all_values() {
        let calendar = |year: i64| {
            let list = crate::support::testing::integer_list(&[year]);
            Calendar::from_constants("port_stage", &[Some(list)])
                .unwrap()
                .unwrap()
        };
        let values = ScalarValue::TimestampNanosecond(Some(0), None)
            .to_array()
            .unwrap();
        let stage = |year: i64| {
            let fail = OnInvalid::Fail("port_stage");
            stages_of(&values, &calendar(year), fail).unwrap().value(0)
        };
        assert_eq!(stage(1500), 1);
        assert_eq!(stage(2500), 0);
        let data_type = DataType::Timestamp(TimeUnit::Nanosecond, None);
        assert_eq!(
            boundary_literals(&calendar(2500), &data_type).unwrap(),
            None
        );
    }

    /// 2000 begins at 16:00 UTC on the last day of 1999 in China (UTC+8).
    #[test]
    fn a_zone_begins_its_years_at_local_midnight() {
        let utc = 946_684_800 - 8 * 3600;
        for zone in ["+08:00", "Asia/Shanghai"] {
            let zone: Option<Arc<str>> = Some(zone.into());
            assert_eq!(
                stage(&ScalarValue::TimestampSecond(Some(utc - 1), zone.clone())),
                Some(3)
            );
            assert_eq!(
                stage(&ScalarValue::TimestampSecond(Some(utc), zone)),
                Some(4)
            );
        }
        assert_eq!(
            stage(&ScalarValue::TimestampSecond(Some(utc), None)),
            Some(3)
        );
    }

    #[test]
    fn text_is_a_label_a_year_or_an_iso_date() {
        assert_eq!(text("pre-1949"), Some(1));
        assert_eq!(text("post-2000"), Some(4));
        assert_eq!(text("1983"), Some(3));
        assert_eq!(text("1983-05"), Some(3));
        assert_eq!(text("1949-12-31"), Some(1));
        assert_eq!(text("1983-05-01T12:30:00Z"), Some(3));
        assert_eq!(text("1983-05-01 12:30:00"), Some(3));
        // The year as written, not as in Greenwich.
        assert_eq!(text("2000-01-01T00:30:00+08:00"), Some(4));
        for wrong in [
            "",
            "83",
            "983",
            "0983",
            "19830501",
            "1983-13",
            "1983-02-30",
            "1983-5-1",
            "in 1983",
            "1983 ",
            "口岸",
            "1983-05-01T",
            "19\u{fc}3",
            "12345",
        ] {
            assert_eq!(text(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn every_integer_width_is_a_year() {
        for width in [
            DataType::Int16,
            DataType::Int32,
            DataType::Int64,
            DataType::UInt16,
            DataType::UInt32,
            DataType::UInt64,
        ] {
            let year = ScalarValue::Int32(Some(1983)).cast_to(&width).unwrap();
            assert_eq!(stage(&year), Some(3), "{width}");
        }
        // No year fits into eight bits.
        for year in [
            ScalarValue::Int8(Some(83)),
            ScalarValue::UInt64(Some(u64::MAX)),
        ] {
            let values = year.to_array().unwrap();
            let fail = OnInvalid::Fail("port_stage");
            assert!(stages_of(&values, &Calendar::paper(), fail).is_err());
            let stages = stages_of(&values, &Calendar::paper(), OnInvalid::Null).unwrap();
            assert_eq!(stages.null_count(), 1);
        }
    }
}
