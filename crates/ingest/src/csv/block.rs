//! A piece of a CSV file: whole rows, their cells, and where each cell stands in the file.

use std::borrow::Cow;

use super::Syntax;
use super::tokens::{Cell, Flaw, Row, Tokens, line_breaks};
use crate::layout::Layout;

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

/// Rows of a CSV file. Row and column numbers are indexes into the block.
#[derive(Debug)]
pub(crate) struct Block {
    text: String,
    syntax: Syntax,
    /// Rows to check; whoever finds one unfit takes it out.
    rows: Vec<Row>,
    cells: Vec<Cell>,
    flaws: Vec<(Row, Flaw)>,
    /// Bytes that are no text: offset and byte, ascending. In `text` a substitute stands for each.
    foreign: Vec<(u32, u8)>,
    /// Where the fields are; until the header is read, each column is taken for a field.
    layout: Option<Layout>,
}

/// Takes the place of a byte that is no text, so that every offset stays true.
const SUBSTITUTE: u8 = 0x1A;

impl Block {
    pub(super) fn new(bytes: Vec<u8>, tokens: Tokens, syntax: Syntax) -> Self {
        let (text, foreign) = readable(bytes);
        let Tokens { rows, cells, flaws } = tokens;
        Self {
            text,
            syntax,
            rows,
            cells,
            flaws,
            foreign,
            layout: None,
        }
    }

    /// Says where the fields are; from then on cells are asked for by field.
    pub(crate) fn set_layout(&mut self, layout: Layout) {
        self.layout = Some(layout);
    }

    pub(crate) fn row_count(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Takes the first row out.
    pub(crate) fn pop_first_row(&mut self) -> Option<Row> {
        (!self.rows.is_empty()).then(|| self.rows.remove(0))
    }

    /// Keeps the rows that are fit to be checked cell by cell.
    pub(crate) fn retain_rows(&mut self, mut fit: impl FnMut(&Self, &Row) -> bool) {
        let mut rows = std::mem::take(&mut self.rows);
        rows.retain(|row| fit(self, row));
        self.rows = rows;
    }

    /// Rows whose quotes are wrong; they are not among `rows`.
    pub(crate) fn flaws(&self) -> &[(Row, Flaw)] {
        &self.flaws
    }

    /// The value of a field: without its quotes, doubled quotes made single. `None` where the file lacks the field.
    #[inline]
    pub(crate) fn value(&self, row: &Row, field: usize) -> Option<Cow<'_, str>> {
        self.column(field)
            .map(|column| self.cell_value(row, column))
    }

    #[inline]
    fn cell_value(&self, row: &Row, column: usize) -> Cow<'_, str> {
        let cell = self.cell(row, column);
        let raw = &self.text[cell.start as usize..cell.end as usize];
        if cell.escaped {
            Cow::Owned(self.syntax.unescape(raw, cell.quoted))
        } else {
            Cow::Borrowed(raw)
        }
    }

    #[inline]
    fn column(&self, field: usize) -> Option<usize> {
        match &self.layout {
            Some(layout) => layout.column(field),
            None => Some(field),
        }
    }

    /// The cells of a row, whatever fields they are of.
    pub(crate) fn values<'a>(&'a self, row: &'a Row) -> impl Iterator<Item = Cow<'a, str>> {
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
        let between = &self.text[from..to];
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
        self.text[offset as usize..]
            .lines()
            .next()
            .unwrap_or_default()
    }

    /// Whether each cell is text; if so, [`Block::foreign_rule`] need not be asked.
    #[inline]
    pub(crate) fn is_all_text(&self) -> bool {
        self.foreign.is_empty()
    }

    /// What to say of the cell of a field that is no text: holds NUL, or what is no character of the encoding.
    pub(crate) fn foreign_rule(&self, row: &Row, field: usize) -> Option<String> {
        let cell = self.cell(row, self.column(field)?);
        let next = self
            .foreign
            .partition_point(|(offset, _)| *offset < cell.start);
        let (_, byte) = self
            .foreign
            .get(next)
            .filter(|(offset, _)| *offset < cell.end)?;
        Some(match (byte, self.syntax.encoding) {
            (0, _) => "holds a NUL byte".to_string(),
            (byte, "UTF-8") => format!("not UTF-8 (byte 0x{byte:02X})"),
            (_, encoding) => format!("not {encoding}"),
        })
    }

    #[inline]
    fn cell(&self, row: &Row, column: usize) -> Cell {
        self.cells[row.first_cell as usize + column]
    }
}

/// The bytes as text, with a substitute for each byte that is none.
fn readable(bytes: Vec<u8>) -> (String, Vec<(u32, u8)>) {
    let mut foreign = Vec::new();
    let mut text = String::from_utf8(bytes).unwrap_or_else(|error| {
        let mut bytes = error.into_bytes();
        substitute_invalid(&mut bytes, &mut foreign);
        String::from_utf8_lossy(&bytes).into_owned()
    });
    if text.as_bytes().contains(&0) {
        foreign.extend(text.match_indices('\0').map(|(index, _)| (index as u32, 0)));
        foreign.sort_unstable();
        text = text.replace('\0', "\u{1A}");
    }
    (text, foreign)
}

/// Substitutes every byte that is not part of a UTF-8 character.
fn substitute_invalid(bytes: &mut [u8], foreign: &mut Vec<(u32, u8)>) {
    let mut from = 0;
    while let Err(error) = std::str::from_utf8(&bytes[from..]) {
        let start = from + error.valid_up_to();
        let length = error.error_len().unwrap_or(bytes.len() - start);
        for (index, byte) in bytes[start..start + length].iter_mut().enumerate() {
            foreign.push(((start + index) as u32, *byte));
            *byte = SUBSTITUTE;
        }
        from = start + length;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(bytes: &[u8]) -> Block {
        let (tokens, _) = Tokens::cut(bytes, &Syntax::default(), (1, 1), true);
        Block::new(bytes.to_vec(), tokens, Syntax::default())
    }

    #[test]
    fn positions_count_characters_and_lines_inside_quotes() {
        let block = block("阿拉山口,b\n\"x\r\ny\",\"é\",z\n".as_bytes());
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
    }

    #[test]
    fn a_foreign_byte_is_found_in_its_cell_and_nowhere_else() {
        // Latin-1 "Córdoba", a NUL, and a character cut short.
        let block = block(b"a,C\xF3rdoba\n\xE9,\xC3\xA9\nx\0y,\xE5\x8F\n");
        assert!(!block.is_all_text());
        let rows = block.rows();
        let found: Vec<_> = rows
            .iter()
            .map(|row| [0, 1].map(|column| block.foreign_rule(row, column).unwrap_or_default()))
            .collect();
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
    }
}
