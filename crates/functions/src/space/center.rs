//! Sums behind `mean_center` and `weighted_mean_center`.

use arrow::array::ArrayRef;
use datafusion_common::Result;

use super::points::Location;
use super::surface::{Point, Surface, agree};
use crate::aggregate::{Loader, Saver, State, Sum};

/// Sums of weights and of weighted embedded points.
#[derive(Debug, Default)]
pub(super) struct Center {
    surface: Option<Surface>,
    weight: Sum,
    sums: [Sum; 3],
}

impl Center {
    pub(super) fn add(
        &mut self,
        function: &str,
        surface: Surface,
        point: Point,
        weight: f64,
    ) -> Result<()> {
        agree(function, &mut self.surface, Some(surface))?;
        self.weight.add(weight);
        for (sum, part) in self.sums.iter_mut().zip(surface.embed(point)) {
            sum.add(weight * part);
        }
        Ok(())
    }

    /// `None` without weight, and where the points cancel out.
    pub(super) fn place(&self) -> Option<Location> {
        let weight = self.weight.value();
        (weight > 0.0).then_some(())?;
        self.surface?
            .project(self.sums.map(|sum| sum.value() / weight))
            .map(Location)
    }
}

impl State for Center {
    fn merge(&mut self, other: Self) -> Result<()> {
        agree("a mean centre", &mut self.surface, other.surface)?;
        self.weight.merge(other.weight);
        for (sum, other) in self.sums.iter_mut().zip(other.sums) {
            sum.merge(other);
        }
        Ok(())
    }

    fn save(states: &[Self]) -> Result<Vec<ArrayRef>> {
        Saver::new(states)
            .count(|state| state.surface.map_or(-1, Surface::code))
            .sum(|state| state.weight)
            .sum(|state| state.sums[0])
            .sum(|state| state.sums[1])
            .sum(|state| state.sums[2])
            .columns()
    }

    fn load(row: &mut Loader<'_>) -> Result<Self> {
        let code = row.count()?;
        Ok(Self {
            surface: (code >= 0).then(|| Surface::from_code(code)),
            weight: row.sum()?,
            sums: [row.sum()?, row.sum()?, row.sum()?],
        })
    }
}
