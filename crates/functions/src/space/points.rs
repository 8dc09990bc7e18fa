//! Points of a group kept one by one, for measures that look at them more than once.

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use datafusion_common::Result;

use super::surface::{Point, Surface, agree};
use crate::aggregate::{Answer, Loader, NamedNumbers, Row, Saver, State};
use crate::documented::{Sample, Samples};
use crate::lists::Item;

/// Calls of a function of points, on the earth and on a plane.
pub(super) const POINTS_SAMPLES: Samples = &[
    &[
        Sample::Numbers([75.39, 127.5, 179.9, 100.0]),
        Sample::Numbers([40.55, 50.25, 60.0, 21.5]),
    ],
    &[
        Sample::Integers([0, 40, 40, 7]),
        Sample::Integers([0, 0, 300, 120]),
        Sample::Texts(["plane"; 4]),
    ],
];

/// The points of a group and the surface they lie on.
#[derive(Debug, Default)]
pub(crate) struct Points {
    surface: Option<Surface>,
    points: Vec<Point>,
}

impl Points {
    /// Takes in a row whose first arguments are the coordinates.
    pub(crate) fn update(&mut self, row: Row<'_>, function: &str, surface: usize) -> Result<()> {
        let surface = Surface::of(row, surface)?;
        agree(function, &mut self.surface, Some(surface))?;
        self.points.push(surface.point(row, function, 0)?);
        Ok(())
    }

    /// What coordinates mean.
    pub(crate) fn surface(&self) -> Surface {
        self.surface.unwrap_or_default()
    }

    /// The surface as a number, to travel between partitions.
    pub(crate) fn surface_code(&self) -> i64 {
        self.surface.map_or(-1, Surface::code)
    }

    /// All coordinates in turn, to travel between partitions.
    pub(crate) fn coordinates(&self) -> impl Iterator<Item = f64> {
        self.points.iter().flatten().copied()
    }

    /// All points, in an order that does not depend on how they came.
    pub(crate) fn sorted(&mut self) -> &[Point] {
        self.points.sort_unstable_by(|left, right| {
            let by_x = left[0].total_cmp(&right[0]);
            by_x.then(left[1].total_cmp(&right[1]))
        });
        &self.points
    }
}

impl State for Points {
    fn merge(&mut self, other: Self) -> Result<()> {
        agree("a function of points", &mut self.surface, other.surface)?;
        self.points.extend(other.points);
        Ok(())
    }

    fn save(states: &[Self]) -> Result<Vec<ArrayRef>> {
        Saver::new(states)
            .count(Self::surface_code)
            .numbers(Self::coordinates)
            .columns()
    }

    fn load(row: &mut Loader<'_>) -> Result<Self> {
        let code = row.count()?;
        let numbers = row.numbers()?;
        let (points, _) = numbers.as_chunks();
        Ok(Self {
            surface: (code >= 0).then(|| Surface::from_code(code)),
            points: points.to_vec(),
        })
    }

    fn heap_size(&self) -> usize {
        self.points.capacity() * size_of::<Point>()
    }
}

/// A place as an answer: STRUCT(lon, lat).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Location(pub(crate) Point);

impl NamedNumbers for Location {
    const NAMES: &'static [&'static str] = &["lon", "lat"];

    fn number(&self, position: usize) -> Option<f64> {
        self.0.get(position).copied()
    }
}

impl Item for Location {
    fn data_type() -> DataType {
        <Self as Answer>::data_type()
    }

    fn array(places: Vec<Self>) -> Result<ArrayRef> {
        <Self as Answer>::array(places.into_iter().map(Some).collect())
    }
}
