//! Aggregates: one group for each outer value, also for values without rows where there is no GROUP BY.

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{Column, JoinType, NullEquality, ScalarValue};
use datafusion::error::Result;
use datafusion::logical_expr::{
    Aggregate, EmptyRelation, Expr, ExprSchemable, LogicalPlan, lit, when,
};

use super::super::domain::Domain;
use super::super::fields::{column_at, join, named_as, project, relation, restored};
use super::super::refusal::refuse;
use super::Dependent;

pub(super) fn push_down(aggregate: &Aggregate, domain: &Domain<'_>) -> Result<Dependent> {
    if aggregate
        .group_expr
        .iter()
        .any(|expr| matches!(expr, Expr::GroupingSet(_)))
    {
        return refuse(
            "GROUPING SETS, ROLLUP and CUBE cannot stand in a subquery with columns of the query around it",
            "write one GROUP BY for each set and join them by UNION ALL",
        );
    }
    for expr in &aggregate.aggr_expr {
        refuse_outer_aggregate(expr)?;
    }
    let Dependent { plan, keys } = super::push_down(&aggregate.input, domain)?;
    let groups = domain.bind_all(&aggregate.group_expr, &keys)?;
    let functions = domain.bind_all(&aggregate.aggr_expr, &keys)?;
    let by_key = groups
        .iter()
        .cloned()
        .chain(keys.iter().cloned().map(Expr::Column));
    let (count, first) = (groups.len(), groups.len() + keys.len());
    let grouped = Aggregate::try_new(Arc::new(plan), by_key.collect(), functions)?;
    if count == 0 {
        return with_values_without_rows(aggregate, grouped, &keys, domain);
    }
    let plan = LogicalPlan::Aggregate(grouped);
    let positions = (0..count).chain(first..first + aggregate.aggr_expr.len());
    let plan = restored(plan, &aggregate.schema, positions, &keys)?;
    Ok(Dependent { plan, keys })
}

/// In the standard an aggregate of outer columns alone is one of the query that they are of.
fn refuse_outer_aggregate(expr: &Expr) -> Result<()> {
    let Expr::AggregateFunction(function) = expr.clone().unalias() else {
        return Ok(());
    };
    let arguments = &function.params.args;
    let outer = arguments.iter().any(Expr::contains_outer);
    if outer && !arguments.iter().any(Expr::any_column_refs) {
        return refuse(
            &format!(
                "{}(…) in a subquery is of columns of the query around it alone",
                function.func.name()
            ),
            "aggregate them in that query, or use a column of the subquery with them",
        );
    }
    Ok(())
}

/// Without GROUP BY there is a row even where nothing was found: `count(*)` is 0, `sum(x)` is NULL.
fn with_values_without_rows(
    aggregate: &Aggregate,
    grouped: Aggregate,
    keys: &[Column],
    domain: &Domain<'_>,
) -> Result<Dependent> {
    let alias = domain.fresh("__aggregate");
    let inner = |name: &str| Column::new(Some(alias.clone()), name);
    let width = aggregate.aggr_expr.len();
    let found = LogicalPlan::Aggregate(grouped);
    let schema = Arc::clone(found.schema());
    let columns = keys.iter().cloned().map(Expr::Column).enumerate();
    let columns = columns.map(|(index, key)| key.alias(key_name(index)));
    let values = (0..width)
        .map(|index| Expr::Column(column_at(&schema, keys.len() + index)).alias(value_name(index)));
    let exprs = columns.chain(values).chain([lit(true).alias("found")]);
    let found = relation(found, exprs.collect(), &alias)?;

    let (outer, outer_keys) = domain.values()?;
    let on = outer_keys.iter().cloned().map(Expr::Column);
    let on = on.zip((0..keys.len()).map(|index| Expr::Column(inner(&key_name(index)))));
    let plan = join(
        outer,
        found,
        JoinType::Left,
        on.collect(),
        None,
        NullEquality::NullEqualsNull,
    )?;
    let (plan, nothing) = match known_values_of_nothing(aggregate)? {
        Some(nothing) => (plan, nothing),
        None => beside_values_of_nothing(plan, aggregate, domain)?,
    };
    let values = nothing.into_iter().enumerate().map(|(index, nothing)| {
        let value = Expr::Column(inner(&value_name(index)));
        let value = match nothing {
            Expr::Literal(ScalarValue::Null, _) => value,
            nothing => when(Expr::Column(inner("found")).is_null(), nothing).otherwise(value)?,
        };
        Ok(named_as(value, &aggregate.schema, index))
    });
    let mut exprs = values.collect::<Result<Vec<_>>>()?;
    exprs.extend(outer_keys.iter().cloned().map(Expr::Column));
    Ok(Dependent {
        plan: project(plan, exprs)?,
        keys: outer_keys,
    })
}

