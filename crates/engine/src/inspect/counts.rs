//! What is counted in tables: rows, values of each column, the different values of one.

use std::any::Any;
use std::sync::Arc;

use arrow::array::{Array, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::TableReference;
use datafusion::datasource::MemTable;
use datafusion::error::Result;
use datafusion::functions_aggregate::expr_fn::count;
use datafusion::logical_expr::{Expr, lit};
use datafusion::prelude::{SessionContext, ident};
use kouan_schema::Package;

use crate::catalog::entries::{ColumnEntry, TableEntry};
use crate::catalog::names::CATALOG;

/// A CSV up to this size is converted within a blink, so that a listing may wait for it.
const SMALL_CSV_BYTES: u64 = 16 << 20;

/// How many rows a table has, and how many of them have a value in each column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableCounts {
    /// Rows of the table.
    pub rows: u64,
    /// Rows with a value, by column.
    pub values: Vec<u64>,
}

/// Counts a table's rows; nothing where that would take long or its data are bad.
pub(crate) async fn count_rows(
    context: &SessionContext,
    packages: &[Arc<Package>],
    table: &TableEntry,
) -> Option<u64> {
    let counts = Box::pin(counts(context, packages, table, &[])).await?;
    Some(counts.rows)
}

/// Counts a table's rows and values; nothing where that would take long or its data are bad.
pub(crate) async fn count_values(
    context: &SessionContext,
    packages: &[Arc<Package>],
    table: &TableEntry,
) -> Option<TableCounts> {
    Box::pin(counts(context, packages, table, &table.columns)).await
}

async fn counts(
    context: &SessionContext,
    packages: &[Arc<Package>],
    table: &TableEntry,
    columns: &[ColumnEntry],
) -> Option<TableCounts> {
    if !is_small(context, packages, table).await {
        return None;
    }
    let measures = std::iter::once(count(lit(1_i64)).alias("rows")).chain(
        columns
            .iter()
            .enumerate()
            .map(|(index, column)| count(ident(&column.name)).alias(format!("c{index}"))),
    );
    let counted = async {
        let frame = context.table(reference(table)).await?;
        frame
            .aggregate(Vec::new(), measures.collect())?
            .collect()
            .await
    };
    let batches = counted.await.ok()?;
    let row = batches.iter().find(|batch| batch.num_rows() > 0)?;
    let mut counts = row.columns().iter().map(|array| {
        let count = array.as_primitive_opt::<Int64Type>()?.value(0);
        u64::try_from(count).ok()
    });
    Some(TableCounts {
        rows: counts.next()??,
        values: counts.collect::<Option<_>>()?,
    })
}

/// The different values of a column of text in order; nothing when there are more than
/// `most`, or the table is too large to look.
pub(crate) async fn values_of(
    context: &SessionContext,
    packages: &[Arc<Package>],
    table: &TableEntry,
    column: &str,
    most: usize,
) -> Option<Vec<String>> {
    let entry = table.columns.iter().find(|other| other.name == column)?;
    let is_text = match &entry.data_type {
        DataType::Dictionary(_, values) => values.is_string(),
        other => other.is_string(),
    };
    if !is_text || !is_small(context, packages, table).await {
        return None;
    }
    let batches = Box::pin(distinct(context, table, column, most + 1))
        .await
        .ok()?;
    let mut values = Vec::new();
    for batch in &batches {
        let texts = cast(batch.column(0), &DataType::Utf8).ok()?;
        let texts = texts.as_string::<i32>();
        values.extend(
            (0..texts.len())
                .filter(|row| texts.is_valid(*row))
                .map(|row| texts.value(row).to_string()),
        );
    }
    values.sort();
    (values.len() <= most).then_some(values)
}

async fn distinct(
    context: &SessionContext,
    table: &TableEntry,
    column: &str,
    limit: usize,
) -> Result<Vec<arrow::array::RecordBatch>> {
    let column = ident(column);
    let frame = context.table(reference(table)).await?;
    let frame = frame.filter(Expr::is_not_null(column.clone()))?;
    let frame = frame
        .select(vec![column])?
        .distinct()?
        .limit(0, Some(limit))?;
    frame.collect().await
}

/// True for tables in memory and those of a package whose CSV is small.
async fn is_small(context: &SessionContext, packages: &[Arc<Package>], table: &TableEntry) -> bool {
    for package in packages {
        let found = package
            .tables()
            .iter()
            .find(|other| other.name == table.name && package.schema_of(other) == table.schema);
        if let Some(found) = found {
            let is_small = package.is_within(found, SMALL_CSV_BYTES);
            return is_small.unwrap_or(false);
        }
    }
    let provider = context.table_provider(reference(table)).await;
    provider.is_ok_and(|table| {
        let table: &dyn Any = &*table;
        table.is::<MemTable>()
    })
}

fn reference(table: &TableEntry) -> TableReference {
    TableReference::full(CATALOG, table.schema.as_str(), table.name.as_str())
}
