//! `port_mode_side`: on which side of the border the port lies in a city.

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
use super::rule::Known;
use crate::parameters::Parameters;
use crate::support::{decode, evaluate};

const PARAMETERS: Parameters = Parameters {
    function: "port_mode_side",
    list: inputs::PARAMETERS,
};

const SIDES: [&str; 4] = ["none", "own", "foreign", "both"];

#[user_doc(
    doc_section(label = "modes"),
    description = "On which side of the border the port lies in a city: `own`, `foreign`, `both` or `none`. It takes the arguments of `port_mode`, \
    so the two can be called alike; hinterland_km, hinterland_min_pop, require and reverse do not matter to it.\n\n\
    NULL where a distance is unknown and the answer depends on it. NULLs in other arguments and errors are as in `port_mode`.\n\n\
    Source: Wang, Cheng and Mo (2014), section 3.",
    syntax_example = "port_mode_side(own_city_km, foreign_city_km[, own_city_pop, foreign_city_pop, urban_km, hinterland_km, min_city_pop, hinterland_min_pop, require, reverse, strict_pop])",
    sql_example = r#"```sql
> SELECT port_mode_side(2, 3) AS heihe, port_mode_side(0, 180) AS alashankou, port_mode_side(110, 5) AS reverse;
+-------+------------+---------+
| heihe | alashankou | reverse |
+-------+------------+---------+
| both  | own        | foreign |
+-------+------------+---------+
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
pub(super) struct PortModeSide {
    signature: Signature,
}

impl Default for PortModeSide {
    fn default() -> Self {
        Self {
            signature: PARAMETERS.signature(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for PortModeSide {
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
            let constant = inputs.constant_settings()?;
            let sides = (0..rows)
                .map(|row| {
                    let settings = match constant {
                        Some(settings) => settings,
                        None => inputs.settings(row)?,
                    };
                    let (own, foreign) = inputs.sides(row)?;
                    Ok(side(settings.city(own), settings.city(foreign)))
                })
                .collect::<Result<UInt32Array>>()?;
            decode(&SIDES, &sides)
        })
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}

/// The position in [`SIDES`].
fn side(own: Known, foreign: Known) -> Option<u32> {
    Some(u32::from(own?) + 2 * u32::from(foreign?))
}

#[cfg(test)]
mod tests {
    use datafusion_common::ScalarValue;

    use super::*;
    use crate::support::testing::{said, scalar};

    fn side_of(args: &[Option<f64>]) -> Option<String> {
        let args = args.iter().map(|value| ScalarValue::Float64(*value));
        said(scalar(PortModeSide::default(), args))
    }

    #[test]
    fn a_side_is_known_if_it_does_not_depend_on_what_is_not() {
        assert_eq!(side_of(&[Some(2.0), Some(20.0)]).as_deref(), Some("both"));
        assert_eq!(side_of(&[Some(2.0), Some(20.1)]).as_deref(), Some("own"));
        assert_eq!(side_of(&[Some(2.0), None]), None);
        // Too few people: no city, wherever it lies.
        let small = [None, None, Some(10.0), Some(19_999.0)];
        assert_eq!(side_of(&small).as_deref(), Some("none"));
    }
}
