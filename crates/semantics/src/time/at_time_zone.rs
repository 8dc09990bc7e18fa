//! `x AT TIME ZONE zone`, both ways.
//!
//! DataFusion plans a cast whatever x is, so that a point in time keeps its zone instead of becoming the clock of
//! that place, and the zone has to be a literal (apache/datafusion 25165).

use std::str::FromStr;
use std::sync::Arc;

use arrow::array::timezone::Tz;
use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray};
use arrow::compute::cast;
use arrow::datatypes::{
    ArrowTimestampType, DataType, Field, FieldRef, TimeUnit, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use arrow::temporal_conversions::as_datetime;
use chrono::{Duration, LocalResult, NaiveDateTime, Offset, TimeZone};
use datafusion::common::{Result, ScalarValue, exec_datafusion_err, internal_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};

/// A timestamp without a zone is what the clock of the zone shows, and becomes the point in time when it does; a
/// timestamp with one is a point in time, and becomes what the clock shows then.
///
/// A wall clock that is skipped in spring is read with the offset before the change, one that comes twice in autumn
/// with the offset after it, as PostgreSQL and ICU do. Zones are names (`Asia/Shanghai`) or offsets (`+08:00`), each
/// row its own if they are a column, where results then carry the zone UTC. NULL if a side is NULL. A zone that is
/// not known is an error.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct AtTimeZone {
    signature: Signature,
}

