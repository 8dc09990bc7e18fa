//! One column of a chunk: from text to values, checking each cell on the way.
//!
//! A column starts with a number for each different text, so that a text is parsed and checked once however often it stands
//! there. Where most texts are new, their values are gathered one by one.

mod builder;
mod coded;
mod plain_number;
mod texts;

use arrow::array::ArrayRef;
use arrow::compute::concat;
use arrow::error::ArrowError;
use kouan_schema::{Field, Rule, TableSchema, Value};

use crate::Guess;
use crate::csv::{Block, RawCell, Row};
use crate::report::{Finding, Findings};
use crate::write::column_values::{ColumnValues, flat};
use crate::write::encode::can_be_coded;

use builder::Builder;
use coded::Coded;
use plain_number::PlainNumber;

/// Reads the cells of one field, block after block.
#[derive(Debug)]
pub(crate) struct Column<'a> {
    index: usize,
    definition: &'a TableSchema,
    field: &'a Field,
    required: bool,
    plain_number: Option<PlainNumber>,
    guess: Option<&'a dyn Guess>,
    /// Whether rows are numbered now; in each row group anew.
    is_coded: bool,
    coded: Option<Coded>,
    builder: Builder,
    /// Values from before the builder's.
    earlier: Vec<ArrayRef>,
}

impl<'a> Column<'a> {
    pub(crate) fn new(definition: &'a TableSchema, index: usize) -> Self {
        let field = &definition.fields[index];
        let coded = can_be_coded(&field.kind.arrow_type()).then(|| Coded::new(&field.kind));
        Self {
            index,
            definition,
            field,
            required: definition.is_required(field),
            plain_number: PlainNumber::of(definition, field),
            guess: None,
            is_coded: coded.is_some(),
            coded,
            builder: Builder::new(&field.kind),
            earlier: Vec::new(),
        }
    }

    /// The same column, whose cells must be as a guess says.
    pub(crate) fn guessed(mut self, guess: Option<&'a dyn Guess>) -> Self {
        self.guess = guess;
        self
    }

    /// Takes in the rows of a block. A cell with a problem has no value.
    pub(crate) fn read(
        &mut self,
        block: &Block<'_>,
        findings: &mut Findings,
    ) -> Result<(), ArrowError> {
        if !block.is_all_text() {
            for row in block.rows() {
                self.read_row(block, row, findings);
            }
        } else if self.is_coded {
            self.read_coded(block, findings);
        } else {
            match self.plain_number.filter(|_| block.has(self.index)) {
                Some(PlainNumber::Integer(least, greatest)) => {
                    self.read_integers((least, greatest), block, findings)
                }
                Some(PlainNumber::Number(least, greatest)) => {
                    self.read_numbers((least, greatest), block, findings)
                }
                None => self.read_cells(block, findings),
            }
        }
        self.go_on_plain_if_varied()
    }

    /// Takes in one row of a block, as [`Column::read`] does with all.
    pub(crate) fn read_row(&mut self, block: &Block<'_>, row: &Row, findings: &mut Findings) {
        match block.foreign_rule(row, self.index) {
            None => self.read_cell(block, row, findings),
            Some(rule) => {
                let finding = || Finding::of_missing(&self.field.name, rule);
                findings.add(|| (block.position(row, self.index), finding()));
                self.push_null();
            }
        }
    }

    /// The values of the rows so far; there are none from then on.
    pub(crate) fn take(&mut self) -> Result<ColumnValues, ArrowError> {
        if self.is_coded
            && let Some(coded) = &mut self.coded
        {
            return Ok(coded.take());
        }
        self.is_coded = self.coded.is_some();
        let values = self.builder.finish();
        if self.earlier.is_empty() {
            return Ok(ColumnValues::Plain(values));
        }
        let mut parts = std::mem::take(&mut self.earlier);
        parts.push(values);
        let parts: Vec<_> = parts.iter().map(AsRef::as_ref).collect();
        concat(&parts).map(ColumnValues::Plain)
    }

