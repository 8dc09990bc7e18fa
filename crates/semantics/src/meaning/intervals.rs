//! Intervals compare by their length, with months of 30 days and days of 24 hours, as in PostgreSQL and DuckDB.
//!
//! Arrow compares the months first, then the days, then the rest: `INTERVAL '25 hours' > INTERVAL '1 day'` would be false.

use std::sync::{Arc, LazyLock};

use arrow::array::{ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Decimal128Type, IntervalMonthDayNanoType, IntervalUnit};
use datafusion::common::tree_node::Transformed;
use datafusion::common::{DFSchema, Result, ScalarValue};
use datafusion::logical_expr::expr::InList;
use datafusion::logical_expr::{
    Between, BinaryExpr, ColumnarValue, Expr, ExprSchemable, Operator, ScalarFunctionArgs,
    ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

static LENGTH: LazyLock<ScalarUDF> =
    LazyLock::new(|| ScalarUDF::new_from_impl(IntervalLength::new()));

/// `a < b` of intervals, and the other comparisons.
pub(super) fn compare(binary: BinaryExpr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    let compares = matches!(
        binary.op,
        Operator::Eq
            | Operator::NotEq
            | Operator::Lt
            | Operator::LtEq
            | Operator::Gt
            | Operator::GtEq
            | Operator::IsDistinctFrom
            | Operator::IsNotDistinctFrom
    );
    if !compares || !are_intervals([&*binary.left, &*binary.right], schema)? {
        return Ok(Transformed::no(Expr::BinaryExpr(binary)));
    }
    let (left, right) = (length(*binary.left), length(*binary.right));
    Ok(Transformed::yes(Expr::BinaryExpr(BinaryExpr::new(
        Box::new(left),
        binary.op,
        Box::new(right),
    ))))
}

/// `x BETWEEN a AND b` of intervals.
pub(super) fn between(mut between: Between, schema: &DFSchema) -> Result<Transformed<Expr>> {
    let of = [&*between.expr, &*between.low, &*between.high];
    if !are_intervals(of, schema)? {
        return Ok(Transformed::no(Expr::Between(between)));
    }
    between.expr = Box::new(length(*between.expr));
    between.low = Box::new(length(*between.low));
    between.high = Box::new(length(*between.high));
    Ok(Transformed::yes(Expr::Between(between)))
}

/// `x IN (a, b)` of intervals.
pub(super) fn in_list(mut list: InList, schema: &DFSchema) -> Result<Transformed<Expr>> {
    if !are_intervals(std::iter::once(&*list.expr).chain(&list.list), schema)? {
        return Ok(Transformed::no(Expr::InList(list)));
    }
    list.expr = Box::new(length(*list.expr));
    list.list = list.list.into_iter().map(length).collect();
    Ok(Transformed::yes(Expr::InList(list)))
}

fn are_intervals<'a>(exprs: impl IntoIterator<Item = &'a Expr>, schema: &DFSchema) -> Result<bool> {
    for expr in exprs {
        if !matches!(expr.get_type(schema)?, DataType::Interval(_)) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn length(interval: Expr) -> Expr {
    LENGTH.call(vec![interval])
}

/// How many nanoseconds an interval has. NULL is NULL.
#[derive(Debug, PartialEq, Eq, Hash)]
struct IntervalLength {
    signature: Signature,
}

const NANOSECONDS_OF_A_DAY: i128 = 86_400_000_000_000;
const LENGTH_TYPE: DataType = DataType::Decimal128(38, 0);

impl IntervalLength {
    fn new() -> Self {
        Self {
            signature: Signature::any(1, Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for IntervalLength {
    fn name(&self) -> &'static str {
        "interval_length"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(LENGTH_TYPE)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let is_scalar = matches!(args.args[0], ColumnarValue::Scalar(_));
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let lengths = lengths(&arrays[0])?;
        if is_scalar {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(
                &lengths, 0,
            )?));
        }
        Ok(ColumnarValue::Array(lengths))
    }
}

fn lengths(intervals: &ArrayRef) -> Result<ArrayRef> {
    let intervals = cast(intervals, &DataType::Interval(IntervalUnit::MonthDayNano))?;
    let intervals = intervals.as_primitive::<IntervalMonthDayNanoType>();
    let lengths = intervals.unary::<_, Decimal128Type>(|interval| {
        let days = i128::from(interval.months) * 30 + i128::from(interval.days);
        days * NANOSECONDS_OF_A_DAY + i128::from(interval.nanoseconds)
    });
    Ok(Arc::new(lengths.with_data_type(LENGTH_TYPE)))
}
