//! `burst_periods`: in which years unusually much happened.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int32Array, Int64Array, StructArray};
use arrow::datatypes::{DataType, Field, Fields};
use datafusion_common::Result;

use super::blocks::P0;
use super::series::{Burst, BurstSettings, Series};
use crate::aggregate::{Constant, Loader, Measure, Row, Saver, State};
use crate::documented::{Benchmark, Documented, Manual, Sample, Samples, benchmark};
use crate::lists::Item;
use crate::parameters::{Kind, Parameters, number, required, setting};

const PARAMETERS: Parameters = Parameters {
    function: "burst_periods",
    list: &[
        required(
            "year",
            Kind::Integer,
            "Year of the events, INTEGER from 1000 to 9999.",
        )
        .numbers("a year from 1000 to 9999", |year| {
            (1000.0..=9999.0).contains(&year)
        }),
        number(
            "n",
            "Number of events, a whole number of at least 0; 1 if each row is an event.",
        )
        .numbers("a whole number of at least 0", |n| {
            n >= 0.0 && n.fract() == 0.0
        }),
        P0,
        setting(
            "min_ratio",
            Kind::Number,
            "A burst has more than this many times the overall rate, at least 0. Default 1.5.",
        )
        .numbers("a number of at least 0", |ratio| ratio >= 0.0),
        setting(
            "min_share",
            Kind::Number,
            "A burst has at least this share of all events, 0 to 1. Default 0.1.",
        )
        .numbers("a number from 0 to 1", |share| (0.0..=1.0).contains(&share)),
    ],
};

#[derive(Debug)]
pub(super) struct BurstPeriods;

impl Documented for BurstPeriods {
    const PARAMETERS: Parameters = PARAMETERS;
    const MANUAL: Manual = Manual {
        text: "The periods in which events came at an unusually high rate, in order of time, as LIST<STRUCT(first_year INTEGER, \
        last_year INTEGER, n BIGINT, rate DOUBLE, ratio DOUBLE, log_likelihood_ratio DOUBLE)>: events in the period, events a year, that \
        rate over the rate of the whole series, and how much likelier (natural logarithm) the counts are with a rate inside the period and \
        one outside it than with one for all years. No such period gives an empty list.\n\n\
        The years from the first to the last one given form the series; years without a row count as 0 and rows of one year are added up, \
        so a row a year and a row an event give the same. The series is divided into Bayesian blocks, the best division into periods of \
        constant rate. Blocks of more than min_ratio times the rate of the whole series are bursts, adjoining ones are joined, and those \
        with less than min_share of all events are left out. First and last years are as uncertain as the dates of the events near them.\n\n\
        Rows with NULL in year or n are skipped; NULL in a setting means its default. No rows or no events give NULL. A year outside 1000 to 9999, a count that is negative or not whole, a \
        setting out of its range or one that differs between rows of a group is an error.\n\n\
        Source: Scargle, Norris, Jackson and Chiang (2013), Studies in Astronomical Time Series Analysis VI, equations 19 and 21, \
        doi 10.1088/0004-637X/764/2/167; the filter is this project's.",
        example: "
> SELECT burst['first_year'] AS first_year, burst['last_year'] AS last_year, burst['n'] AS n
  FROM (SELECT unnest(burst_periods(year, n)) AS burst
        FROM (VALUES (1980, 1), (1985, 1), (1991, 9), (1992, 8), (1993, 9), (1999, 1), (2004, 1)) AS openings(year, n));
+------------+-----------+----+
| first_year | last_year | n  |
+------------+-----------+----+
| 1991       | 1993      | 26 |
+------------+-----------+----+
",
        related: &["bayesian_blocks"],
    };
    const SAMPLES: Samples = &[
        &[
            Sample::Integers([1950, 1980, 1981, 1999]),
            Sample::Integers([1; 4]),
        ],
        &[
            Sample::Integers([1950, 1980, 1981, 1999]),
            Sample::Integers([1, 20, 17, 1]),
            Sample::Numbers([0.1; 4]),
            Sample::Numbers([2.0; 4]),
            Sample::Numbers([0.2; 4]),
        ],
    ];
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD,
        "SELECT burst_periods(year, month) FROM some GROUP BY place",
    );
}

