//! `cagr`: growth per period at a constant rate.

use arrow::datatypes::{DataType, FieldRef};
use datafusion_common::{Result, exec_err};
use datafusion_expr::{
    ColumnarValue, Documentation, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature,
    Volatility,
};
use datafusion_macros::user_doc;

use super::{answer_field, computed};
use crate::parameters::{Kind, Parameters, required};

const PARAMETERS: Parameters = Parameters {
    function: "cagr",
    list: &[
        required("first", Kind::Number),
        required("last", Kind::Number),
        required("periods", Kind::Number),
    ],
};

#[user_doc(
    doc_section(label = "trade"),
    description = "The compound growth rate, (last / first)^(1 / periods) - 1: the constant change per period that leads from first to last.\n\n\
    NULL in any argument gives NULL, as do a first amount of 0 or less and a negative last one. Periods of 0 or less, NaN and infinity are errors.\n\n\
    Source: definition; values by numpy.",
    syntax_example = "cagr(first, last, periods)",
    sql_example = r#"```sql
> SELECT round(cagr(100, 121, 2), 6) AS a_year;
+--------+
| a_year |
+--------+
| 0.1    |
+--------+
```"#,
    argument(name = "first", description = "Amount at the start, above 0."),
    argument(
        name = "last",
        description = "Amount at the end, at least 0, the same unit."
    ),
    argument(
        name = "periods",
        description = "Periods between them, above 0: years, months; from 2005 to 2012 it is 7."
    ),
    related_udf(name = "growth")
)]
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Cagr {
    signature: Signature,
}

impl Default for Cagr {
    fn default() -> Self {
        Self {
            signature: PARAMETERS.signature(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for Cagr {
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
        computed(&PARAMETERS, &args, |[first, last, periods]| {
            if periods <= 0.0 {
                return exec_err!("cagr takes a number above 0 as periods, got {periods}");
            }
            let known = first > 0.0 && last >= 0.0;
            Ok(known.then(|| (last / first).powf(1.0 / periods) - 1.0))
        })
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}
