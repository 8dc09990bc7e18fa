//! Collects the values of a column into an Arrow array.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Float64Builder, Int32Builder, Int64Builder, ListArray,
    StringBuilder, StructArray, Time64MicrosecondBuilder, TimestampMicrosecondBuilder,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{DataType, Field};
use kouan_schema::{FieldType, Point, Rule, Value};

/// Collects values of one type.
#[derive(Debug)]
pub(crate) enum Builder {
    Text(StringBuilder),
    Integer(Int64Builder),
    Number(Float64Builder),
    Boolean(BooleanBuilder),
    Date(Date32Builder),
    Time(Time64MicrosecondBuilder),
    DateTime(TimestampMicrosecondBuilder),
    Year(Int32Builder),
    List(Lists),
    Point(Points),
}

/// Runs an expression on whichever builder it is.
macro_rules! each {
    ($builder:expr, $inner:ident => $run:expr) => {
        match $builder {
            Builder::Text($inner) => $run,
            Builder::Integer($inner) => $run,
            Builder::Number($inner) => $run,
            Builder::Boolean($inner) => $run,
            Builder::Date($inner) => $run,
            Builder::Time($inner) => $run,
            Builder::DateTime($inner) => $run,
            Builder::Year($inner) => $run,
            Builder::List($inner) => $run,
            Builder::Point($inner) => $run,
        }
    };
}

impl Builder {
    pub(crate) fn new(kind: &FieldType) -> Self {
        match kind {
            FieldType::String(_) | FieldType::Duration | FieldType::Json(_) => {
                Self::Text(StringBuilder::new())
            }
            FieldType::Integer { .. } => Self::Integer(Int64Builder::new()),
            FieldType::Number { .. } => Self::Number(Float64Builder::new()),
            FieldType::Boolean { .. } => Self::Boolean(BooleanBuilder::new()),
            FieldType::Date(_) | FieldType::YearMonth => Self::Date(Date32Builder::new()),
            FieldType::Time(_) => Self::Time(Time64MicrosecondBuilder::new()),
            FieldType::DateTime(_) => Self::DateTime(TimestampMicrosecondBuilder::new()),
            FieldType::Year => Self::Year(Int32Builder::new()),
            FieldType::List(list) => Self::List(Lists::new(&list.item)),
            FieldType::Point(_) => Self::Point(Points::default()),
        }
    }

    #[inline]
    pub(crate) fn push(&mut self, value: &Value<'_>) -> Result<(), Rule> {
        match (self, value) {
            (Self::Text(builder), Value::Text(text) | Value::Duration(_, text)) => {
                builder.append_value(text)
            }
            (Self::Text(builder), Value::Json(json)) => builder.append_value(&json.text),
            (Self::List(builder), Value::List(items)) => builder.append_value(items)?,
            (Self::Point(builder), Value::Point(point)) => builder.append_value(*point),
            (Self::Integer(builder), Value::Integer(integer)) => builder.append_value(*integer),
            (Self::Number(builder), Value::Number(number)) => builder.append_value(*number),
            (Self::Boolean(builder), Value::Boolean(boolean)) => builder.append_value(*boolean),
            (Self::Date(builder), Value::Date(days) | Value::YearMonth(days)) => {
                builder.append_value(*days)
            }
            (Self::Time(builder), Value::Time(microseconds)) => builder.append_value(*microseconds),
            (Self::DateTime(builder), Value::DateTime(microseconds)) => {
                builder.append_value(*microseconds)
            }
            (Self::Year(builder), Value::Year(year)) => builder.append_value(*year),
            // A parser gives values of its own type; if one does not, the cell must not pass.
            _ => return Err(Rule::from("not a value of the field's type")),
        }
        Ok(())
    }

    pub(crate) fn push_null(&mut self) {
        each!(self, builder => builder.append_null());
    }

    pub(crate) fn finish(&mut self) -> ArrayRef {
        each!(self, builder => Arc::new(builder.finish()))
    }
}

/// Collects lists.
#[derive(Debug)]
pub(crate) struct Lists {
    items: Box<Builder>,
    item_type: DataType,
    lengths: Vec<usize>,
    valid: Vec<bool>,
}

impl Lists {
    fn new(item: &FieldType) -> Self {
        Self {
            items: Box::new(Builder::new(item)),
            item_type: item.arrow_type(),
            lengths: Vec::new(),
            valid: Vec::new(),
        }
    }

    fn append_value(&mut self, items: &[Value<'_>]) -> Result<(), Rule> {
        items.iter().try_for_each(|item| self.items.push(item))?;
        self.lengths.push(items.len());
        self.valid.push(true);
        Ok(())
    }

    fn append_null(&mut self) {
        self.lengths.push(0);
        self.valid.push(false);
    }

    fn finish(&mut self) -> ListArray {
        let field = Arc::new(Field::new_list_field(self.item_type.clone(), true));
        let offsets = OffsetBuffer::from_lengths(self.lengths.drain(..));
        let nulls = NullBuffer::from(std::mem::take(&mut self.valid));
        ListArray::new(field, offsets, self.items.finish(), Some(nulls))
    }
}

/// Collects points as GeoArrow has them: a struct of `x` and `y`.
#[derive(Debug, Default)]
pub(crate) struct Points {
    x: Float64Builder,
    y: Float64Builder,
    valid: Vec<bool>,
}

impl Points {
    fn append_value(&mut self, point: Point) {
        self.x.append_value(point.longitude);
        self.y.append_value(point.latitude);
        self.valid.push(true);
    }

    fn append_null(&mut self) {
        self.x.append_value(0.0);
        self.y.append_value(0.0);
        self.valid.push(false);
    }

    fn finish(&mut self) -> StructArray {
        let degree = |name| Field::new(name, DataType::Float64, false);
        let nulls = NullBuffer::from(std::mem::take(&mut self.valid));
        StructArray::new(
            vec![degree("x"), degree("y")].into(),
            vec![Arc::new(self.x.finish()), Arc::new(self.y.finish())],
            Some(nulls),
        )
    }
}
