//! Joins of a scan with a small table, which become look-ups by the key.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::{JoinType, NullEquality};
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::joins::HashJoinExec;
use datafusion::physical_plan::statistics::{StatisticsArgs, StatisticsContext};

use super::Declined;
use super::walk::Expression;
use crate::lookup::{Lookup, LookupExpr, MOST_ROWS, Wanted};

/// What a join comes to for the rows of its larger side, on the right.
pub(super) struct Joined {
    pub(super) lookup: Arc<Lookup>,
    /// The rows that the join lets pass, if not all.
    pub(super) filter: Option<Expression>,
    /// The columns of the join over those of the right side.
    pub(super) columns: Vec<Expression>,
}

impl Joined {
    /// Reads a join that hashes its left side.
    pub(super) fn of(join: &HashJoinExec) -> Declined<Self> {
        let [(own, other)] = join.on() else {
            return Err("it joins by several keys".to_string());
        };
        if join.filter().is_some() {
            return Err("its join has another condition than a key".to_string());
        }
        if join.null_equality() != NullEquality::NullEqualsNothing {
            return Err("its join takes NULL as equal to NULL".to_string());
        }
        let (only_right, wanted) = match join.join_type() {
            JoinType::Inner => (false, Some(Wanted::IsFound)),
            JoinType::Right => (false, None),
            JoinType::RightSemi => (true, Some(Wanted::IsFound)),
            JoinType::RightAnti => (true, Some(Wanted::IsMissing)),
            other => return Err(format!("it has a join of type {other}")),
        };
        // Only floats of 32 and 64 bits are made comparable.
        let key_type = own.data_type(&join.left().schema());
        if key_type.is_ok_and(|key_type| key_type == DataType::Float16) {
            return Err("it joins by floats of 16 bits".to_string());
        }
        if rows(join.left()).is_some_and(|rows| rows > MOST_ROWS) {
            return Err("it joins with a large table".to_string());
        }
        let lookup = Arc::new(Lookup::new(
            Arc::clone(join.left()),
            Arc::clone(own),
            !only_right,
        ));
        let look_up = |wanted: Wanted| -> Expression {
            Arc::new(LookupExpr {
                lookup: Arc::clone(&lookup),
                key: Arc::clone(other),
                wanted,
            })
        };
        let (left, right) = (join.left().schema(), join.right().schema());
        let mut columns: Vec<Expression> = Vec::new();
        if !only_right {
            columns.extend((0..left.fields().len()).map(|index| look_up(Wanted::Column(index))));
        }
        for (index, field) in right.fields().iter().enumerate() {
            columns.push(Arc::new(Column::new(field.name(), index)));
        }
        if let Some(kept) = &join.projection {
            let column = |index: &usize| columns.get(*index).cloned();
            let Some(projected) = kept.iter().map(column).collect() else {
                return Err("its join gives columns that it has not".to_string());
            };
            columns = projected;
        }
        Ok(Self {
            filter: wanted.map(look_up),
            columns,
            lookup,
        })
    }
}

/// How many rows a plan gives at most, where that is known.
fn rows(plan: &Arc<dyn ExecutionPlan>) -> Option<usize> {
    let statistics = StatisticsContext::new()
        .compute(plan.as_ref(), &StatisticsArgs::new())
        .ok()?;
    statistics.num_rows.get_value().copied()
}