impl AtTimeZone {
    pub(super) fn new() -> Self {
        Self {
            signature: Signature::user_defined(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for AtTimeZone {
    fn name(&self) -> &str {
        "at_time_zone"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, arg_types: &[DataType]) -> Result<Vec<DataType>> {
        let [value, zone] = arg_types else {
            return plan_err!("at_time_zone takes a timestamp and a zone");
        };
        let value = match value {
            DataType::Timestamp(..) => value.clone(),
            DataType::Date32 | DataType::Null => DataType::Timestamp(TimeUnit::Microsecond, None),
            DataType::Date64 => DataType::Timestamp(TimeUnit::Millisecond, None),
            other if other.is_string() => {
                return plan_err!(
                    "AT TIME ZONE does not know whether a text has a zone; write TIMESTAMP '…' or TIMESTAMPTZ '…'"
                );
            }
            other => return plan_err!("AT TIME ZONE takes a timestamp or a date, not {other}"),
        };
        if !zone.is_string() && !zone.is_null() {
            return plan_err!("AT TIME ZONE takes the name of a zone as text, not {zone}");
        }
        Ok(vec![value, DataType::Utf8])
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        internal_err!("the type of at_time_zone depends on the zone")
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        let Some(DataType::Timestamp(unit, zone)) =
            args.arg_fields.first().map(|field| field.data_type())
        else {
            return plan_err!("at_time_zone takes a timestamp and a zone");
        };
        let given = match args.scalar_arguments.get(1) {
            Some(Some(ScalarValue::Utf8(Some(zone)))) => zone.as_str(),
            _ => "UTC",
        };
        let result = match zone {
            Some(_) => DataType::Timestamp(*unit, None),
            None => DataType::Timestamp(*unit, Some(Arc::from(given))),
        };
        let is_nullable = args.arg_fields.iter().any(|field| field.is_nullable());
        Ok(Arc::new(Field::new(self.name(), result, is_nullable)))
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [value, zone] = args.args.as_slice() else {
            return internal_err!("at_time_zone takes a timestamp and a zone");
        };
        let all_constant = args
            .args
            .iter()
            .all(|arg| matches!(arg, ColumnarValue::Scalar(_)));
        let rows = if all_constant { 1 } else { args.number_rows };
        let values = value.to_array(rows)?;
        let zones = Zones::new(zone, rows)?;
        let result = args.return_field.data_type();
        let array = match values.data_type() {
            DataType::Timestamp(TimeUnit::Second, _) => {
                shifted::<TimestampSecondType>(&values, &zones)?
            }
            DataType::Timestamp(TimeUnit::Millisecond, _) => {
                shifted::<TimestampMillisecondType>(&values, &zones)?
            }
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                shifted::<TimestampMicrosecondType>(&values, &zones)?
            }
            DataType::Timestamp(TimeUnit::Nanosecond, _) => {
                shifted::<TimestampNanosecondType>(&values, &zones)?
            }
            other => return internal_err!("at_time_zone of a {other}"),
        };
        // Only the name of the zone changes.
        let array = cast(&array, result)?;
        if all_constant {
            let value = ScalarValue::try_from_array(&array, 0)?;
            return Ok(ColumnarValue::Scalar(value));
        }
        Ok(ColumnarValue::Array(array))
    }
}

/// One zone, or one for each row.
enum Zones {
    One(Option<Tz>),
    Each(Vec<Option<Tz>>),
}

impl Zones {
    fn new(zone: &ColumnarValue, rows: usize) -> Result<Self> {
        if let ColumnarValue::Scalar(zone) = zone {
            let zone = zone.try_as_str().flatten();
            return Ok(Self::One(zone.map(parsed).transpose()?));
        }
        let zones = zone.to_array(rows)?;
        let mut last: Option<(&str, Tz)> = None;
        let each = zones.as_string::<i32>().iter().map(|zone| {
            let Some(name) = zone else {
                return Ok(None);
            };
            match last {
                Some((known, zone)) if known == name => Ok(Some(zone)),
                _ => {
                    let zone = parsed(name)?;
                    last = Some((name, zone));
                    Ok(Some(zone))
                }
            }
        });
        Ok(Self::Each(each.collect::<Result<_>>()?))
    }

    fn of(&self, row: usize) -> Option<Tz> {
        match self {
            Self::One(zone) => *zone,
            Self::Each(zones) => zones[row],
        }
    }
}

fn parsed(zone: &str) -> Result<Tz> {
    Tz::from_str(zone).map_err(|_| {
        exec_datafusion_err!(
            "`{zone}` is no time zone; write a name like 'Asia/Shanghai' or an offset like '+08:00'"
        )
    })
}

fn shifted<T: ArrowTimestampType>(values: &ArrayRef, zones: &Zones) -> Result<ArrayRef> {
    let has_zone = matches!(values.data_type(), DataType::Timestamp(_, Some(_)));
    let values = values.as_primitive::<T>();
    let per_second = match T::UNIT {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    };
    let row = |row: usize| -> Result<Option<i64>> {
        let Some(zone) = zones.of(row).filter(|_| values.is_valid(row)) else {
            return Ok(None);
        };
        let value = values.value(row);
        let out_of_range = || exec_datafusion_err!("a timestamp is out of range for AT TIME ZONE");
        let clock = as_datetime::<T>(value).ok_or_else(out_of_range)?;
        let seconds = if has_zone {
            i64::from(
                zone.offset_from_utc_datetime(&clock)
                    .fix()
                    .local_minus_utc(),
            )
        } else {
            -i64::from(offset_of_clock(zone, clock).ok_or_else(out_of_range)?)
        };
        let moved = seconds
            .checked_mul(per_second)
            .and_then(|shift| value.checked_add(shift));
        Ok(Some(moved.ok_or_else(out_of_range)?))
    };
    let rows: Result<Vec<Option<i64>>> = (0..values.len()).map(row).collect();
    let array = PrimitiveArray::<T>::from_iter(rows?);
    Ok(Arc::new(if has_zone {
        array
    } else {
        array.with_timezone("UTC")
    }))
}

/// How many seconds the clock of the zone is ahead of UTC when it shows this.
fn offset_of_clock(zone: Tz, clock: NaiveDateTime) -> Option<i32> {
    let offset = match zone.offset_from_local_datetime(&clock) {
        LocalResult::Single(offset) => offset,
        LocalResult::Ambiguous(one, other) => {
            // The one after the change is behind: the clock was put back.
            let behind = one.fix().local_minus_utc() < other.fix().local_minus_utc();
            if behind { one } else { other }
        }
        LocalResult::None => {
            let before = clock.checked_sub_signed(Duration::days(1))?;
            zone.offset_from_utc_datetime(&before)
        }
    };
    Some(offset.fix().local_minus_utc())
}
