//! `rank_size`: how fast sizes fall with rank.

use arrow::array::ArrayRef;
use datafusion_common::Result;
use datafusion_common::exec_err;

use super::AMOUNT;
use super::amounts::Amounts;
use crate::aggregate::{Loader, Measure, NamedNumbers, Row, Saver, State, Sum};
use crate::documented::{Benchmark, Documented, Manual, Sample, Samples, benchmark};
use crate::parameters::{Kind, Parameters, setting};

#[derive(Debug)]
pub(super) struct RankSize;

impl Documented for RankSize {
    const PARAMETERS: Parameters = Parameters {
        function: "rank_size",
        list: &[
            AMOUNT,
            setting("form", Kind::Text, "'log_size_on_log_rank' (default) or 'log_rank_minus_half_on_log_size', the same for all rows of a group.").texts(
                "'log_size_on_log_rank' or 'log_rank_minus_half_on_log_size'",
                |form| Form::named(form).is_some(),
            ),
        ],
    };
    const MANUAL: Manual = Manual {
        text: "The rank-size line of amounts by least squares, as STRUCT(slope DOUBLE, intercept DOUBLE, r2 DOUBLE, se DOUBLE). Zeros have no logarithm and are left out. \
        'log_size_on_log_rank' (default) is ln x = intercept + slope ln rank: a slope of -1 is Zipf's law. 'log_rank_minus_half_on_log_size' is \
        ln(rank - 1/2) = intercept + slope ln x, less biased with few parts. se is the standard error of the slope, in the second form abs(slope) sqrt(2/n).\n\n\
        Rows with NULL in x are skipped; NULL as form means its default. Fewer than two amounts above 0 give NULL, as do amounts all alike in the second form; r2 is NULL if all are alike, se in the first form with two. A negative amount, NaN, infinity, another form and two forms in one group are errors.\n\n\
        Source: Gabaix and Ibragimov (2011), Rank - 1/2, Journal of Business and Economic Statistics 29(1).",
        example: "
> SELECT round(line['slope'], 6) AS slope, round(line['r2'], 6) AS r2
  FROM (SELECT rank_size(cargo) AS line FROM (VALUES (60), (30), (20), (15)) AS countries(cargo));
+-------+-----+
| slope | r2  |
+-------+-----+
| -1.0  | 1.0 |
+-------+-----+
",
        related: &["hhi", "gini"],
    };
    const SAMPLES: Samples = &[
        &[Sample::Integers([60, 31, 20, 12])],
        &[
            Sample::Numbers([60.0, 31.0, 0.0, 12.0]),
            Sample::Texts(["log_rank_minus_half_on_log_size"; 4]),
        ],
    ];
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD,
        "SELECT rank_size(x) FROM some GROUP BY place",
    );
}

impl Measure for RankSize {
    type State = Sizes;
    type Answer = Line;

    fn update(state: &mut Sizes, row: Row<'_>) -> Result<()> {
        let form = row.optional_text(1)?.and_then(Form::named);
        state.set_form(form.unwrap_or(Form::SizeOnRank))?;
        let amount = row.non_negative(0)?;
        if amount > 0.0 {
            state.amounts.push(amount);
        }
        Ok(())
    }

    fn evaluate(state: &mut Sizes) -> Result<Option<Line>> {
        let form = state.form.unwrap_or(Form::SizeOnRank);
        let logs = state
            .amounts
            .sorted()
            .iter()
            .rev()
            .map(|amount| amount.ln());
        let ranked = (1..).map(f64::from).zip(logs);
        Ok(match form {
            Form::SizeOnRank => Line::fit(
                &ranked
                    .map(|(rank, size)| (rank.ln(), size))
                    .collect::<Vec<_>>(),
            ),
            Form::RankOnSize => {
                let points: Vec<_> = ranked
                    .map(|(rank, size)| (size, (rank - 0.5).ln()))
                    .collect();
                Line::fit(&points).map(|line| Line {
                    se: Some(line.slope.abs() * (2.0 / points.len() as f64).sqrt()),
                    ..line
                })
            }
        })
    }
}

/// A line through points.
#[derive(Debug)]
pub(super) struct Line {
    slope: f64,
    intercept: f64,
    r2: Option<f64>,
    se: Option<f64>,
}

impl Line {
    /// Ordinary least squares, `None` if the points lie on a vertical line or are fewer than two.
    fn fit(points: &[(f64, f64)]) -> Option<Self> {
        if points.len() < 2 {
            return None;
        }
        let count = points.len() as f64;
        let total = |term: &dyn Fn(f64, f64) -> f64| {
            points
                .iter()
                .map(|(x, y)| term(*x, *y))
                .collect::<Sum>()
                .value()
        };
        let (mean_x, mean_y) = (total(&|x, _| x) / count, total(&|_, y| y) / count);
        let xx = total(&|x, _| (x - mean_x).powi(2));
        let yy = total(&|_, y| (y - mean_y).powi(2));
        let xy = total(&|x, y| (x - mean_x) * (y - mean_y));
        if xx <= 0.0 {
            return None;
        }
        let slope = xy / xx;
        let r2 = (yy > 0.0).then(|| (xy * xy / (xx * yy)).min(1.0));
        let unexplained = (yy - slope * xy).max(0.0);
        Some(Self {
            slope,
            intercept: mean_y - slope * mean_x,
            r2,
            se: (count > 2.0).then(|| (unexplained / (count - 2.0) / xx).sqrt()),
        })
    }
}

impl NamedNumbers for Line {
    const NAMES: &'static [&'static str] = &["slope", "intercept", "r2", "se"];

    fn number(&self, position: usize) -> Option<f64> {
        match position {
            0 => Some(self.slope),
            1 => Some(self.intercept),
            2 => self.r2,
            _ => self.se,
        }
    }
}

/// Which of rank and size explains the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    SizeOnRank,
    RankOnSize,
}

impl Form {
    fn named(name: &str) -> Option<Self> {
        match name {
            "log_size_on_log_rank" => Some(Self::SizeOnRank),
            "log_rank_minus_half_on_log_size" => Some(Self::RankOnSize),
            _ => None,
        }
    }
}

/// The sizes seen and the form asked for.
#[derive(Debug, Default)]
pub(super) struct Sizes {
    form: Option<Form>,
    amounts: Amounts,
}

impl Sizes {
    fn set_form(&mut self, form: Form) -> Result<()> {
        if *self.form.get_or_insert(form) == form {
            return Ok(());
        }
        exec_err!("rank_size takes one form for all rows of a group, got both")
    }
}

impl State for Sizes {
    fn merge(&mut self, other: Self) -> Result<()> {
        other.form.map_or(Ok(()), |form| self.set_form(form))?;
        self.amounts.merge(other.amounts)
    }

    fn save(states: &[Self]) -> Result<Vec<ArrayRef>> {
        Saver::new(states)
            .count(|state| match state.form {
                None => 0,
                Some(Form::SizeOnRank) => 1,
                Some(Form::RankOnSize) => 2,
            })
            .numbers(|state| state.amounts.iter())
            .columns()
    }

    fn load(row: &mut Loader<'_>) -> Result<Self> {
        Ok(Self {
            form: match row.count()? {
                1 => Some(Form::SizeOnRank),
                2 => Some(Form::RankOnSize),
                _ => None,
            },
            amounts: Amounts::load(row)?,
        })
    }

    fn heap_size(&self) -> usize {
        self.amounts.heap_size()
    }
}
