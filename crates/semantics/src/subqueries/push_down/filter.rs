//! Filters: an equality with every outer column makes the inner values the keys, so that the outer ones are not needed.

use std::sync::Arc;

use datafusion::common::Column;
use datafusion::error::Result;
use datafusion::logical_expr::utils::{conjunction, split_conjunction_owned};
use datafusion::logical_expr::{BinaryExpr, Expr, ExprSchemable, Filter, LogicalPlan, Operator};

use super::super::domain::Domain;
use super::super::repeatable::is_float;
use super::{Dependent, extended};

pub(super) fn push_down(filter: &Filter, domain: &Domain<'_>) -> Result<Dependent> {
    if !domain.is_used_by(&filter.input)?
        && let Some(dependent) = with_inner_keys(filter, domain)?
    {
        return Ok(dependent);
    }
    let Dependent { plan, keys } = super::push_down(&filter.input, domain)?;
    let predicate = domain.bind(filter.predicate.clone(), &keys)?;
    let plan = LogicalPlan::Filter(Filter::try_new(predicate, Arc::new(plan))?);
    Ok(Dependent { plan, keys })
}

/// `WHERE i.g = outer.g AND rest`: the rows with a value of `i.g` are those for this value of `outer.g`.
fn with_inner_keys(filter: &Filter, domain: &Domain<'_>) -> Result<Option<Dependent>> {
    let mut rest = split_conjunction_owned(filter.predicate.clone());
    let mut inner = Vec::new();
    for index in 0..domain.columns().len() {
        let mut found = None;
        for (place, predicate) in rest.iter().enumerate() {
            if let Some(expr) = equal_to(index, predicate, filter, domain)? {
                found = Some((place, expr));
                break;
            }
        }
        let Some((place, expr)) = found else {
            return Ok(None);
        };
        rest.remove(place);
        inner.push(expr);
    }
    let names: Vec<_> = (0..inner.len())
        .map(|index| domain.key_name(index))
        .collect();
    let keys: Vec<_> = names.iter().map(Column::new_unqualified).collect();
    let named = inner
        .into_iter()
        .zip(names)
        .map(|(expr, name)| expr.alias(name));
    let plan = extended(filter.input.as_ref().clone(), named)?;
    let known = keys
        .iter()
        .map(|key| Expr::Column(key.clone()).is_not_null());
    let predicates = known.chain(domain.bind_all(&rest, &keys)?);
    let plan = match conjunction(predicates) {
        None => plan,
        Some(predicate) => LogicalPlan::Filter(Filter::try_new(predicate, Arc::new(plan))?),
    };
    Ok(Some(Dependent { plan, keys }))
}

/// The inner expression that `predicate` says to be equal to the outer column `index`, of the same type.
fn equal_to(
    index: usize,
    predicate: &Expr,
    filter: &Filter,
    domain: &Domain<'_>,
) -> Result<Option<Expr>> {
    let Expr::BinaryExpr(BinaryExpr {
        left,
        op: Operator::Eq,
        right,
    }) = predicate
    else {
        return Ok(None);
    };
    let inner = if domain.outer_column(left) == Some(index) {
        right
    } else if domain.outer_column(right) == Some(index) {
        left
    } else {
        return Ok(None);
    };
    if inner.contains_outer() || inner.is_volatile() {
        return Ok(None);
    }
    let wanted = domain.fields()[index].1.data_type();
    // 0.0 and -0.0 are equal but not the same.
    let same = inner.get_type(filter.input.schema())? == *wanted && !is_float(wanted);
    Ok(same.then(|| inner.as_ref().clone()))
}
