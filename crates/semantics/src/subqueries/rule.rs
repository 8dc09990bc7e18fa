//! The walk over a statement's plan: inner subqueries before the plans around them.

use std::sync::Arc;

use datafusion::common::alias::AliasGenerator;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::error::Result;
use datafusion::logical_expr::utils::{conjunction, split_conjunction_owned};
use datafusion::logical_expr::{Distinct, DistinctOn, Expr, Filter, LogicalPlan, WriteOp};
use datafusion::optimizer::analyzer::AnalyzerRule;

use super::fields::restored;
use super::joined::Joined;
use super::outer::{has_subquery, plan_has_subquery, subquery_of};
use super::refusal::refuse;
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
        refuse_changes(&plan)?;
        let names = AliasGenerator::new();
        Unnesting { names: &names }.plan(plan)
    }
}

/// A table finds the rows to change by predicates alone, and without one takes them all.
fn refuse_changes(plan: &LogicalPlan) -> Result<()> {
    match plan {
        LogicalPlan::Dml(change) if !matches!(change.op, WriteOp::Insert(_) | WriteOp::Ctas) => {
            refuse(
                &format!(
                    "{} cannot have a subquery",
                    change.op.to_string().to_uppercase()
                ),
                "select the rows as they shall be (CREATE TABLE … AS SELECT …)",
            )
        }
        _ => Ok(()),
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
            LogicalPlan::Distinct(Distinct::On(distinct)) => self.distinct_on(distinct),
            plan @ (LogicalPlan::Projection(_)
            | LogicalPlan::Aggregate(_)
            | LogicalPlan::Window(_)) => self.unary(plan),
            LogicalPlan::Limit(_) => {
                refuse("LIMIT and OFFSET cannot be a subquery", "write the number")
            }
            plan => refuse(
                &format!("a subquery cannot stand in {}", plan.display()),
                "write its value",
            ),
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

    fn distinct_on(self, distinct: DistinctOn) -> Result<LogicalPlan> {
        let mut joined = Joined::new(self, Arc::unwrap_or_clone(distinct.input));
        let mut replaced = |expr: Expr| joined.expression(self.inner_plans(expr)?, false);
        let on = distinct
            .on_expr
            .into_iter()
            .map(&mut replaced)
            .collect::<Result<_>>()?;
        let select = distinct
            .select_expr
            .into_iter()
            .map(&mut replaced)
            .collect::<Result<_>>()?;
        let sort = distinct.sort_expr.map(|sort| {
            let sort = sort.into_iter();
            let by = sort.map(|by| Ok(by.with_expr(replaced(by.expr.clone())?)));
            by.collect::<Result<Vec<_>>>()
        });
        let sort = sort.transpose()?;
        let input = Arc::new(joined.into_plan());
        let plan = DistinctOn::try_new(on, select, sort, input)?;
        let plan = LogicalPlan::Distinct(Distinct::On(plan));
        restored(
            plan,
            &distinct.schema,
            0..distinct.schema.fields().len(),
            &[],
        )
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
        let passes_input = !matches!(plan, LogicalPlan::Projection(_) | LogicalPlan::Aggregate(_));
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
