//! Which rows of a block have the shape that their table asks for.

use kouan_schema::Table;

use crate::csv::FieldColumns;
use crate::csv::{Block, Position, Row};
use crate::options::BlankRows;
use crate::read::flaws::flaw_finding;
use crate::report::Finding;

/// Tells rows of the right shape from others.
#[derive(Debug)]
pub(crate) struct RowShape<'a> {
    table: &'a Table,
    /// The length of the longest text that means a missing value.
    longest_missing: usize,
    blank_rows: BlankRows,
}

impl<'a> RowShape<'a> {
    pub(crate) fn new(table: &'a Table, blank_rows: BlankRows) -> Self {
        let definition = &table.definition;
        let own = definition.fields.iter();
        let own = own.filter_map(|field| field.missing_values.as_ref());
        let texts = own.chain([&definition.missing_values]).flatten();
        Self {
            table,
            longest_missing: texts.map(String::len).max().unwrap_or(0),
            blank_rows,
        }
    }

    /// Leaves the rows that can be checked cell by cell, tells of the others, and says how many there were.
    pub(crate) fn retain(
        &self,
        block: &mut Block<'_>,
        field_columns: &FieldColumns,
        mut tell: impl FnMut(&Row, &dyn Fn() -> (Position, Finding)),
    ) -> u64 {
        let comments = &self.table.dialect.comment_rows;
        if !comments.is_empty() {
            block.retain_rows(|_, row| comments.binary_search(&row.record).is_err());
        }
        let allows_blank = self.blank_rows == BlankRows::Rows;
        if allows_blank {
            block.retain_rows(|_, row| row.cell_count > 0);
        }
        for &(row, flaw) in block.flaws() {
            tell(&row, &|| flaw_finding(block, &row, flaw));
        }
        let rows = (block.row_count() + block.flaws().len()) as u64;
        let is_fit = |block: &Block<'_>, row: &Row| {
            row.cell_count as usize == field_columns.width
                && (allows_blank || !self.is_blank(block, row, field_columns))
        };
        if !block.rows().iter().all(|row| is_fit(block, row)) {
            block.retain_rows(|block, row| {
                let fit = is_fit(block, row);
                if !fit {
                    let start = Position {
                        line: row.line,
                        column: 1,
                    };
                    tell(row, &|| {
                        (start, Finding::of_row(self.rule(row, field_columns)))
                    });
                }
                fit
            });
        }
        rows
    }

    fn rule(&self, row: &Row, field_columns: &FieldColumns) -> String {
        let (found, fields) = (row.cell_count as usize, self.table.definition.fields.len());
        if found == 0 || found == field_columns.width {
            "blank row".to_string()
        } else if field_columns.width == fields {
            format!("{found} cells; the schema has {fields} fields")
        } else {
            format!("{found} cells; the header has {}", field_columns.width)
        }
    }

    /// Whether no cell of a row has a value.
    ///
    /// Such a row is an error, as it is for the reference implementation: it states nothing.
    #[inline]
    fn is_blank(&self, block: &Block<'_>, row: &Row, field_columns: &FieldColumns) -> bool {
        // Most rows say something in their first cell.
        if field_columns.column(0) == Some(0) && block.raw(row, 0).len() > self.longest_missing {
            return false;
        }
        let definition = &self.table.definition;
        let mut fields = definition.fields.iter().enumerate();
        let is_missing = |(index, field)| {
            let value = block.value(row, index);
            value.is_none_or(|value| definition.is_missing(field, &value))
        };
        // Cells that are of no field count too, if there are any.
        fields.all(is_missing)
            && (field_columns.width <= definition.fields.len()
                || block.values(row).all(|cell| cell.is_empty()))
    }
}
