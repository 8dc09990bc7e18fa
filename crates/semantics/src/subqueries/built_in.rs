//! What is left to DataFusion's own rules, since they answer it right and plan it well.
//!
//! `decorrelate_predicate_subquery` makes semi and anti joins of predicates of a WHERE, `scalar_subquery_to_join`
//! a join of an aggregate over an equality; a scalar subquery on its own is run once (`ScalarSubqueryExec`).

use std::sync::Arc;

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema};
use datafusion::error::Result;
use datafusion::logical_expr::expr::{Exists, InSubquery, SetComparison};
use datafusion::logical_expr::utils::split_conjunction;
use datafusion::logical_expr::{
    BinaryExpr, Expr, ExprSchemable, Filter, LogicalPlan, Operator, Subquery,
};

use super::outer::{has_subquery, is_correlated, outer_columns};

/// `expr`, a subquery, with `plan` as its plan.
pub(super) fn with_plan(expr: Expr, plan: LogicalPlan) -> Expr {
    let renewed = |subquery: Subquery, plan: LogicalPlan| Subquery {
        outer_ref_columns: plan.all_out_ref_exprs(),
        subquery: Arc::new(plan),
        spans: subquery.spans,
    };
    match expr {
        Expr::ScalarSubquery(subquery) => Expr::ScalarSubquery(renewed(subquery, plan)),
        Expr::Exists(exists) => Expr::Exists(Exists {
            subquery: renewed(exists.subquery, plan),
            negated: exists.negated,
        }),
        Expr::InSubquery(membership) => Expr::InSubquery(InSubquery {
            subquery: renewed(membership.subquery, plan),
            ..membership
        }),
        Expr::SetComparison(comparison) => Expr::SetComparison(SetComparison {
            subquery: renewed(comparison.subquery, plan),
            ..comparison
        }),
        expr => expr,
    }
}

/// Whether the optimizer answers `predicate`, a part of a WHERE over `schema`.
pub(super) fn answers_predicate(predicate: &Expr, schema: &DFSchema) -> Result<bool> {
    match predicate {
        Expr::Not(inner) => match inner.as_ref() {
            Expr::Exists(exists) => answers_exists(exists, schema),
            Expr::InSubquery(membership) => answers_in(membership, !membership.negated, schema),
            _ => answers_scalars(predicate, schema, true),
        },
        Expr::Exists(exists) => answers_exists(exists, schema),
        Expr::InSubquery(membership) => answers_in(membership, membership.negated, schema),
        _ => answers_scalars(predicate, schema, true),
    }
}

/// Whether all subqueries of `expr` are scalar ones that the optimizer answers.
///
/// `over_rows`: whether `expr` is of a WHERE or a SELECT list, where it joins correlated ones.
pub(super) fn answers_scalars(expr: &Expr, schema: &DFSchema, over_rows: bool) -> Result<bool> {
    let mut all = true;
    expr.apply(|expr| {
        all &= match expr {
            Expr::ScalarSubquery(subquery) => {
                runs_alone(&subquery.subquery)?
                    || over_rows && is_aggregate_over_equality(&subquery.subquery, schema)?
            }
            Expr::Exists(_) | Expr::InSubquery(_) | Expr::SetComparison(_) => false,
            _ => true,
        };
        Ok(if all {
            TreeNodeRecursion::Continue
        } else {
            TreeNodeRecursion::Stop
        })
    })?;
    Ok(all)
}

/// Whether the subquery is run by itself, and its value has the type that the planner gives it.
///
/// The planner takes the value as never NULL if the column is, but without a row it is NULL.
pub(super) fn runs_alone(plan: &LogicalPlan) -> Result<bool> {
    let is_nullable = plan
        .schema()
        .fields()
        .first()
        .is_none_or(|field| field.is_nullable());
    Ok(!is_correlated(plan)? && (is_nullable || has_a_row(plan)))
}

fn has_a_row(plan: &LogicalPlan) -> bool {
    match plan {
        LogicalPlan::Aggregate(aggregate) => aggregate.group_expr.is_empty(),
        LogicalPlan::Projection(projection) => has_a_row(&projection.input),
        LogicalPlan::SubqueryAlias(alias) => has_a_row(&alias.input),
        LogicalPlan::Window(window) => has_a_row(&window.input),
        LogicalPlan::EmptyRelation(empty) => empty.produce_one_row,
        LogicalPlan::Values(values) => !values.values.is_empty(),
        _ => false,
    }
}

fn answers_exists(exists: &Exists, schema: &DFSchema) -> Result<bool> {
    let plan = &exists.subquery.subquery;
    Ok(!is_correlated(plan)? || correlated_filter(plan, schema)?.is_some())
}

