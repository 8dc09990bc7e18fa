//! The arguments of the mode functions: their names, their checks, their values by row.

use arrow::array::{BooleanArray, Float64Array, StringViewArray};
use datafusion_common::{Result, ScalarValue, exec_err};
use datafusion_expr::{ReturnFieldArgs, ScalarFunctionArgs};

use super::rule::{Possible, Require, Settings, Side};
use crate::parameters::{
    Kind, Parameter, Parameters, non_negative, optional, required, while_planning,
};
use crate::support::{Column, booleans, numbers, texts};

/// What every function of the mode rule takes.
pub(super) const PARAMETERS: &[Parameter] = &[
    required("own_city_km", Kind::Number),
    required("foreign_city_km", Kind::Number),
    optional("own_city_pop", Kind::Number),
    optional("foreign_city_pop", Kind::Number),
    optional("urban_km", Kind::Number),
    optional("hinterland_km", Kind::Number),
    optional("min_city_pop", Kind::Number),
    optional("hinterland_min_pop", Kind::Number),
    optional("require", Kind::Text),
    optional("reverse", Kind::Boolean),
    optional("strict_pop", Kind::Boolean),
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
    pub(super) fn constant_settings(&self) -> Result<Option<Settings>> {
        let constant = self.thresholds.iter().all(Column::is_constant)
            && self.require.is_constant()
            && self.reverse.is_constant()
            && self.strict_pop.is_constant();
        constant.then(|| self.settings(0)).transpose()
    }

    /// The settings of a row; a NULL is the default.
    pub(super) fn settings(&self, row: usize) -> Result<Settings> {
        let default = Settings::default();
        let threshold = |position: usize, default: f64| {
            let name = PARAMETERS[4 + position].name;
            match self.thresholds[position].get(row) {
                Some(value) => non_negative(self.function, name, value),
                None => Ok(default),
            }
        };
        let settings = Settings {
            urban_km: threshold(0, default.urban_km)?,
            hinterland_km: threshold(1, default.hinterland_km)?,
            min_city_pop: threshold(2, default.min_city_pop)?,
            hinterland_min_pop: threshold(3, default.hinterland_min_pop)?,
            require: match self.require.get(row) {
                Some(word) => require(self.function, word)?,
                None => default.require,
            },
            reverse: self.reverse.get(row).unwrap_or(default.reverse),
            strict_pop: self.strict_pop.get(row).unwrap_or(default.strict_pop),
        };
        radii(self.function, settings.urban_km, settings.hinterland_km)?;
        Ok(settings)
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
    pub(super) fn possible(&self, settings: &Settings, rows: usize) -> Result<[Vec<Possible>; 2]> {
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

/// Checks a call and its literals while planning.
pub(super) fn check(parameters: &Parameters, args: &ReturnFieldArgs) -> Result<()> {
    parameters.check(args)?;
    let known = parameters.literals(args)?;
    check_literals(parameters.function, &known, args.arg_fields.len()).map_err(while_planning)
}

fn check_literals(function: &str, known: &[Option<ScalarValue>], given: usize) -> Result<()> {
    for (parameter, literal) in PARAMETERS.iter().zip(known) {
        match literal {
            Some(ScalarValue::Float64(Some(value))) => {
                non_negative(function, parameter.name, *value)?;
            }
            Some(ScalarValue::Utf8View(Some(word))) => {
                require(function, word)?;
            }
            _ => {}
        }
    }
    let radius = |position: usize, default: f64| match known[position] {
        Some(ScalarValue::Float64(radius)) => Some(radius.unwrap_or(default)),
        _ => (position >= given).then_some(default),
    };
    let default = Settings::default();
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

fn require(function: &str, word: &str) -> Result<Require> {
    match word {
        "both" => Ok(Require::Both),
        "own" => Ok(Require::Own),
        "either" => Ok(Require::Either),
        other => exec_err!("{function} takes 'both', 'own' or 'either' as require, got '{other}'"),
    }
}
