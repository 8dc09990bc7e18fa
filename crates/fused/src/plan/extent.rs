//! What statistics of a column chunk say of its values.

use arrow::datatypes::DataType;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::statistics::Statistics;

use super::Range;

/// The values of a chunk of whole numbers, dates or times.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extent {
    /// Nothing when all values are NULL.
    pub(crate) range: Option<Range>,
    /// How many are NULL, where that is known.
    pub(crate) nulls: Option<u64>,
}

impl Extent {
    /// What statistics tell; nothing where they are missing or not to be relied on.
    pub(super) fn of(chunk: &ColumnChunkMetaData, data_type: &DataType) -> Option<Self> {
        let statistics = chunk.statistics()?;
        if statistics.is_min_max_deprecated() {
            return None;
        }
        let is_unsigned = matches!(data_type, DataType::UInt32);
        let whole = |number: &i32| {
            if is_unsigned {
                i64::from(number.cast_unsigned())
            } else {
                i64::from(*number)
            }
        };
        let (least, most) = match statistics {
            Statistics::Int32(values) => (values.min_opt().map(whole), values.max_opt().map(whole)),
            Statistics::Int64(values) => (values.min_opt().copied(), values.max_opt().copied()),
            _ => return None,
        };
        let nulls = statistics.null_count_opt();
        if least.is_none() && nulls == Some(u64::try_from(chunk.num_values()).ok()?) {
            return Some(Self { range: None, nulls });
        }
        let range = Some(Range {
            least: least?,
            most: most?,
        });
        Some(Self { range, nulls })
    }
}
