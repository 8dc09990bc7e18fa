//! Expressions over few columns, evaluated on the values of a dictionary or on a block of rows.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::error::Result;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::{CastExpr, Column};
use datafusion::physical_expr::utils::collect_columns;
use datafusion::physical_expr_common::physical_expr::is_volatile;

use super::{Declined, Part, QueryColumn};
use crate::lookup::LookupExpr;

/// An expression over columns of the query.
#[derive(Debug, Clone)]
pub(crate) struct Computation {
    expression: Arc<dyn PhysicalExpr>,
    schema: SchemaRef,
    /// Places in [`super::Query::columns`], in the order of the expression's own schema.
    pub(crate) columns: Vec<usize>,
    pub(crate) data_type: DataType,
    /// The type of the column when the expression is that column, or a number cast to a wider one.
    pub(crate) bare: Option<DataType>,
}

impl Computation {
    /// The only column that the expression looks at.
    pub(crate) fn single_column(&self) -> Option<usize> {
        match self.columns[..] {
            [column] => Some(column),
            _ => None,
        }
    }

    /// True when the expression is a column as it stands.
    pub(crate) fn is_column(&self) -> bool {
        self.expression.is::<Column>()
    }

    /// True when both ask the same of the same columns.
    pub(crate) fn same(&self, other: &Self) -> bool {
        self.columns == other.columns && self.expression.as_ref() == other.expression.as_ref()
    }

    /// Evaluates the expression on arrays of its columns.
    pub(crate) fn evaluate(&self, arrays: Vec<ArrayRef>, rows: usize) -> Result<ArrayRef> {
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options)?;
        self.expression.evaluate(&batch)?.into_array(rows)
    }
}

/// Collects the columns that a query reads.
pub(super) struct Columns<'a> {
    table: &'a SchemaRef,
    used: Vec<usize>,
    /// Places of the columns that are keys of look-ups.
    looked_up: Vec<usize>,
}

impl<'a> Columns<'a> {
    pub(super) fn new(table: &'a SchemaRef) -> Self {
        Self {
            table,
            used: Vec::new(),
            looked_up: Vec::new(),
        }
    }

    /// The columns that must have few values, because each is looked for in a joined table.
    pub(super) fn looked_up(&self) -> Vec<usize> {
        self.looked_up.clone()
    }

    pub(super) fn finish(self) -> Vec<QueryColumn> {
        let column = |index: usize| QueryColumn {
            name: self.table.field(index).name().clone(),
            data_type: self.table.field(index).data_type().clone(),
            table_index: index,
        };
        self.used.into_iter().map(column).collect()
    }

    /// An expression over the table's columns.
    pub(super) fn computation(
        &mut self,
        expression: &Arc<dyn PhysicalExpr>,
    ) -> Declined<Computation> {
        if is_volatile(expression) {
            return Err(format!("{expression} gives another answer each time"));
        }
        let mut found: Vec<usize> = collect_columns(expression)
            .iter()
            .map(Column::index)
            .collect();
        found.sort_unstable();
        found.dedup();
        let mut columns = Vec::new();
        for index in &found {
            let known = self.used.iter().position(|used| used == index);
            columns.push(known.unwrap_or_else(|| {
                self.used.push(*index);
                self.used.len() - 1
            }));
        }
        let looks_up = expression.exists(|node| Ok(node.is::<LookupExpr>()));
        if looks_up.is_ok_and(|looks_up| looks_up) {
            if columns.len() != 1 {
                return Err(format!("{expression} looks into a table for each row"));
            }
            self.looked_up.extend(&columns);
        }
        let field = |index: &usize| self.table.field(*index).clone().with_nullable(true);
        let schema = Arc::new(Schema::new(found.iter().map(field).collect::<Vec<Field>>()));
        let expression = replace_columns(expression, |index| {
            let place = found.iter().position(|found| *found == index)?;
            Some(Arc::new(Column::new(schema.field(place).name(), place)) as _)
        })?;
        let data_type = expression
            .data_type(&schema)
            .map_err(|error| error.to_string())?;
        let bare = bare_column(&expression, &schema);
        Ok(Computation {
            expression,
            schema,
            columns,
            data_type,
            bare,
        })
    }

    /// A key: an expression over one column.
    pub(super) fn part(&mut self, expression: &Arc<dyn PhysicalExpr>) -> Declined<Part> {
        let computation = self.computation(expression)?;
        if computation.single_column().is_none() {
            return Err(format!("{expression} does not look at exactly one column"));
        }
        let values = match &computation.data_type {
            DataType::Dictionary(_, values) => values,
            data_type => data_type,
        };
        // Zeros of either sign are equal, and so is NaN to NaN, whatever their bytes.
        if values.is_floating() || values.is_nested() {
            return Err(format!("{expression} has type {}", computation.data_type));
        }
        Ok(Part {
            computation,
            range: None,
        })
    }
}

/// An expression with its columns replaced by what `replacement` gives for their places.
pub(crate) fn replace_columns(
    expression: &Arc<dyn PhysicalExpr>,
    replacement: impl Fn(usize) -> Option<Arc<dyn PhysicalExpr>>,
) -> Declined<Arc<dyn PhysicalExpr>> {
    let mut unknown = None;
    let replaced = Arc::clone(expression).transform_up(|node| {
        let Some(column) = node.downcast_ref::<Column>() else {
            return Ok(Transformed::no(node));
        };
        match replacement(column.index()) {
            Some(expression) => Ok(Transformed::yes(expression)),
            None => {
                unknown = Some(column.to_string());
                Ok(Transformed::no(node))
            }
        }
    });
    match (unknown, replaced) {
        (Some(column), _) => Err(format!("{column} is not a column of the scan")),
        (None, Ok(replaced)) => Ok(replaced.data),
        (None, Err(error)) => Err(error.to_string()),
    }
}

/// The column's type, if the expression is a column or a number of it made wider.
fn bare_column(expression: &Arc<dyn PhysicalExpr>, schema: &Schema) -> Option<DataType> {
    if expression.is::<Column>() {
        return expression.data_type(schema).ok();
    }
    let cast = expression.downcast_ref::<CastExpr>()?;
    if !cast.expr().is::<Column>() {
        return None;
    }
    let from = cast.expr().data_type(schema).ok()?;
    let to = expression.data_type(schema).ok()?;
    let exact = match to {
        DataType::Float64 => from.is_integer() || from == DataType::Float32,
        DataType::Int64 => from.is_signed_integer(),
        DataType::UInt64 => from.is_unsigned_integer(),
        _ => false,
    };
    exact.then_some(from)
}
