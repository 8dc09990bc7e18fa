//! `+`, `-` and `*` of whole numbers and decimals as functions that err on overflow.
//!
//! `BinaryExpr` wraps (apache/datafusion 3520, 17539); its physical form could fail, but nothing in SQL reaches
//! the switch (apache/datafusion 21318). What the optimizer knows of the operators it is told of the functions too.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, ScalarValue, internal_err};
use datafusion::logical_expr::interval_arithmetic::{Interval, apply_operator};
use datafusion::logical_expr::preimage::PreimageResult;
use datafusion::logical_expr::simplify::{ExprSimplifyResult, SimplifyContext};
use datafusion::logical_expr::sort_properties::{ExprProperties, SortProperties};
use datafusion::logical_expr::type_coercion::binary::BinaryTypeCoercer;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};
use datafusion::physical_expr::intervals::cp_solver::propagate_arithmetic;

use super::calculate::calculate;
use super::operand::Operand;
use super::operation::Operation;
use super::{overflow, simplify};

/// An operation on whole numbers or decimals, coerced as `BinaryExpr` coerces them.
///
/// NULL if a side is NULL. The type of the result is that of the operator; a number that does not fit it is an
/// error which names the values.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct CheckedArithmetic {
    operation: Operation,
    signature: Signature,
}

impl CheckedArithmetic {
    pub(super) fn new(operation: Operation) -> Self {
        Self {
            operation,
            signature: Signature::any(operation.operands(), Volatility::Immutable),
        }
    }

    /// What it does.
    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// Whether the function is for an operand, or two, of these types.
    pub(super) fn is_for(operand: &DataType) -> bool {
        operand.is_integer() || operand.is_decimal()
    }

    fn result_type(&self, operands: &[FieldRef]) -> Result<DataType> {
        match (self.operation.operator(), operands) {
            (Some(operator), [left, right]) => {
                BinaryTypeCoercer::new(left.data_type(), &operator, right.data_type())
                    .get_result_type()
            }
            (None, [operand]) => Ok(operand.data_type().clone()),
            _ => internal_err!("`{}` takes no {} operands", self.operation, operands.len()),
        }
    }
}

impl ScalarUDFImpl for CheckedArithmetic {
    fn name(&self) -> &str {
        self.operation.symbol()
    }

    /// As the operator is named, so that columns above find it.
    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        match args {
            [left, right] => Ok(format!(
                "{} {} {}",
                left.schema_name(),
                self.operation,
                right.schema_name()
            )),
            [operand] => Ok(format!("(- {})", operand.schema_name())),
            _ => internal_err!("`{}` takes no {} operands", self.operation, args.len()),
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arg_types: &[DataType]) -> Result<DataType> {
        let field = |data_type: &DataType| Arc::new(Field::new("", data_type.clone(), true));
        let operands: Vec<FieldRef> = arg_types.iter().map(field).collect();
        self.result_type(&operands)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        let is_nullable = args.arg_fields.iter().any(|field| field.is_nullable());
        let data_type = self.result_type(args.arg_fields)?;
        Ok(Arc::new(Field::new(self.name(), data_type, is_nullable)))
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let (left, right) = match args.args.as_slice() {
            [left, right] => (Operand::new(left)?, Operand::new(right)?),
            [operand] => (Operand::new(operand)?, Operand::new(operand)?),
            other => {
                return internal_err!("`{}` takes no {} operands", self.operation, other.len());
            }
        };
        let result = args.return_field.data_type();
        let Some(array) = calculate(self.operation, &left, &right)? else {
            return Err(overflow::error(self.operation, &left, &right, result));
        };
        if left.is_constant && right.is_constant {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(
                &array, 0,
            )?));
        }
        Ok(ColumnarValue::Array(array))
    }

    fn simplify(&self, args: Vec<Expr>, info: &SimplifyContext) -> Result<ExprSimplifyResult> {
        simplify::simplify(self.operation, args, info)
    }

    fn preimage(
        &self,
        args: &[Expr],
        lit_expr: &Expr,
        info: &SimplifyContext,
    ) -> Result<PreimageResult> {
        simplify::preimage(self.operation, args, lit_expr, info)
    }

    fn evaluate_bounds(&self, input: &[&Interval]) -> Result<Interval> {
        let bounds = match (self.operation.operator(), input) {
            (Some(operator), [left, right]) => apply_operator(&operator, left, right),
            (None, [operand]) => operand.arithmetic_negate(),
            _ => return internal_err!("`{}` takes no {} operands", self.operation, input.len()),
        };
        // Bounds of decimals whose scales differ are not computed.
        bounds.or_else(|_| Interval::make_unbounded(&DataType::Null))
    }

    fn propagate_constraints(
        &self,
        interval: &Interval,
        inputs: &[&Interval],
    ) -> Result<Option<Vec<Interval>>> {
        match (self.operation.operator(), inputs) {
            (Some(operator), [left, right]) => {
                let sides = propagate_arithmetic(&operator, interval, left, right)?;
                Ok(sides.map(|(left, right)| vec![left, right]))
            }
            (None, [operand]) => {
                let side = operand.intersect(interval.arithmetic_negate()?)?;
                Ok(side.map(|side| vec![side]))
            }
            _ => Ok(Some(Vec::new())),
        }
    }

    /// What is sorted stays so, since nothing wraps.
    fn output_ordering(&self, inputs: &[ExprProperties]) -> Result<SortProperties> {
        Ok(match (self.operation, inputs) {
            (Operation::Add, [left, right]) => left.sort_properties.add(&right.sort_properties),
            (Operation::Subtract, [left, right]) => {
                left.sort_properties.sub(&right.sort_properties)
            }
            (Operation::Negate, [operand]) => -operand.sort_properties,
            (_, inputs) => {
                let is_constant =
                    |input: &ExprProperties| input.sort_properties == SortProperties::Singleton;
                if inputs.iter().all(is_constant) {
                    SortProperties::Singleton
                } else {
                    SortProperties::Unordered
                }
            }
        })
    }
}
