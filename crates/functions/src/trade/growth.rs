//! `growth`: change relative to the start.

use arrow::datatypes::{DataType, FieldRef};
use datafusion_common::Result;
use datafusion_expr::{
    ColumnarValue, Documentation, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature,
    Volatility,
};
use datafusion_macros::user_doc;

use super::{answer_field, computed};
use crate::parameters::{Kind, Parameters, required};

const PARAMETERS: Parameters = Parameters {
    function: "growth",
    list: &[
        required("first", Kind::Number),
        required("last", Kind::Number),
    ],
};

#[user_doc(
    doc_section(label = "trade"),
    description = "The change from the first amount to the last as a part of the first, last / first - 1: 0.25 is 25 percent more.\n\n\
    NULL in any argument gives NULL, as does a first amount of 0 or less. NaN and infinity are errors.\n\n\
    Source: definition.",
    syntax_example = "growth(first, last)",
    sql_example = r#"```sql
> SELECT growth(80, 100) AS growth;
+--------+
| growth |
+--------+
| 0.25   |
+--------+
```"#,
    argument(name = "first", description = "Amount at the start, above 0."),
    argument(name = "last", description = "Amount at the end, the same unit."),
    related_udf(name = "cagr")
)]
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Growth {
    signature: Signature,
}

impl Default for Growth {
    fn default() -> Self {
        Self {
            signature: PARAMETERS.signature(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for Growth {
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
        computed(&PARAMETERS, &args, |[first, last]| {
            Ok((first > 0.0).then(|| last / first - 1.0))
        })
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}
