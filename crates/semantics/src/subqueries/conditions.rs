//! Subqueries in the ON of joins and in VALUES.

use std::sync::Arc;

use arrow::datatypes::Schema;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema, JoinType};
use datafusion::error::Result;
use datafusion::logical_expr::utils::{conjunction, split_conjunction_owned};
use datafusion::logical_expr::{
    EmptyRelation, Expr, ExprSchemable, Filter, Join, LogicalPlan, Union, Values,
};

use super::built_in;
use super::fields::{all_columns, project, restored};
use super::outer::{has_subquery, outer_columns, subquery_of};
use super::refusal::refuse;
use super::rule::Unnesting;

/// A join with subqueries in its condition.
///
/// Of an inner join the condition is a filter above it. Of others it must be of one side, and is computed there.
pub(super) fn of_join(unnesting: Unnesting<'_>, join: Join) -> Result<LogicalPlan> {
    let schema = Arc::clone(&join.schema);
    let left_width = join.left.schema().fields().len();
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for predicate in join
        .filter
        .iter()
        .cloned()
        .flat_map(split_conjunction_owned)
    {
        let predicate = unnesting.inner_plans(predicate)?;
        let kept = built_in::answers_scalars(&predicate, &schema, false)?;
        if kept {
            without.push(predicate)
        } else {
            with.push(predicate)
        }
    }
    for (left, right) in &join.on {
        if has_subquery(left)? || has_subquery(right)? {
            return refuse("a join key cannot be a subquery", "compare it in the WHERE");
        }
    }
    if with.is_empty() {
        return Ok(LogicalPlan::Join(Join {
            filter: conjunction(without),
            ..join
        }));
    }
    if join.join_type == JoinType::Inner {
        let join = Join {
            filter: conjunction(without),
            ..join
        };
        let Some(predicate) = conjunction(with) else {
            return Ok(LogicalPlan::Join(join));
        };
        let input = Arc::new(LogicalPlan::Join(join));
        return unnesting.expressions(LogicalPlan::Filter(Filter::new(predicate, input)));
    }
    let (mut on_left, mut on_right) = (Vec::new(), Vec::new());
    for predicate in with {
        let used = columns_used(&predicate)?;
        let of = |schema: &DFSchema| used.iter().any(|column| schema.has_column(column));
        let side = match (of(join.left.schema()), of(join.right.schema())) {
            (true, true) => {
                return refuse(
                    "a subquery in the ON of an outer join can be compared with one side only",
                    "put the comparison into a subquery in FROM, or into the WHERE",
                );
            }
            (true, false) => &mut on_left,
            _ => &mut on_right,
        };
        let name = unnesting.names.next("__condition");
        without.push(Expr::Column(Column::new_unqualified(&name)));
        side.push(predicate.alias(name));
    }
    let added = on_left.len();
    let left = Arc::new(computed(unnesting, &join.left, on_left)?);
    let right = Arc::new(computed(unnesting, &join.right, on_right)?);
    let join = Join::try_new(
        left,
        right,
        join.on,
        conjunction(without),
        join.join_type,
        join.join_constraint,
        join.null_equality,
        join.null_aware,
    )?;
    let before = match join.join_type {
        JoinType::RightSemi | JoinType::RightAnti | JoinType::RightMark => schema.fields().len(),
        _ => left_width,
    };
    let positions =
        (0..schema.fields().len()).map(|index| if index < before { index } else { index + added });
    restored(LogicalPlan::Join(join), &schema, positions, &[])
}

/// `plan` with `exprs` behind its columns.
fn computed(unnesting: Unnesting<'_>, plan: &LogicalPlan, exprs: Vec<Expr>) -> Result<LogicalPlan> {
    if exprs.is_empty() {
        return Ok(plan.clone());
    }
    let mut all = all_columns(plan.schema());
    all.extend(exprs);
    unnesting.expressions(project(plan.clone(), all)?)
}

/// The columns that `expr` and the subqueries in it use.
fn columns_used(expr: &Expr) -> Result<Vec<Column>> {
    let mut used: Vec<_> = expr.column_refs().into_iter().cloned().collect();
    expr.apply(|expr| {
        if let Some(subquery) = subquery_of(expr) {
            let outer = outer_columns(&subquery.subquery)?;
            used.extend(outer.into_iter().map(|(column, _)| column));
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(used)
}

/// VALUES with subqueries: a SELECT without FROM for each row.
pub(super) fn of_values(unnesting: Unnesting<'_>, values: Values) -> Result<LogicalPlan> {
    let schema = values.schema;
    let none = DFSchema::empty();
    let rows = values.values.into_iter().map(|row| {
        let empty = Arc::new(DFSchema::try_from(Schema::empty())?);
        let row_of_nothing = LogicalPlan::EmptyRelation(EmptyRelation {
            produce_one_row: true,
            schema: empty,
        });
        let exprs = row
            .into_iter()
            .zip(schema.fields())
            .map(|(expr, field)| Ok(expr.cast_to(field.data_type(), &none)?.alias(field.name())));
        let plan = project(row_of_nothing, exprs.collect::<Result<_>>()?)?;
        unnesting.expressions(plan).map(Arc::new)
    });
    let mut rows = rows.collect::<Result<Vec<_>>>()?;
    let plan = match rows.len() {
        1 => Arc::unwrap_or_clone(rows.remove(0)),
        _ => LogicalPlan::Union(Union::try_new(rows)?),
    };
    restored(plan, &schema, 0..schema.fields().len(), &[])
}
