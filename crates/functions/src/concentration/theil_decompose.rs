//! `theil_decompose`: inequality between groups and within them.

use std::collections::BTreeMap;

use arrow::array::ArrayRef;
use datafusion_common::Result;

use super::AMOUNT;
use super::logs::Logs;
use crate::aggregate::{Loader, Measure, NamedNumbers, Row, Saver, State, Sum};
use crate::documented::{Benchmark, Documented, Manual, Sample, Samples, benchmark};
use crate::parameters::{Kind, Parameters, required};

#[derive(Debug)]
pub(super) struct TheilDecompose;

impl Documented for TheilDecompose {
    const PARAMETERS: Parameters = Parameters {
        function: "theil_decompose",
        list: &[
            AMOUNT,
            required("g", Kind::Text, "Group the amount belongs to."),
        ],
    };
    const MANUAL: Manual = Manual {
        text: "Theil's index of amounts split by groups, as STRUCT(total DOUBLE, between DOUBLE, within DOUBLE) with total = between + within. \
        between = sum S_g ln(S_g n / n_g) over groups with share S_g and n_g of the n rows; within = sum S_g T_g with theil_t T_g inside a group.\n\n\
        Rows with NULL are skipped. No rows or a total of 0 give NULL. A negative amount, NaN and infinity are errors.\n\n\
        Source: Theil (1967), Economics and Information Theory, chapter 4.",
        example: "
> SELECT round(theil['total'], 6) AS total, round(theil['between'], 6) AS between_regions, round(theil['within'], 6) AS within_regions
  FROM (SELECT theil_decompose(cargo, region) AS theil FROM (VALUES (50, 'east'), (30, 'west'), (20, 'west')) AS countries(cargo, region));
+----------+-----------------+----------------+
| total    | between_regions | within_regions |
+----------+-----------------+----------------+
| 0.068959 | 0.058892        | 0.010068       |
+----------+-----------------+----------------+
",
        related: &["theil_t"],
    };
    const SAMPLES: Samples = &[&[
        Sample::Numbers([50.0, 30.0, 20.0, 0.5]),
        Sample::Texts(["NE", "SW", "SW", "NE"]),
    ]];
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD,
        "SELECT theil_decompose(x, label) FROM some GROUP BY place",
    );
}

impl Measure for TheilDecompose {
    type State = ByGroup;
    type Answer = Decomposition;

    fn update(state: &mut ByGroup, row: Row<'_>) -> Result<()> {
        let (name, amount) = (row.text(1)?, row.non_negative(0)?);
        state.change(name, |group| group.add(amount));
        Ok(())
    }

    fn evaluate(state: &mut ByGroup) -> Result<Option<Decomposition>> {
        Ok(state.decompose())
    }
}

/// The two parts of inequality and their sum.
#[derive(Debug)]
pub(super) struct Decomposition {
    between: f64,
    within: f64,
}

impl NamedNumbers for Decomposition {
    const NAMES: &'static [&'static str] = &["total", "between", "within"];

    fn number(&self, position: usize) -> Option<f64> {
        Some(match position {
            0 => self.between + self.within,
            1 => self.between,
            _ => self.within,
        })
    }
}

/// What is known of each group; sorted, so that sums do not depend on the order of rows.
#[derive(Debug, Default)]
pub(super) struct ByGroup {
    groups: BTreeMap<String, Logs>,
    heap: usize,
}

impl ByGroup {
    /// Changes what is known of a group. Most rows are of a group that was met before, which costs one look-up.
    fn change(&mut self, name: &str, change: impl FnOnce(&mut Logs)) {
        if let Some(group) = self.groups.get_mut(name) {
            return change(group);
        }
        self.heap += name.len() + size_of::<(String, Logs)>();
        change(self.groups.entry(name.to_owned()).or_default());
    }

    fn decompose(&self) -> Option<Decomposition> {
        let mut all = Logs::default();
        self.groups.values().for_each(|group| all.absorb(*group));
        all.entropy()?;
        let share = |group: &Logs| group.sum() / all.sum();
        let parts = self.groups.values().filter(|group| group.sum() > 0.0);
        let between: Sum = parts
            .clone()
            .map(|group| share(group) * (share(group) * all.rows() / group.rows()).ln())
            .collect();
        let within: Sum = parts
            .filter_map(|group| Some(share(group) * group.theil()?))
            .collect();
        Some(Decomposition {
            between: between.value().max(0.0),
            within: within.value(),
        })
    }
}

impl State for ByGroup {
    fn merge(&mut self, other: Self) -> Result<()> {
        for (name, group) in other.groups {
            self.change(&name, |own| own.absorb(group));
        }
        Ok(())
    }

    fn save(states: &[Self]) -> Result<Vec<ArrayRef>> {
        Saver::new(states)
            .texts(|state| state.groups.keys().map(String::as_str))
            .numbers(|state| state.groups.values().flat_map(Logs::parts))
            .columns()
    }

    fn load(row: &mut Loader<'_>) -> Result<Self> {
        let mut state = Self::default();
        let (names, numbers) = (row.texts()?, row.numbers()?);
        let (parts, _) = numbers.as_chunks();
        for (name, parts) in names.iter().zip(parts) {
            state.change(name, |group| *group = Logs::from_parts(*parts));
        }
        Ok(state)
    }

    fn heap_size(&self) -> usize {
        self.heap
    }
}
