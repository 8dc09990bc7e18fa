//! How often which label was answered for which.

use std::collections::HashMap;

use arrow::array::ArrayRef;
use datafusion_common::Result;

use crate::aggregate::{Loader, Row, Saver, State};
use crate::documented::{Sample, Samples};
use crate::names::Names;
use crate::parameters::{Kind, Parameter, required};

/// The parameters of all functions that compare labels.
pub(super) const ACTUAL_PREDICTED: &[Parameter] = &[
    required(
        "actual",
        Kind::Label,
        "The label that is right, or that of a first judge: VARCHAR, INTEGER or BOOLEAN.",
    ),
    required(
        "predicted",
        Kind::Label,
        "The label given by a rule, a model or a second judge, of the same kind.",
    ),
];

pub(super) const LABEL_SAMPLES: Samples = &[
    &[
        Sample::Texts(["PP", "CC", "CPC", "PP"]),
        Sample::Texts(["PP", "CPC", "CPC", "CPPC"]),
    ],
    &[
        Sample::Integers([1, 2, 2, 1]),
        Sample::Integers([1, 2, 1, 1]),
    ],
    &[
        Sample::Booleans([true, false, true, true]),
        Sample::Booleans([true, true, false, true]),
    ],
];

/// Rows by their two labels.
#[derive(Debug, Default)]
pub(super) struct LabelPairs {
    labels: Names,
    counts: HashMap<(usize, usize), i64>,
}

/// Rows of one label.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub(super) struct Margin {
    pub(super) actual: i64,
    pub(super) predicted: i64,
    pub(super) agree: i64,
}

impl LabelPairs {
    /// Takes in a row of `ACTUAL_PREDICTED`.
    pub(super) fn update(&mut self, row: Row<'_>) -> Result<()> {
        self.add(row.text(0)?, row.text(1)?);
        Ok(())
    }

    fn add(&mut self, actual: &str, predicted: &str) {
        let pair = (self.labels.code(actual), self.labels.code(predicted));
        *self.counts.entry(pair).or_default() += 1;
    }

    pub(super) fn labels(&self) -> &Names {
        &self.labels
    }

    /// Rows of one pair of labels, by code.
    pub(super) fn count(&self, actual: usize, predicted: usize) -> i64 {
        let count = self.counts.get(&(actual, predicted));
        count.copied().unwrap_or_default()
    }

    /// All rows.
    pub(super) fn total(&self) -> i64 {
        self.counts.values().sum()
    }

    /// What is known of each label, by code.
    pub(super) fn margins(&self) -> Vec<Margin> {
        let mut margins = vec![Margin::default(); self.labels.len()];
        for (&(actual, predicted), &count) in &self.counts {
            margins[actual].actual += count;
            margins[predicted].predicted += count;
            if actual == predicted {
                margins[actual].agree += count;
            }
        }
        margins
    }
}

impl State for LabelPairs {
    fn merge(&mut self, other: Self) -> Result<()> {
        let codes = self.labels.adopt(&other.labels);
        for ((actual, predicted), count) in other.counts {
            let pair = (codes[actual], codes[predicted]);
            *self.counts.entry(pair).or_default() += count;
        }
        Ok(())
    }

    fn save(states: &[Self]) -> Result<Vec<ArrayRef>> {
        // A map keeps its order as long as it is not changed, so the three lists fit together.
        Saver::new(states)
            .texts(|pairs| pairs.labels.iter())
            .numbers(|pairs| pairs.counts.keys().map(|pair| pair.0 as f64))
            .numbers(|pairs| pairs.counts.keys().map(|pair| pair.1 as f64))
            .numbers(|pairs| pairs.counts.values().map(|count| *count as f64))
            .columns()
    }

    fn load(row: &mut Loader<'_>) -> Result<Self> {
        let labels = row.texts()?.into_iter().collect();
        let (actual, predicted, counts) = (row.numbers()?, row.numbers()?, row.numbers()?);
        let pairs = actual.iter().zip(&predicted).zip(&counts);
        Ok(Self {
            labels,
            counts: pairs
                .map(|((actual, predicted), count)| {
                    ((*actual as usize, *predicted as usize), *count as i64)
                })
                .collect(),
        })
    }

    fn heap_size(&self) -> usize {
        self.labels.heap_size() + self.counts.capacity() * size_of::<((usize, usize), i64)>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_merge_by_label() {
        let mut left = LabelPairs::default();
        left.add("PP", "PP");
        let mut right = LabelPairs::default();
        right.add("CC", "PP");
        right.add("PP", "PP");
        left.merge(right).unwrap();
        assert_eq!(left.total(), 3);
        let pp = Margin {
            actual: 2,
            predicted: 3,
            agree: 2,
        };
        assert_eq!(left.margins()[0], pp);
    }
}
