//! The walk over a statement's plan: inner subqueries before the plans around them.

use std::sync::Arc;

use datafusion::common::alias::AliasGenerator;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::error::Result;
use datafusion::logical_expr::utils::{conjunction, split_conjunction_owned};
use datafusion::logical_expr::{Expr, Filter, LogicalPlan};
use datafusion::optimizer::analyzer::AnalyzerRule;

use super::fields::restored;
use super::joined::Joined;
use super::outer::{has_subquery, plan_has_subquery, subquery_of};
use super::{built_in, conditions, lateral, order};

/// Turns subqueries and LATERAL into joins where DataFusion's optimizer would not, or not rightly.
///
/// Mends `apache/datafusion` 25336, 25340, 25347 and 25480 (NOT IN with NULLs), 23022 and 25338 (IN and EXISTS
/// outside of WHERE), 16173 (LATERAL, correlated LIMIT and scalar subqueries of any form).
#[derive(Debug, Default)]
pub(crate) struct UnnestSubqueries;

impl AnalyzerRule for UnnestSubqueries {
    fn name(&self) -> &str {
        "unnest_subqueries"
    }

    fn analyze(&self, plan: LogicalPlan, _config: &ConfigOptions) -> Result<LogicalPlan> {
        if !plan_has_subquery(&plan)? {
            return Ok(plan);
        }
        let names = AliasGenerator::new();
        Unnesting { names: &names }.plan(plan)
    }
}

/// The rewriting of one statement.
#[derive(Clone, Copy)]
pub(super) struct Unnesting<'a> {
    /// Names that no other column or relation of the statement has.
    pub(super) names: &'a AliasGenerator,
}

impl Unnesting<'_> {
    /// `plan` without the subqueries that are not left to the optimizer, with the same columns.
    pub(super) fn plan(self, plan: LogicalPlan) -> Result<LogicalPlan> {
        if !plan_has_subquery(&plan)? {
            return Ok(plan);
        }
        let is_lateral = lateral::may_be_lateral(&plan);
        let plan = plan
            .map_children(|child| Ok(Transformed::yes(self.plan(child)?)))?
            .data;
        let plan = match plan {
            LogicalPlan::Subquery(subquery) => return Ok(Arc::unwrap_or_clone(subquery.subquery)),
            plan => plan.recompute_schema()?,
        };
        let plan = match plan {
            LogicalPlan::Join(join) if is_lateral => lateral::as_join(self, join)?,
            plan => plan,
        };
        self.expressions(plan)
    }

    /// The subqueries in the expressions of `plan` itself; its inputs are done.
    pub(super) fn expressions(self, plan: LogicalPlan) -> Result<LogicalPlan> {
        let mut found = false;
        plan.apply_expressions(|expr| {
            found |= has_subquery(expr)?;
            Ok(TreeNodeRecursion::Continue)
        })?;
        if !found {
            return Ok(plan);
        }
        match plan {
            LogicalPlan::Filter(filter) => self.filter(filter),
            LogicalPlan::Join(join) => conditions::of_join(self, join),
            LogicalPlan::Values(values) => conditions::of_values(self, values),
            LogicalPlan::Sort(sort) => order::of_sort(self, sort),
            plan => self.unary(plan),
        }
    }

    fn filter(self, filter: Filter) -> Result<LogicalPlan> {
        let schema = Arc::clone(filter.input.schema());
        let mut joined = Joined::new(self, Arc::unwrap_or_clone(filter.input));
        let mut predicates = Vec::new();
        for predicate in split_conjunction_owned(filter.predicate) {
            let predicate = self.inner_plans(predicate)?;
            predicates.push(if built_in::answers_predicate(&predicate, &schema)? {
                predicate
            } else {
                joined.predicate(predicate)?
            });
        }
        let plan = joined.into_plan();
        let plan = match conjunction(predicates) {
            None => plan,
            Some(predicate) => LogicalPlan::Filter(Filter::try_new(predicate, Arc::new(plan))?),
        };
        restored(plan, &schema, 0..schema.fields().len(), &[])
    }

    /// Nodes with one input, whose columns are those of the input, new ones, or both in this order.
    pub(super) fn unary(self, plan: LogicalPlan) -> Result<LogicalPlan> {
        let schema = Arc::clone(plan.schema());
        let inputs = plan.inputs();
        let [input] = inputs.as_slice() else {
            return Ok(plan);
        };
        let width = input.schema().fields().len();
        let mut joined = Joined::new(self, (*input).clone());
        let is_projection = matches!(plan, LogicalPlan::Projection(_));
        let exprs = plan.expressions().into_iter().map(|expr| {
            let expr = self.inner_plans(expr)?;
            joined.expression(expr, is_projection)
        });
        let exprs = exprs.collect::<Result<Vec<_>>>()?;
        let input = joined.into_plan();
        let added = input.schema().fields().len() - width;
        let passes_input = !matches!(
            plan,
            LogicalPlan::Projection(_) | LogicalPlan::Aggregate(_) | LogicalPlan::Distinct(_)
        );
        let plan = plan
            .with_new_exprs(exprs, vec![input])?
            .recompute_schema()?;
        let count = schema.fields().len();
        let positions = (0..count).map(|index| {
            if passes_input && index >= width {
                index + added
            } else {
                index
            }
        });
        restored(plan, &schema, positions, &[])
    }

    /// `expr` with the plans of its subqueries rewritten.
    pub(super) fn inner_plans(self, expr: Expr) -> Result<Expr> {
        let rewritten = expr.transform_up(|expr| {
            let Some(subquery) = subquery_of(&expr) else {
                return Ok(Transformed::no(expr));
            };
            let plan = self.plan(subquery.subquery.as_ref().clone())?;
            Ok(Transformed::yes(built_in::with_plan(expr, plan)))
        })?;
        Ok(rewritten.data)
    }
}
