//! Rows that must be unlike each other: primary keys, unique keys, unique fields.
//!
//! Keys are compared as values: `01` and `1` are the same integer.

use arrow::datatypes::Schema;
use arrow::error::ArrowError;
use kouan_schema::TableSchema;

use super::encoder::{KeyEncoder, KeyHasher};
use super::ledger::{Budget, Ledger};
use super::place::{FirstRows, KeyProblems, Locator};
use super::second_look::{Look, SecondLook};
use crate::error::IngestError;
use crate::write::column_values::{ColumnValues, flat};

/// One key of a table, and the keys that its rows have.
#[derive(Debug)]
pub(crate) struct UniqueKey {
    fields: String,
    rule: &'static str,
    columns: Vec<usize>,
    hasher: KeyHasher,
    ledger: Ledger,
}

/// What one thread needs to check a key.
#[derive(Debug)]
pub(crate) struct UniqueCheck<'k> {
    key: &'k UniqueKey,
    encoder: KeyEncoder,
}

impl UniqueKey {
    /// Every key of a table once: the primary key, the unique keys, the unique fields.
    pub(crate) fn all(
        definition: &TableSchema,
        schema: &Schema,
        hasher: KeyHasher,
        budget: &Budget,
    ) -> Result<Vec<Self>, ArrowError> {
        const UNIQUE: &str = "values must be unique";
        let unique_fields = definition
            .fields
            .iter()
            .filter(|field| field.constraints.unique);
        let mut keys: Vec<(Vec<String>, &'static str)> = Vec::new();
        let primary = (!definition.primary_key.is_empty()).then(|| definition.primary_key.clone());
        let primary = primary
            .into_iter()
            .map(|fields| (fields, "the primary key must be unique"));
        let composite = definition
            .unique_keys
            .iter()
            .map(|fields| (fields.clone(), UNIQUE));
        let single = unique_fields.map(|field| (vec![field.name.clone()], UNIQUE));
        for (fields, rule) in primary.chain(composite).chain(single) {
            if keys.iter().all(|(known, _)| *known != fields) {
                keys.push((fields, rule));
            }
        }
        let new = |(fields, rule): (Vec<String>, _)| {
            let columns = fields.iter().map(|field| schema.index_of(field));
            Ok(Self {
                columns: columns.collect::<Result<_, _>>()?,
                fields: fields.join(", "),
                rule,
                hasher,
                ledger: Ledger::new(budget.clone()),
            })
        };
        keys.into_iter().map(new).collect()
    }

    /// What one thread needs to check the key.
    pub(crate) fn check(&self, schema: &Schema) -> Result<UniqueCheck<'_>, ArrowError> {
        Ok(UniqueCheck {
            key: self,
            encoder: KeyEncoder::new(schema, self.columns.clone())?,
        })
    }

    /// Every row whose key an earlier row has.
    pub(crate) fn problems(
        self,
        look: &SecondLook<'_>,
        threads: usize,
        limit: usize,
    ) -> Result<KeyProblems, IngestError> {
        type Repeated = FirstRows<(Locator, Locator)>;
        let Self {
            fields,
            rule,
            columns,
            ledger,
            ..
        } = self;
        let found = ledger.groups(threads, |found: &mut Repeated, group| {
            let ([[.., first]], others) = group.split_at(1) else {
                return;
            };
            for [.., other] in others {
                found.add((Locator(*other), Locator(*first)), limit);
            }
        });
        let mut repeated = Repeated::default();
        for found in found.map_err(IngestError::temporary)? {
            repeated.merge(found, limit);
        }
        let pairs = repeated.kept.iter();
        let rows = pairs.flat_map(|(other, first)| [*other, *first]);
        let rows = look.rows(rows.collect(), &columns)?;
        let pairs = repeated.kept.iter().filter_map(|(row, first)| {
            let (other, first) = (rows.get(row)?, rows.get(first)?);
            // Of two different keys that have one hash nothing is told.
            (other.key == first.key).then(|| {
                let place = place(look, first, other.part);
                let rule = format!("same as in {place}; {rule}");
                other.problem(*row, &fields, rule)
            })
        });
        Ok(KeyProblems {
            total: repeated.total,
            told: pairs.collect(),
        })
    }
}

/// How a problem in one part of a table names a row.
fn place(look: &SecondLook<'_>, row: &Look, part: usize) -> String {
    let line = row.line;
    if row.part == part {
        format!("line {line}")
    } else {
        format!("line {line} of {}", look.describe(row.part))
    }
}

impl UniqueCheck<'_> {
    /// Takes down the keys of a piece's rows.
    pub(crate) fn add(&self, piece: u32, columns: &[ColumnValues]) -> Result<(), IngestError> {
        let arrays = self.encoder.columns().iter();
        let arrays = arrays.map(|&column| flat(&columns[column]));
        let keys = arrays
            .collect::<Result<Vec<_>, _>>()
            .and_then(|arrays| self.encoder.encode(&arrays))
            .map_err(|source| IngestError::keys(&self.key.fields, source))?;
        let keys = keys.whole().map(|(row, key)| {
            let place = Locator::new(piece, row);
            (self.key.hasher.hash(key), place.0)
        });
        let added = self.key.ledger.add(keys);
        added.map_err(IngestError::temporary)
    }
}
