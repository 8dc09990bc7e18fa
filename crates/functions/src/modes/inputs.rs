//! The arguments of the mode functions: their names, their checks, their values by row.

use arrow::array::{BooleanArray, Float64Array, StringViewArray};
use datafusion_common::{Result, ScalarValue, exec_err};
use datafusion_expr::{ReturnFieldArgs, ScalarFunctionArgs};

use super::rule::{ModeSettings, Possible, Require, Side};
use crate::documented::{Sample, Samples};
use crate::parameters::{
    Kind, Parameter, Parameters, non_negative, number, setting, while_planning,
};
use crate::support::{Column, booleans, numbers, texts};

/// What every function of the mode rule takes.
pub(super) const PARAMETERS: &[Parameter] = &[
    number("own_city_km", "Distance from the port to the nearest city on its own side, km; +infinity if there is none.").non_negative(),
    number("foreign_city_km", "The same on the other side of the border.").non_negative(),
    setting("own_city_pop", Kind::Number, "People of that city on the own side. NULL (default): unknown.").non_negative(),
    setting("foreign_city_pop", Kind::Number, "People of the city on the other side. NULL (default): unknown.").non_negative(),
    setting("urban_km", Kind::Number, "Up to this distance the port lies in the city, km. Default 20.").non_negative(),
    setting("hinterland_km", Kind::Number, "Up to this distance a city can be the hinterland, km, not below urban_km. Default 150.").non_negative(),
    setting("min_city_pop", Kind::Number, "People a place needs to be a city the port can lie in. Default 20000.").non_negative(),
    setting("hinterland_min_pop", Kind::Number, "People a place needs to be a hinterland. Default 20000.").non_negative(),
    setting("require", Kind::Text, "On which sides a hinterland is needed for CPPC: 'both' (default), 'own' or 'either'.").texts("'both', 'own' or 'either'", |word| Require::named(word).is_some()),
    setting("reverse", Kind::Boolean, "Whether a city on the foreign side only gives CPC too. Default false: it gives CPPC."),
    setting("strict_pop", Kind::Boolean, "Whether an unknown population fails the size test. Default false: it passes."),
];

/// Calls with the distances alone and with everything.
pub(super) const SAMPLES: Samples = &[
    &[
        Sample::Numbers([2.0, 0.0, 110.0, f64::INFINITY]),
        Sample::Numbers([3.0, 180.0, 130.0, 300.0]),
    ],
    &[
        Sample::Numbers([2.0, 0.0, 110.0, 20.0]),
        Sample::Numbers([3.0, 180.0, 130.0, 5.0]),
        Sample::Integers([19_000, 40_000, 500_000, 7]),
        Sample::Integers([1, 20_000, 30_000, 2_000_000]),
        Sample::Numbers([20.0, 25.0, 0.0, 20.0]),
        Sample::Numbers([150.0, 50.0, 150.0, 20.0]),
        Sample::Integers([20_000, 0, 20_000, 20_000]),
        Sample::Integers([20_000, 20_000, 100_000, 1]),
        Sample::Texts(["both", "own", "either", "both"]),
        Sample::Booleans([false, true, true, false]),
        Sample::Booleans([false, true, false, true]),
    ],
];

/// The arguments of a call, read by row.
pub(super) struct Inputs {
    function: &'static str,
    /// Distance and population of the city on the own side, then on the foreign one.
    own: [Column<Float64Array>; 2],
    foreign: [Column<Float64Array>; 2],
    thresholds: [Column<Float64Array>; 4],
    require: Column<StringViewArray>,
    reverse: Column<BooleanArray>,
    strict_pop: Column<BooleanArray>,
}

impl Inputs {
    pub(super) fn new(function: &'static str, args: &ScalarFunctionArgs) -> Result<Self> {
        Ok(Self {
            function,
            own: [numbers(args, 0)?, numbers(args, 2)?],
            foreign: [numbers(args, 1)?, numbers(args, 3)?],
            thresholds: [
                numbers(args, 4)?,
                numbers(args, 5)?,
                numbers(args, 6)?,
                numbers(args, 7)?,
            ],
            require: texts(args, 8)?,
            reverse: booleans(args, 9)?,
            strict_pop: booleans(args, 10)?,
        })
    }

