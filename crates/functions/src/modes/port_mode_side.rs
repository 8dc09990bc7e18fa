//! `port_mode_side`: on which side of the border the port lies in a city.

use arrow::array::{ArrayRef, UInt32Array};
use arrow::datatypes::DataType;
use datafusion_common::Result;
use datafusion_expr::{ReturnFieldArgs, ScalarFunctionArgs};

use super::inputs::{self, Inputs};
use super::rule::Known;
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::Parameters;
use crate::scalar::Scalar;
use crate::support::decode;

#[derive(Debug)]
pub(super) struct PortModeSide;

impl Documented for PortModeSide {
    const PARAMETERS: Parameters = Parameters {
        function: "port_mode_side",
        list: inputs::PARAMETERS,
    };
    const MANUAL: Manual = Manual {
        text: "On which side of the border the port lies in a city: `own`, `foreign`, `both` or `none`. It takes the arguments of `port_mode`, \
        so the two can be called alike; hinterland_km, hinterland_min_pop, require and reverse do not matter to it.\n\n\
        NULL where a distance is unknown and the answer depends on it. NULLs in other arguments and errors are as in `port_mode`.\n\n\
        Source: Wang, Cheng and Mo (2014), section 3.",
        example: "
> SELECT port_mode_side(2, 3) AS heihe, port_mode_side(0, 180) AS alashankou, port_mode_side(110, 5) AS reverse;
+-------+------------+---------+
| heihe | alashankou | reverse |
+-------+------------+---------+
| both  | own        | foreign |
+-------+------------+---------+
",
        related: &["port_mode"],
    };
    const SAMPLES: Samples = inputs::SAMPLES;
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::MODES,
        "SELECT port_mode_side(own_km, foreign_km) FROM many",
    );
}

const SIDES: [&str; 4] = ["none", "own", "foreign", "both"];

impl Scalar for PortModeSide {
    fn data_type(&self) -> DataType {
        DataType::Utf8View
    }

    fn check(&self, args: &ReturnFieldArgs) -> Result<()> {
        inputs::check(&Self::PARAMETERS, args)
    }

    /// As in `port_mode`.
    fn is_strict(&self) -> bool {
        false
    }

    fn array(&self, args: &ScalarFunctionArgs, rows: usize) -> Result<ArrayRef> {
        let inputs = Inputs::new(Self::PARAMETERS.function, args)?;
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
        said(scalar(PortModeSide, args))
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
