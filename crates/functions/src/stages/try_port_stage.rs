//! `try_port_stage`: as `port_stage`, but a value that is no year or date gives NULL.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion_common::Result;
use datafusion_expr::{
    ColumnarValue, Documentation, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature,
    Volatility,
};
use datafusion_macros::user_doc;

use super::CALENDAR;
use super::definition::Calendar;
use super::moment::OnInvalid;
use super::port_stage::labels_of;
use crate::parameters::{Parameters, while_planning};

const PARAMETERS: Parameters = Parameters {
    function: "try_port_stage",
    list: CALENDAR,
};

#[user_doc(
    doc_section(label = "stages"),
    description = "The stage of development a year or date belongs to, or NULL for a year outside 1000 to 9999 and for \
    text that is no year, ISO date or label of a stage. Otherwise as `port_stage`; boundaries or labels that make no \
    stages are an error here too. NULL in any argument gives NULL.\n\n\
    Source: Wang, Cheng and Mo (2014), section 2.1.",
    syntax_example = "try_port_stage(value[, boundaries[, labels]])",
    sql_example = r#"```sql
> SELECT try_port_stage('1983-05') AS known, try_port_stage('in the eighties') AS unknown, try_port_stage(30000) AS far;
+-----------+---------+-----+
| known     | unknown | far |
+-----------+---------+-----+
| 1980-1999 |         |     |
+-----------+---------+-----+
```"#,
    argument(
        name = "value",
        description = "Year (INTEGER of any width), DATE, TIMESTAMP or text."
    ),
    argument(
        name = "boundaries",
        description = "Years in which a new stage begins, strictly increasing. Default [1950, 1980, 2000]."
    ),
    argument(
        name = "labels",
        description = "Names of the stages, one more than boundaries, all different."
    ),
    related_udf(name = "port_stage")
)]
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct TryPortStage {
    signature: Signature,
}

impl Default for TryPortStage {
    fn default() -> Self {
        Self {
            signature: PARAMETERS.signature(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for TryPortStage {
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
        PARAMETERS.check(&args)?;
        let known = PARAMETERS.literals(&args)?;
        Calendar::from_constants(self.name(), &known[1..args.arg_fields.len()])
            .map_err(while_planning)?;
        Ok(Arc::new(Field::new(self.name(), DataType::Utf8View, true)))
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        labels_of(&args, self.name(), OnInvalid::Null)
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}
