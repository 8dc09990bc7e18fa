//! `99999999999999999999`, `0.12345678901234567890::DECIMAL(38, 20)`: numbers with all of their digits.
//!
//! The planner reads whole numbers beyond 64 bits, and every number with a point, as DOUBLE. A cast of one to DECIMAL then
//! keeps 15 digits or so in silence. PostgreSQL and DuckDB keep all, up to 38.

use sqlparser::ast::{CastKind, DataType, ExactNumberInfo, Expr, Value};

use super::Context;
use crate::refusal::Refusal;
use crate::registry::{Outcome, Syntax};

pub(crate) const SYNTAX: Syntax = Syntax {
    name: "numbers of many digits",
    example: "SELECT 99999999999999999999 AS whole, 0.12345678901234567890::DECIMAL(38, 20) AS part",
    outcome: Outcome::Runs,
    expr: Some(rewrite),
    ..Syntax::NONE
};

/// The most digits that a DECIMAL has.
const MOST_DIGITS: usize = 38;

fn rewrite(expr: &mut Expr, _: &Context<'_>) -> Result<(), Refusal> {
    match expr {
        Expr::Cast {
            expr: operand,
            data_type: DataType::Decimal(_) | DataType::Numeric(_) | DataType::Dec(_),
            ..
        } => {
            if let Some(text) = text_of(operand) {
                **operand = text;
            }
        }
        Expr::Value(value) => {
            let Value::Number(digits, _) = &value.value else {
                return Ok(());
            };
            let is_whole = digits.bytes().all(|byte| byte.is_ascii_digit());
            let is_long = digits.parse::<u64>().is_err() && digits.len() <= MOST_DIGITS;
            if is_whole && is_long {
                let text = Value::SingleQuotedString(digits.clone());
                *expr = Expr::Cast {
                    kind: CastKind::Cast,
                    expr: Box::new(Expr::Value(text.with_span(value.span))),
                    data_type: DataType::Decimal(ExactNumberInfo::PrecisionAndScale(38, 0)),
                    array: false,
                    format: None,
                };
            }
        }
        _ => {}
    }
    Ok(())
}

/// A number of digits and a point as the text that it is.
fn text_of(expr: &Expr) -> Option<Expr> {
    let Expr::Value(value) = expr else {
        return None;
    };
    let Value::Number(digits, _) = &value.value else {
        return None;
    };
    let is_plain = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    let text = Value::SingleQuotedString(digits.clone());
    digits
        .bytes()
        .all(is_plain)
        .then(|| Expr::Value(text.with_span(value.span)))
}
