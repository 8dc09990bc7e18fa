//! Sorts the rows of a row group, so that equal values of a column lie together.
//!
//! Rows are sorted by small numbers that stand for values, a few columns at a time, without comparing a value twice.

use arrow::array::{Array, UInt32Array};
use arrow::compute::{SortOptions, rank, take};
use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use kouan_schema::{FileLayout, Storage, TableSchema};

use crate::write::column_values::{ColumnValues, NULL};

/// Numbers that are sorted in one step.
const STEP: u32 = 1 << 16;

/// By which columns the rows of row groups are sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Clustering {
    /// Rows stay as they are.
    None,
    /// By columns of few different texts, days or years: what people group and filter by. Those with the fewest values come
    /// first, which gives the longest runs in all of them together.
    Dimensions,
    /// By these columns, the first one foremost.
    Columns(Vec<usize>),
}

impl Clustering {
    pub(crate) fn of(definition: &TableSchema, storage: &Storage) -> Self {
        let index = |name: &String| definition.field(name).map(|(index, _)| index);
        match storage.layout {
            _ if !storage.cluster_by.is_empty() => {
                Self::Columns(storage.cluster_by.iter().filter_map(index).collect())
            }
            FileLayout::Compact => Self::None,
            FileLayout::Fast => Self::Dimensions,
        }
    }

    fn columns(&self, columns: &[ColumnValues]) -> Vec<usize> {
        match self {
            Self::None => Vec::new(),
            Self::Columns(columns) => columns.clone(),
            Self::Dimensions => {
                let different = |(index, column): (usize, &ColumnValues)| match column {
                    ColumnValues::Coded { values, .. } if is_dimension(values.data_type()) => {
                        Some((values.len(), index))
                    }
                    _ => None,
                };
                let mut dimensions: Vec<_> =
                    columns.iter().enumerate().filter_map(different).collect();
                dimensions.sort_unstable();
                dimensions.into_iter().map(|(_, index)| index).collect()
            }
        }
    }

    /// Sorts the rows of a row group. Rows that are alike in all columns keep their order; those without a value come last.
    pub(super) fn sort(&self, columns: &mut [ColumnValues]) -> Result<(), ArrowError> {
        let mut order = Order::default();
        for index in self.columns(columns).into_iter().rev() {
            order.by(ranks(&columns[index])?);
        }
        let Some(order) = order.finish() else {
            return Ok(());
        };
        for column in columns {
            match column {
                ColumnValues::Coded { codes, .. } => {
                    *codes = order.iter().map(|row| codes[*row as usize]).collect();
                }
                ColumnValues::Plain(values) => {
                    let rows = UInt32Array::from_iter_values(order.iter().copied());
                    *values = take(values, &rows, None)?;
                }
            }
        }
        Ok(())
    }
}

fn is_dimension(kind: &DataType) -> bool {
    matches!(kind, DataType::Utf8 | DataType::Int32 | DataType::Date32)
}

/// For each row the place of its value among all, from the least.
fn ranks(column: &ColumnValues) -> Result<Numbers, ArrowError> {
    let (values, codes) = match column {
        ColumnValues::Coded { values, codes, .. } => (values, Some(codes)),
        ColumnValues::Plain(values) => (values, None),
    };
    let options = SortOptions {
        descending: false,
        nulls_first: false,
    };
    // From 1, and for NULL as many as there are values.
    let ranks = rank(values, Some(options))?;
    let last = values.len() as u32 + 1;
    let of_code = |code: &u32| match *code {
        NULL => last,
        code => ranks[code as usize],
    };
    Ok(Numbers {
        of_rows: match codes {
            Some(codes) => codes.iter().map(of_code).collect(),
            None => ranks,
        },
        end: last + 1,
    })
}

/// An order of rows, found column by column from the least important one.
#[derive(Default)]
struct Order {
    rows: Option<Vec<u32>>,
    /// Numbers to sort by next, of one column or of several that are small together.
    pending: Option<Numbers>,
}

/// A number for each row.
struct Numbers {
    of_rows: Vec<u32>,
    /// Above all of them.
    end: u32,
}

