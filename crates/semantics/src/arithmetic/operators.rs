//! What `/`, `//` and `^` mean, decided where the types of both sides are known and names are not yet.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::DFSchema;
use datafusion::error::Result;
use datafusion::logical_expr::planner::{ExprPlanner, PlannerResult, RawBinaryExpr};
use datafusion::logical_expr::{Expr, ExprSchemable, ScalarUDF, cast};
use datafusion::sql::sqlparser::ast::BinaryOperator;

use super::division::Division;
use super::integer_division::IntegerDivision;
use super::shifts::Shift;

/// `/` of whole numbers and decimals divides as doubles do: 7 / 2 is 3.5. `//` gives the whole number of times that
/// the right side fits into the left. `^` is a power: 2 ^ 3 is 8. Shifts do not lose bits without a word.
#[derive(Debug)]
pub(super) struct Operators {
    division: Arc<ScalarUDF>,
    integer_division: Arc<ScalarUDF>,
    power: Arc<ScalarUDF>,
    shift_left: Arc<ScalarUDF>,
    shift_right: Arc<ScalarUDF>,
}

impl Operators {
    pub(super) fn new() -> Self {
        Self {
            division: Arc::new(ScalarUDF::from(Division::new())),
            integer_division: Arc::new(ScalarUDF::from(IntegerDivision::new())),
            power: datafusion::functions::math::power(),
            shift_left: Arc::new(ScalarUDF::from(Shift::new(true))),
            shift_right: Arc::new(ScalarUDF::from(Shift::new(false))),
        }
    }
}

impl ExprPlanner for Operators {
    fn plan_binary_op(
        &self,
        expr: RawBinaryExpr,
        schema: &DFSchema,
    ) -> Result<PlannerResult<RawBinaryExpr>> {
        let RawBinaryExpr { op, left, right } = &expr;
        let planned = match op {
            BinaryOperator::Divide => {
                let args = match (Side::of(left, schema), Side::of(right, schema)) {
                    (Side::Other, _) | (_, Side::Other) => {
                        return Ok(PlannerResult::Original(expr));
                    }
                    (Side::Float, _) | (_, Side::Float) => vec![left.clone(), right.clone()],
                    _ => vec![double(left), double(right)],
                };
                self.division.call(args)
            }
            BinaryOperator::DuckIntegerDivide | BinaryOperator::MyIntegerDivide => self
                .integer_division
                .call(vec![left.clone(), right.clone()]),
            BinaryOperator::BitwiseXor | BinaryOperator::PGExp => {
                self.power.call(vec![double(left), double(right)])
            }
            BinaryOperator::PGBitwiseShiftLeft => {
                self.shift_left.call(vec![left.clone(), right.clone()])
            }
            BinaryOperator::PGBitwiseShiftRight => {
                self.shift_right.call(vec![left.clone(), right.clone()])
            }
            _ => return Ok(PlannerResult::Original(expr)),
        };
        Ok(PlannerResult::Planned(planned))
    }
}

fn double(side: &Expr) -> Expr {
    cast(side.clone(), DataType::Float64)
}

/// What is known of a side of a division.
enum Side {
    /// Whole numbers and decimals.
    Exact,
    /// NULL, or a parameter whose type nobody gave.
    Unknown,
    Float,
    /// Intervals, and whatever does not divide.
    Other,
}

impl Side {
    fn of(side: &Expr, schema: &DFSchema) -> Self {
        match side.get_type(schema) {
            Ok(DataType::Null) | Err(_) => Self::Unknown,
            Ok(DataType::Dictionary(_, value)) if is_exact(&value) => Self::Exact,
            Ok(data_type) if is_exact(&data_type) => Self::Exact,
            Ok(data_type) if data_type.is_floating() => Self::Float,
            Ok(_) => Self::Other,
        }
    }
}

fn is_exact(data_type: &DataType) -> bool {
    data_type.is_integer() || data_type.is_decimal()
}
