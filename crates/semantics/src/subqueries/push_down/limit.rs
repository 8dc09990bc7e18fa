//! LIMIT and OFFSET count the rows of each outer value by themselves.

use std::sync::Arc;

use datafusion::common::Column;
use datafusion::error::Result;
use datafusion::functions_window::expr_fn::row_number;
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{
    Expr, ExprFunctionExt, FetchType, Filter, Limit, LogicalPlan, SkipType, SortExpr, Window, lit,
};

use super::super::domain::Domain;
use super::super::fields::restored;
use super::super::refusal::refuse;
use super::{Dependent, bind_sort, through_alias, through_projection};

pub(super) fn push_down(limit: &Limit, domain: &Domain<'_>) -> Result<Dependent> {
    let (SkipType::Literal(skip), FetchType::Literal(fetch)) =
        (limit.get_skip_type()?, limit.get_fetch_type()?)
    else {
        return refuse(
            "LIMIT and OFFSET of a subquery with columns of the query around it must be whole numbers",
            "write the number",
        );
    };
    let rows = Rows {
        skip: skip as u64,
        fetch: fetch.map(|fetch| fetch as u64),
    };
    below(&limit.input, &rows, domain)
}

/// The rows that are kept, counted from 1 by `row_number`.
struct Rows {
    skip: u64,
    fetch: Option<u64>,
}

/// The limit goes below what keeps the number of rows, down to the ORDER BY that it belongs to.
fn below(plan: &LogicalPlan, rows: &Rows, domain: &Domain<'_>) -> Result<Dependent> {
    match plan {
        LogicalPlan::Projection(projection) => {
            let input = below(&projection.input, rows, domain)?;
            through_projection(projection, input, domain)
        }
        LogicalPlan::SubqueryAlias(alias) => {
            through_alias(alias, below(&alias.input, rows, domain)?)
        }
        LogicalPlan::Sort(sort) if sort.fetch.is_none() => {
            let input = super::push_down(&sort.input, domain)?;
            let order = bind_sort(&sort.expr, domain, &input.keys)?;
            numbered(input, order, rows, domain)
        }
        plan => numbered(super::push_down(plan, domain)?, Vec::new(), rows, domain),
    }
}

fn numbered(
    input: Dependent,
    order: Vec<SortExpr>,
    rows: &Rows,
    domain: &Domain<'_>,
) -> Result<Dependent> {
    let Dependent { plan, keys } = input;
    let schema = Arc::clone(plan.schema());
    let name = domain.fresh("__row");
    let number = row_number()
        .partition_by(keys.iter().cloned().map(Expr::Column).collect())
        .order_by(order)
        .build()?
        .alias(&name);
    let plan = LogicalPlan::Window(Window::try_new(vec![number], Arc::new(plan))?);
    let number = || Expr::Column(Column::new_unqualified(&name));
    let from = (rows.skip > 0).then(|| number().gt(lit(rows.skip)));
    let to = rows
        .fetch
        .map(|fetch| number().lt_eq(lit(rows.skip.saturating_add(fetch))));
    let plan = match conjunction(from.into_iter().chain(to)) {
        None => plan,
        Some(predicate) => LogicalPlan::Filter(Filter::try_new(predicate, Arc::new(plan))?),
    };
    let plan = restored(plan, &schema, 0..schema.fields().len(), &[])?;
    Ok(Dependent { plan, keys })
}
