//! `shift_share`: what a region's change owes to the whole, to its mix and to itself.

use arrow::datatypes::{DataType, FieldRef};
use datafusion_common::Result;
use datafusion_expr::{
    ColumnarValue, Documentation, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature,
    Volatility,
};
use datafusion_macros::user_doc;

use super::{all_non_negative, answer_field, columns, row_of_numbers};
use crate::aggregate::{Answer, NamedNumbers};
use crate::parameters::{Kind, Parameters, required};
use crate::support::evaluate;

const PARAMETERS: Parameters = Parameters {
    function: "shift_share",
    list: &[
        required("x0", Kind::Number),
        required("x1", Kind::Number),
        required("group0", Kind::Number),
        required("group1", Kind::Number),
        required("total0", Kind::Number),
        required("total1", Kind::Number),
    ],
};

#[user_doc(
    doc_section(label = "trade"),
    description = "The change of an amount split in three, as STRUCT(national DOUBLE, mix DOUBLE, competitive DOUBLE, change DOUBLE): \
    national = x0 (total1 / total0 - 1), as if it had grown like everything; mix = x0 (group1 / group0 - total1 / total0), more for a group that grows faster; \
    competitive = x1 - x0 group1 / group0, what is left to the region. The three add to change = x1 - x0.\n\n\
    NULL in any argument gives NULL. A negative amount, NaN and infinity are errors. A group0 or total0 of 0 gives NULL.\n\n\
    Source: Dunn (1960), A statistical and analytical technique for regional analysis, Papers of the Regional Science Association 6.",
    syntax_example = "shift_share(x0, x1, group0, group1, total0, total1)",
    sql_example = r#"```sql
> SELECT round(parts['national'], 6) AS national, round(parts['mix'], 6) AS mix, round(parts['competitive'], 6) AS competitive
  FROM (SELECT shift_share(100, 150, 1000, 1200, 10000, 11000) AS parts);
+----------+------+-------------+
| national | mix  | competitive |
+----------+------+-------------+
| 10.0     | 10.0 | 30.0        |
+----------+------+-------------+
```"#,
    argument(
        name = "x0",
        description = "Amount of the group in the region at the start, at least 0."
    ),
    argument(name = "x1", description = "The same at the end."),
    argument(
        name = "group0",
        description = "Amount of the group in all regions at the start."
    ),
    argument(name = "group1", description = "The same at the end."),
    argument(
        name = "total0",
        description = "Amount of all groups in all regions at the start."
    ),
    argument(name = "total1", description = "The same at the end."),
    related_udf(name = "location_quotient"),
    related_udf(name = "growth")
)]
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct ShiftShare {
    signature: Signature,
}

impl Default for ShiftShare {
    fn default() -> Self {
        Self {
            signature: PARAMETERS.signature(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for ShiftShare {
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
        Ok(Parts::data_type())
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        answer_field(&PARAMETERS, &args, Parts::data_type())
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let columns = columns::<6>(&args)?;
        evaluate(&args, |rows| {
            let parts = (0..rows).map(|row| match row_of_numbers(&PARAMETERS, &columns, row)? {
                Some(given) => Parts::of(given),
                None => Ok(None),
            });
            Parts::array(parts.collect::<Result<_>>()?)
        })
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.doc()
    }
}

/// The parts of a change.
struct Parts {
    national: f64,
    mix: f64,
    competitive: f64,
    change: f64,
}

impl Parts {
    fn of(given: [f64; 6]) -> Result<Option<Self>> {
        all_non_negative(&PARAMETERS, &given)?;
        let [x0, x1, group0, group1, total0, total1] = given;
        if group0 <= 0.0 || total0 <= 0.0 {
            return Ok(None);
        }
        let (group, total) = (group1 / group0, total1 / total0);
        Ok(Some(Self {
            national: x0 * (total - 1.0),
            mix: x0 * (group - total),
            competitive: x1 - x0 * group,
            change: x1 - x0,
        }))
    }
}

impl NamedNumbers for Parts {
    const NAMES: &'static [&'static str] = &["national", "mix", "competitive", "change"];

    fn number(&self, position: usize) -> Option<f64> {
        Some(match position {
            0 => self.national,
            1 => self.mix,
            2 => self.competitive,
            _ => self.change,
        })
    }
}
