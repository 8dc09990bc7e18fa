//! Whole numbers: results of a batch, and whether one of them left its type.
//!
//! The loops have no branch for the rare overflow, so that they run as fast as those that wrap.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, PrimitiveArray};
use arrow::buffer::{NullBuffer, ScalarBuffer};
use arrow::datatypes::{
    DataType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};

use super::operand::Operand;
use super::operation::Operation;

/// A whole number whose overflow is seen in the result.
trait Integer: Copy + Default + Send + Sync {
    fn add(self, other: Self) -> (Self, bool);
    fn subtract(self, other: Self) -> (Self, bool);
    fn multiply(self, other: Self) -> (Self, bool);
}

macro_rules! signed {
    ($($native:ty, $wide:ty;)*) => {$(
        impl Integer for $native {
            // By signs instead of `overflowing_add`, which keeps the compiler from using vectors.
            fn add(self, other: Self) -> (Self, bool) {
                let sum = self.wrapping_add(other);
                (sum, ((self ^ sum) & (other ^ sum)) < 0)
            }

            fn subtract(self, other: Self) -> (Self, bool) {
                let difference = self.wrapping_sub(other);
                (difference, ((self ^ other) & (self ^ difference)) < 0)
            }

            fn multiply(self, other: Self) -> (Self, bool) {
                let product = <$wide>::from(self).wrapping_mul(<$wide>::from(other));
                let narrow = self.wrapping_mul(other);
                (narrow, <$wide>::from(narrow) != product)
            }
        }
    )*};
}

macro_rules! unsigned {
    ($($native:ty, $wide:ty;)*) => {$(
        impl Integer for $native {
            fn add(self, other: Self) -> (Self, bool) {
                let sum = self.wrapping_add(other);
                (sum, sum < self)
            }

            fn subtract(self, other: Self) -> (Self, bool) {
                (self.wrapping_sub(other), other > self)
            }

            fn multiply(self, other: Self) -> (Self, bool) {
                let product = <$wide>::from(self).wrapping_mul(<$wide>::from(other));
                let narrow = self.wrapping_mul(other);
                (narrow, <$wide>::from(narrow) != product)
            }
        }
    )*};
}

signed! { i8, i16; i16, i32; i32, i64; i64, i128; }
unsigned! { u8, u16; u16, u32; u32, u64; u64, u128; }

/// `left operation right`, or nothing when a row that is not NULL overflows.
///
/// `None` outside, when the type or the operation is not of this file.
pub(super) fn checked(
    operation: Operation,
    left: &Operand,
    right: &Operand,
) -> Option<Option<ArrayRef>> {
    if left.array.data_type() != right.array.data_type() {
        return None;
    }
    match left.array.data_type() {
        DataType::Int8 => typed::<Int8Type>(operation, left, right),
        DataType::Int16 => typed::<Int16Type>(operation, left, right),
        DataType::Int32 => typed::<Int32Type>(operation, left, right),
        DataType::Int64 => typed::<Int64Type>(operation, left, right),
        DataType::UInt8 => typed::<UInt8Type>(operation, left, right),
        DataType::UInt16 => typed::<UInt16Type>(operation, left, right),
        DataType::UInt32 => typed::<UInt32Type>(operation, left, right),
        DataType::UInt64 => typed::<UInt64Type>(operation, left, right),
        _ => None,
    }
}

fn typed<T>(operation: Operation, left: &Operand, right: &Operand) -> Option<Option<ArrayRef>>
where
    T: ArrowPrimitiveType<Native: Integer>,
{
    Some(match operation {
        Operation::Add => rows::<T>(left, right, Integer::add),
        Operation::Subtract => rows::<T>(left, right, Integer::subtract),
        Operation::Multiply => rows::<T>(left, right, Integer::multiply),
        Operation::Negate => return None,
    })
}

fn rows<T>(
    left: &Operand,
    right: &Operand,
    calculate: impl Fn(T::Native, T::Native) -> (T::Native, bool) + Copy,
) -> Option<ArrayRef>
where
    T: ArrowPrimitiveType<Native: Integer>,
{
    let (one, other) = (
        left.array.as_primitive::<T>(),
        right.array.as_primitive::<T>(),
    );
    let length = left.rows(right);
    if left.is_null_constant() || right.is_null_constant() {
        return Some(Arc::new(PrimitiveArray::<T>::new_null(length)));
    }
    let nulls = NullBuffer::union(left.nulls_of_rows(), right.nulls_of_rows());
    let mut beyond = false;
    let mut keep = |(value, overflows): (T::Native, bool)| {
        beyond |= overflows;
        value
    };
    let values: Vec<T::Native> = match (left.is_constant, right.is_constant) {
        (false, false) => {
            let pairs = one.values().iter().zip(other.values());
            pairs
                .map(|(one, other)| keep(calculate(*one, *other)))
                .collect()
        }
        (true, false) => {
            let one = one.value(0);
            let others = other.values().iter();
            others.map(|other| keep(calculate(one, *other))).collect()
        }
        (false, true) => {
            let other = other.value(0);
            let ones = one.values().iter();
            ones.map(|one| keep(calculate(*one, other))).collect()
        }
        (true, true) => vec![keep(calculate(one.value(0), other.value(0)))],
    };
    // Whatever lies under a NULL may overflow.
    if beyond {
        let row_overflows = |row: usize| {
            let value = |operand: &Operand, array: &PrimitiveArray<T>| {
                array.value(if operand.is_constant { 0 } else { row })
            };
            calculate(value(left, one), value(right, other)).1
        };
        let is_known = |row: &usize| nulls.as_ref().is_none_or(|nulls| nulls.is_valid(*row));
        if (0..length).filter(is_known).any(row_overflows) {
            return None;
        }
    }
    Some(Arc::new(PrimitiveArray::<T>::new(
        ScalarBuffer::from(values),
        nulls,
    )))
}
