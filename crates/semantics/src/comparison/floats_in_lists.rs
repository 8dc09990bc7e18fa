//! `x IN (…)` and `x = NaN` over floats.
//!
//! apache/datafusion 25186: a list of four or more floats is searched by bits, so that -0.0 is not found among
//! zeros; and a NaN is found, there and by `=`, only if its bits are those of the one that is written.

use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{Result, ScalarValue};
use datafusion::config::ConfigOptions;
use datafusion::functions::math::isnan;
use datafusion::logical_expr::expr::InList;
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::{BinaryExpr, Expr, LogicalPlan, Operator, lit, not};
use datafusion::optimizer::AnalyzerRule;

/// A zero in a list brings the other one along; a NaN becomes a question of its own.
#[derive(Debug)]
pub(super) struct FloatsInLists;

impl AnalyzerRule for FloatsInLists {
    fn name(&self) -> &str {
        "floats_in_lists"
    }

    fn analyze(&self, plan: LogicalPlan, _: &ConfigOptions) -> Result<LogicalPlan> {
        let rewritten = plan.transform_up_with_subqueries(|plan| {
            let names = NamePreserver::new(&plan);
            plan.map_expressions(|expr| {
                let name = names.save(&expr);
                let rewritten = expr.transform_up(|expr| Ok(rewrite(expr)))?;
                Ok(rewritten.update_data(|expr| name.restore(expr)))
            })
        })?;
        Ok(rewritten.data)
    }
}

fn rewrite(expr: Expr) -> Transformed<Expr> {
    match expr {
        Expr::InList(list)
            if list
                .list
                .iter()
                .any(|item| is_nan(item) || zero(item).is_some()) =>
        {
            Transformed::yes(in_list(list))
        }
        Expr::BinaryExpr(BinaryExpr { left, op, right })
            if matches!(op, Operator::Eq | Operator::NotEq)
                && (is_nan(&left) != is_nan(&right)) =>
        {
            let other = if is_nan(&left) { *right } else { *left };
            let is_nan = isnan().call(vec![other]);
            Transformed::yes(if op == Operator::Eq {
                is_nan
            } else {
                not(is_nan)
            })
        }
        other => Transformed::no(other),
    }
}

fn in_list(list: InList) -> Expr {
    let InList {
        expr,
        list,
        negated,
    } = list;
    let has_nan = list.iter().any(is_nan);
    let mut numbers: Vec<Expr> = list.into_iter().filter(|item| !is_nan(item)).collect();
    let opposites: Vec<Expr> = numbers.iter().filter_map(zero).map(lit).collect();
    for opposite in opposites {
        if !numbers.contains(&opposite) {
            numbers.push(opposite);
        }
    }
    let among = (!numbers.is_empty()).then(|| expr.as_ref().clone().in_list(numbers, false));
    let nan = has_nan.then(|| isnan().call(vec![*expr]));
    let found = match (among, nan) {
        (Some(among), Some(nan)) => among.or(nan),
        (Some(found), None) | (None, Some(found)) => found,
        (None, None) => lit(false),
    };
    if negated { not(found) } else { found }
}

/// A constant, also one that is written as a cast or with a sign, since nothing is folded yet.
fn constant(expr: &Expr) -> Option<ScalarValue> {
    match expr {
        Expr::Literal(value, _) => Some(value.clone()),
        Expr::Cast(cast) => {
            let value = constant(&cast.expr)?;
            value.cast_to(cast.field.data_type()).ok()
        }
        Expr::Negative(operand) => constant(operand)?.arithmetic_negate().ok(),
        _ => None,
    }
}

fn is_nan(expr: &Expr) -> bool {
    match constant(expr) {
        Some(ScalarValue::Float16(Some(value))) => value.is_nan(),
        Some(ScalarValue::Float32(Some(value))) => value.is_nan(),
        Some(ScalarValue::Float64(Some(value))) => value.is_nan(),
        _ => false,
    }
}

/// The zero of the other sign, if this is a zero.
fn zero(expr: &Expr) -> Option<ScalarValue> {
    match constant(expr) {
        Some(ScalarValue::Float16(Some(value))) if f32::from(value) == 0.0 => {
            Some(ScalarValue::Float16(Some(-value)))
        }
        Some(ScalarValue::Float32(Some(value))) if value == 0.0 => Some(ScalarValue::from(-value)),
        Some(ScalarValue::Float64(Some(value))) if value == 0.0 => Some(ScalarValue::from(-value)),
        _ => None,
    }
}
