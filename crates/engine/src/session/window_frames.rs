//! Frames of window functions with offsets that make no sense, which DataFusion answers or panics at.

use arrow::compute::kernels::cast_utils::parse_interval_month_day_nano;
use datafusion::common::plan_err;
use datafusion::error::Result;
use datafusion::logical_expr::planner::{ExprPlanner, PlannerResult, RawWindowExpr};
use datafusion::logical_expr::{WindowFrame, WindowFrameBound};
use datafusion::scalar::ScalarValue;

/// Refuses negative offsets while a statement is planned, as PostgreSQL does.
///
/// DataFusion refuses them in ROWS and GROUPS, and numbers with a sign in RANGE; an interval may hide one
/// (apache/datafusion 24902).
#[derive(Debug)]
pub(crate) struct OffsetsAreNotNegative;

impl ExprPlanner for OffsetsAreNotNegative {
    fn plan_window(&self, window: RawWindowExpr) -> Result<PlannerResult<RawWindowExpr>> {
        check(&window.window_frame)?;
        Ok(PlannerResult::Original(window))
    }
}

fn check(frame: &WindowFrame) -> Result<()> {
    for bound in [&frame.start_bound, &frame.end_bound] {
        if let WindowFrameBound::Preceding(offset) | WindowFrameBound::Following(offset) = bound
            && is_negative(offset)
        {
            let offset = offset.to_string();
            return plan_err!(
                "the frame of a window function has the offset {offset}: offsets must not be negative; PRECEDING and FOLLOWING say the direction"
            );
        }
    }
    Ok(())
}

/// Offsets of RANGE are still the texts of numbers and intervals here.
fn is_negative(offset: &ScalarValue) -> bool {
    if offset.is_null() {
        // UNBOUNDED.
        return false;
    }
    let Some(text) = offset.try_as_str().flatten() else {
        let zero = ScalarValue::new_zero(&offset.data_type());
        return zero.is_ok_and(|zero| *offset < zero);
    };
    if let Ok(number) = text.trim().parse::<f64>() {
        return number < 0.0 || number.is_nan();
    }
    let Ok(interval) = parse_interval_month_day_nano(text) else {
        // Type coercion says what is wrong with it.
        return false;
    };
    // A month counts as thirty days, as where PostgreSQL compares intervals.
    let days = i128::from(interval.months) * 30 + i128::from(interval.days);
    days * 86_400_000_000_000 + i128::from(interval.nanoseconds) < 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// PostgreSQL 17: `SELECT '1 month -31 days'::interval < '0'::interval` is true, and so on.
    #[test]
    fn intervals_are_negative_as_a_whole() {
        let text = |text: &str| ScalarValue::Utf8(Some(text.to_string()));
        for negative in [
            "-1 month",
            "-1",
            "-0.5",
            "1 month -31 days",
            "-1 day 23 hours",
            "-1 DAY",
            "NaN",
        ] {
            assert!(is_negative(&text(negative)), "{negative}");
        }
        for positive in [
            "1 month",
            "0",
            "-0",
            "1 month -29 days",
            "-1 day 25 hours",
            "two",
        ] {
            assert!(!is_negative(&text(positive)), "{positive}");
        }
        assert!(!is_negative(&ScalarValue::UInt64(None)));
        assert!(is_negative(&ScalarValue::Int64(Some(-1))));
    }
}
