//! UNION and VALUES: each part for the outer values, then all of them.

use std::sync::Arc;

use datafusion::common::Column;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, ExprSchemable, LogicalPlan, Union, Values};

use super::super::domain::Domain;
use super::super::fields::{column_at, project, restored};
use super::Dependent;

pub(super) fn union(union: &Union, domain: &Domain<'_>) -> Result<Dependent> {
    let width = union.schema.fields().len();
    let names = key_names(domain);
    let parts = union.inputs.iter().map(|input| {
        let Dependent { plan, keys } = super::push_down(input, domain)?;
        let columns = (0..width).map(|index| Expr::Column(column_at(plan.schema(), index)));
        let columns = columns
            .enumerate()
            .map(|(index, column)| column.alias(part_name(index)));
        let exprs = columns.chain(named(&keys, &names)).collect();
        Ok(Arc::new(project(plan, exprs)?))
    });
    let plan = LogicalPlan::Union(Union::try_new(parts.collect::<Result<_>>()?)?);
    let keys: Vec<_> = names.iter().map(Column::new_unqualified).collect();
    let plan = restored(plan, &union.schema, 0..width, &keys)?;
    Ok(Dependent { plan, keys })
}

pub(super) fn values(values: &Values, domain: &Domain<'_>) -> Result<Dependent> {
    let width = values.schema.fields().len();
    let names = key_names(domain);
    let rows = values.values.iter().map(|row| {
        let (plan, keys) = domain.values()?;
        let columns = domain
            .bind_all(row, &keys)?
            .into_iter()
            .enumerate()
            .map(|(index, expr)| {
                let wanted = values.schema.field(index).data_type();
                let expr = expr.cast_to(wanted, plan.schema().as_ref())?;
                Ok(expr.alias(part_name(index)))
            });
        let mut exprs = columns.collect::<Result<Vec<_>>>()?;
        exprs.extend(named(&keys, &names));
        Ok(Arc::new(project(plan, exprs)?))
    });
    let mut rows = rows.collect::<Result<Vec<_>>>()?;
    let plan = match rows.len() {
        1 => Arc::unwrap_or_clone(rows.remove(0)),
        _ => LogicalPlan::Union(Union::try_new(rows)?),
    };
    let keys: Vec<_> = names.iter().map(Column::new_unqualified).collect();
    let plan = restored(plan, &values.schema, 0..width, &keys)?;
    Ok(Dependent { plan, keys })
}

fn key_names(domain: &Domain<'_>) -> Vec<String> {
    (0..domain.columns().len())
        .map(|index| domain.key_name(index))
        .collect()
}

fn named(keys: &[Column], names: &[String]) -> Vec<Expr> {
    let pairs = keys.iter().zip(names);
    pairs
        .map(|(key, name)| Expr::Column(key.clone()).alias(name))
        .collect()
}

fn part_name(index: usize) -> String {
    format!("column_{index}")
}
