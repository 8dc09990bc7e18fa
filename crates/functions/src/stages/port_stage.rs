//! `port_stage`: the stage of development a year or date belongs to.

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use datafusion_common::{Result, ScalarValue};
use datafusion_expr::{ReturnFieldArgs, ScalarFunctionArgs};

use super::definition::{Calendar, by_calendar};
use super::moment::{OnInvalid, stages_of};
use super::{CALENDAR, CALENDAR_SAMPLES};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::{Parameters, while_planning};
use crate::scalar::Scalar;
use crate::support::decode;

#[derive(Debug)]
pub(super) struct PortStage;

impl Documented for PortStage {
    const PARAMETERS: Parameters = Parameters {
        function: "port_stage",
        list: CALENDAR,
    };
    const MANUAL: Manual = Manual {
        text: "The stage of development a year or date belongs to, as text. \
        The stages of the paper are `pre-1949` (before 1950), `1950-1979`, `1980-1999` and `post-2000` (2000 and later): \
        the labels are printed so, and 1949 and 2000 fall into the first and the last. Each stage includes the \
        year it begins with.\n\n\
        An INTEGER is a year from 1000 to 9999, anything else is an error. A DATE or TIMESTAMP counts in the proleptic \
        Gregorian calendar; a TIMESTAMP WITH TIME ZONE begins a year at local midnight. Text is a year (`1983`), a month, \
        a date or a timestamp in ISO form, its year taken as written, or the label of a stage. \
        NULL in any argument gives NULL. Other text is an error; `try_port_stage` gives NULL instead.\n\n\
        `=`, `<>`, IN and IS DISTINCT FROM against labels become ranges on the argument, so a scan can skip \
        what cannot match; a year out of range is then not reported. Labels sort as text: order by `port_stage_no`.\n\n\
        Source: Wang, Cheng and Mo (2014), section 2.1.",
        example: "
> SELECT port_stage(1933) AS kaishantun, port_stage(DATE '1983-12-31') AS torugart, port_stage('2000') AS suifenhe;
+------------+-----------+-----------+
| kaishantun | torugart  | suifenhe  |
+------------+-----------+-----------+
| pre-1949   | 1980-1999 | post-2000 |
+------------+-----------+-----------+
> SELECT port_stage(1983, [1978, 1992]) AS made, port_stage(1983, [1978, 1992], ['closed', 'opening', 'open']) AS given;
+-----------+---------+
| made      | given   |
+-----------+---------+
| 1978-1991 | opening |
+-----------+---------+
",
        related: &["port_stage_no", "port_stage_bounds", "try_port_stage", "stage_bucket"],
    };
    const SAMPLES: Samples = CALENDAR_SAMPLES;
    const BENCHMARK: Benchmark =
        benchmark::against(benchmark::STAGES, "SELECT port_stage(year) FROM many");
}

impl Scalar for PortStage {
    fn data_type(&self) -> DataType {
        DataType::Utf8View
    }

    fn check(&self, args: &ReturnFieldArgs) -> Result<()> {
        check(&Self::PARAMETERS, args)
    }

    fn is_nullable(&self, args: &ReturnFieldArgs) -> bool {
        Parameters::any_nullable(args)
    }

    fn array(&self, args: &ScalarFunctionArgs, rows: usize) -> Result<ArrayRef> {
        let function = Self::PARAMETERS.function;
        labels_of(function, args, rows, OnInvalid::Fail(function))
    }
}

/// The label of each row's stage. Views rather than a dictionary: they group as fast as the strings they
/// are short enough to hold, while DataFusion unpacks dictionary keys before it groups by them.
pub(super) fn labels_of(
    function: &str,
    args: &ScalarFunctionArgs,
    rows: usize,
    on_invalid: OnInvalid,
) -> Result<ArrayRef> {
    by_calendar(function, args, rows, |calendar, values| {
        decode(calendar.labels(), &stages_of(values, calendar, on_invalid)?)
    })
}

