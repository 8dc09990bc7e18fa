//! The rows of a node's input with the values of the subqueries in the node's expressions beside them.

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{Column, JoinType, ScalarValue};
use datafusion::error::Result;
use datafusion::functions_aggregate::count::count_udaf;
use datafusion::functions_aggregate::expr_fn::first_value;
use datafusion::logical_expr::expr::{AggregateFunction, Exists};
use datafusion::logical_expr::{Aggregate, Expr, Limit, LogicalPlan, Operator, lit, not};

use super::built_in;
use super::domain::Domain;
use super::fields::{all_columns, column_at, join, project, relation};
use super::outer::outer_columns_of;
use super::push_down::{Dependent, push_down};
use super::refusal::refuse;
use super::repeatable::is_volatile;
use super::rule::Unnesting;
use super::single_row::single_row;

/// A plan that grows by a join for each subquery.
pub(super) struct Joined<'a> {
    unnesting: Unnesting<'a>,
    /// The rows that the subqueries are evaluated for.
    pub(super) base: LogicalPlan,
    /// The columns of `base`, and behind them the values of subqueries.
    pub(super) plan: LogicalPlan,
}

impl<'a> Joined<'a> {
    pub(super) fn new(unnesting: Unnesting<'a>, input: LogicalPlan) -> Self {
        Self {
            unnesting,
            base: input.clone(),
            plan: input,
        }
    }

    pub(super) fn into_plan(self) -> LogicalPlan {
        self.plan
    }

    /// `expr` of a node that is no filter, with columns in the place of its subqueries.
    ///
    /// Scalar subqueries that the optimizer answers stay: all of them where the node is a projection, otherwise
    /// those without columns of the query around them.
    pub(super) fn expression(&mut self, expr: Expr, is_projection: bool) -> Result<Expr> {
        let schema = Arc::clone(self.base.schema());
        if built_in::answers_scalars(&expr, &schema, is_projection)? {
            return Ok(expr);
        }
        self.replaced(expr)
    }

    /// `predicate` of a WHERE, where NULL counts as false.
    pub(super) fn predicate(&mut self, predicate: Expr) -> Result<Expr> {
        match predicate {
            Expr::InSubquery(membership) if !membership.negated => {
                let value = self.replaced(*membership.expr)?;
                let plan = membership.subquery.subquery;
                self.is_member(value, Operator::Eq, &plan)
            }
            predicate => self.replaced(predicate),
        }
    }

    fn replaced(&mut self, expr: Expr) -> Result<Expr> {
        let replaced = expr.transform_up(|expr| {
            Ok(match expr {
                Expr::ScalarSubquery(subquery) if built_in::runs_alone(&subquery.subquery)? => {
                    Transformed::no(Expr::ScalarSubquery(subquery))
                }
                Expr::ScalarSubquery(subquery) => {
                    Transformed::yes(self.scalar(&subquery.subquery)?)
                }
                Expr::Exists(Exists { subquery, negated }) => {
                    let exists = self.exists(&subquery.subquery)?;
                    Transformed::yes(if negated { not(exists) } else { exists })
                }
                Expr::InSubquery(membership) => Transformed::yes(self.in_subquery(membership)?),
                Expr::SetComparison(comparison) => {
                    Transformed::yes(self.set_comparison(comparison)?)
                }
                expr => Transformed::no(expr),
            })
        })?;
        Ok(replaced.data)
    }

    /// The rows of a subquery for each of the outer values that it uses.
    pub(super) fn dependent(&self, plan: &LogicalPlan) -> Result<(Domain<'_>, Dependent)> {
        let columns = outer_columns_of(plan, self.base.schema())?;
        let domain = Domain::new(columns, &self.base, self.unnesting.names);
        if !domain.is_empty() && is_volatile(plan)? {
            return refuse(
                "a subquery with columns of the query around it cannot call a function such as random()",
                "call it in the outer SELECT, or store its values first (CREATE TABLE … AS SELECT …)",
            );
        }
        let dependent = push_down(plan, &domain)?;
        Ok((domain, dependent))
    }

