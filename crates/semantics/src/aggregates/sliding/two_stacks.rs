//! Totals of a window that rows enter and leave, without taking away what was added.

use std::fmt::Debug;

/// Totals that are put together: `T::default()` is the total of nothing.
pub(crate) trait Total: Copy + Default + Debug + Send + Sync + 'static {
    /// The total of the values of both.
    fn and(self, other: Self) -> Self;
}

impl Total for f64 {
    fn and(self, other: Self) -> Self {
        self + other
    }
}

/// A queue as two stacks, each of which knows the total of what is below its top, so that every value is added twice.
#[derive(Debug, Default)]
pub(crate) struct TwoStacks<T> {
    /// Totals of the older values up to the youngest of them; the oldest is on top.
    leaving: Vec<T>,
    /// The younger values, the youngest on top, and their total.
    entered: Vec<T>,
    entered_total: T,
}

impl<T: Total> TwoStacks<T> {
    pub(crate) fn push(&mut self, value: T) {
        self.entered_total = self.entered_total.and(value);
        self.entered.push(value);
    }

    /// The oldest value leaves.
    pub(crate) fn pop(&mut self) {
        if self.leaving.is_empty() {
            let mut total = T::default();
            while let Some(value) = self.entered.pop() {
                total = value.and(total);
                self.leaving.push(total);
            }
            self.entered_total = T::default();
        }
        self.leaving.pop();
    }

    pub(crate) fn total(&self) -> T {
        let older = self.leaving.last();
        older.map_or(self.entered_total, |older| older.and(self.entered_total))
    }

    pub(crate) fn len(&self) -> usize {
        self.leaving.len() + self.entered.len()
    }

    /// Bytes of the heap.
    pub(crate) fn size(&self) -> usize {
        (self.leaving.capacity() + self.entered.capacity()) * size_of::<T>()
    }
}

#[cfg(test)]
mod tests {
    use super::{Total, TwoStacks};

    /// The first and the last value, by which a mistake in their order shows.
    #[derive(Debug, Default, Clone, Copy, PartialEq)]
    struct Ends(Option<(u32, u32)>);

    impl Total for Ends {
        fn and(self, other: Self) -> Self {
            match (self.0, other.0) {
                (Some((first, _)), Some((_, last))) => Self(Some((first, last))),
                (one, None) => Self(one),
                (None, one) => Self(one),
            }
        }
    }

    #[test]
    fn a_total_is_of_the_values_inside_in_their_order() {
        let mut random = 7_u32;
        let mut queue = TwoStacks::<Ends>::default();
        let mut inside = std::collections::VecDeque::new();
        for value in 0..2_000 {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            if random >> 30 == 0 {
                queue.pop();
                inside.pop_front();
            } else {
                queue.push(Ends(Some((value, value))));
                inside.push_back(value);
            }
            let ends = inside.front().copied().zip(inside.back().copied());
            assert_eq!((queue.total(), queue.len()), (Ends(ends), inside.len()));
        }
    }
}
