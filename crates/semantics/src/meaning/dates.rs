//! A date and hours are a timestamp: DataFusion keeps the date and loses the hours.

use arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::{DFSchema, Result, ScalarValue};
use datafusion::logical_expr::planner::{ExprPlanner, PlannerResult, RawBinaryExpr};
use datafusion::logical_expr::sqlparser::ast::BinaryOperator;
use datafusion::logical_expr::{Cast, Expr, ExprSchemable};

/// `date + interval` and `date - interval` are timestamps, unless the interval is written out and has whole days only.
///
/// PostgreSQL and DuckDB always answer a timestamp. Whole days and months leave a date a date here, which is the same day.
#[derive(Debug)]
pub(super) struct DatesWithHours;

impl ExprPlanner for DatesWithHours {
    fn plan_binary_op(
        &self,
        mut expr: RawBinaryExpr,
        schema: &DFSchema,
    ) -> Result<PlannerResult<RawBinaryExpr>> {
        if matches!(expr.op, BinaryOperator::Plus | BinaryOperator::Minus) {
            let (left, right) = (expr.left.get_type(schema), expr.right.get_type(schema));
            match (left, right) {
                (Ok(date), Ok(DataType::Interval(_))) if is_date(&date) => {
                    expr.left = with_hours(expr.left, &expr.right);
                }
                (Ok(DataType::Interval(_)), Ok(date)) if is_date(&date) => {
                    expr.right = with_hours(expr.right, &expr.left);
                }
                _ => {}
            }
        }
        Ok(PlannerResult::Original(expr))
    }
}

fn is_date(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Date32 | DataType::Date64)
}

fn with_hours(date: Expr, interval: &Expr) -> Expr {
    if has_whole_days(interval) {
        return date;
    }
    // Microseconds reach as far as dates do in practice; nanoseconds end in 2262.
    let timestamp = DataType::Timestamp(TimeUnit::Microsecond, None);
    Expr::Cast(Cast::new(Box::new(date), timestamp))
}

fn has_whole_days(interval: &Expr) -> bool {
    match interval {
        Expr::Negative(interval) => has_whole_days(interval),
        Expr::Literal(ScalarValue::IntervalMonthDayNano(value), _) => {
            value.is_none_or(|value| value.nanoseconds == 0)
        }
        Expr::Literal(ScalarValue::IntervalDayTime(value), _) => {
            value.is_none_or(|value| value.milliseconds == 0)
        }
        Expr::Literal(ScalarValue::IntervalYearMonth(_), _) => true,
        _ => false,
    }
}
