//! A piece of a CSV file: whole rows, their cells, and where each cell stands in the file.

use std::borrow::Cow;

use super::Syntax;
use super::field_columns::FieldColumns;
use super::text::Text;
use super::tokens::{Cell, Flaw, Row, Tokens, line_breaks};

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    /// From 1; line breaks inside quotes count.
    pub(crate) line: u64,
    /// From 1, in characters; a quoted cell starts at its quote.
    pub(crate) column: u64,
}

impl Position {
    /// Where a file starts.
    pub(crate) const START: Self = Self { line: 1, column: 1 };
}

/// A cell without its quotes, as the file has it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RawCell<'t> {
    text: &'t str,
    start: usize,
    end: usize,
    /// Holds doubled quotes or escapes, which the value does not.
    pub(crate) escaped: bool,
}

impl<'t> RawCell<'t> {
    /// A value as if it stood in a cell that needs no quotes.
    pub(crate) fn of(value: &'t str) -> Self {
        Self {
            text: value,
            start: 0,
            end: value.len(),
            escaped: false,
        }
    }

    /// The bytes.
    #[inline]
    pub(crate) fn bytes(self) -> &'t [u8] {
        &self.text.as_bytes()[self.start..self.end]
    }

    /// The number of bytes.
    #[inline]
    pub(crate) fn length(self) -> u32 {
        (self.end - self.start) as u32
    }

    /// The bytes as one number, if there are at most 16.
    #[inline]
    pub(crate) fn short(self) -> Option<u128> {
        let length = self.end - self.start;
        if length == 0 || length > size_of::<u128>() {
            return (length == 0).then_some(0);
        }
        // Reading some of what follows and masking it is faster than copying a few bytes.
        match self.text.as_bytes()[self.start..].first_chunk() {
            Some(bytes) => {
                let unwanted = u128::BITS - 8 * length as u32;
                Some(u128::from_le_bytes(*bytes) << unwanted >> unwanted)
            }
            None => {
                let mut bytes = [0; size_of::<u128>()];
                bytes[..length].copy_from_slice(self.bytes());
                Some(u128::from_le_bytes(bytes))
            }
        }
    }
}

/// Rows of a CSV file. Row and column numbers are indexes into the block.
#[derive(Debug)]
pub(crate) struct Block<'t> {
    text: &'t Text<'t>,
    syntax: &'t Syntax,
    tokens: Tokens,
    /// Where the fields are; until the header is read, each column is taken for a field.
    field_columns: Option<&'t FieldColumns>,
}

impl<'t> Block<'t> {
    pub(super) fn new(text: &'t Text<'t>, tokens: Tokens, syntax: &'t Syntax) -> Self {
        Self {
            text,
            syntax,
            tokens,
            field_columns: None,
        }
    }

    /// Gives the memory back for another block.
    pub(super) fn into_tokens(self) -> Tokens {
        self.tokens
    }

    /// Says where the fields are; from then on cells are asked for by field.
    pub(crate) fn set_field_columns(&mut self, field_columns: &'t FieldColumns) {
        self.field_columns = Some(field_columns);
    }

    pub(crate) fn row_count(&self) -> usize {
        self.tokens.rows.len()
    }

    pub(crate) fn rows(&self) -> &[Row] {
        &self.tokens.rows
    }

    /// Takes the first row out.
    pub(crate) fn pop_first_row(&mut self) -> Option<Row> {
        (!self.tokens.rows.is_empty()).then(|| self.tokens.rows.remove(0))
    }

    /// Keeps the rows that are fit to be checked cell by cell.
    pub(crate) fn retain_rows(&mut self, mut fit: impl FnMut(&Self, &Row) -> bool) {
        let mut rows = std::mem::take(&mut self.tokens.rows);
        rows.retain(|row| fit(self, row));
        self.tokens.rows = rows;
    }

    /// Rows whose quotes are wrong; they are not among `rows`.
    pub(crate) fn flaws(&self) -> &[(Row, Flaw)] {
        &self.tokens.flaws
    }

