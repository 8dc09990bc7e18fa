//! `try_port_stage`: as `port_stage`, but a value that is no year or date gives NULL.

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use datafusion_common::Result;
use datafusion_expr::{ReturnFieldArgs, ScalarFunctionArgs};

use super::definition::Calendar;
use super::moment::OnInvalid;
use super::port_stage::labels_of;
use super::{CALENDAR, CALENDAR_SAMPLES};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::{Parameters, while_planning};
use crate::scalar::Scalar;

#[derive(Debug)]
pub(super) struct TryPortStage;

impl Documented for TryPortStage {
    const PARAMETERS: Parameters = Parameters {
        function: "try_port_stage",
        list: CALENDAR,
    };
    const MANUAL: Manual = Manual {
        text: "The stage of development a year or date belongs to, or NULL for a year outside 1000 to 9999 and for \
        text that is no year, ISO date or label of a stage. Otherwise as `port_stage`; boundaries or labels that make no \
        stages are an error here too. NULL in any argument gives NULL.\n\n\
        Source: Wang, Cheng and Mo (2014), section 2.1.",
        example: "
> SELECT try_port_stage('1983-05') AS known, try_port_stage('in the eighties') AS unknown, try_port_stage(30000) AS far;
+-----------+---------+-----+
| known     | unknown | far |
+-----------+---------+-----+
| 1980-1999 |         |     |
+-----------+---------+-----+
",
        related: &["port_stage"],
    };
    const SAMPLES: Samples = CALENDAR_SAMPLES;
    const BENCHMARK: Benchmark =
        benchmark::against(benchmark::STAGES, "SELECT try_port_stage(year) FROM many");
}

impl Scalar for TryPortStage {
    fn data_type(&self) -> DataType {
        DataType::Utf8View
    }

    fn check(&self, args: &ReturnFieldArgs) -> Result<()> {
        let known = Self::PARAMETERS.literals(args)?;
        let stages = &known[1..args.arg_fields.len()];
        Calendar::from_constants(Self::PARAMETERS.function, stages).map_err(while_planning)?;
        Ok(())
    }

    fn array(&self, args: &ScalarFunctionArgs, rows: usize) -> Result<ArrayRef> {
        labels_of(Self::PARAMETERS.function, args, rows, OnInvalid::Null)
    }
}
