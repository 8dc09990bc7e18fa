//! LATERAL: a relation that uses columns of those before it.

use std::sync::Arc;

use datafusion::common::{JoinType, NullEquality};
use datafusion::error::Result;
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{Expr, Join, LogicalPlan, Operator, SubqueryAlias, binary_expr};

use super::domain::Domain;
use super::fields::{join as join_of, restored};
use super::outer::outer_columns_of;
use super::push_down::push_down;
use super::refusal::refuse;
use super::repeatable::is_volatile;
use super::rule::Unnesting;

/// Whether the right side of the join that `plan` is may be LATERAL.
///
/// DataFusion marks it by a `Subquery`, but only if it uses columns outside of its own subqueries. Without the mark,
/// a use outside of them is one of a query further out, whatever its name.
pub(super) fn may_be_lateral(plan: &LogicalPlan) -> bool {
    let LogicalPlan::Join(join) = plan else {
        return false;
    };
    let right = match join.right.as_ref() {
        LogicalPlan::SubqueryAlias(SubqueryAlias { input, .. }) => input.as_ref(),
        right => right,
    };
    matches!(right, LogicalPlan::Subquery(_)) || right.all_out_ref_exprs().is_empty()
}

/// `join` as a join of two plans that do not depend on one another, if its right side used columns of the left.
pub(super) fn as_join(unnesting: Unnesting<'_>, join: Join) -> Result<LogicalPlan> {
    let columns = outer_columns_of(&join.right, join.left.schema())?;
    if columns.is_empty() {
        return Ok(LogicalPlan::Join(join));
    }
    if !matches!(join.join_type, JoinType::Inner | JoinType::Left) {
        return refuse(
            &format!("LATERAL cannot stand in a {} JOIN", join.join_type),
            "use JOIN LATERAL or LEFT JOIN LATERAL",
        );
    }
    if is_volatile(&join.right)? {
        return refuse(
            "LATERAL cannot call a function such as random()",
            "call it in the outer SELECT, or store its values first (CREATE TABLE … AS SELECT …)",
        );
    }
    let Join {
        left,
        right,
        on,
        filter,
        join_type,
        null_equality,
        schema,
        ..
    } = join;
    let left = Arc::unwrap_or_clone(left);
    let domain = Domain::new(columns, &left, unnesting.names);
    let dependent = push_down(&right, &domain)?;
    let op = match null_equality {
        NullEquality::NullEqualsNull => Operator::IsNotDistinctFrom,
        NullEquality::NullEqualsNothing => Operator::Eq,
    };
    let equal = on
        .into_iter()
        .map(|(left, right)| binary_expr(left, op, right));
    let filter: Option<Expr> = conjunction(equal.chain(filter));
    let pairs = domain.pairs(dependent.keys);
    let equality = domain.null_equality();
    let plan = join_of(
        left.clone(),
        dependent.plan,
        join_type,
        pairs,
        filter,
        equality,
    )?;
    restored(plan, &schema, 0..schema.fields().len(), &[])
}
