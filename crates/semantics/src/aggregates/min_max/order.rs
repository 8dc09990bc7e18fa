//! The order of floats, and which of two is wanted.

use std::fmt::Debug;

use arrow::array::{ArrowNativeTypeOp, ArrowPrimitiveType};

/// Whether a value takes the place of the one found so far.
pub(super) trait Wanted: Debug + Default + Send + Sync + 'static {
    fn replaces<T: ArrowPrimitiveType>(found: T::Native, value: T::Native) -> bool;
}

/// The first of the least values.
#[derive(Debug, Default)]
pub(super) struct Least;

/// The first of the greatest values.
#[derive(Debug, Default)]
pub(super) struct Greatest;

/// Not equal to itself.
#[expect(clippy::eq_op, reason = "this is what NaN is")]
fn is_nan<N: PartialEq + Copy>(value: N) -> bool {
    value != value
}

impl Wanted for Least {
    fn replaces<T: ArrowPrimitiveType>(found: T::Native, value: T::Native) -> bool {
        less(value, found) || is_plain_zero(found, value)
    }
}

impl Wanted for Greatest {
    fn replaces<T: ArrowPrimitiveType>(found: T::Native, value: T::Native) -> bool {
        less(found, value) || is_plain_zero(found, value)
    }
}

/// Less by number, NaN the greatest: `PartialOrd` of floats has -0.0 equal to 0.0 and knows no NaN.
fn less<N: ArrowNativeTypeOp>(one: N, other: N) -> bool {
    one < other || (is_nan(other) && !is_nan(one))
}

/// 0.0 stands for both zeros, so that the answer does not depend on which row came first.
fn is_plain_zero<N: ArrowNativeTypeOp>(found: N, value: N) -> bool {
    value.is_eq(N::ZERO) && found == value && !found.is_eq(N::ZERO)
}
