//! The arguments of the mode functions: their names, their checks, their values by row.

use arrow::array::{BooleanArray, Float64Array, StringViewArray};
use datafusion_common::{Result, ScalarValue, exec_err};
use datafusion_expr::{ReturnFieldArgs, ScalarFunctionArgs};

use super::rule::{Require, Settings, Side};
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
    own_km: Column<Float64Array>,
    foreign_km: Column<Float64Array>,
    own_population: Column<Float64Array>,
    foreign_population: Column<Float64Array>,
    thresholds: [Column<Float64Array>; 4],
    require: Column<StringViewArray>,
    reverse: Column<BooleanArray>,
    strict_pop: Column<BooleanArray>,
}

impl Inputs {
    pub(super) fn new(function: &'static str, args: &ScalarFunctionArgs) -> Result<Self> {
        Ok(Self {
            function,
            own_km: numbers(args, 0)?,
            foreign_km: numbers(args, 1)?,
            own_population: numbers(args, 2)?,
            foreign_population: numbers(args, 3)?,
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
    #[inline]
    pub(super) fn sides(&self, row: usize) -> Result<(Side, Side)> {
        let own = Side {
            km: self.own_km.get(row),
            population: self.own_population.get(row),
        };
        let foreign = Side {
            km: self.foreign_km.get(row),
            population: self.foreign_population.get(row),
        };
        let values = [own.km, foreign.km, own.population, foreign.population];
        if !values
            .iter()
            .all(|value| value.is_none_or(|value| value >= 0.0))
        {
            self.refuse(values)?;
        }
        Ok((own, foreign))
    }

    #[cold]
    fn refuse(&self, values: [Option<f64>; 4]) -> Result<()> {
        for (parameter, value) in PARAMETERS.iter().zip(values) {
            value.map_or(Ok(0.0), |value| {
                non_negative(self.function, parameter.name, value)
            })?;
        }
        Ok(())
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
