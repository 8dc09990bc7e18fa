//! `port_mode_explain`: why a port has its mode, and how firmly.

use std::sync::{Arc, LazyLock};

use arrow::array::{ArrayRef, BooleanArray, Float64Array, StringViewArray, StructArray};
use arrow::datatypes::{DataType, Field, Fields};
use datafusion_common::Result;
use datafusion_expr::{ReturnFieldArgs, ScalarFunctionArgs};

use super::inputs::{self, Inputs};
use super::rule::{Known, Mode, ModeSettings, Side};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::Parameters;
use crate::scalar::Scalar;

#[derive(Debug)]
pub(super) struct PortModeExplain;

impl Documented for PortModeExplain {
    const PARAMETERS: Parameters = Parameters {
        function: "port_mode_explain",
        list: inputs::PARAMETERS,
    };
    const MANUAL: Manual = Manual {
        text: "Why a port has its mode, as STRUCT(own_city BOOLEAN, foreign_city BOOLEAN, own_hinterland BOOLEAN, \
        foreign_hinterland BOOLEAN, mode VARCHAR, margin DOUBLE). The predicates are a, b, ha and hb of `port_mode`, a city the port lies in \
        counting as hinterland too; one is NULL if it depends on an unknown distance. margin is the smallest relative change of one \
        distance or population that changes the mode: 0.05 means that 5 percent more or less would do. It is +infinity if no such change does \
        (0 km and +infinity stay what they are) and NULL if the mode is.\n\n\
        The struct itself is never NULL. NULLs and errors are as in `port_mode`.\n\n\
        Source: Wang, Cheng and Mo (2014), section 3; the margin is this project's.",
        example: "
> SELECT why.mode, why.own_hinterland, why.foreign_hinterland, why.margin
  FROM (SELECT port_mode_explain(100, 120) AS why);
+-----------+---------------------+-------------------------+-------------+
| why[mode] | why[own_hinterland] | why[foreign_hinterland] | why[margin] |
+-----------+---------------------+-------------------------+-------------+
| CPPC      | true                | true                    | 0.25        |
+-----------+---------------------+-------------------------+-------------+
",
        related: &["port_mode"],
    };
    const SAMPLES: Samples = inputs::SAMPLES;
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::MODES,
        "SELECT port_mode_explain(own_km, foreign_km) FROM many",
    );
}

impl Scalar for PortModeExplain {
    fn data_type(&self) -> DataType {
        DataType::Struct(FIELDS.clone())
    }

    fn check(&self, args: &ReturnFieldArgs) -> Result<()> {
        inputs::check(&Self::PARAMETERS, args)
    }

    /// As in `port_mode`.
    fn is_strict(&self) -> bool {
        false
    }

    fn is_nullable(&self, _: &ReturnFieldArgs) -> bool {
        false
    }

    fn array(&self, args: &ScalarFunctionArgs, rows: usize) -> Result<ArrayRef> {
        let inputs = Inputs::new(Self::PARAMETERS.function, args)?;
        let explanations = (0..rows)
            .map(|row| {
                let settings = inputs.settings(row)?;
                let (own, foreign) = inputs.sides(row)?;
                Ok(Explanation::new(&settings, own, foreign))
            })
            .collect::<Result<Vec<_>>>()?;
        columns(&explanations)
    }
}

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
    fn new(settings: &ModeSettings, own: Side, foreign: Side) -> Self {
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
