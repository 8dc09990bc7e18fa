//! Reads a table once more for the few rows that something is to be told about.

use std::collections::HashMap;

use arrow::error::ArrowError;
use kouan_schema::{Package, Table};

use super::encoder::KeyEncoder;
use super::place::{KeyProblem, Locator};
use crate::check::column::Column;
use crate::check::row_shape::RowShape;
use crate::csv::{Block, Chunk, Position, Text};
use crate::error::IngestError;
use crate::options::Options;
use crate::read::feed::{Feed, Piece, syntax};
use crate::read::source::{Contents, describe, describe_part};
use crate::report::{Finding, Findings, excerpt};
use crate::write::column_values::flat;

/// The table to be read once more.
pub(crate) struct SecondLook<'a> {
    pub(crate) package: &'a Package,
    pub(crate) table: &'a Table,
    pub(crate) options: &'a Options<'a>,
    /// What the first look has read.
    pub(crate) contents: Contents,
}

/// A row's key, for those who ask.
#[derive(Debug)]
pub(crate) struct Look {
    pub(crate) part: usize,
    pub(crate) line: u64,
    /// Where the key's first field is.
    pub(crate) position: Position,
    /// The key as it stands in the file.
    pub(crate) shown: String,
    /// The bytes of the key's values.
    pub(crate) key: Box<[u8]>,
}

impl Look {
    /// What is wrong with the row's key.
    pub(super) fn problem(&self, row: Locator, fields: &str, rule: String) -> KeyProblem {
        KeyProblem {
            row,
            part: self.part,
            position: self.position,
            finding: Finding {
                field: Some(fields.to_string()),
                value: Some(self.shown.clone()),
                rule,
            },
        }
    }
}

impl SecondLook<'_> {
    /// How messages name a part of the table.
    pub(crate) fn describe(&self, part: usize) -> String {
        describe_part(self.package, self.table, part)
    }

    /// Looks the rows up, in a key of these columns.
    pub(crate) fn rows(
        &self,
        mut wanted: Vec<Locator>,
        columns: &[usize],
    ) -> Result<HashMap<Locator, Look>, IngestError> {
        wanted.sort_unstable();
        wanted.dedup();
        let mut found = HashMap::new();
        if wanted.is_empty() {
            return Ok(found);
        }
        let mut findings = Findings::new(0);
        let mut feed = Feed::open(self.package, self.table, self.options.row_group_bytes)?;
        let mut spare = Chunk::default();
        while let Some(piece) = feed.next(spare, &mut findings)? {
            self.options.go_on()?;
            let start = wanted.partition_point(|row| row.piece() < piece.index);
            let end = wanted.partition_point(|row| row.piece() <= piece.index);
            if start < end {
                self.look(&piece, &wanted[start..end], columns, &mut found)
                    .map_err(|source| IngestError::arrow(self.table, source))?;
            }
            spare = piece.chunk;
        }
        if feed.contents() != self.contents {
            let file = describe(self.package, self.table);
            return Err(IngestError::Changed { file });
        }
        Ok(found)
    }

    fn look(
        &self,
        piece: &Piece,
        wanted: &[Locator],
        columns: &[usize],
        found: &mut HashMap<Locator, Look>,
    ) -> Result<(), ArrowError> {
        let definition = &self.table.definition;
        let schema = definition.arrow_schema();
        let encoder = KeyEncoder::new(&schema, columns.to_vec())?;
        let shape = RowShape::new(self.table, self.options.blank_rows);
        let mut findings = Findings::new(0);
        let mut readers: Vec<_> = columns
            .iter()
            .map(|&column| Column::new(definition, column))
            .collect();
        let text = Text::new(piece.chunk.bytes());
        let syntax = syntax(self.table);
        let mut blocks = piece.chunk.blocks(&text, &syntax);
        let (mut before, mut wanted) = (0, wanted.iter().peekable());
        while let Some(mut block) = blocks.next() {
            block.set_field_columns(&piece.field_columns);
            shape.retain(&mut block, &piece.field_columns, |_, _| {});
            let count = block.row_count();
            if wanted.peek().is_some_and(|row| row.row() < before + count) {
                let mut arrays = Vec::new();
                for reader in &mut readers {
                    reader.read(&block, &mut findings)?;
                    arrays.push(flat(&reader.take()?)?);
                }
                let keys = encoder.encode(&arrays)?;
                while let Some(place) = wanted.next_if(|row| row.row() < before + count) {
                    let index = place.row() - before;
                    let row = &block.rows()[index];
                    let look = Look {
                        part: piece.part,
                        line: row.line,
                        position: block.position(row, columns[0]),
                        shown: shown_key(&block, index, columns),
                        key: keys.bytes(index).into(),
                    };
                    found.insert(*place, look);
                }
            }
            before += count;
            blocks.recycle(block);
        }
        Ok(())
    }
}

/// The values of a key as they stand in the file.
fn shown_key(block: &Block<'_>, row: usize, columns: &[usize]) -> String {
    let values = columns
        .iter()
        .filter_map(|&column| block.value(&block.rows()[row], column));
    excerpt(&values.collect::<Vec<_>>().join(", "))
}
