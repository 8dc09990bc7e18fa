//! Values at places, kept one by one: what every function of this group looks at.

use arrow::array::ArrayRef;
use datafusion_common::Result;

use super::links::Links;
use super::weights::{WEIGHTS, Weights};
use crate::aggregate::{Constant, Loader, Row, Saver, State, Sum};
use crate::documented::{Sample, Samples};
use crate::parameters::{Kind, Parameter, Parameters, number, setting};
use crate::space::surface::{LAT, LON, Point, SURFACE, Surface, agree};

/// What every function of this group takes first; [`PERMUTATIONS`] may follow.
pub(super) const VALUE: Parameter = number("v", "The value seen at a place, in any unit.");
pub(super) const PERMUTATIONS: Parameter = setting(
    "permutations",
    Kind::Integer,
    "How often values are shuffled for p_sim, 0 (default) to 99999; always in the same way, so that answers repeat.",
)
    .numbers("a whole number from 0 to 99999", |count| {
        (0.0..=99_999.0).contains(&count)
    });

/// All parameters of a function that shuffles values.
pub(super) const PARAMETERS: &[Parameter] = &[VALUE, LON, LAT, WEIGHTS, SURFACE, PERMUTATIONS];

/// Calls of such a function.
pub(super) const SAMPLES: Samples = &[
    &[
        Sample::Numbers([1.0, 0.5, 3.0, 9.0]),
        Sample::Numbers([75.39, 127.5, 179.9, 100.0]),
        Sample::Numbers([40.55, 50.25, 60.0, 21.5]),
        Sample::Texts(["knn:2"; 4]),
    ],
    &[
        Sample::Integers([7, 5, 0, 2]),
        Sample::Numbers([0.0, 40.0, 40.0, 7.0]),
        Sample::Numbers([0.0, 0.0, 30.0, 20.0]),
        Sample::Texts(["band:30.5"; 4]),
        Sample::Texts(["plane"; 4]),
        Sample::Integers([99; 4]),
    ],
];

/// Where `permutations` stands.
const PERMUTATIONS_AT: usize = 5;

/// The values of a group, where they were seen and who is whose neighbour.
#[derive(Debug, Default)]
pub(super) struct Sites {
    surface: Option<Surface>,
    weights: Option<Weights>,
    permutations: Constant,
    sites: Vec<Site>,
}

/// A value, then where it was seen.
type Site = [f64; 3];

/// Values in an order that does not depend on how they came, not all the same, and their neighbours.
#[derive(Debug)]
pub(super) struct Layout {
    /// Which row of the group stands at each place of the order.
    pub(super) rows: Vec<usize>,
    pub(super) values: Vec<f64>,
    pub(super) links: Links,
    /// How often to shuffle, if the call says so.
    pub(super) permutations: Option<usize>,
}

impl Sites {
    /// Takes in a row.
    pub(super) fn update(&mut self, row: Row<'_>, parameters: &Parameters) -> Result<()> {
        let surface = Surface::of(row, 4)?;
        let [x, y] = surface.point(row, parameters.function, 1)?;
        let value = row.number(0)?;
        agree(parameters.function, &mut self.surface, Some(surface))?;
        let weights = Weights::named(row.text(3)?);
        Weights::agree(parameters.function, &mut self.weights, weights)?;
        if row.is_given(PERMUTATIONS_AT) {
            let count = f64::from(row.integer(PERMUTATIONS_AT)?);
            self.permutations.set(count, parameters, PERMUTATIONS_AT)?;
        }
        self.sites.push([value, x, y]);
        Ok(())
    }

    /// The values from west to east with their neighbours; none if all values are the same, if nobody has a
    /// neighbour or somebody fewer than the K of 'knn:K'.
    pub(super) fn layout(&self) -> Result<Option<Layout>> {
        let Some(weights) = self.weights else {
            return Ok(None);
        };
        let mut rows: Vec<usize> = (0..self.sites.len()).collect();
        rows.sort_unstable_by(|left, right| {
            let ([v, x, y], [other_v, other_x, other_y]) = (self.sites[*left], self.sites[*right]);
            let by_x = x.total_cmp(&other_x);
            by_x.then(y.total_cmp(&other_y)).then(v.total_cmp(&other_v))
        });
        let sorted = rows.iter().map(|row| self.sites[*row]);
        let (values, points): (Vec<f64>, Vec<Point>) = sorted.map(|[v, x, y]| (v, [x, y])).unzip();
        if values.iter().all(|value| *value == values[0]) {
            return Ok(None);
        }
        let links = Links::of(self.surface.unwrap_or_default(), &points, weights)?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "an INTEGER of at least 0"
        )]
        let permutations = self.permutations.get().map(|count| count as usize);
        let links = links.filter(|links| !links.is_empty());
        Ok(links.map(|links| Layout {
            rows,
            values,
            links,
            permutations,
        }))
    }

    /// Answers for the places of a layout in the order of rows; without a layout there are none.
    pub(super) fn in_order_of_rows<T>(
        &self,
        layout: Option<Layout>,
        places: Vec<T>,
    ) -> Vec<Option<T>> {
        let mut answers: Vec<Option<T>> = self.sites.iter().map(|_| None).collect();
        let rows = layout.map(|layout| layout.rows).unwrap_or_default();
        for (row, answer) in rows.into_iter().zip(places) {
            answers[row] = Some(answer);
        }
        answers
    }
}

impl Layout {
    /// Values less their mean.
    pub(super) fn deviations(&self) -> Vec<f64> {
        let sum: Sum = self.values.iter().copied().collect();
        let mean = sum.value() / self.values.len() as f64;
        self.values.iter().map(|value| value - mean).collect()
    }
}

impl State for Sites {
    fn merge(&mut self, other: Self) -> Result<()> {
        let parameters = Parameters {
            function: "a function of places",
            list: PARAMETERS,
        };
        agree(parameters.function, &mut self.surface, other.surface)?;
        Weights::agree(parameters.function, &mut self.weights, other.weights)?;
        let permutations = other.permutations;
        self.permutations
            .merge(permutations, &parameters, PERMUTATIONS_AT)?;
        self.sites.extend(other.sites);
        Ok(())
    }

    fn save(states: &[Self]) -> Result<Vec<ArrayRef>> {
        Saver::new(states)
            .count(|state| state.surface.map_or(-1, Surface::code))
            .number(|state| state.weights.map_or(0.0, Weights::code))
            .constant(|state| state.permutations)
            .numbers(|state| state.sites.iter().flatten().copied())
            .columns()
    }

    fn load(row: &mut Loader<'_>) -> Result<Self> {
        let surface = row.count()?;
        let weights = row.number()?;
        let permutations = row.constant()?;
        let numbers = row.numbers()?;
        Ok(Self {
            surface: (surface >= 0).then(|| Surface::from_code(surface)),
            weights: (weights != 0.0).then(|| Weights::from_code(weights)),
            permutations,
            sites: numbers.as_chunks().0.to_vec(),
        })
    }

    fn heap_size(&self) -> usize {
        self.sites.capacity() * size_of::<Site>()
    }
}
