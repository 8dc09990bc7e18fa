//! `port_mode_explain`: why a port has its mode, and how firmly.

use std::sync::{Arc, LazyLock};

use arrow::array::{ArrayRef, BooleanArray, Float64Array, StringViewArray, StructArray};
use arrow::datatypes::{DataType, Field, FieldRef, Fields};
use datafusion_common::Result;
use datafusion_expr::{
    ColumnarValue, Documentation, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature,
    Volatility,
};
use datafusion_macros::user_doc;

use super::inputs::{self, Inputs};
use super::rule::{Known, Mode, Settings, Side};
use crate::parameters::Parameters;
use crate::support::evaluate;

const PARAMETERS: Parameters = Parameters {
    function: "port_mode_explain",
    list: inputs::PARAMETERS,
};

static FIELDS: LazyLock<Fields> = LazyLock::new(|| {
    Fields::from(vec![
        Field::new("own_city", DataType::Boolean, true),
        Field::new("foreign_city", DataType::Boolean, true),
        Field::new("own_hinterland", DataType::Boolean, true),
        Field::new("foreign_hinterland", DataType::Boolean, true),
        Field::new("mode", DataType::Utf8View, true),
        Field::new("margin", DataType::Float64, true),
    ])
});

#[user_doc(
    doc_section(label = "modes"),
    description = "Why a port has its mode, as STRUCT(own_city BOOLEAN, foreign_city BOOLEAN, own_hinterland BOOLEAN, \
    foreign_hinterland BOOLEAN, mode VARCHAR, margin DOUBLE). The predicates are a, b, ha and hb of `port_mode`, a city the port lies in \
    counting as hinterland too; one is NULL if it depends on an unknown distance. margin is the smallest relative change of one \
    distance or population that changes the mode: 0.05 means that 5 percent more or less would do. It is +infinity if no such change does \
    (0 km and +infinity stay what they are) and NULL if the mode is.\n\n\
    The struct itself is never NULL. NULLs and errors are as in `port_mode`.\n\n\
    Source: Wang, Cheng and Mo (2014), section 3; the margin is this project's.",
    syntax_example = "port_mode_explain(own_city_km, foreign_city_km[, own_city_pop, foreign_city_pop, urban_km, hinterland_km, min_city_pop, hinterland_min_pop, require, reverse, strict_pop])",
    sql_example = r#"```sql
> SELECT why.mode, why.own_hinterland, why.foreign_hinterland, why.margin
  FROM (SELECT port_mode_explain(100, 120) AS why);
+-----------+---------------------+-------------------------+-------------+
| why[mode] | why[own_hinterland] | why[foreign_hinterland] | why[margin] |
+-----------+---------------------+-------------------------+-------------+
| CPPC      | true                | true                    | 0.25        |
+-----------+---------------------+-------------------------+-------------+
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
    related_udf(name = "port_mode")
)]
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct PortModeExplain {
    signature: Signature,
}

impl Default for PortModeExplain {
    fn default() -> Self {
        Self {
            signature: PARAMETERS.signature(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for PortModeExplain {
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
        Ok(DataType::Struct(FIELDS.clone()))
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        inputs::check(&PARAMETERS, &args)?;
        Ok(Arc::new(Field::new(
            self.name(),
            DataType::Struct(FIELDS.clone()),
            false,
        )))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let inputs = Inputs::new(PARAMETERS.function, &args)?;
        evaluate(&args, |rows| {
            let explanations = (0..rows)
                .map(|row| {
                    let settings = inputs.settings(row)?;
                    let (own, foreign) = inputs.sides(row)?;
                    Ok(Explanation::new(&settings, own, foreign))
                })
                .collect::<Result<Vec<_>>>()?;
            columns(&explanations)
        })
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}

/// What the struct holds, for one row.
struct Explanation {
    own_city: Known,
    foreign_city: Known,
    own_hinterland: Known,
    foreign_hinterland: Known,
    mode: Option<Mode>,
    margin: Option<f64>,
}

impl Explanation {
    fn new(settings: &Settings, own: Side, foreign: Side) -> Self {
        Self {
            own_city: settings.city(own),
            foreign_city: settings.city(foreign),
            own_hinterland: settings.hinterland(own),
            foreign_hinterland: settings.hinterland(foreign),
            mode: settings.mode(own, foreign),
            margin: settings.margin(own, foreign),
        }
    }
}

fn columns(rows: &[Explanation]) -> Result<ArrayRef> {
    let known = |field: fn(&Explanation) -> Known| -> ArrayRef {
        Arc::new(rows.iter().map(field).collect::<BooleanArray>())
    };
    let modes = rows.iter().map(|row| row.mode.map(Mode::label));
    let margins = rows.iter().map(|row| row.margin);
    let columns = vec![
        known(|row| row.own_city),
        known(|row| row.foreign_city),
        known(|row| row.own_hinterland),
        known(|row| row.foreign_hinterland),
        Arc::new(modes.collect::<StringViewArray>()),
        Arc::new(margins.collect::<Float64Array>()),
    ];
    let length = rows.len();
    let explained = StructArray::try_new_with_length(FIELDS.clone(), columns, None, length)?;
    Ok(Arc::new(explained))
}
