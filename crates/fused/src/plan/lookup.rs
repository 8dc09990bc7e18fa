//! A join with a small table as an expression: the table's row for a key, found once for each value of a dictionary.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex};

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch, UInt32Array};
use arrow::compute::{cast, concat_batches, take};
use arrow::datatypes::{ArrowPrimitiveType, DataType, Float32Type, Float64Type, Schema};
use arrow::row::{RowConverter, SortField};
use datafusion::common::{exec_err, internal_err};
use datafusion::error::Result;
use datafusion::execution::TaskContext;
use datafusion::logical_expr::ColumnarValue;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_plan::execution_plan::reset_plan_states;
use datafusion::physical_plan::{ExecutionPlan, execute_stream};
use foldhash::fast::RandomState;
use futures::StreamExt;

use crate::lock::lock;

/// Tables of more rows are not small.
pub(crate) const MOST_ROWS: usize = 1 << 16;

/// A small table that is read before the rows that look into it.
#[derive(Debug)]
pub(crate) struct Lookup {
    table: Arc<dyn ExecutionPlan>,
    key: Arc<dyn PhysicalExpr>,
    /// True when a key must not be there twice, because a row would match twice.
    is_unique: bool,
    rows: Mutex<Option<Arc<LookupRows>>>,
}

/// The rows of the table and where each key is.
#[derive(Debug)]
struct LookupRows {
    converter: RowConverter,
    key_type: DataType,
    /// By the bytes of the key's row.
    places: HashMap<Box<[u8]>, u32, RandomState>,
    batch: RecordBatch,
}

impl Lookup {
    pub(crate) fn new(
        table: Arc<dyn ExecutionPlan>,
        key: Arc<dyn PhysicalExpr>,
        is_unique: bool,
    ) -> Self {
        Self {
            table,
            key,
            is_unique,
            rows: Mutex::default(),
        }
    }

    /// Reads the table. An error when it is not small, or when a row could match twice.
    pub(crate) async fn fill(&self, context: &Arc<TaskContext>) -> Result<()> {
        // The plan that is kept must be able to run this table once more.
        let table = reset_plan_states(Arc::clone(&self.table))?;
        let mut stream = execute_stream(table, Arc::clone(context))?;
        let (mut batches, mut count) = (Vec::new(), 0);
        while let Some(batch) = stream.next().await.transpose()? {
            count += batch.num_rows();
            if count > MOST_ROWS {
                return exec_err!("a table that is joined has more than {MOST_ROWS} rows");
            }
            batches.push(batch);
        }
        let batch = concat_batches(&self.table.schema(), &batches)?;
        let keys = comparable(self.key.evaluate(&batch)?.into_array(count)?);
        let key_type = keys.data_type().clone();
        let converter = RowConverter::new(vec![SortField::new(key_type.clone())])?;
        let mut places = HashMap::with_capacity_and_hasher(count, RandomState::default());
        let nulls = keys.logical_nulls();
        for (place, key) in converter.convert_columns(&[keys])?.iter().enumerate() {
            // NULL is equal to nothing.
            if nulls.as_ref().is_some_and(|nulls| nulls.is_null(place)) {
                continue;
            }
            match places.entry(key.as_ref().into()) {
                Entry::Occupied(_) if self.is_unique => {
                    return exec_err!("a table that is joined has a key twice");
                }
                Entry::Occupied(_) => {}
                Entry::Vacant(entry) => {
                    entry.insert(place as u32);
                }
            }
        }
        *lock(&self.rows) = Some(Arc::new(LookupRows {
            converter,
            key_type,
            places,
            batch,
        }));
        Ok(())
    }
}

/// Keys of which equal ones have equal bytes: floats with one zero and one NaN.
fn comparable(keys: ArrayRef) -> ArrayRef {
    macro_rules! floats {
        ($type:ty, $nan:expr, $zero:expr) => {{
            let one = |value: <$type as ArrowPrimitiveType>::Native| match value {
                nan if nan.is_nan() => $nan,
                zero if zero == $zero => $zero,
                other => other,
            };
            Arc::new(keys.as_primitive::<$type>().unary::<_, $type>(one))
        }};
    }
    match keys.data_type() {
        DataType::Float32 => floats!(Float32Type, f32::NAN, 0.0),
        DataType::Float64 => floats!(Float64Type, f64::NAN, 0.0),
        _ => keys,
    }
}

