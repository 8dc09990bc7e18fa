//! Joins: the outer values go to the sides that use them, and to the side whose rows are kept.

use std::sync::Arc;

use datafusion::common::{Column, JoinType, NullEquality};
use datafusion::error::Result;
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{Expr, Join, LogicalPlan, Operator, binary_expr, when};

use super::super::domain::Domain;
use super::super::fields::{column_at, named_as, project};
use super::super::refusal::refuse;
use super::Dependent;

pub(super) fn push_down(join: &Join, domain: &Domain<'_>) -> Result<Dependent> {
    if join.null_aware {
        return refuse(
            "NOT IN within a join cannot use columns of the query around it",
            "write it in a WHERE",
        );
    }
    let left_uses = domain.is_used_by(&join.left)?;
    let right_uses = domain.is_used_by(&join.right)?;
    let (to_left, to_right) = match join.join_type {
        JoinType::Inner => (left_uses || !right_uses, right_uses),
        JoinType::Left | JoinType::LeftSemi | JoinType::LeftAnti | JoinType::LeftMark => {
            (true, right_uses)
        }
        JoinType::Right | JoinType::RightSemi | JoinType::RightAnti | JoinType::RightMark => {
            (left_uses, true)
        }
        JoinType::Full => (true, true),
    };
    let left = side(&join.left, to_left, domain)?;
    let right = side(&join.right, to_right, domain)?;
    let bound_to = if to_left { &left.keys } else { &right.keys };

    let mut predicates = Vec::new();
    let mut on = Vec::with_capacity(join.on.len());
    for (of_left, of_right) in &join.on {
        if domain.is_used_in(of_left)? || domain.is_used_in(of_right)? {
            let op = match join.null_equality {
                NullEquality::NullEqualsNull => Operator::IsNotDistinctFrom,
                NullEquality::NullEqualsNothing => Operator::Eq,
            };
            let equal = binary_expr(of_left.clone(), op, of_right.clone());
            predicates.push(domain.bind(equal, bound_to)?);
        } else {
            on.push((of_left.clone(), of_right.clone()));
        }
    }
    if let Some(filter) = &join.filter {
        predicates.push(domain.bind(filter.clone(), bound_to)?);
    }
    if to_left && to_right {
        let pairs = left.keys.iter().zip(&right.keys);
        let pairs =
            pairs.map(|(left, right)| (Expr::Column(left.clone()), Expr::Column(right.clone())));
        match join.null_equality {
            NullEquality::NullEqualsNull if !on.is_empty() => on.extend(pairs),
            _ => predicates.extend(
                pairs.map(|(left, right)| binary_expr(left, Operator::IsNotDistinctFrom, right)),
            ),
        }
    }
    let (left_width, right_width) = (
        join.left.schema().fields().len(),
        join.right.schema().fields().len(),
    );
    let right_from = left.plan.schema().fields().len();
    let plan = LogicalPlan::Join(Join::try_new(
        Arc::new(left.plan),
        Arc::new(right.plan),
        on,
        conjunction(predicates),
        join.join_type,
        join.join_constraint,
        join.null_equality,
        false,
    )?);
    let positions: Vec<_> = match join.join_type {
        JoinType::LeftSemi | JoinType::LeftAnti => (0..left_width).collect(),
        JoinType::LeftMark => (0..left_width).chain([right_from]).collect(),
        JoinType::RightSemi | JoinType::RightAnti => (0..right_width).collect(),
        JoinType::RightMark => {
            let mark = plan.schema().fields().len() - 1;
            (0..right_width).chain([mark]).collect()
        }
        _ => (0..left_width)
            .chain(right_from..right_from + right_width)
            .collect(),
    };
    with_keys(plan, join, &positions, &left.keys, &right.keys, domain)
}

fn side(plan: &LogicalPlan, pushed: bool, domain: &Domain<'_>) -> Result<Dependent> {
    if pushed {
        return super::push_down(plan, domain);
    }
    Ok(Dependent {
        plan: plan.clone(),
        keys: Vec::new(),
    })
}

/// The columns of `join`, and the keys of the side whose rows are all there: of either side for a FULL JOIN.
fn with_keys(
    plan: LogicalPlan,
    join: &Join,
    positions: &[usize],
    left: &[Column],
    right: &[Column],
    domain: &Domain<'_>,
) -> Result<Dependent> {
    let mut exprs: Vec<_> = positions
        .iter()
        .enumerate()
        .map(|(index, position)| {
            let column = Expr::Column(column_at(plan.schema(), *position));
            named_as(column, &join.schema, index)
        })
        .collect();
    let from_right = matches!(
        join.join_type,
        JoinType::Right | JoinType::RightSemi | JoinType::RightAnti | JoinType::RightMark
    ) || left.is_empty();
    let keys = match join.join_type {
        JoinType::Full => {
            let mut keys = Vec::with_capacity(left.len());
            for (index, (left, right)) in left.iter().zip(right).enumerate() {
                let (left, right) = (Expr::Column(left.clone()), Expr::Column(right.clone()));
                let either = when(left.clone().is_null(), right).otherwise(left)?;
                let name = domain.key_name(index);
                exprs.push(either.alias(&name));
                keys.push(Column::new_unqualified(name));
            }
            keys
        }
        _ => {
            let keys = if from_right { right } else { left };
            exprs.extend(keys.iter().cloned().map(Expr::Column));
            keys.to_vec()
        }
    };
    Ok(Dependent {
        plan: project(plan, exprs)?,
        keys,
    })
}
