//! `directionality`: which way a two-way flow leans.

use arrow::datatypes::{DataType, FieldRef};
use datafusion_common::Result;
use datafusion_expr::{
    ColumnarValue, Documentation, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature,
    Volatility,
};
use datafusion_macros::user_doc;

use super::{all_non_negative, answer_field, computed};
use crate::parameters::{Kind, Parameters, required};

const PARAMETERS: Parameters = Parameters {
    function: "directionality",
    list: &[
        required("entry", Kind::Number),
        required("exit", Kind::Number),
    ],
};

#[user_doc(
    doc_section(label = "trade"),
    description = "The balance of a two-way flow, (entry - exit) / (entry + exit): 1 if all comes in, 0 if both are alike, -1 if all goes out.\n\n\
    NULL in any argument gives NULL. A negative amount, NaN and infinity are errors. No flow at all gives NULL.\n\n\
    Source: net over gross flow, as in Shryock and Siegel (1973), The Methods and Materials of Demography, chapter 21.",
    syntax_example = "directionality(entry, exit)",
    sql_example = r#"```sql
> SELECT directionality(750, 250) AS cargo, directionality(0, 1200) AS people;
+-------+--------+
| cargo | people |
+-------+--------+
| 0.5   | -1.0   |
+-------+--------+
```"#,
    argument(
        name = "entry",
        description = "Amount coming in, at least 0, any unit."
    ),
    argument(
        name = "exit",
        description = "Amount going out, at least 0, the same unit."
    ),
    related_udf(name = "grubel_lloyd")
)]
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Directionality {
    signature: Signature,
}

impl Default for Directionality {
    fn default() -> Self {
        Self {
            signature: PARAMETERS.signature(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for Directionality {
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
        Ok(DataType::Float64)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        answer_field(&PARAMETERS, &args, DataType::Float64)
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        computed(&PARAMETERS, &args, |[entry, exit]| {
            all_non_negative(&PARAMETERS, &[entry, exit])?;
            let both = entry + exit;
            Ok((both > 0.0).then(|| (entry - exit) / both))
        })
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}