/// What a look-up gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Wanted {
    /// A column of the table, NULL without a row.
    Column(usize),
    /// Whether there is a row.
    IsFound,
    IsMissing,
}

/// A look-up of the row whose key is equal to an expression.
#[derive(Debug, Clone)]
pub(crate) struct LookupExpr {
    pub(crate) lookup: Arc<Lookup>,
    pub(crate) key: Arc<dyn PhysicalExpr>,
    pub(crate) wanted: Wanted,
}

impl PartialEq for LookupExpr {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.lookup, &other.lookup)
            && self.wanted == other.wanted
            && self.key.as_ref() == other.key.as_ref()
    }
}

impl Eq for LookupExpr {}

impl Hash for LookupExpr {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.lookup).hash(state);
        self.wanted.hash(state);
        self.key.hash(state);
    }
}

impl fmt::Display for LookupExpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (key, own) = (&self.key, &self.lookup.key);
        match self.wanted {
            Wanted::Column(column) => {
                let schema = self.lookup.table.schema();
                write!(f, "{}[{own} = {key}]", schema.field(column).name())
            }
            Wanted::IsFound => write!(f, "found[{own} = {key}]"),
            Wanted::IsMissing => write!(f, "missing[{own} = {key}]"),
        }
    }
}

impl PhysicalExpr for LookupExpr {
    fn data_type(&self, _: &Schema) -> Result<DataType> {
        Ok(match self.wanted {
            Wanted::Column(column) => self.lookup.table.schema().field(column).data_type().clone(),
            Wanted::IsFound | Wanted::IsMissing => DataType::Boolean,
        })
    }

    fn nullable(&self, _: &Schema) -> Result<bool> {
        Ok(matches!(self.wanted, Wanted::Column(_)))
    }

    fn evaluate(&self, batch: &RecordBatch) -> Result<ColumnarValue> {
        let rows = lock(&self.lookup.rows).clone();
        let Some(rows) = rows else {
            return internal_err!("a table that is joined was not read before");
        };
        let keys = self.key.evaluate(batch)?.into_array(batch.num_rows())?;
        let keys = match *keys.data_type() == rows.key_type {
            true => keys,
            false => cast(&keys, &rows.key_type)?,
        };
        let keys = rows.converter.convert_columns(&[comparable(keys)])?;
        let places = keys
            .iter()
            .map(|key| rows.places.get(key.as_ref()).copied());
        let found: ArrayRef = match self.wanted {
            Wanted::Column(column) => take(
                rows.batch.column(column),
                &places.collect::<UInt32Array>(),
                None,
            )?,
            Wanted::IsFound => {
                let found = places.map(|place| Some(place.is_some()));
                Arc::new(found.collect::<BooleanArray>())
            }
            Wanted::IsMissing => {
                let missing = places.map(|place| Some(place.is_none()));
                Arc::new(missing.collect::<BooleanArray>())
            }
        };
        Ok(ColumnarValue::Array(found))
    }

    fn children(&self) -> Vec<&Arc<dyn PhysicalExpr>> {
        vec![&self.key]
    }

    fn with_new_children(
        self: Arc<Self>,
        mut children: Vec<Arc<dyn PhysicalExpr>>,
    ) -> Result<Arc<dyn PhysicalExpr>> {
        match (children.pop(), children.is_empty()) {
            (Some(key), true) => Ok(Arc::new(Self {
                key,
                ..Self::clone(&self)
            })),
            _ => internal_err!("a look-up has one key"),
        }
    }

    fn fmt_sql(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::Float64Array;

    use super::*;

    #[test]
    fn equal_floats_have_equal_bytes() -> Result<()> {
        let keys = [0.0, -0.0, f64::NAN, -f64::NAN, 1.5];
        let keys = comparable(Arc::new(Float64Array::from(keys.to_vec())));
        let converter = RowConverter::new(vec![SortField::new(DataType::Float64)])?;
        let rows = converter.convert_columns(&[keys])?;
        assert_eq!(rows.row(0), rows.row(1));
        assert_eq!(rows.row(2), rows.row(3));
        assert_ne!(rows.row(0), rows.row(4));
        Ok(())
    }
}
