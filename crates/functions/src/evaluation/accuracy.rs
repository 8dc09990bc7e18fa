//! `accuracy`: how often labels are right.

use arrow::array::ArrayRef;
use datafusion_common::Result;

use super::label_pairs::{ACTUAL_PREDICTED, LABEL_SAMPLES};
use crate::aggregate::{Loader, Measure, Row, Saver, State};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::Parameters;

#[derive(Debug)]
pub(super) struct Accuracy;

impl Documented for Accuracy {
    const PARAMETERS: Parameters = Parameters {
        function: "accuracy",
        list: ACTUAL_PREDICTED,
    };
    const MANUAL: Manual = Manual {
        text: "The share of rows whose predicted label is the actual one.\n\n\
        Rows with NULL in either label are skipped. No rows give NULL. Labels are compared as text; no value of them is an error.\n\n\
        Source: scikit-learn, accuracy_score.",
        example: "
> SELECT accuracy(label, rule) AS accuracy
  FROM (VALUES ('PP', 'PP'), ('PP', 'PP'), ('PP', 'CPPC'), ('CPPC', 'CPPC'), ('CC', 'CPPC')) AS ports(label, rule);
+----------+
| accuracy |
+----------+
| 0.6      |
+----------+
",
        related: &["balanced_accuracy", "cohen_kappa"],
    };
    const SAMPLES: Samples = LABEL_SAMPLES;
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD,
        "SELECT accuracy(label, rule) FROM some GROUP BY place",
    );
}

impl Measure for Accuracy {
    type State = Agreement;
    type Answer = f64;

    fn update(state: &mut Agreement, row: Row<'_>) -> Result<()> {
        state.rows += 1;
        state.agree += i64::from(row.text(0)? == row.text(1)?);
        Ok(())
    }

    fn evaluate(state: &mut Agreement) -> Result<Option<f64>> {
        Ok((state.rows > 0).then(|| state.agree as f64 / state.rows as f64))
    }
}

/// Rows, and those whose labels agree.
#[derive(Debug, Default)]
pub(super) struct Agreement {
    rows: i64,
    agree: i64,
}

impl State for Agreement {
    fn merge(&mut self, other: Self) -> Result<()> {
        self.rows += other.rows;
        self.agree += other.agree;
        Ok(())
    }

    fn save(states: &[Self]) -> Result<Vec<ArrayRef>> {
        Saver::new(states)
            .count(|state| state.rows)
            .count(|state| state.agree)
            .columns()
    }

    fn load(row: &mut Loader<'_>) -> Result<Self> {
        Ok(Self {
            rows: row.count()?,
            agree: row.count()?,
        })
    }
}
