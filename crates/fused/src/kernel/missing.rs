//! Which codes of a dictionary stand for no value of an expression.

use arrow::buffer::NullBuffer;

/// The codes at which an expression over one column is NULL.
///
/// That NULL is among the column's values says nothing of the expression: `coalesce(x, 0)` has a value there, and
/// `nullif(x, 1)` has none at another code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Missing {
    /// Every code has a value, that of NULL too where there is one.
    Nowhere,
    /// The column's code of NULL and no other, so that definition levels tell the same of each row.
    NullAlone(u32),
    /// 1 for each code without a value.
    Marked(Vec<u8>),
}

impl Missing {
    /// Where the column itself is NULL, given its code of NULL.
    pub(super) fn of_column(null: Option<u32>) -> Self {
        null.map_or(Self::Nowhere, Self::NullAlone)
    }

    /// Where the values of an expression by code are NULL, given its column's code of NULL.
    pub(super) fn of_values(nulls: Option<&NullBuffer>, null: Option<u32>) -> Self {
        let Some(nulls) = nulls.filter(|nulls| nulls.null_count() > 0) else {
            return Self::Nowhere;
        };
        match null {
            Some(code) if nulls.null_count() == 1 && nulls.is_null(code as usize) => {
                Self::NullAlone(code)
            }
            _ => Self::Marked(nulls.iter().map(|valid| u8::from(!valid)).collect()),
        }
    }

    /// True when a code has no value.
    pub(super) fn is_at(&self, code: u32) -> bool {
        match self {
            Self::Nowhere => false,
            Self::NullAlone(null) => *null == code,
            Self::Marked(marks) => marks[code as usize] == 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_have_null_in_places_of_their_own() {
        let of = |valid: [bool; 3], null| {
            let missing = Missing::of_values(Some(&NullBuffer::from(valid.to_vec())), null);
            let places = [0, 1, 2].map(|code| missing.is_at(code));
            assert_eq!(places, valid.map(|valid| !valid));
            missing
        };
        // x, coalesce(x, 0), nullif(x, 1) and CASE WHEN x IS NULL THEN 1 END over the codes 5, 1, NULL.
        assert_eq!(of([true, true, false], Some(2)), Missing::NullAlone(2));
        assert_eq!(of([true, true, true], Some(2)), Missing::Nowhere);
        assert_eq!(
            of([true, false, false], Some(2)),
            Missing::Marked(vec![0, 1, 1])
        );
        assert_eq!(
            of([false, false, true], Some(2)),
            Missing::Marked(vec![1, 1, 0])
        );
        // nullif(x, 7) over a column without NULL, whose last code is 7.
        assert_eq!(
            of([true, true, false], None),
            Missing::Marked(vec![0, 0, 1])
        );
        assert_eq!(Missing::of_values(None, Some(2)), Missing::Nowhere);
        assert_eq!(Missing::of_column(Some(2)), Missing::NullAlone(2));
        assert_eq!(Missing::of_column(None), Missing::Nowhere);
    }
}
