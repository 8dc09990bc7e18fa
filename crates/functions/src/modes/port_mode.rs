//! `port_mode`: the development mode of a port.

use arrow::array::{ArrayRef, UInt32Array};
use arrow::datatypes::DataType;
use datafusion_common::Result;
use datafusion_expr::{ReturnFieldArgs, ScalarFunctionArgs};

use super::inputs::{self, Inputs};
use super::rule::{Mode, ModeSettings};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::Parameters;
use crate::scalar::Scalar;
use crate::support::decode;

#[derive(Debug)]
pub(super) struct PortMode;

impl Documented for PortMode {
    const PARAMETERS: Parameters = Parameters {
        function: "port_mode",
        list: inputs::PARAMETERS,
    };
    const MANUAL: Manual = Manual {
        text: "The development mode of a port, as text: `CC` (the port lies in a city on both sides), `CPC` (on its own side only), \
        `CPPC` (a city is the hinterland, the port lies apart), `PP` (no city). With a, b = a city of at least min_city_pop people \
        within urban_km on the own and the foreign side, and ha, hb = one of at least hinterland_min_pop within hinterland_km: \
        CC if a and b; CPC if a; CPC or CPPC (see reverse) if b; CPPC if ha and hb, ha, or either (see require); else PP. \
        Limits are inclusive.\n\n\
        Presets: the paper's is the default (20, 150, 20000, 20000, 'both'). `calibrated`: \
        `port_mode(own_km, foreign_km, own_pop, foreign_pop, 25, 50, 20000, 20000, 'own')`. `legal_city`: \
        `port_mode(own.km, foreign.km)` with distances to legal cities, as nearest_city gives them with min_rank 3, and no populations. \
        Against the labels of Table 3 the paper's preset agrees on 39 of 54 names (kappa .44 to .77), legal_city on 40 (.45 to .79).\n\n\
        Unknown is not the same as none: a NULL distance gives NULL unless the mode does not depend on it; no city at all is \
        +infinity. A NULL population is unknown and passes the size test unless strict_pop. A NULL in any later argument is its default. \
        NaN, negative numbers, urban_km above hinterland_km and another word as require are errors.\n\n\
        Source: Wang, Cheng and Mo (2014), section 3 and Table 3; the thresholds are this project's reading of it.",
        example: "
> SELECT port_mode(110, 130) AS torugart, port_mode(0, 180, 40000) AS alashankou, port_mode(2, 3) AS heihe,
  port_mode('+infinity'::DOUBLE, 300) AS pulan, port_mode(2, NULL) AS unknown;
+----------+------------+-------+-------+---------+
| torugart | alashankou | heihe | pulan | unknown |
+----------+------------+-------+-------+---------+
| CPPC     | CPC        | CC    | PP    |         |
+----------+------------+-------+-------+---------+
",
        related: &["port_mode_explain", "port_mode_side", "nearest_city"],
    };
    const SAMPLES: Samples = inputs::SAMPLES;
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::MODES,
        "SELECT port_mode(own_km, foreign_km) FROM many",
    );
}

/// No mode's code.
const UNKNOWN: u32 = Mode::LABELS.len() as u32;

impl Scalar for PortMode {
    fn data_type(&self) -> DataType {
        DataType::Utf8View
    }

    fn check(&self, args: &ReturnFieldArgs) -> Result<()> {
        inputs::check(&Self::PARAMETERS, args)
    }

    /// NULL as a distance or a population means unknown, and as a setting its default.
    fn is_strict(&self) -> bool {
        false
    }

    fn array(&self, args: &ScalarFunctionArgs, rows: usize) -> Result<ArrayRef> {
        let inputs = Inputs::new(Self::PARAMETERS.function, args)?;
        let codes = match inputs.constant_settings()? {
            Some(settings) => modes(&inputs, &settings, rows)?,
            None => modes_by_row(&inputs, rows)?,
        };
        decode(&Mode::LABELS, &codes)
    }
}

/// The mode of each row by one table of possibilities.
fn modes(inputs: &Inputs, settings: &ModeSettings, rows: usize) -> Result<UInt32Array> {
    let table = settings.table();
    let [own, foreign] = inputs.possible(settings, rows)?;
    let modes = own.iter().zip(&foreign);
    let codes: Vec<u32> = modes
        .map(|(own, foreign)| match table.mode(*own, *foreign) {
            Some(mode) => mode as u32,
            None => UNKNOWN,
        })
        .collect();
    let known = codes
        .contains(&UNKNOWN)
        .then(|| codes.iter().map(|code| *code != UNKNOWN).collect());
    Ok(UInt32Array::new(codes.into(), known))
}

/// The mode of each row where thresholds are columns.
fn modes_by_row(inputs: &Inputs, rows: usize) -> Result<UInt32Array> {
    (0..rows)
        .map(|row| {
            let settings = inputs.settings(row)?;
            let (own, foreign) = inputs.sides(row)?;
            Ok(settings.mode(own, foreign).map(|mode| mode as u32))
        })
        .collect()
}