impl Order {
    fn by(&mut self, ranks: Numbers) {
        if ranks.end > STEP {
            self.settle();
            let part = |number: fn(u32) -> u32, end| Numbers {
                of_rows: ranks.of_rows.iter().map(|rank| number(*rank)).collect(),
                end,
            };
            self.sort(&part(|rank| rank % STEP, STEP));
            self.pending = Some(part(|rank| rank / STEP, ranks.end.div_ceil(STEP)));
            return;
        }
        if let Some(pending) = &mut self.pending
            && let Some(end) = pending
                .end
                .checked_mul(ranks.end)
                .filter(|end| *end <= STEP)
        {
            for (number, rank) in pending.of_rows.iter_mut().zip(&ranks.of_rows) {
                *number += rank * pending.end;
            }
            pending.end = end;
            return;
        }
        self.settle();
        self.pending = Some(ranks);
    }

    fn settle(&mut self) {
        if let Some(pending) = self.pending.take() {
            self.sort(&pending);
        }
    }

    /// Sorts by counting; rows of one number stay in their order.
    fn sort(&mut self, numbers: &Numbers) {
        let mut places = vec![0; numbers.end as usize + 1];
        for number in &numbers.of_rows {
            places[*number as usize + 1] += 1;
        }
        let mut place = 0;
        for rows in &mut places {
            place += *rows;
            *rows = place;
        }
        let rows = numbers.of_rows.len() as u32;
        let before = self.rows.take().unwrap_or_else(|| (0..rows).collect());
        let mut after = vec![0; before.len()];
        for row in before {
            let place = &mut places[numbers.of_rows[row as usize] as usize];
            after[*place as usize] = row;
            *place += 1;
        }
        self.rows = Some(after);
    }

    /// The rows in their order; none if there was nothing to sort by.
    fn finish(mut self) -> Option<Vec<u32>> {
        self.settle();
        self.rows
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{AsArray, Int64Array, StringArray};
    use arrow::datatypes::Int64Type;
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::write::column_values::flat;

    fn coded(values: &[&str], codes: &[u32]) -> ColumnValues {
        ColumnValues::Coded {
            values: Arc::new(StringArray::from(values.to_vec())),
            codes: codes.to_vec(),
            nulls: codes.iter().filter(|code| **code == NULL).count(),
        }
    }

    fn plain(numbers: Vec<Option<i64>>) -> ColumnValues {
        ColumnValues::Plain(Arc::new(Int64Array::from(numbers)))
    }

    fn numbers(column: &ColumnValues) -> Vec<Option<i64>> {
        flat(column)
            .unwrap()
            .as_primitive::<Int64Type>()
            .iter()
            .collect()
    }

    #[test]
    fn rows_lie_in_the_order_of_values_not_of_codes() {
        let mut columns = [
            coded(&["road", "air", "rail"], &[0, NULL, 2, 1, 0]),
            plain(vec![Some(1), Some(2), None, Some(4), Some(0)]),
        ];
        let by = |names: Vec<usize>| Clustering::Columns(names);
        by(vec![0]).sort(&mut columns).unwrap();
        assert_eq!(
            numbers(&columns[1]),
            [Some(4), None, Some(1), Some(0), Some(2)]
        );
        by(vec![0, 1]).sort(&mut columns).unwrap();
        assert_eq!(
            numbers(&columns[1]),
            [Some(4), None, Some(0), Some(1), Some(2)]
        );
        by(vec![1]).sort(&mut columns).unwrap();
        assert_eq!(
            numbers(&columns[1]),
            [Some(0), Some(1), Some(2), Some(4), None]
        );
    }

    #[test]
    fn dimensions_with_few_values_come_first() {
        let columns = [
            plain(vec![Some(1), Some(2)]),
            coded(&["a", "b", "c"], &[0, 1]),
            coded(&["entry", "exit"], &[0, 1]),
        ];
        assert_eq!(Clustering::Dimensions.columns(&columns), [2, 1]);
        assert!(Clustering::None.columns(&columns).is_empty());
    }

    proptest! {
        /// The standard library's sort is the reference, also of more numbers than one step takes.
        #[test]
        fn rows_are_sorted_as_the_standard_library_does(
            few in vec(0_u32..4, 1..300),
            seed in any::<u64>(),
            many in 1_u32..200_000,
        ) {
            let mut random = fastrand::Rng::with_seed(seed);
            let many: Vec<u32> = few.iter().map(|_| random.u32(0..many)).collect();
            let mut order = Order::default();
            order.by(Numbers { of_rows: few.clone(), end: 4 });
            order.by(Numbers { end: many.iter().max().unwrap() + 1, of_rows: many.clone() });
            order.by(Numbers { of_rows: few.clone(), end: 4 });
            let mut expected: Vec<u32> = (0..few.len() as u32).collect();
            expected.sort_by_key(|row| (few[*row as usize], many[*row as usize]));
            prop_assert_eq!(order.finish(), Some(expected));
        }
    }
}
