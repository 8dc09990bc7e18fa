//! `confusion`: which labels are taken for which.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, StringViewArray, StructArray};
use arrow::datatypes::{DataType, Field, Fields};
use datafusion_common::{Result, exec_err};

use super::label_pairs::{ACTUAL_PREDICTED, LABEL_SAMPLES, LabelPairs};
use crate::aggregate::{Measure, Row};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::lists::Item;
use crate::parameters::Parameters;

/// A matrix of more is no answer to read, and could be of any size.
const MOST_LABELS: usize = 1000;

#[derive(Debug)]
pub(super) struct Confusion;

impl Documented for Confusion {
    const PARAMETERS: Parameters = Parameters {
        function: "confusion",
        list: ACTUAL_PREDICTED,
    };
    const MANUAL: Manual = Manual {
        text: "How often which label was predicted for which, as LIST<STRUCT(actual VARCHAR, predicted VARCHAR, n BIGINT)>: every pair of the labels \
        found in either argument, in alphabetical order, also those of n = 0.\n\n\
        Rows with NULL in either label are skipped. No rows give NULL. Labels are compared as text; more than 1000 different ones are an error.\n\n\
        Source: scikit-learn, confusion_matrix.",
        example: "
> SELECT cell['actual'] AS actual, cell['predicted'] AS predicted, cell['n'] AS n
  FROM (SELECT unnest(confusion(label, rule)) AS cell
        FROM (VALUES ('PP', 'PP'), ('PP', 'CPPC'), ('CPPC', 'CPPC')) AS ports(label, rule));
+--------+-----------+---+
| actual | predicted | n |
+--------+-----------+---+
| CPPC   | CPPC      | 1 |
| CPPC   | PP        | 0 |
| PP     | CPPC      | 1 |
| PP     | PP        | 1 |
+--------+-----------+---+
",
        related: &["cohen_kappa", "accuracy"],
    };
    const SAMPLES: Samples = LABEL_SAMPLES;
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD,
        "SELECT confusion(label, rule) FROM some GROUP BY place",
    );
}

impl Measure for Confusion {
    type State = LabelPairs;
    type Answer = Vec<Cell>;

    fn update(state: &mut LabelPairs, row: Row<'_>) -> Result<()> {
        state.update(row)
    }

    fn evaluate(state: &mut LabelPairs) -> Result<Option<Vec<Cell>>> {
        let labels = state.labels();
        if labels.len() > MOST_LABELS {
            return exec_err!(
                "confusion takes up to {MOST_LABELS} different labels, got {}",
                labels.len()
            );
        }
        let order = labels.sorted();
        let cell = |actual: usize, predicted: usize| Cell {
            actual: Arc::clone(labels.name(actual)),
            predicted: Arc::clone(labels.name(predicted)),
            n: state.count(actual, predicted),
        };
        let rows = order.iter();
        let cells: Vec<Cell> = rows
            .flat_map(|actual| order.iter().map(|predicted| cell(*actual, *predicted)))
            .collect();
        Ok((!cells.is_empty()).then_some(cells))
    }
}

/// One pair of labels.
#[derive(Debug)]
pub(super) struct Cell {
    actual: Arc<str>,
    predicted: Arc<str>,
    n: i64,
}

impl Item for Cell {
    fn data_type() -> DataType {
        DataType::Struct(fields())
    }

    fn array(cells: Vec<Self>) -> Result<ArrayRef> {
        let actual = cells.iter().map(|cell| Some(&cell.actual));
        let predicted = cells.iter().map(|cell| Some(&cell.predicted));
        let columns: Vec<ArrayRef> = vec![
            Arc::new(actual.collect::<StringViewArray>()),
            Arc::new(predicted.collect::<StringViewArray>()),
            Arc::new(cells.iter().map(|cell| cell.n).collect::<Int64Array>()),
        ];
        Ok(Arc::new(StructArray::try_new(fields(), columns, None)?))
    }
}

fn fields() -> Fields {
    Fields::from(vec![
        Field::new("actual", DataType::Utf8View, false),
        Field::new("predicted", DataType::Utf8View, false),
        Field::new("n", DataType::Int64, false),
    ])
}