fn answers_in(membership: &InSubquery, negated: bool, schema: &DFSchema) -> Result<bool> {
    let plan = &membership.subquery.subquery;
    let value = &membership.expr;
    if has_subquery(value)? || value.contains_outer() || value.is_volatile() {
        return Ok(false);
    }
    let correlated = is_correlated(plan)?;
    if !correlated {
        // A constant would become a filter of the anti join, where NULLs are lost: apache/datafusion 25340.
        return Ok(!negated || value.any_column_refs());
    }
    let Some(filter) = correlated_filter(plan, schema)? else {
        return Ok(false);
    };
    if !negated {
        return Ok(true);
    }
    // Beside other keys the anti join does not see NULLs: apache/datafusion 25347.
    let inner = filter.input.schema();
    let mut nullable = value.nullable(schema)? || plan.schema().field(0).is_nullable();
    for predicate in split_conjunction(&filter.predicate) {
        if predicate.contains_outer() {
            nullable |= predicate.nullable(inner)?;
        }
    }
    Ok(!nullable && value.any_column_refs())
}

/// The filter of `[Projection] → Filter → a plan of its own`, the only place of the columns of `schema`.
///
/// The optimizer adds the inner columns of the filter to the projection, so their names must not be taken there.
fn correlated_filter<'a>(plan: &'a LogicalPlan, schema: &DFSchema) -> Result<Option<&'a Filter>> {
    let (projection, below) = match plan {
        LogicalPlan::Projection(projection) => (Some(projection), projection.input.as_ref()),
        plan => (None, plan),
    };
    let LogicalPlan::Filter(filter) = below else {
        return Ok(None);
    };
    let outer = outer_columns(plan)?;
    let of_schema = outer.iter().all(|(column, _)| schema.has_column(column));
    let shown = projection.map_or(&[][..], |projection| projection.expr.as_slice());
    let own = !shown.iter().any(Expr::contains_outer)
        && shown.iter().all(|expr| !has_subquery(expr).unwrap_or(true))
        && !is_correlated(&filter.input)?;
    if !of_schema || !own || !has_distinct_names(filter, projection.map(|it| it.expr.as_slice())) {
        return Ok(None);
    }
    for predicate in split_conjunction(&filter.predicate) {
        if predicate.contains_outer() && has_subquery(predicate)? {
            return Ok(None);
        }
    }
    Ok(Some(filter))
}

/// Whether the inner columns that are compared with outer ones have names of their own.
fn has_distinct_names(filter: &Filter, shown: Option<&[Expr]>) -> bool {
    let mut columns: Vec<&Column> = Vec::new();
    for predicate in split_conjunction(&filter.predicate) {
        if predicate.contains_outer() {
            for column in predicate.column_refs() {
                if !columns.contains(&column) {
                    columns.push(column);
                }
            }
        }
    }
    let twice = |(index, column): (usize, &&Column)| {
        columns[..index]
            .iter()
            .any(|other| other.name == column.name)
    };
    if columns.iter().enumerate().any(twice) {
        return false;
    }
    let Some(shown) = shown else {
        let schema = filter.input.schema();
        let names = |name: &str| {
            schema
                .fields()
                .iter()
                .filter(|field| field.name() == name)
                .count()
        };
        return columns.iter().all(|column| names(&column.name) == 1);
    };
    shown.iter().all(|expr| match expr {
        Expr::Column(column) => columns
            .iter()
            .all(|other| other.name != column.name || *other == column),
        expr => {
            let (_, name) = expr.qualified_name();
            columns.iter().all(|column| column.name != name)
        }
    })
}

/// `SELECT f(agg(…)) FROM … WHERE inner = outer AND …`: joined on the inner columns.
fn is_aggregate_over_equality(plan: &LogicalPlan, schema: &DFSchema) -> Result<bool> {
    let (shown, below) = match plan {
        LogicalPlan::Projection(projection) => {
            (projection.expr.as_slice(), projection.input.as_ref())
        }
        _ => return Ok(false),
    };
    let LogicalPlan::Aggregate(aggregate) = below else {
        return Ok(false);
    };
    let core = |expr: &Expr| match expr {
        Expr::AggregateFunction(function) => {
            let name = function.func.name();
            matches!(name, "sum" | "min" | "max" | "avg" | "count") && !expr.contains_outer()
        }
        _ => false,
    };
    if !aggregate.group_expr.is_empty() || !aggregate.aggr_expr.iter().all(core) {
        return Ok(false);
    }
    let Some(filter) = correlated_filter(&aggregate.input, schema)? else {
        return Ok(false);
    };
    if !matches!(aggregate.input.as_ref(), LogicalPlan::Filter(_))
        || shown.iter().any(Expr::contains_outer)
        || !has_distinct_names(filter, Some(shown))
    {
        return Ok(false);
    }
    let correlated = split_conjunction(&filter.predicate);
    let mut correlated = correlated
        .into_iter()
        .filter(|predicate| predicate.contains_outer());
    Ok(correlated.all(is_equality_of_columns))
}

fn is_equality_of_columns(predicate: &Expr) -> bool {
    let Expr::BinaryExpr(BinaryExpr {
        left,
        op: Operator::Eq,
        right,
    }) = predicate
    else {
        return false;
    };
    matches!(
        (left.as_ref(), right.as_ref()),
        (Expr::Column(_), Expr::OuterReferenceColumn(..))
            | (Expr::OuterReferenceColumn(..), Expr::Column(_))
    )
}