    fn go_on_plain_if_varied(&mut self) -> Result<(), ArrowError> {
        if self.is_coded
            && let Some(coded) = &mut self.coded
            && coded.is_too_varied()
        {
            self.earlier.push(flat(&coded.take())?);
            self.is_coded = false;
        }
        Ok(())
    }

    fn read_coded(&mut self, block: &Block<'_>, findings: &mut Findings) {
        let Some(cells) = block.cells(self.index) else {
            return self.read_cells(block, findings);
        };
        for (row, cell) in cells {
            let is_known = match &mut self.coded {
                Some(coded) if !cell.escaped => coded.push_known(cell),
                _ => false,
            };
            if !is_known {
                self.read_cell(block, row, findings);
            }
        }
    }

    fn read_integers(
        &mut self,
        (least, greatest): (i64, i64),
        block: &Block<'_>,
        findings: &mut Findings,
    ) {
        for (row, cell) in block.cells(self.index).into_iter().flatten() {
            let found = plain_number::integer(cell).filter(|_| self.is_sure(cell));
            match (&mut self.builder, found) {
                (Builder::Integer(builder), Some(value)) if least <= value && value <= greatest => {
                    builder.append_value(value);
                }
                _ => self.read_cell(block, row, findings),
            }
        }
    }

    fn read_numbers(
        &mut self,
        (least, greatest): (f64, f64),
        block: &Block<'_>,
        findings: &mut Findings,
    ) {
        for (row, cell) in block.cells(self.index).into_iter().flatten() {
            let found = plain_number::number(cell).filter(|_| self.is_sure(cell));
            match (&mut self.builder, found) {
                (Builder::Number(builder), Some(value)) if least <= value && value <= greatest => {
                    builder.append_value(value);
                }
                _ => self.read_cell(block, row, findings),
            }
        }
    }

    /// Whether a number needs no look at what was guessed: it has no zero in front, which codes have.
    #[inline]
    fn is_sure(&self, cell: RawCell<'_>) -> bool {
        self.guess.is_none() || !plain_number::has_leading_zero(cell)
    }

    fn read_cells(&mut self, block: &Block<'_>, findings: &mut Findings) {
        for row in block.rows() {
            self.read_cell(block, row, findings);
        }
    }

    fn read_cell(&mut self, block: &Block<'_>, row: &Row, findings: &mut Findings) {
        let text = block.value(row, self.index);
        let Some(text) = text else {
            return self.read_missing(None, block, row, findings);
        };
        let cell = RawCell::of(&text);
        if let Some(coded) = self.coded.as_mut().filter(|_| self.is_coded)
            && coded.push_known(cell)
        {
            return;
        }
        if self.definition.is_missing(self.field, &text) {
            return self.read_missing(Some(cell), block, row, findings);
        }
        let value = match self.guess {
            Some(guess) if !guess.holds(self.index, &text) => Err(Rule::from("not as guessed")),
            _ => self.field.parse(&text),
        };
        if let Err(rule) = value.and_then(|value| self.push(cell, &value)) {
            let finding = || Finding::of_cell(&self.field.name, &text, rule.to_string());
            findings.add(|| (block.position(row, self.index), finding()));
            self.push_null();
        }
    }

    fn read_missing(
        &mut self,
        cell: Option<RawCell<'_>>,
        block: &Block<'_>,
        row: &Row,
        findings: &mut Findings,
    ) {
        if self.required {
            let finding = || Finding::of_missing(&self.field.name, "required");
            findings.add(|| (block.position(row, self.index), finding()));
            self.push_null();
            return;
        }
        match (self.coded.as_mut().filter(|_| self.is_coded), cell) {
            (Some(coded), Some(cell)) => coded.push_new_missing(cell),
            _ => self.push_null(),
        }
    }

    fn push(&mut self, cell: RawCell<'_>, value: &Value<'_>) -> Result<(), Rule> {
        match self.coded.as_mut().filter(|_| self.is_coded) {
            Some(coded) => coded.push_new(cell, value),
            None => self.builder.push(value),
        }
    }

    fn push_null(&mut self) {
        match self.coded.as_mut().filter(|_| self.is_coded) {
            Some(coded) => coded.push_null(),
            None => self.builder.push_null(),
        }
    }
}