    /// The value of a field: without its quotes, doubled quotes made single. `None` where the file lacks the field.
    #[inline]
    pub(crate) fn value(&self, row: &Row, field: usize) -> Option<Cow<'t, str>> {
        self.column(field)
            .map(|column| self.cell_value(row, column))
    }

    #[inline]
    fn cell_value(&self, row: &Row, column: usize) -> Cow<'t, str> {
        let cell = self.cell(row, column);
        let raw = &self.text.readable()[cell.start as usize..cell.end as usize];
        if cell.escaped {
            Cow::Owned(self.syntax.unescape(raw, cell.quoted))
        } else {
            Cow::Borrowed(raw)
        }
    }

    /// The rows with the cells of a field, as the file has them; none where the file lacks the field.
    #[inline]
    pub(crate) fn cells(&self, field: usize) -> Option<impl Iterator<Item = (&Row, RawCell<'t>)>> {
        let column = self.column(field)?;
        let text = self.text.readable();
        let cells = self.tokens.rows.iter().map(move |row| {
            let cell = self.cell(row, column);
            let raw = RawCell {
                text,
                start: cell.start as usize,
                end: cell.end as usize,
                escaped: cell.escaped,
            };
            (row, raw)
        });
        Some(cells)
    }

    /// The bytes of a field's cell as the file has them, without quotes; none where the file lacks the field.
    #[inline]
    pub(crate) fn raw(&self, row: &Row, field: usize) -> &'t str {
        self.column(field).map_or("", |column| {
            let cell = self.cell(row, column);
            &self.text.readable()[cell.start as usize..cell.end as usize]
        })
    }

    /// Whether the file has a field.
    pub(crate) fn has(&self, field: usize) -> bool {
        self.column(field).is_some()
    }

    #[inline]
    fn column(&self, field: usize) -> Option<usize> {
        match self.field_columns {
            Some(field_columns) => field_columns.column(field),
            None => Some(field),
        }
    }

    /// The cells of a row, whatever fields they are of.
    pub(crate) fn values<'a>(&'a self, row: &'a Row) -> impl Iterator<Item = Cow<'t, str>> + 'a {
        (0..row.cell_count as usize).map(|column| self.cell_value(row, column))
    }

    /// Where the cell of a field starts; where the file lacks the field, its row.
    pub(crate) fn position(&self, row: &Row, field: usize) -> Position {
        let Some(column) = self.column(field) else {
            return Position {
                line: row.line,
                column: 1,
            };
        };
        let cell = self.cell(row, column);
        self.position_at(row, cell.start - u32::from(cell.quoted))
    }

    /// Where each cell of a row starts, in one walk over the row.
    pub(crate) fn positions(&self, row: &Row, cells: usize) -> Vec<Position> {
        let mut from = row.start as usize;
        let mut at = Position {
            line: row.line,
            column: 1,
        };
        let walk = (0..cells).map(|column| {
            let cell = self.cell(row, column);
            let start = (cell.start - u32::from(cell.quoted)) as usize;
            at = self.advance(at, from, start);
            from = start;
            at
        });
        walk.collect()
    }

    /// Where a byte is, counted from another byte that lies before it.
    fn advance(&self, at: Position, from: usize, to: usize) -> Position {
        let between = &self.text.readable()[from..to];
        let line_start = between.rfind(['\n', '\r']).map(|index| index + 1);
        let characters = between[line_start.unwrap_or(0)..].chars().count() as u64;
        Position {
            line: at.line + line_breaks(between.as_bytes()) as u64,
            column: line_start.map_or(at.column, |_| 1) + characters,
        }
    }

    /// Where a byte of a row is.
    pub(crate) fn position_at(&self, row: &Row, offset: u32) -> Position {
        let start = Position {
            line: row.line,
            column: 1,
        };
        self.advance(start, row.start as usize, offset as usize)
    }

    /// What stands at a byte of a row, up to the end of its line.
    pub(crate) fn line_from(&self, offset: u32) -> &str {
        self.text.readable()[offset as usize..]
            .split(['\n', '\r'])
            .next()
            .unwrap_or_default()
    }

    /// Whether each cell is text; if so, [`Block::foreign_rule`] need not be asked.
    #[inline]
    pub(crate) fn is_all_text(&self) -> bool {
        self.text.is_all_text()
    }

    /// What to say of the cell of a field that is no text: holds NUL, or what is no character of the encoding.
    pub(crate) fn foreign_rule(&self, row: &Row, field: usize) -> Option<String> {
        let cell = self.cell(row, self.column(field)?);
        let byte = self.text.foreign_byte(cell.start, cell.end)?;
        Some(match (byte, self.syntax.encoding) {
            (0, _) => "holds a NUL byte".to_string(),
            (byte, "UTF-8") => format!("not UTF-8 (byte 0x{byte:02X})"),
            (_, encoding) => format!("not {encoding}"),
        })
    }

    #[inline]
    fn cell(&self, row: &Row, column: usize) -> Cell {
        self.tokens.cells[row.first_cell as usize + column]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], check: impl FnOnce(&Block<'_>)) {
        let syntax = Syntax::default();
        let mut tokens = Tokens::default();
        tokens.cut(bytes, &syntax, (1, 1), (0, true));
        check(&Block::new(&Text::new(bytes), tokens, &syntax));
    }

    #[test]
    fn positions_count_characters_and_lines_inside_quotes() {
        check("阿拉山口,b\n\"x\r\ny\",\"é\",z\n".as_bytes(), |block| {
            let at = |row: usize, column| {
                let Position { line, column } = block.position(&block.rows()[row], column);
                (line, column)
            };
            assert_eq!(at(0, 1), (1, 6));
            assert_eq!(at(1, 0), (2, 1));
            assert_eq!(at(1, 1), (3, 4));
            assert_eq!(at(1, 2), (3, 8));
            let row = &block.rows()[1];
            let walked = block.positions(row, 3);
            let walked: Vec<_> = walked.iter().map(|at| (at.line, at.column)).collect();
            assert_eq!(walked, [(2, 1), (3, 4), (3, 8)]);
        });
    }

    #[test]
    fn a_foreign_byte_is_found_in_its_cell_and_nowhere_else() {
        // Latin-1 "Córdoba", a NUL, and a character cut short.
        let bytes = b"a,C\xF3rdoba\n\xE9,\xC3\xA9\nx\0y,\xE5\x8F\n";
        check(bytes, |block| {
            assert!(!block.is_all_text());
            let rows = block.rows();
            let rules =
                |row| [0, 1].map(|column| block.foreign_rule(row, column).unwrap_or_default());
            let found: Vec<_> = rows.iter().map(rules).collect();
            assert_eq!(
                found,
                [
                    ["", "not UTF-8 (byte 0xF3)"],
                    ["not UTF-8 (byte 0xE9)", ""],
                    ["holds a NUL byte", "not UTF-8 (byte 0xE5)"]
                ]
            );
            assert_eq!(block.value(&rows[1], 1).as_deref(), Some("é"));
            assert_eq!(block.position(&rows[2], 1), Position { line: 3, column: 5 });
        });
    }
}