/// Checks the values of a call that are known while planning.
pub(super) fn check(parameters: &Parameters, args: &ReturnFieldArgs) -> Result<()> {
    let known = parameters.literals(args)?;
    let given = &known[1..args.arg_fields.len()];
    let calendar = Calendar::from_constants(parameters.function, given).map_err(while_planning)?;
    let (Some(calendar), Some(value)) = (calendar, known[0].as_ref()) else {
        return Ok(());
    };
    let value = ScalarValue::to_array(value)?;
    stages_of(&value, &calendar, OnInvalid::Fail(parameters.function)).map_err(while_planning)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{AsArray, Int32Array};

    use super::*;
    use crate::support::testing::{column, integer_list, said, scalar, text_list};

    fn stage(value: impl Into<ScalarValue>) -> Option<String> {
        said(scalar(PortStage, [value.into()]))
    }

    /// Events of the paper: Kaishantun opened in 1933 and Suifenhe in 1952 (2.1.1, 2.1.2), Torugart was
    /// first used in 1881 and reopened in 1983 (3.2).
    #[test]
    fn events_of_the_paper() {
        assert_eq!(stage(1933).as_deref(), Some("pre-1949"));
        assert_eq!(stage(1881).as_deref(), Some("pre-1949"));
        assert_eq!(stage(1952).as_deref(), Some("1950-1979"));
        assert_eq!(stage(1983).as_deref(), Some("1980-1999"));
    }

    /// The labels leave 1949 and 2000 open.
    #[test]
    fn years_at_the_edges() {
        let years = Int32Array::from_iter([1000, 1949, 1950, 1979, 1980, 1999, 2000, 9999]);
        let answer = column(PortStage, Arc::new(years), []).unwrap();
        let answer: Vec<_> = answer.as_string_view().iter().flatten().collect();
        assert_eq!(
            answer,
            [
                "pre-1949",
                "pre-1949",
                "1950-1979",
                "1950-1979",
                "1980-1999",
                "1980-1999",
                "post-2000",
                "post-2000"
            ]
        );
    }

    #[test]
    fn a_year_that_is_none_is_an_error_but_not_under_a_null() {
        for year in [999, 10_000, 30_000, 0, -1950] {
            let message = stage(year).unwrap();
            let expected = format!(
                "Error during planning: port_stage takes years from 1000 to 9999, got {year}"
            );
            assert_eq!(message, expected);
        }
        let hidden = Int32Array::new(
            vec![1983, 30_000].into(),
            Some(arrow::buffer::NullBuffer::from(vec![true, false])),
        );
        let answer = column(PortStage, Arc::new(hidden), []).unwrap();
        assert_eq!(
            answer.as_string_view().iter().collect::<Vec<_>>(),
            [Some("1980-1999"), None]
        );
        let seen = Int32Array::from_iter([1983, 30_000]);
        let error = column(PortStage, Arc::new(seen), []).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("Execution error: port_stage takes years")
        );
    }

    #[test]
    fn stages_of_ones_own() {
        let stage = |value: i32, rest: &[ScalarValue]| {
            let args = [ScalarValue::from(value)]
                .into_iter()
                .chain(rest.iter().cloned());
            said(scalar(PortStage, args)).unwrap()
        };
        let boundaries = integer_list(&[1978, 1992]);
        assert_eq!(
            stage(1977, std::slice::from_ref(&boundaries)),
            "before 1978"
        );
        assert_eq!(stage(1978, std::slice::from_ref(&boundaries)), "1978-1991");
        assert_eq!(stage(1992, std::slice::from_ref(&boundaries)), "from 1992");
        let labels = text_list(&["closed", "opening", "a rather long label"]);
        assert_eq!(
            stage(2024, &[boundaries, labels.clone()]),
            "a rather long label"
        );
        let message = stage(2024, &[integer_list(&[1978]), labels.clone()]);
        assert!(
            message
                .contains("Error during planning: 1 boundaries of port_stage need 2 labels, got 3")
        );
        let message = stage(2024, &[integer_list(&[1978, 30_000]), labels]);
        assert!(
            message.contains("are years from 1000 to 9999, got 30000"),
            "{message}"
        );
    }

    #[test]
    fn a_wrong_argument_is_named() {
        assert_eq!(
            stage(true).unwrap(),
            "Error during planning: port_stage takes a year (INTEGER), a DATE, a TIMESTAMP or ISO text as \
             value, got BOOLEAN"
        );
        assert!(stage(1983.0).unwrap().ends_with("as value, got DOUBLE"));
        assert_eq!(stage(ScalarValue::Null), None);
    }
}
