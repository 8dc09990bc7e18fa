//! Whether values come before another one in an order, NULL and NaN placed as DataFusion's sorts place them.

use arrow::array::{Array, ArrayRef, BooleanArray, Scalar};
use arrow::buffer::BooleanBuffer;
use arrow::compute::SortOptions;
use arrow::compute::kernels::cmp;
use datafusion::error::Result;

/// Which values come before a bound, and which are equal to it.
pub(super) struct Compared {
    pub(super) before: BooleanBuffer,
    pub(super) equal: BooleanBuffer,
}

impl Compared {
    /// Compares values with a bound, an array of one.
    pub(super) fn new(values: &ArrayRef, bound: &ArrayRef, options: SortOptions) -> Result<Self> {
        let nulls = values.logical_nulls();
        let is_null = match &nulls {
            Some(nulls) => !nulls.inner(),
            None => BooleanBuffer::new_unset(values.len()),
        };
        if bound.is_null(0) {
            return Ok(Self {
                before: if options.nulls_first {
                    BooleanBuffer::new_unset(values.len())
                } else {
                    !&is_null
                },
                equal: is_null,
            });
        }
        let scalar = Scalar::new(ArrayRef::clone(bound));
        let before = if options.descending {
            cmp::gt(values, &scalar)?
        } else {
            cmp::lt(values, &scalar)?
        };
        let before = known(&before);
        Ok(Self {
            before: if options.nulls_first {
                &before | &is_null
            } else {
                before
            },
            equal: known(&cmp::eq(values, &scalar)?),
        })
    }
}

/// True where true, false where NULL.
fn known(values: &BooleanArray) -> BooleanBuffer {
    match values.nulls() {
        Some(nulls) => values.values() & nulls.inner(),
        None => values.values().clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::Float64Array;

    use super::*;

    #[test]
    fn null_and_nan_have_their_places() -> Result<()> {
        let values: ArrayRef = Arc::new(Float64Array::from(vec![
            Some(1.0),
            None,
            Some(f64::NAN),
            Some(2.0),
        ]));
        let two: ArrayRef = Arc::new(Float64Array::from(vec![2.0]));
        let null: ArrayRef = Arc::new(Float64Array::from(vec![None]));
        // By hand: NaN is greater than every number, NULL stands where the order says.
        for (descending, nulls_first, bound, before, equal) in [
            (
                false,
                false,
                &two,
                [true, false, false, false],
                [false, false, false, true],
            ),
            (
                false,
                true,
                &two,
                [true, true, false, false],
                [false, false, false, true],
            ),
            (
                true,
                false,
                &two,
                [false, false, true, false],
                [false, false, false, true],
            ),
            (
                true,
                false,
                &null,
                [true, false, true, true],
                [false, true, false, false],
            ),
            (true, true, &null, [false; 4], [false, true, false, false]),
        ] {
            let options = SortOptions {
                descending,
                nulls_first,
            };
            let compared = Compared::new(&values, bound, options)?;
            assert_eq!(compared.before.iter().collect::<Vec<_>>(), before);
            assert_eq!(compared.equal.iter().collect::<Vec<_>>(), equal);
        }
        Ok(())
    }
}
