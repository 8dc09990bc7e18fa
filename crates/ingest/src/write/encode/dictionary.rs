//! The different values of a column, as a dictionary page and its statistics have them.

use std::cmp::Ordering;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, Float64Type, Int32Type, Int64Type,
    Time64MicrosecondType, TimeUnit, TimestampMicrosecondType,
};
use parquet::data_type::ByteArray;
use parquet::file::statistics::{Statistics, ValueStatistics};

/// Bytes of a text that statistics keep, as other writers do.
const STATISTICS_BYTES: usize = 64;

/// The different values of a column.
pub(super) struct Dictionary {
    /// The values in Parquet's plain encoding.
    pub(super) page: Vec<u8>,
    pub(super) length: usize,
    /// The place of each value among all, from the least; none for a value without order (`NaN`).
    pub(super) ranks: Option<Vec<u32>>,
    /// The value of each rank.
    by_rank: Vec<u32>,
    values: ArrayRef,
}

/// Whether a dictionary of such values can be written.
pub(super) fn is_supported(kind: &DataType) -> bool {
    matches!(
        kind,
        DataType::Utf8
            | DataType::Int32
            | DataType::Int64
            | DataType::Float64
            | DataType::Date32
            | DataType::Time64(TimeUnit::Microsecond)
            | DataType::Timestamp(TimeUnit::Microsecond, None)
    )
}

/// Runs an expression with the native values of an array, whichever type they are of.
macro_rules! with_values {
    ($values:expr, $native:ident => $numbers:expr, $text:ident => $texts:expr) => {
        match $values.data_type() {
            DataType::Int32 => {
                let $native = natives::<Int32Type>($values);
                $numbers
            }
            DataType::Int64 => {
                let $native = natives::<Int64Type>($values);
                $numbers
            }
            DataType::Float64 => {
                let $native = natives::<Float64Type>($values);
                $numbers
            }
            DataType::Date32 => {
                let $native = natives::<Date32Type>($values);
                $numbers
            }
            DataType::Time64(_) => {
                let $native = natives::<Time64MicrosecondType>($values);
                $numbers
            }
            DataType::Timestamp(..) => {
                let $native = natives::<TimestampMicrosecondType>($values);
                $numbers
            }
            _ => {
                let $text = $values.as_string::<i32>();
                $texts
            }
        }
    };
}

fn natives<T: ArrowPrimitiveType>(values: &ArrayRef) -> &[T::Native] {
    values.as_primitive::<T>().values()
}

impl Dictionary {
    /// A dictionary of values, none of which is NULL.
    pub(super) fn new(values: &ArrayRef) -> Self {
        let length = values.len();
        let mut page = Vec::new();
        with_values!(values,
            numbers => numbers.iter().for_each(|number| page.extend_from_slice(&number.to_le_bytes())),
            texts => for text in texts.iter().flatten() {
                page.extend_from_slice(&(text.len() as u32).to_le_bytes());
                page.extend_from_slice(text.as_bytes());
            }
        );
        let mut by_rank: Vec<u32> = (0..length as u32).collect();
        let mut is_ordered = true;
        with_values!(values,
            numbers => {
                let compare = |one: &u32, other: &u32| numbers[*one as usize].partial_cmp(&numbers[*other as usize]);
                is_ordered = by_rank.iter().all(|code| compare(code, code).is_some());
                // With NaN there is no order, and sorting may panic.
                if is_ordered {
                    by_rank.sort_by(|one, other| compare(one, other).unwrap_or(Ordering::Equal));
                }
            },
            texts => by_rank.sort_by_key(|code| texts.value(*code as usize))
        );
        let ranks = is_ordered.then(|| {
            let mut ranks = vec![0; length];
            for (rank, code) in by_rank.iter().enumerate() {
                ranks[*code as usize] = rank as u32;
            }
            ranks
        });
        Self {
            page,
            length,
            ranks,
            by_rank,
            values: ArrayRef::clone(values),
        }
    }

    /// The bits of a code.
    pub(super) fn width(&self) -> u8 {
        let greatest = self.length.saturating_sub(1);
        (usize::BITS - greatest.leading_zeros()) as u8
    }

    /// The bounds of a page whose values have these ranks, as a page index has them.
    pub(super) fn bounds(&self, least: u32, greatest: u32) -> (Vec<u8>, Vec<u8>) {
        let code = |rank: u32| self.by_rank[rank as usize] as usize;
        let (least, greatest) = (code(least), code(greatest));
        with_values!(&self.values,
            numbers => (numbers[least].to_le_bytes().to_vec(), numbers[greatest].to_le_bytes().to_vec()),
            texts => (cut(texts.value(least)).as_bytes().to_vec(), cut_above(texts.value(greatest)).into_bytes())
        )
    }

