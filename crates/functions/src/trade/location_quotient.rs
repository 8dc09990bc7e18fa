//! `location_quotient`: how much more common something is in a region than overall.

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
    function: "location_quotient",
    list: &[
        required("x", Kind::Number),
        required("region_total", Kind::Number),
        required("group_total", Kind::Number),
        required("grand_total", Kind::Number),
    ],
};

#[user_doc(
    doc_section(label = "trade"),
    description = "The location quotient, (x / region_total) / (group_total / grand_total): above 1 the region has more of the group than its size suggests, below 1 less.\n\n\
    NULL in any argument gives NULL. A negative amount, NaN and infinity are errors. A total of 0 gives NULL.\n\n\
    Source: Isard (1960), Methods of Regional Analysis, chapter 5.",
    syntax_example = "location_quotient(x, region_total, group_total, grand_total)",
    sql_example = r#"```sql
> SELECT round(location_quotient(14, 49, 16, 95), 6) AS river_ports_in_the_northeast;
+------------------------------+
| river_ports_in_the_northeast |
+------------------------------+
| 1.696429                     |
+------------------------------+
```"#,
    argument(
        name = "x",
        description = "Amount of the group in the region, at least 0."
    ),
    argument(
        name = "region_total",
        description = "Amount of all groups in the region."
    ),
    argument(
        name = "group_total",
        description = "Amount of the group in all regions."
    ),
    argument(
        name = "grand_total",
        description = "Amount of all groups in all regions."
    ),
    related_udf(name = "shift_share"),
    related_udf(name = "krugman_index")
)]
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct LocationQuotient {
    signature: Signature,
}

impl Default for LocationQuotient {
    fn default() -> Self {
        Self {
            signature: PARAMETERS.signature(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for LocationQuotient {
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
        computed(&PARAMETERS, &args, |given: [f64; 4]| {
            all_non_negative(&PARAMETERS, &given)?;
            let [x, region_total, group_total, grand_total] = given;
            let known = region_total > 0.0 && group_total > 0.0 && grand_total > 0.0;
            Ok(known.then(|| (x / region_total) / (group_total / grand_total)))
        })
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}
