//! One column of a block: from text to an Arrow array, checking each cell on the way.

use arrow::array::ArrayRef;
use kouan_schema::{Field, TableSchema};

use crate::builder::Builder;
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
                && let Some(rule) = block.foreign_rule(row, self.index)
            {
                let finding = || Finding::of_missing(&self.field.name, rule);
                findings.add(|| (block.position(row, self.index), finding()));
                self.builder.push_null();
                continue;
            }
            let text = block.value(row, self.index);
            let Some(text) = text.filter(|text| !self.definition.is_missing(self.field, text))
            else {
                if self.required {
                    let finding = || Finding::of_missing(&self.field.name, "required");
                    findings.add(|| (block.position(row, self.index), finding()));
                }
                self.builder.push_null();
                continue;
            };
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
