//! Whether the least and the greatest value that a Parquet file tells of a column can be relied on.

use parquet::basic::{ColumnOrder, LogicalType, SortOrder, Type};
use parquet::file::metadata::FileMetaData;
use parquet::file::statistics::Statistics;
use parquet::schema::types::ColumnDescriptor;

/// The entry of a footer that says that a row group of floats has bounds only if no value in it is NaN.
pub const FLOAT_BOUNDS_KEY: &str = "kouan.float_bounds";

/// What [`FLOAT_BOUNDS_KEY`] says.
pub const FLOAT_BOUNDS_WITHOUT_NAN: &str = "only without NaN";

/// What is known of the program that wrote a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Writer {
    /// Floats have bounds only where no value is NaN. Others leave NaN out, as the format tells them to.
    pub(crate) leaves_no_nan_out: bool,
    /// A number of NULLs that is not there means none.
    pub(crate) omits_zero_null_counts: bool,
}

impl Writer {
    pub(crate) fn of(file: &FileMetaData) -> Self {
        let entries = file.key_value_metadata().into_iter().flatten();
        let mut marks = entries.filter(|entry| entry.key == FLOAT_BOUNDS_KEY);
        let mark = marks.next().and_then(|mark| mark.value.as_deref());
        Self {
            leaves_no_nan_out: mark == Some(FLOAT_BOUNDS_WITHOUT_NAN),
            omits_zero_null_counts: file.created_by().is_some_and(is_old_parquet_rs),
        }
    }
}

/// Whether a file is of `parquet-rs` before 53.1, which wrote no number of NULLs where there were none
/// (apache/arrow-rs 6490).
fn is_old_parquet_rs(created_by: &str) -> bool {
    let Some(version) = created_by.strip_prefix("parquet-rs version ") else {
        return false;
    };
    let mut parts = version.split(['.', '-', ' ']).map(str::parse::<u32>);
    match (parts.next(), parts.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) < (53, 1),
        _ => false,
    }
}

/// Which bounds of a column are sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bounds {
    Sound,
    /// Those of the fields `min` and `max`, which the format has given up, were compared in another order.
    SoundUnlessDeprecated,
    Unsound,
}

impl Bounds {
    pub(crate) fn of(column: &ColumnDescriptor, told: ColumnOrder, writer: Writer) -> Self {
        let physical = column.physical_type();
        let logical = column.logical_type_ref();
        let order = ColumnOrder::sort_order_for_type(logical, column.converted_type(), physical);
        let is_number = matches!(physical, Type::INT32 | Type::INT64 | Type::BOOLEAN);
        let is_deprecated_order = match physical {
            Type::BOOLEAN => true,
            _ => is_number && order == SortOrder::SIGNED,
        };
        match (order, told) {
            (SortOrder::UNDEFINED, _) | (_, ColumnOrder::UNKNOWN) => Self::Unsound,
            _ if is_float(column) && !writer.leaves_no_nan_out => Self::Unsound,
            // Without the list of orders nobody knows how texts were compared; numbers have one order.
            (_, ColumnOrder::UNDEFINED) if !is_number => Self::Unsound,
            _ if is_deprecated_order => Self::Sound,
            _ => Self::SoundUnlessDeprecated,
        }
    }

    /// Whether the bounds of one chunk are sound.
    pub(crate) fn allow(self, statistics: &Statistics) -> bool {
        match self {
            Self::Sound => true,
            Self::SoundUnlessDeprecated => !statistics.is_min_max_deprecated(),
            Self::Unsound => false,
        }
    }
}

pub(crate) fn is_float(column: &ColumnDescriptor) -> bool {
    matches!(column.physical_type(), Type::FLOAT | Type::DOUBLE)
        || matches!(column.logical_type_ref(), Some(LogicalType::Float16))
}

/// Whether the least value is above the greatest, or one of them is NaN: such bounds say nothing.
pub(crate) fn contradict(statistics: &Statistics, column: &ColumnDescriptor) -> bool {
    let is_unsigned = ColumnOrder::sort_order_for_type(
        column.logical_type_ref(),
        column.converted_type(),
        column.physical_type(),
    ) == SortOrder::UNSIGNED;
    match statistics {
        Statistics::Boolean(of) => is_above(of.min_opt(), of.max_opt()),
        Statistics::Int32(of) if is_unsigned => {
            let unsigned = |bound: Option<&i32>| bound.map(|bound| *bound as u32);
            is_above(unsigned(of.min_opt()), unsigned(of.max_opt()))
        }
        Statistics::Int32(of) => is_above(of.min_opt(), of.max_opt()),
        Statistics::Int64(of) if is_unsigned => {
            let unsigned = |bound: Option<&i64>| bound.map(|bound| *bound as u64);
            is_above(unsigned(of.min_opt()), unsigned(of.max_opt()))
        }
        Statistics::Int64(of) => is_above(of.min_opt(), of.max_opt()),
        Statistics::Float(of) => {
            let is_nan = |bound: Option<&f32>| bound.is_some_and(|bound| bound.is_nan());
            is_nan(of.min_opt()) || is_nan(of.max_opt()) || is_above(of.min_opt(), of.max_opt())
        }
        Statistics::Double(of) => {
            let is_nan = |bound: Option<&f64>| bound.is_some_and(|bound| bound.is_nan());
            is_nan(of.min_opt()) || is_nan(of.max_opt()) || is_above(of.min_opt(), of.max_opt())
        }
        Statistics::ByteArray(_) | Statistics::FixedLenByteArray(_) => {
            is_unsigned && is_above(statistics.min_bytes_opt(), statistics.max_bytes_opt())
        }
        Statistics::Int96(_) => false,
    }
}

fn is_above<T: PartialOrd>(least: Option<T>, greatest: Option<T>) -> bool {
    matches!((least, greatest), (Some(least), Some(greatest)) if least > greatest)
}

/// The same counts without bounds.
pub(crate) fn without_bounds(statistics: &Statistics) -> Statistics {
    let distinct = statistics.distinct_count_opt();
    let nulls = statistics.null_count_opt();
    match statistics {
        Statistics::Boolean(_) => Statistics::boolean(None, None, distinct, nulls, false),
        Statistics::Int32(_) => Statistics::int32(None, None, distinct, nulls, false),
        Statistics::Int64(_) => Statistics::int64(None, None, distinct, nulls, false),
        Statistics::Int96(_) => Statistics::int96(None, None, distinct, nulls, false),
        Statistics::Float(_) => Statistics::float(None, None, distinct, nulls, false),
        Statistics::Double(_) => Statistics::double(None, None, distinct, nulls, false),
        Statistics::ByteArray(_) => Statistics::byte_array(None, None, distinct, nulls, false),
        Statistics::FixedLenByteArray(_) => {
            Statistics::fixed_len_byte_array(None, None, distinct, nulls, false)
        }
    }
}