/// Events by year, and the settings of the call.
#[derive(Debug, Default)]
pub(super) struct Counts {
    series: Series,
    settings: [Constant; 3],
}

/// Where the settings begin among the parameters.
const FIRST_SETTING: usize = 2;

impl Counts {
    fn settings(&self) -> BurstSettings {
        let [p0, min_ratio, min_share] = self.settings.map(Constant::get);
        let default = BurstSettings::default();
        BurstSettings {
            p0: p0.unwrap_or(default.p0),
            min_ratio: min_ratio.unwrap_or(default.min_ratio),
            min_share: min_share.unwrap_or(default.min_share),
        }
    }
}

impl State for Counts {
    fn merge(&mut self, other: Self) -> Result<()> {
        for (position, (own, theirs)) in self.settings.iter_mut().zip(other.settings).enumerate() {
            own.merge(theirs, &PARAMETERS, FIRST_SETTING + position)?;
        }
        self.series.merge(&other.series);
        Ok(())
    }

    fn save(states: &[Self]) -> Result<Vec<ArrayRef>> {
        Saver::new(states)
            .numbers(|state| state.series.years())
            .numbers(|state| state.series.counts())
            .constant(|state| state.settings[0])
            .constant(|state| state.settings[1])
            .constant(|state| state.settings[2])
            .columns()
    }

    fn load(row: &mut Loader<'_>) -> Result<Self> {
        Ok(Self {
            series: Series::new(&row.numbers()?, &row.numbers()?),
            settings: [row.constant()?, row.constant()?, row.constant()?],
        })
    }

    fn heap_size(&self) -> usize {
        self.series.heap_size()
    }
}

impl Measure for BurstPeriods {
    type State = Counts;
    type Answer = Vec<Burst>;

    fn update(state: &mut Counts, row: Row<'_>) -> Result<()> {
        let (year, count) = (row.integer(0)?, row.number(1)?);
        for (setting, own) in state.settings.iter_mut().enumerate() {
            let position = FIRST_SETTING + setting;
            if let Some(value) = row.optional_number(position)? {
                own.set(value, &PARAMETERS, position)?;
            }
        }
        state.series.add(year, count);
        Ok(())
    }

    fn evaluate(state: &mut Counts) -> Result<Option<Vec<Burst>>> {
        Ok(state.series.bursts(&state.settings()))
    }
}

impl Item for Burst {
    fn data_type() -> DataType {
        DataType::Struct(fields())
    }

    fn array(bursts: Vec<Self>) -> Result<ArrayRef> {
        let years = |year: fn(&Self) -> i32| -> ArrayRef {
            Arc::new(bursts.iter().map(year).collect::<Int32Array>())
        };
        let numbers = |number: fn(&Self) -> f64| -> ArrayRef {
            Arc::new(bursts.iter().map(number).collect::<Float64Array>())
        };
        let counts = bursts.iter().map(|burst| burst.inside.count as i64);
        let columns: Vec<ArrayRef> = vec![
            years(|burst| burst.first_year),
            years(|burst| burst.last_year),
            Arc::new(counts.collect::<Int64Array>()),
            numbers(|burst| burst.inside.rate()),
            numbers(Burst::ratio),
            numbers(Burst::log_likelihood_ratio),
        ];
        Ok(Arc::new(StructArray::try_new(fields(), columns, None)?))
    }
}

fn fields() -> Fields {
    Fields::from(vec![
        Field::new("first_year", DataType::Int32, false),
        Field::new("last_year", DataType::Int32, false),
        Field::new("n", DataType::Int64, false),
        Field::new("rate", DataType::Float64, false),
        Field::new("ratio", DataType::Float64, false),
        Field::new("log_likelihood_ratio", DataType::Float64, false),
    ])
}
