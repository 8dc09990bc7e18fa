//! IN, `= ANY`, `> ALL` and their like, with the three truth values of the standard.

use std::sync::Arc;

use datafusion::common::{Column, JoinType};
use datafusion::error::Result;
use datafusion::functions_aggregate::expr_fn::{array_agg, max, min};
use datafusion::functions_nested::expr_fn::array_has;
use datafusion::logical_expr::expr::{InSubquery, SetComparison, SetQuantifier};
use datafusion::logical_expr::{
    Aggregate, Expr, ExprFunctionExt, ExprSchemable, Filter, LogicalPlan, Operator, binary_expr,
    lit, not, when,
};

use super::domain::Domain;
use super::fields::{column_at, join, relation, unknown};
use super::joined::{Joined, count, count_rows, key_columns, key_exprs};
use super::push_down::Dependent;
use super::refusal::refuse;
use super::repeatable::unrepeatable;

impl Joined<'_> {
    /// `x [NOT] IN (SELECT …)`; `x` has no subqueries any more.
    pub(super) fn in_subquery(&mut self, membership: InSubquery) -> Result<Expr> {
        let InSubquery {
            expr,
            subquery,
            negated,
        } = membership;
        let is_member = self.is_member_or_unknown(*expr, Operator::Eq, &subquery.subquery)?;
        Ok(if negated { not(is_member) } else { is_member })
    }

    /// `x op ANY (SELECT …)`, and `x op ALL (SELECT …)` as its negation; `x` has no subqueries any more.
    pub(super) fn set_comparison(&mut self, comparison: SetComparison) -> Result<Expr> {
        let SetComparison {
            expr,
            subquery,
            op,
            quantifier,
        } = comparison;
        let plan = &subquery.subquery;
        match quantifier {
            SetQuantifier::Any => self.is_member_or_unknown(*expr, op, plan),
            SetQuantifier::All => {
                let opposite = op.negate().unwrap_or(op);
                Ok(not(self.is_member_or_unknown(*expr, opposite, plan)?))
            }
        }
    }

    /// Whether `value op` any row of `plan` is true: false also where that is not known.
    pub(super) fn is_member(
        &mut self,
        value: Expr,
        op: Operator,
        plan: &LogicalPlan,
    ) -> Result<Expr> {
        let value = self.as_column(value)?;
        let (domain, dependent) = self.dependent(plan)?;
        let (joined, hit) = if is_marked(op, plan)? {
            marked(&self.plan, &value, &domain, dependent)?
        } else {
            let alias = domain.fresh("__members");
            let joined = counted(&self.plan, &domain, dependent, &alias, Some(op))?;
            (joined, hit(value, op, &alias)?.is_true())
        };
        self.plan = joined;
        Ok(hit)
    }

    /// Whether `value op` any row of `plan` is true; NULL where no row makes it true and some may.
    fn is_member_or_unknown(
        &mut self,
        value: Expr,
        op: Operator,
        plan: &LogicalPlan,
    ) -> Result<Expr> {
        let of_value = value.nullable(self.plan.schema().as_ref())?;
        if !of_value && !plan.schema().field(0).is_nullable() {
            return self.is_member(value, op, plan);
        }
        let value = self.as_column(value)?;
        let (domain, dependent) = self.dependent(plan)?;
        let alias = domain.fresh("__members");
        let (joined, hit) = if is_marked(op, plan)? {
            let again = Dependent {
                plan: dependent.plan.clone(),
                keys: dependent.keys.clone(),
            };
            let (joined, hit) = marked(&self.plan, &value, &domain, dependent)?;
            (counted(&joined, &domain, again, &alias, None)?, hit)
        } else {
            let joined = counted(&self.plan, &domain, dependent, &alias, Some(op))?;
            (joined, hit(value.clone(), op, &alias)?)
        };
        let column = |name: &str| Expr::Column(Column::new(Some(alias.clone()), name));
        let (rows, known) = (column("rows"), column("known"));
        let is_empty = rows.clone().is_null().or(rows.clone().eq(lit(0_i64)));
        let may_be = Expr::Column(value).is_null().or(known.lt(rows));
        let is_member = when(hit, lit(true))
            .when(is_empty, lit(false))
            .when(may_be, unknown())
            .otherwise(lit(false))?;
        self.plan = joined;
        Ok(is_member)
    }
}