/// What the aggregates of SQL's core give over no rows; nothing if there are others among them.
fn known_values_of_nothing(aggregate: &Aggregate) -> Result<Option<Vec<Expr>>> {
    let mut values = Vec::with_capacity(aggregate.aggr_expr.len());
    for (index, expr) in aggregate.aggr_expr.iter().enumerate() {
        let Expr::AggregateFunction(function) = expr.clone().unalias() else {
            return Ok(None);
        };
        let data_type = aggregate.schema.field(index).data_type();
        values.push(match function.func.name() {
            "count" => lit(ScalarValue::new_zero(data_type)?),
            "sum" | "min" | "max" | "avg" => lit(ScalarValue::Null),
            _ => return Ok(None),
        });
    }
    Ok(Some(values))
}

/// Other aggregates are asked: they are evaluated once over no rows.
fn beside_values_of_nothing(
    plan: LogicalPlan,
    aggregate: &Aggregate,
    domain: &Domain<'_>,
) -> Result<(LogicalPlan, Vec<Expr>)> {
    let schema = Arc::clone(aggregate.input.schema());
    let empty = EmptyRelation {
        produce_one_row: false,
        schema,
    };
    let functions = aggregate.aggr_expr.iter().map(|expr| {
        let without_outer = expr.clone().transform_up(|expr| {
            Ok(match &expr {
                Expr::OuterReferenceColumn(field, _) => {
                    let null = ScalarValue::try_new_null(field.data_type())?;
                    Transformed::yes(lit(null))
                }
                _ => Transformed::no(expr),
            })
        })?;
        Ok(without_outer.data)
    });
    let functions = functions.collect::<Result<Vec<_>>>()?;
    let width = functions.len();
    let empty = Arc::new(LogicalPlan::EmptyRelation(empty));
    let nothing = LogicalPlan::Aggregate(Aggregate::try_new(empty, Vec::new(), functions)?);
    let alias = domain.fresh("__no_rows");
    let schema = Arc::clone(nothing.schema());
    let values = (0..width).map(|index| {
        let value = Expr::Column(column_at(&schema, index));
        let data_type = value.get_type(schema.as_ref())?;
        let wanted = aggregate.schema.field(index).data_type();
        let value = if data_type == *wanted {
            value
        } else {
            value.cast_to(wanted, schema.as_ref())?
        };
        Ok(value.alias(value_name(index)))
    });
    let nothing = relation(nothing, values.collect::<Result<_>>()?, &alias)?;
    let plan = join(
        plan,
        nothing,
        JoinType::Inner,
        Vec::new(),
        None,
        NullEquality::NullEqualsNothing,
    )?;
    let columns =
        (0..width).map(|index| Expr::Column(Column::new(Some(alias.clone()), value_name(index))));
    Ok((plan, columns.collect()))
}

fn key_name(index: usize) -> String {
    format!("key_{index}")
}

fn value_name(index: usize) -> String {
    format!("value_{index}")
}