    /// The settings if they are the same for all rows.
    pub(super) fn constant_settings(&self) -> Result<Option<ModeSettings>> {
        let constant = self.thresholds.iter().all(Column::is_constant)
            && self.require.is_constant()
            && self.reverse.is_constant()
            && self.strict_pop.is_constant();
        constant.then(|| self.settings(0)).transpose()
    }

    /// The settings of a row; a NULL is the default.
    pub(super) fn settings(&self, row: usize) -> Result<ModeSettings> {
        let default = ModeSettings::default();
        let threshold = |position: usize, default: f64| {
            let name = PARAMETERS[4 + position].name;
            match self.thresholds[position].get(row) {
                Some(value) => non_negative(self.function, name, value),
                None => Ok(default),
            }
        };
        let settings = ModeSettings {
            urban_km: threshold(0, default.urban_km)?,
            hinterland_km: threshold(1, default.hinterland_km)?,
            min_city_pop: threshold(2, default.min_city_pop)?,
            hinterland_min_pop: threshold(3, default.hinterland_min_pop)?,
            require: match self.require.get(row) {
                Some(word) => self.require(word)?,
                None => default.require,
            },
            reverse: self.reverse.get(row).unwrap_or(default.reverse),
            strict_pop: self.strict_pop.get(row).unwrap_or(default.strict_pop),
        };
        radii(self.function, settings.urban_km, settings.hinterland_km)?;
        Ok(settings)
    }

    fn require(&self, word: &str) -> Result<Require> {
        let Parameter { name, domain, .. } = &PARAMETERS[8];
        domain.check_text(self.function, name, word)?;
        Ok(Require::named(word).unwrap_or_default())
    }

    /// Both sides of a row.
    pub(super) fn sides(&self, row: usize) -> Result<(Side, Side)> {
        let side = |[km, population]: &[Column<Float64Array>; 2]| Side {
            km: km.get(row),
            population: population.get(row),
        };
        let (own, foreign) = (side(&self.own), side(&self.foreign));
        let values = [own.km, foreign.km, own.population, foreign.population];
        for (parameter, value) in PARAMETERS.iter().zip(values) {
            if let Some(value) = value {
                non_negative(self.function, parameter.name, value)?;
            }
        }
        Ok((own, foreign))
    }

    /// What is possible on the own and on the foreign side of every row.
    pub(super) fn possible(
        &self,
        settings: &ModeSettings,
        rows: usize,
    ) -> Result<[Vec<Possible>; 2]> {
        let mut numbers = self.own.iter().chain(&self.foreign);
        if !numbers.all(|column| column.all(|number| number >= 0.0)) {
            // One of them is refused, and by row the first one is found.
            (0..rows).try_for_each(|row| self.sides(row).map(drop))?;
        }
        let of_side = |[km, population]: &[Column<Float64Array>; 2]| {
            if population.is_constant() {
                let population = population.get(0);
                km.map(rows, |km| settings.possible(Side { km, population }))
            } else {
                let side = |row| Side {
                    km: km.get(row),
                    population: population.get(row),
                };
                let sides = (0..rows).map(side);
                sides.map(|side| settings.possible(side)).collect()
            }
        };
        Ok([of_side(&self.own), of_side(&self.foreign)])
    }
}

/// Checks the literals of a call while planning.
pub(super) fn check(parameters: &Parameters, args: &ReturnFieldArgs) -> Result<()> {
    parameters.check_literals(args.scalar_arguments)?;
    let known = parameters.literals(args)?;
    check_radii(parameters.function, &known, args.arg_fields.len()).map_err(while_planning)
}

fn check_radii(function: &str, known: &[Option<ScalarValue>], given: usize) -> Result<()> {
    let radius = |position: usize, default: f64| match known[position] {
        Some(ScalarValue::Float64(radius)) => Some(radius.unwrap_or(default)),
        _ => (position >= given).then_some(default),
    };
    let default = ModeSettings::default();
    let (urban_km, hinterland_km) = (
        radius(4, default.urban_km),
        radius(5, default.hinterland_km),
    );
    if let (Some(urban_km), Some(hinterland_km)) = (urban_km, hinterland_km) {
        radii(function, urban_km, hinterland_km)?;
    }
    Ok(())
}

fn radii(function: &str, urban_km: f64, hinterland_km: f64) -> Result<()> {
    if urban_km <= hinterland_km {
        return Ok(());
    }
    exec_err!(
        "{function} takes an urban_km of at most hinterland_km, got {urban_km} and {hinterland_km}"
    )
}
