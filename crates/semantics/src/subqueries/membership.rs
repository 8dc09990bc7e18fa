//! IN, `= ANY`, `> ALL` and their like, with the three truth values of the standard.

use std::sync::Arc;

use datafusion::common::{Column, JoinType};
use datafusion::error::Result;
use datafusion::logical_expr::expr::{InSubquery, SetComparison, SetQuantifier};
use datafusion::logical_expr::{
    Aggregate, Expr, ExprSchemable, Filter, LogicalPlan, Operator, binary_expr, lit, not, when,
};

use super::domain::Domain;
use super::fields::{column_at, join, relation, unknown};
use super::joined::{Joined, count, count_rows, key_columns, key_exprs};
use super::push_down::Dependent;
use super::refusal::{refuse, refuse_unrepeatable};
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
                let Some(opposite) = op.negate() else {
                    return refuse(
                        &format!("{op} ALL (SELECT …) is not known"),
                        "use one of = <> < <= > >=",
                    );
                };
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
        let joined = marked(&self.plan, &value, op, &domain, dependent)?;
        let (plan, mark) = joined;
        self.plan = plan;
        Ok(mark)
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
        if let Some(what) = unrepeatable(plan, false)? {
            return refuse_unrepeatable(&format!("{what}, if it is asked for membership"));
        }
        let value = self.as_column(value)?;
        let (domain, dependent) = self.dependent(plan)?;
        let again = Dependent {
            plan: dependent.plan.clone(),
            keys: dependent.keys.clone(),
        };
        let (joined, mark) = marked(&self.plan, &value, op, &domain, dependent)?;

        let alias = domain.fresh("__members");
        let column = |name: &str| Expr::Column(Column::new(Some(alias.clone()), name));
        let counted = counted(again, &alias)?;
        let on = domain.pairs(key_columns(&alias, domain.columns().len()));
        let joined = join(
            joined,
            counted,
            JoinType::Left,
            on,
            None,
            domain.null_equality(),
        )?;
        let (rows, known) = (column("rows"), column("known"));
        let is_empty = rows.clone().is_null().or(rows.clone().eq(lit(0_i64)));
        let may_be = Expr::Column(value).is_null().or(known.lt(rows));
        let is_member = when(mark, lit(true))
            .when(is_empty, lit(false))
            .when(may_be, unknown())
            .otherwise(lit(false))?;
        self.plan = joined;
        Ok(is_member)
    }
}

/// `left` with a mark: whether `value op` any of the subquery's rows for the outer row is true.
fn marked(
    left: &LogicalPlan,
    value: &Column,
    op: Operator,
    domain: &Domain<'_>,
    dependent: Dependent,
) -> Result<(LogicalPlan, Expr)> {
    let Dependent { plan, keys } = dependent;
    let alias = domain.fresh("__member");
    let member = column_at(plan.schema(), 0);
    // A NULL is equal to a NULL in a join of keys that may be NULL, but not a member.
    let known = Expr::Column(member.clone()).is_not_null();
    let is_nullable = plan.schema().field(0).is_nullable();
    let plan = match is_nullable {
        true => LogicalPlan::Filter(Filter::try_new(known, Arc::new(plan))?),
        false => plan,
    };
    let exprs = [Expr::Column(member).alias("value")]
        .into_iter()
        .chain(key_exprs(&keys));
    let right = relation(plan, exprs.collect(), &alias)?;
    let member = Expr::Column(Column::new(Some(alias.clone()), "value"));
    let value = Expr::Column(value.clone());
    let mut on = domain.pairs(key_columns(&alias, keys.len()));
    let filter = match op {
        Operator::Eq => {
            on.push((value, member));
            None
        }
        op => Some(binary_expr(value, op, member)),
    };
    let equality = domain.null_equality();
    let joined = join(
        left.clone(),
        right,
        JoinType::LeftMark,
        on,
        filter,
        equality,
    )?;
    Ok((joined, Expr::Column(Column::new(Some(alias), "mark"))))
}

/// For each outer value: `rows` of the subquery, and how many of them are `known`, i.e. not NULL.
fn counted(dependent: Dependent, alias: &str) -> Result<LogicalPlan> {
    let Dependent { plan, keys } = dependent;
    let member = Expr::Column(column_at(plan.schema(), 0));
    let groups = keys.iter().cloned().map(Expr::Column).collect();
    let functions = vec![count_rows().alias("rows"), count(member).alias("known")];
    let counts = LogicalPlan::Aggregate(Aggregate::try_new(Arc::new(plan), groups, functions)?);
    let own = |name: &str| Expr::Column(Column::new_unqualified(name));
    let exprs = [own("rows"), own("known")]
        .into_iter()
        .chain(key_exprs(&keys));
    relation(counts, exprs.collect(), alias)
}
