//! What the optimizer may do with checked operations: drop 0 and 1, and compare `x + 1` with a constant by `x`.

use arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::interval_arithmetic::Interval;
use datafusion::logical_expr::preimage::PreimageResult;
use datafusion::logical_expr::simplify::{ExprSimplifyResult, SimplifyContext};
use datafusion::logical_expr::{Expr, lit};

use super::operation::Operation;

/// `x + 0`, `x - 0` and `x * 1` are x, `x * 0` is 0 where x is never NULL.
pub(super) fn simplify(
    operation: Operation,
    args: Vec<Expr>,
    info: &SimplifyContext,
) -> Result<ExprSimplifyResult> {
    let [left, right] = args.as_slice() else {
        return Ok(ExprSimplifyResult::Original(args));
    };
    let constant = |expr: &Expr| expr.as_literal().and_then(whole);
    // Types of deep chains are dear; most constants are not one of these.
    let is_simple = |expr: &Expr| matches!(constant(expr), Some(0 | 1));
    if !is_simple(left) && !is_simple(right) {
        return Ok(ExprSimplifyResult::Original(args));
    }
    let (left_type, right_type) = (info.get_data_type(left)?, info.get_data_type(right)?);
    // Decimals change their precision, and with it the type.
    if left_type != right_type || !left_type.is_integer() {
        return Ok(ExprSimplifyResult::Original(args));
    }
    let sides = [(left, constant(right)), (right, constant(left))];
    for (place, (other, constant)) in sides.into_iter().enumerate() {
        let is_right = place == 0;
        let simpler = match (operation, constant) {
            (Operation::Add, Some(0)) | (Operation::Multiply, Some(1)) => Some(other.clone()),
            (Operation::Subtract, Some(0)) if is_right => Some(other.clone()),
            (Operation::Multiply, Some(0)) if !info.nullable(other)? => {
                Some(lit(ScalarValue::new_zero(&left_type)?))
            }
            _ => None,
        };
        if let Some(simpler) = simpler {
            return Ok(ExprSimplifyResult::Simplified(simpler));
        }
    }
    Ok(ExprSimplifyResult::Original(args))
}

/// The values of x for which `x + c` or `x - c` is the given constant, so that files and row groups can be
/// skipped by what is known of x.
pub(super) fn preimage(
    operation: Operation,
    args: &[Expr],
    constant: &Expr,
    info: &SimplifyContext,
) -> Result<PreimageResult> {
    let [left, right] = args else {
        return Ok(PreimageResult::None);
    };
    let (expr, offset) = match (operation, left.as_literal(), right.as_literal()) {
        (Operation::Add, None, Some(offset)) => (left, whole(offset)),
        (Operation::Add, Some(offset), None) => (right, whole(offset)),
        (Operation::Subtract, None, Some(offset)) => (left, whole(offset).map(|offset| -offset)),
        _ => return Ok(PreimageResult::None),
    };
    let data_type = info.get_data_type(expr)?;
    let constant = match constant.as_literal() {
        Some(constant) if constant.data_type() == data_type => whole(constant),
        _ => None,
    };
    let (Some(offset), Some(constant)) = (offset, constant) else {
        return Ok(PreimageResult::None);
    };
    // The upper bound is not part of the interval; both have to fit the type of x.
    let bounds = [constant - offset, constant - offset + 1].map(|bound| value(bound, &data_type));
    let [Some(lower), Some(upper)] = bounds else {
        return Ok(PreimageResult::None);
    };
    Ok(PreimageResult::Range {
        expr: expr.clone(),
        interval: Box::new(Interval::try_new(lower, upper)?),
    })
}

fn whole(value: &ScalarValue) -> Option<i128> {
    match value {
        ScalarValue::Int8(value) => value.map(i128::from),
        ScalarValue::Int16(value) => value.map(i128::from),
        ScalarValue::Int32(value) => value.map(i128::from),
        ScalarValue::Int64(value) => value.map(i128::from),
        ScalarValue::UInt8(value) => value.map(i128::from),
        ScalarValue::UInt16(value) => value.map(i128::from),
        ScalarValue::UInt32(value) => value.map(i128::from),
        ScalarValue::UInt64(value) => value.map(i128::from),
        _ => None,
    }
}

fn value(whole: i128, data_type: &DataType) -> Option<ScalarValue> {
    Some(match data_type {
        DataType::Int8 => ScalarValue::from(i8::try_from(whole).ok()?),
        DataType::Int16 => ScalarValue::from(i16::try_from(whole).ok()?),
        DataType::Int32 => ScalarValue::from(i32::try_from(whole).ok()?),
        DataType::Int64 => ScalarValue::from(i64::try_from(whole).ok()?),
        DataType::UInt8 => ScalarValue::from(u8::try_from(whole).ok()?),
        DataType::UInt16 => ScalarValue::from(u16::try_from(whole).ok()?),
        DataType::UInt32 => ScalarValue::from(u32::try_from(whole).ok()?),
        DataType::UInt64 => ScalarValue::from(u64::try_from(whole).ok()?),
        _ => return None,
    })
}