    /// The statistics of a column that has each of the values and these NULLs.
    pub(super) fn statistics(&self, nulls: usize) -> Option<Statistics> {
        self.ranks.as_ref()?;
        let (least, greatest) = (*self.by_rank.first()?, *self.by_rank.last()?);
        let (least, greatest) = (least as usize, greatest as usize);
        let distinct = Some(self.length as u64);
        let nulls = Some(nulls as u64);
        let values = &self.values;
        let statistics = match values.data_type() {
            DataType::Int32 | DataType::Date32 => {
                let value = |index| match values.data_type() {
                    DataType::Int32 => natives::<Int32Type>(values)[index],
                    _ => natives::<Date32Type>(values)[index],
                };
                Statistics::int32(
                    Some(value(least)),
                    Some(value(greatest)),
                    distinct,
                    nulls,
                    false,
                )
            }
            DataType::Float64 => {
                let values = natives::<Float64Type>(values);
                // Zeros of either sign are equal, so that a bound has to be the further one.
                let least = if values[least] == 0.0 {
                    -0.0
                } else {
                    values[least]
                };
                let greatest = values[greatest] + 0.0;
                Statistics::double(Some(least), Some(greatest), distinct, nulls, false)
            }
            DataType::Utf8 => {
                let texts = values.as_string::<i32>();
                let (least, greatest) = (texts.value(least), texts.value(greatest));
                let (low, high) = (cut(least), cut_above(greatest));
                let (is_low, is_high) = (low == least, high == greatest);
                let (low, high) = (ByteArray::from(low), ByteArray::from(high.into_bytes()));
                let statistics =
                    ValueStatistics::new(Some(low), Some(high), distinct, nulls, false);
                let exact = statistics
                    .with_min_is_exact(is_low)
                    .with_max_is_exact(is_high);
                Statistics::ByteArray(exact)
            }
            _ => {
                let value = |index| match values.data_type() {
                    DataType::Int64 => natives::<Int64Type>(values)[index],
                    DataType::Time64(_) => natives::<Time64MicrosecondType>(values)[index],
                    _ => natives::<TimestampMicrosecondType>(values)[index],
                };
                Statistics::int64(
                    Some(value(least)),
                    Some(value(greatest)),
                    distinct,
                    nulls,
                    false,
                )
            }
        };
        Some(statistics)
    }
}

/// The start of a text that statistics keep.
fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(STATISTICS_BYTES)]
}

/// The text, or a shorter one that lies above it.
fn cut_above(text: &str) -> String {
    if text.len() <= STATISTICS_BYTES {
        return text.to_string();
    }
    let mut characters: Vec<char> = cut(text).chars().collect();
    while let Some(last) = characters.pop() {
        let above = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32);
        // A character of more bytes could make the text longer than it may be.
        if let Some(above) = above.filter(|above| above.len_utf8() == last.len_utf8()) {
            characters.push(above);
            return characters.into_iter().collect();
        }
    }
    text.to_string()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Float64Array, StringArray};

    use super::*;

    #[test]
    fn long_texts_have_bounds_around_them() {
        let long = "口".repeat(40);
        assert_eq!(cut(&long), "口".repeat(21));
        let above = cut_above(&long);
        assert!(above > long && above.len() <= STATISTICS_BYTES, "{above}");
        assert_eq!(cut_above("short"), "short");
        let highest = "\u{10FFFF}".repeat(20);
        assert_eq!(cut_above(&highest), highest);
        assert!(cut_above(&"\u{7F}".repeat(70)) >= "\u{7F}".repeat(70));
    }

    #[test]
    fn a_value_without_order_leaves_no_bounds() {
        let values: ArrayRef = Arc::new(Float64Array::from(vec![1.0, f64::NAN]));
        let dictionary = Dictionary::new(&values);
        assert!(dictionary.ranks.is_none() && dictionary.statistics(0).is_none());
    }

    #[test]
    fn bounds_are_the_least_and_the_greatest() {
        let values: ArrayRef = Arc::new(StringArray::from(vec!["road", "air", "rail"]));
        let dictionary = Dictionary::new(&values);
        assert_eq!(dictionary.ranks, Some(vec![2, 0, 1]));
        assert_eq!(dictionary.bounds(0, 1), (b"air".to_vec(), b"rail".to_vec()));
        assert_eq!(dictionary.width(), 2);
        let statistics = dictionary.statistics(5).unwrap();
        assert_eq!(statistics.min_bytes_opt(), Some(&b"air"[..]));
        assert_eq!(statistics.max_bytes_opt(), Some(&b"road"[..]));
        assert_eq!(statistics.null_count_opt(), Some(5));
    }
}
