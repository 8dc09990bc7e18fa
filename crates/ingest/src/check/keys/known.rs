//! The keys of a table that others refer to.

use std::collections::HashSet;
use std::io;
use std::sync::{Mutex, PoisonError};

use arrow::error::ArrowError;
use kouan_schema::{ForeignKey, Package, Table};

use super::encoder::{KeyEncoder, KeyHash, KeyHasher};
use super::ledger::{Budget, Ledger};
use crate::check::column::Column;
use crate::check::row_shape::RowShape;
use crate::check::workers::work_off;
use crate::csv::Text;
use crate::error::IngestError;
use crate::options::{BlankRows, Options};
use crate::read::feed::{Feed, Piece, syntax};
use crate::read::source::{Contents, describe_part};
use crate::report::Findings;
use crate::write::column_values::flat;

/// Keys that are looked up at once; more of them go to a ledger, in which those of both tables are brought together.
const MOST_AT_HAND: usize = 1 << 20;

/// The number that a ledger has for a key that is known.
pub(super) const KNOWN: u64 = 0;

/// The keys of a table, or why they cannot be known.
#[derive(Debug)]
pub(super) enum Known {
    AtHand(HashSet<KeyHash>),
    /// Known keys have the number [`KNOWN`].
    InLedger(Ledger),
    Unusable(String),
}

/// Reads the keys of a table that some foreign keys refer to.
///
/// Bad rows of the table are passed over here: they are told when that table is checked.
pub(super) fn read(
    package: &Package,
    table: &Table,
    foreign_keys: &[&ForeignKey],
    hasher: KeyHasher,
    budget: &Budget,
    options: &Options<'_>,
) -> Result<(Vec<Known>, Contents), IngestError> {
    let failed = |source| IngestError::arrow(table, source);
    let gathered: Vec<Mutex<Gathered>> = foreign_keys
        .iter()
        .map(|_| Mutex::new(Gathered::AtHand(HashSet::new())))
        .collect();
    let start = || {
        let readers = foreign_keys.iter();
        let readers = readers.map(|key| KeyReader::new(table, &key.reference_fields));
        readers.collect::<Result<Vec<_>, _>>().map_err(failed)
    };
    let work = |readers: &mut Vec<KeyReader<'_>>, piece: &Piece| {
        let rows = read_piece(table, readers, piece).map_err(failed)?;
        for (reader, gathered) in readers.iter_mut().zip(&gathered) {
            let mut hashes = Vec::new();
            reader.take(hasher, &mut hashes).map_err(failed)?;
            let mut gathered = gathered.lock().unwrap_or_else(PoisonError::into_inner);
            gathered
                .add(hashes, budget)
                .map_err(IngestError::temporary)?;
        }
        Ok(rows)
    };
    let quiet = Options {
        problem_limit: 1,
        progress: None,
        ..*options
    };
    let feed = Feed::open(package, table, options.row_group_bytes)?;
    let done = work_off(feed, &quiet, start, work)?;
    // What is found where no rows come any more is why they do not.
    let describe = |part| describe_part(package, table, part);
    let report = done.findings.into_report(table.full_name(), 0, describe);
    let obstacle = report.problems.first().map(ToString::to_string);
    let known = gathered.into_iter().map(|gathered| {
        let gathered = gathered
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        match (&obstacle, gathered) {
            (Some(reason), _) => Known::Unusable(reason.clone()),
            (None, Gathered::AtHand(keys)) => Known::AtHand(keys),
            (None, Gathered::InLedger(ledger)) => Known::InLedger(ledger),
        }
    });
    Ok((known.collect(), done.contents))
}

enum Gathered {
    AtHand(HashSet<KeyHash>),
    InLedger(Ledger),
}

impl Gathered {
    fn add(&mut self, hashes: Vec<KeyHash>, budget: &Budget) -> io::Result<()> {
        match self {
            Self::AtHand(keys) => {
                keys.extend(hashes);
                if keys.len() > MOST_AT_HAND {
                    let ledger = Ledger::new(budget.clone());
                    ledger.add(keys.drain().map(|key| (key, KNOWN)))?;
                    *self = Self::InLedger(ledger);
                }
                Ok(())
            }
            Self::InLedger(ledger) => ledger.add(hashes.into_iter().map(|key| (key, KNOWN))),
        }
    }
}

fn read_piece(
    table: &Table,
    readers: &mut [KeyReader<'_>],
    piece: &Piece,
) -> Result<u64, ArrowError> {
    let shape = RowShape::new(table, BlankRows::default());
    let mut findings = Findings::new(0);
    let text = Text::new(piece.chunk.bytes());
    let syntax = syntax(table);
    let mut blocks = piece.chunk.blocks(&text, &syntax);
    let mut rows = 0;
    while let Some(mut block) = blocks.next() {
        block.set_field_columns(&piece.field_columns);
        rows += shape.retain(&mut block, &piece.field_columns, |_, _| {});
        for column in readers.iter_mut().flat_map(|reader| &mut reader.columns) {
            column.read(&block, &mut findings)?;
        }
        blocks.recycle(block);
    }
    Ok(rows)
}

/// Reads one list of fields.
struct KeyReader<'a> {
    columns: Vec<Column<'a>>,
    encoder: KeyEncoder,
}

impl<'a> KeyReader<'a> {
    fn new(table: &'a Table, fields: &[String]) -> Result<Self, ArrowError> {
        let schema = table.definition.arrow_schema();
        let indexes = fields.iter().map(|field| schema.index_of(field));
        let indexes = indexes.collect::<Result<Vec<_>, _>>()?;
        let columns = indexes.iter();
        Ok(Self {
            columns: columns
                .map(|&index| Column::new(&table.definition, index))
                .collect(),
            encoder: KeyEncoder::new(&schema, indexes)?,
        })
    }

    /// The hashes of the keys since the last time.
    fn take(&mut self, hasher: KeyHasher, hashes: &mut Vec<KeyHash>) -> Result<(), ArrowError> {
        let arrays = self.columns.iter_mut().map(|column| flat(&column.take()?));
        let keys = self
            .encoder
            .encode(&arrays.collect::<Result<Vec<_>, _>>()?)?;
        hashes.extend(keys.whole().map(|(_, key)| hasher.hash(key)));
        Ok(())
    }
}
