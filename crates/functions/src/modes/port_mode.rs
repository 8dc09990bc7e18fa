//! `port_mode`: the development mode of a port.

use std::sync::Arc;

use arrow::array::UInt32Array;
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion_common::Result;
use datafusion_expr::{
    ColumnarValue, Documentation, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature,
    Volatility,
};
use datafusion_macros::user_doc;

use super::inputs::{self, Inputs};
use super::rule::{Mode, Settings};
use crate::parameters::Parameters;
use crate::support::{decode, evaluate};

/// No mode's code.
const UNKNOWN: u32 = Mode::LABELS.len() as u32;

const PARAMETERS: Parameters = Parameters {
    function: "port_mode",
    list: inputs::PARAMETERS,
};

#[user_doc(
    doc_section(label = "modes"),
    description = "The development mode of a port, as text: `CC` (the port lies in a city on both sides), `CPC` (on its own side only), \
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
    syntax_example = "port_mode(own_city_km, foreign_city_km[, own_city_pop, foreign_city_pop, urban_km, hinterland_km, min_city_pop, hinterland_min_pop, require, reverse, strict_pop])",
    sql_example = r#"```sql
> SELECT port_mode(110, 130) AS torugart, port_mode(0, 180, 40000) AS alashankou, port_mode(2, 3) AS heihe,
  port_mode('+infinity'::DOUBLE, 300) AS pulan, port_mode(2, NULL) AS unknown;
+----------+------------+-------+-------+---------+
| torugart | alashankou | heihe | pulan | unknown |
+----------+------------+-------+-------+---------+
| CPPC     | CPC        | CC    | PP    |         |
+----------+------------+-------+-------+---------+
```"#,
    argument(
        name = "own_city_km",
        description = "Distance from the port to the nearest city on its own side, km; +infinity if there is none."
    ),
    argument(
        name = "foreign_city_km",
        description = "The same on the other side of the border."
    ),
    argument(
        name = "own_city_pop",
        description = "People of that city on the own side. NULL (default): unknown."
    ),
    argument(
        name = "foreign_city_pop",
        description = "People of the city on the other side. NULL (default): unknown."
    ),
    argument(
        name = "urban_km",
        description = "Up to this distance the port lies in the city, km. Default 20."
    ),
    argument(
        name = "hinterland_km",
        description = "Up to this distance a city can be the hinterland, km, not below urban_km. Default 150."
    ),
    argument(
        name = "min_city_pop",
        description = "People a place needs to be a city the port can lie in. Default 20000."
    ),
    argument(
        name = "hinterland_min_pop",
        description = "People a place needs to be a hinterland. Default 20000."
    ),
    argument(
        name = "require",
        description = "On which sides a hinterland is needed for CPPC: 'both' (default), 'own' or 'either'."
    ),
    argument(
        name = "reverse",
        description = "Whether a city on the foreign side only gives CPC too. Default false: it gives CPPC."
    ),
    argument(
        name = "strict_pop",
        description = "Whether an unknown population fails the size test. Default false: it passes."
    ),
    related_udf(name = "port_mode_explain"),
    related_udf(name = "port_mode_side"),
    related_udf(name = "nearest_city")
)]
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct PortMode {
    signature: Signature,
}

impl Default for PortMode {
    fn default() -> Self {
        Self {
            signature: PARAMETERS.signature(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for PortMode {
    fn name(&self) -> &str {
        PARAMETERS.function
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        Ok(PARAMETERS.coerce(given))
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8View)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        inputs::check(&PARAMETERS, &args)?;
        Ok(Arc::new(Field::new(self.name(), DataType::Utf8View, true)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let inputs = Inputs::new(PARAMETERS.function, &args)?;
        evaluate(&args, |rows| {
            let codes = match inputs.constant_settings()? {
                Some(settings) => modes(&inputs, &settings, rows)?,
                None => modes_by_row(&inputs, rows)?,
            };
            decode(&Mode::LABELS, &codes)
        })
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}

/// The mode of each row by one table of possibilities.
fn modes(inputs: &Inputs, settings: &Settings, rows: usize) -> Result<UInt32Array> {
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