/// Whether members are found by a join: the subquery is run once more to count its rows.
fn is_marked(op: Operator, plan: &LogicalPlan) -> Result<bool> {
    Ok(op == Operator::Eq && unrepeatable(plan, false)?.is_none())
}

/// `left` with a mark: whether `value` is among the subquery's rows for the outer row.
fn marked(
    left: &LogicalPlan,
    value: &Column,
    domain: &Domain<'_>,
    dependent: Dependent,
) -> Result<(LogicalPlan, Expr)> {
    let Dependent { plan, keys } = dependent;
    let alias = domain.fresh("__member");
    let member = Expr::Column(column_at(plan.schema(), 0));
    // Keys that may be NULL are joined with NULL equal to NULL, but a NULL is no member.
    let plan = if plan.schema().field(0).is_nullable() {
        LogicalPlan::Filter(Filter::try_new(
            member.clone().is_not_null(),
            Arc::new(plan),
        )?)
    } else {
        plan
    };
    let exprs = [member.alias("value")].into_iter().chain(key_exprs(&keys));
    let right = relation(plan, exprs.collect(), &alias)?;
    let member = Expr::Column(Column::new(Some(alias.clone()), "value"));
    let mut on = domain.pairs(key_columns(&alias, keys.len()));
    on.push((Expr::Column(value.clone()), member));
    let equality = domain.null_equality();
    let joined = join(left.clone(), right, JoinType::LeftMark, on, None, equality)?;
    Ok((joined, Expr::Column(Column::new(Some(alias), "mark"))))
}

/// `left` with a row of figures about the members for the outer row, as the relation `alias`.
///
/// `rows` of the subquery, how many of them are `known`, i.e. not NULL, and what [`hit`] needs for `op`.
fn counted(
    left: &LogicalPlan,
    domain: &Domain<'_>,
    dependent: Dependent,
    alias: &str,
    op: Option<Operator>,
) -> Result<LogicalPlan> {
    let Dependent { plan, keys } = dependent;
    let member = Expr::Column(column_at(plan.schema(), 0));
    let groups = keys.iter().cloned().map(Expr::Column).collect();
    let mut functions = vec![
        count_rows().alias("rows"),
        count(member.clone()).alias("known"),
    ];
    match op {
        None => {}
        Some(Operator::Eq) => {
            let known = member.clone().is_not_null();
            let members = array_agg(member).filter(known).build()?;
            functions.push(members.alias("members"));
        }
        Some(_) => {
            functions.push(min(member.clone()).alias("least"));
            functions.push(max(member).alias("greatest"));
        }
    }
    let names = functions.iter().map(|expr| expr.qualified_name().1);
    let names = names.map(|name| Expr::Column(Column::new_unqualified(name)));
    let exprs = names.chain(key_exprs(&keys)).collect();
    let counts = LogicalPlan::Aggregate(Aggregate::try_new(Arc::new(plan), groups, functions)?);
    let right = relation(counts, exprs, alias)?;
    let on = domain.pairs(key_columns(alias, keys.len()));
    join(
        left.clone(),
        right,
        JoinType::Left,
        on,
        None,
        domain.null_equality(),
    )
}

/// Whether `value op` any of the members that [`counted`] has seen is true; NULL or false if none is.
fn hit(value: Column, op: Operator, alias: &str) -> Result<Expr> {
    let column = |name: &str| Expr::Column(Column::new(Some(alias.to_string()), name));
    let value = Expr::Column(value);
    Ok(match op {
        Operator::Eq => array_has(column("members"), value),
        Operator::Lt | Operator::LtEq => binary_expr(value, op, column("greatest")),
        Operator::Gt | Operator::GtEq => binary_expr(value, op, column("least")),
        Operator::NotEq => {
            let least = binary_expr(value.clone(), op, column("least"));
            least.or(binary_expr(value, op, column("greatest")))
        }
        op => {
            return refuse(
                &format!("{op} cannot stand before ANY or ALL of a subquery"),
                "use one of = <> < <= > >=",
            );
        }
    })
}