    /// The value of the only row, NULL if there is none, an error if there are more.
    fn scalar(&mut self, plan: &LogicalPlan) -> Result<Expr> {
        let (domain, dependent) = self.dependent(plan)?;
        let value = Expr::Column(column_at(dependent.plan.schema(), 0));
        let alias = domain.fresh("__scalar");
        let column = |name: &str| Expr::Column(Column::new(Some(alias.clone()), name));
        let keys = key_exprs(&dependent.keys);
        let (right, expr) = if has_one_row(plan) {
            let exprs = [value.alias("value")].into_iter().chain(keys);
            let right = relation(dependent.plan, exprs.collect(), &alias)?;
            (right, column("value"))
        } else {
            let groups = dependent.keys.iter().cloned().map(Expr::Column).collect();
            let functions = vec![
                first_value(value, Vec::new()).alias("value"),
                count_rows().alias("rows"),
            ];
            let input = Arc::new(dependent.plan);
            let grouped = LogicalPlan::Aggregate(Aggregate::try_new(input, groups, functions)?);
            let own = |name: &str| Expr::Column(Column::new_unqualified(name));
            let exprs = [own("value"), own("rows")].into_iter().chain(keys);
            let right = relation(grouped, exprs.collect(), &alias)?;
            (right, single_row(column("value"), column("rows")))
        };
        let on = domain.pairs(key_columns(&alias, dependent.keys.len()));
        let equality = domain.null_equality();
        self.plan = join(self.plan.clone(), right, JoinType::Left, on, None, equality)?;
        Ok(expr)
    }

    /// Whether there is a row.
    fn exists(&mut self, plan: &LogicalPlan) -> Result<Expr> {
        let (domain, dependent) = self.dependent(plan)?;
        let alias = domain.fresh("__exists");
        let column = |name: &str| Expr::Column(Column::new(Some(alias.clone()), name));
        if domain.is_empty() {
            let one = Limit {
                skip: None,
                fetch: Some(Box::new(lit(1_i64))),
                input: Arc::new(dependent.plan),
            };
            let right = relation(
                LogicalPlan::Limit(one),
                vec![lit(true).alias("found")],
                &alias,
            )?;
            let equality = domain.null_equality();
            self.plan = join(
                self.plan.clone(),
                right,
                JoinType::Left,
                Vec::new(),
                None,
                equality,
            )?;
            return Ok(column("found").is_not_null());
        }
        let right = relation(dependent.plan, key_exprs(&dependent.keys), &alias)?;
        let on = domain.pairs(key_columns(&alias, dependent.keys.len()));
        let equality = domain.null_equality();
        self.plan = join(
            self.plan.clone(),
            right,
            JoinType::LeftMark,
            on,
            None,
            equality,
        )?;
        Ok(column("mark"))
    }

    /// `expr` as a column of the plan.
    pub(super) fn as_column(&mut self, expr: Expr) -> Result<Column> {
        if let Expr::Column(column) = expr {
            return Ok(column);
        }
        let name = self.unnesting.names.next("__value");
        let mut exprs = all_columns(self.plan.schema());
        exprs.push(expr.alias(&name));
        self.plan = project(self.plan.clone(), exprs)?;
        Ok(Column::new_unqualified(name))
    }
}

/// The keys under names that say only their places, for a relation of its own.
pub(super) fn key_exprs(keys: &[Column]) -> Vec<Expr> {
    let keys = keys.iter().enumerate();
    keys.map(|(index, key)| Expr::Column(key.clone()).alias(format!("key_{index}")))
        .collect()
}

/// The columns of [`key_exprs`] in the relation `alias`.
pub(super) fn key_columns(alias: &str, count: usize) -> Vec<Column> {
    let names = (0..count).map(|index| format!("key_{index}"));
    names
        .map(|name| Column::new(Some(alias.to_string()), name))
        .collect()
}

/// `count(*)`.
pub(super) fn count_rows() -> Expr {
    count(lit(1_i64))
}

/// `count(expr)`.
pub(super) fn count(expr: Expr) -> Expr {
    let function =
        AggregateFunction::new_udf(count_udaf(), vec![expr], false, None, Vec::new(), None);
    Expr::AggregateFunction(function)
}

/// Whether `plan` has at most one row for each outer row.
fn has_one_row(plan: &LogicalPlan) -> bool {
    match plan {
        LogicalPlan::Aggregate(aggregate) => aggregate.group_expr.is_empty(),
        LogicalPlan::Projection(projection) => has_one_row(&projection.input),
        LogicalPlan::Filter(filter) => has_one_row(&filter.input),
        LogicalPlan::Sort(sort) => has_one_row(&sort.input),
        LogicalPlan::SubqueryAlias(alias) => has_one_row(&alias.input),
        LogicalPlan::Window(window) => has_one_row(&window.input),
        LogicalPlan::Distinct(distinct) => has_one_row(distinct.input()),
        LogicalPlan::Limit(limit) => {
            let literal = |expr: &Expr| match expr {
                Expr::Literal(ScalarValue::Int64(Some(number)), _) => Some(*number),
                _ => None,
            };
            let fetch = limit.fetch.as_deref().and_then(literal);
            fetch.is_some_and(|fetch| fetch <= 1) || has_one_row(&limit.input)
        }
        LogicalPlan::EmptyRelation(_) => true,
        LogicalPlan::Values(values) => values.values.len() <= 1,
        _ => false,
    }
}
