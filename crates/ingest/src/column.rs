//! One column of a block: from text to an Arrow array, checking each cell on the way.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Float64Builder, Int32Builder, Int64Builder,
    StringBuilder, Time64MicrosecondBuilder, TimestampMicrosecondBuilder,
};
use kouan_schema::{Field, FieldType, Rule, TableSchema, Value};

use crate::csv::Block;
use crate::report::{Finding, Findings};

/// Reads the cells of one field, block after block.
#[derive(Debug)]
pub(crate) struct Column<'a> {
    index: usize,
    definition: &'a TableSchema,
    field: &'a Field,
    required: bool,
    builder: Builder,
}

impl<'a> Column<'a> {
    pub(crate) fn new(definition: &'a TableSchema, index: usize) -> Self {
        let field = &definition.fields[index];
        let required = definition.is_required(field);
        Self {
            index,
            definition,
            field,
            required,
            builder: Builder::new(&field.kind),
        }
    }

    /// The values of a block's rows. A cell with a problem is NULL in the array.
    pub(crate) fn read(&mut self, block: &Block, findings: &mut Findings) -> ArrayRef {
        for row in block.rows() {
            if !block.is_all_text()
                && let Some(byte) = block.foreign_byte(row, self.index)
            {
                let finding = || Finding::of_missing(&self.field.name, foreign_rule(byte));
                findings.add(|| (block.position(row, self.index), finding()));
                self.builder.push_null();
                continue;
            }
            let text = block.value(row, self.index);
            if self.definition.is_missing(self.field, &text) {
                if self.required {
                    let finding = || Finding::of_missing(&self.field.name, "required");
                    findings.add(|| (block.position(row, self.index), finding()));
                }
                self.builder.push_null();
                continue;
            }
            if let Err(rule) = self
                .field
                .parse(&text)
                .and_then(|value| self.builder.push(&value))
            {
                let finding = || Finding::of_cell(&self.field.name, &text, rule.to_string());
                findings.add(|| (block.position(row, self.index), finding()));
                self.builder.push_null();
            }
        }
        self.builder.finish()
    }
}

/// What to say of a byte that is no text.
pub(crate) fn foreign_rule(byte: u8) -> String {
    match byte {
        0 => "holds a NUL byte".to_string(),
        byte => format!("not UTF-8 (byte 0x{byte:02X})"),
    }
}

/// Collects values of one type.
#[derive(Debug)]
enum Builder {
    Text(StringBuilder),
    Integer(Int64Builder),
    Number(Float64Builder),
    Boolean(BooleanBuilder),
    Date(Date32Builder),
    Time(Time64MicrosecondBuilder),
    DateTime(TimestampMicrosecondBuilder),
    Year(Int32Builder),
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
        }
    };
}

impl Builder {
    fn new(kind: &FieldType) -> Self {
        match kind {
            FieldType::String(_) => Self::Text(StringBuilder::new()),
            FieldType::Integer { .. } => Self::Integer(Int64Builder::new()),
            FieldType::Number { .. } => Self::Number(Float64Builder::new()),
            FieldType::Boolean { .. } => Self::Boolean(BooleanBuilder::new()),
            FieldType::Date(_) | FieldType::YearMonth => Self::Date(Date32Builder::new()),
            FieldType::Time(_) => Self::Time(Time64MicrosecondBuilder::new()),
            FieldType::DateTime(_) => Self::DateTime(TimestampMicrosecondBuilder::new()),
            FieldType::Year => Self::Year(Int32Builder::new()),
        }
    }

    #[inline]
    fn push(&mut self, value: &Value<'_>) -> Result<(), Rule> {
        match (self, value) {
            (Self::Text(builder), Value::Text(text)) => builder.append_value(text),
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

    fn push_null(&mut self) {
        each!(self, builder => builder.append_null());
    }

    fn finish(&mut self) -> ArrayRef {
        each!(self, builder => Arc::new(builder.finish()))
    }
}
