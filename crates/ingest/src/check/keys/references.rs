//! Foreign keys: each must be found in the table that it refers to.
//!
//! The referenced keys are read from the other table's CSV before the check. As in SQL (MATCH SIMPLE), a foreign key
//! with a NULL in any of its fields is not checked.

use arrow::array::Array;
use arrow::datatypes::Schema;
use arrow::error::ArrowError;
use kouan_schema::{ForeignKey, Package, Table};

use super::encoder::{KeyEncoder, KeyHasher};
use super::known::{self, KNOWN, Known};
use super::ledger::{Budget, Ledger};
use super::place::{FirstRows, KeyProblems, Locator};
use super::second_look::SecondLook;
use crate::csv::Position;
use crate::error::IngestError;
use crate::options::Options;
use crate::read::fingerprint::referenced_tables;
use crate::read::source::Contents;
use crate::report::{Finding, Findings};
use crate::write::column_values::{ColumnValues, NULL, flat};

/// All foreign keys of a table, ready to be checked.
#[derive(Debug)]
pub(crate) struct References {
    references: Vec<Reference>,
    /// The contents of [`referenced_tables`], in that order.
    pub(crate) contents: Vec<Contents>,
}

/// One foreign key, and the keys that it may have.
#[derive(Debug)]
struct Reference {
    fields: String,
    target: String,
    columns: Vec<usize>,
    /// Where the table refers to itself, the columns referred to.
    own_columns: Option<Vec<usize>>,
    hasher: KeyHasher,
    known: Known,
}

impl References {
    /// Reads the keys that a table refers to, each other table once.
    pub(crate) fn load(
        package: &Package,
        table: &Table,
        schema: &Schema,
        (hasher, budget): (KeyHasher, &Budget),
        options: &Options<'_>,
    ) -> Result<Self, IngestError> {
        let mut loaded = Self {
            references: Vec::new(),
            contents: Vec::new(),
        };
        let keys_to = |name: &str| -> Vec<&ForeignKey> {
            let keys = table.definition.foreign_keys.iter();
            keys.filter(|key| key.reference_table == name).collect()
        };
        let failed = |source| IngestError::arrow(table, source);
        for other in referenced_tables(package, table)? {
            let keys = keys_to(other.full_name());
            let (known, contents) = known::read(package, other, &keys, hasher, budget, options)?;
            loaded.contents.push(contents);
            for (key, known) in keys.into_iter().zip(known) {
                let reference = Reference::new(key, schema, hasher, known).map_err(failed)?;
                loaded.references.push(reference);
            }
        }
        for key in keys_to(table.full_name()) {
            let known = Known::InLedger(Ledger::new(budget.clone()));
            let mut reference = Reference::new(key, schema, hasher, known).map_err(failed)?;
            let own = columns(schema, &key.reference_fields).map_err(failed)?;
            reference.own_columns = Some(own);
            loaded.references.push(reference);
        }
        Ok(loaded)
    }

    /// Says of each foreign key that cannot be checked why.
    pub(crate) fn report_unusable(&self, findings: &mut Findings) {
        for reference in &self.references {
            if let Known::Unusable(reason) = &reference.known {
                let rule = format!("cannot be looked up in {}: {reason}", reference.target);
                findings.add(|| {
                    (
                        Position::START,
                        Finding::of_missing(&reference.fields, rule),
                    )
                });
            }
        }
    }

    /// What one thread needs to check the foreign keys.
    pub(crate) fn check(&self, schema: &Schema) -> Result<ReferenceCheck<'_>, ArrowError> {
        let usable = self.references.iter();
        let usable = usable.map(|reference| reference.check(schema));
        Ok(ReferenceCheck {
            checks: usable.collect::<Result<_, _>>()?,
        })
    }

    /// Every row whose key is not found. `missing` is what the threads have found.
    pub(crate) fn problems(
        self,
        missing: &mut [Missing],
        look: &SecondLook<'_>,
        threads: usize,
        limit: usize,
    ) -> Result<KeyProblems, IngestError> {
        let mut problems = KeyProblems::default();
        for (index, reference) in self.references.into_iter().enumerate() {
            let mut rows = FirstRows::default();
            for Missing(of_thread) in &mut *missing {
                if let Some(found) = of_thread.get_mut(index) {
                    rows.merge(std::mem::take(found), limit);
                }
            }
            if let Known::InLedger(ledger) = reference.known {
                let found = ledger.groups(threads, |found: &mut FirstRows<Locator>, group| {
                    if group[0][2] != KNOWN {
                        let rows = group.iter().map(|[.., row]| Locator(row - 1));
                        rows.for_each(|row| found.add(row, limit));
                    }
                });
                for found in found.map_err(IngestError::temporary)? {
                    rows.merge(found, limit);
                }
            }
            let looks = look.rows(rows.kept.clone(), &reference.columns)?;
            let told = rows.kept.iter().filter_map(|row| {
                let rule = format!("not found in {}", reference.target);
                Some(looks.get(row)?.problem(*row, &reference.fields, rule))
            });
            problems.merge(KeyProblems {
                told: told.collect(),
                total: rows.total,
            });
        }
        Ok(problems)
    }
}

/// The rows whose keys are not found, for each foreign key.
#[derive(Debug)]
pub(crate) struct Missing(Vec<FirstRows<Locator>>);

/// What one thread needs to check the foreign keys of a table.
#[derive(Debug)]
pub(crate) struct ReferenceCheck<'k> {
    checks: Vec<OneCheck<'k>>,
}

#[derive(Debug)]
struct OneCheck<'k> {
    reference: &'k Reference,
    encoder: KeyEncoder,
    own: Option<KeyEncoder>,
    missing: FirstRows<Locator>,
}

impl ReferenceCheck<'_> {
    /// Looks the keys of a piece's rows up, or takes them down for later.
    pub(crate) fn add(
        &mut self,
        piece: u32,
        columns: &[ColumnValues],
        limit: usize,
    ) -> Result<(), IngestError> {
        let mut checks = self.checks.iter_mut();
        checks.try_for_each(|check| check.add(piece, columns, limit))
    }

    /// The rows that were looked up in vain.
    pub(crate) fn into_missing(self) -> Missing {
        Missing(self.checks.into_iter().map(|check| check.missing).collect())
    }
}

impl Reference {
    fn new(
        key: &ForeignKey,
        schema: &Schema,
        hasher: KeyHasher,
        known: Known,
    ) -> Result<Self, ArrowError> {
        Ok(Self {
            fields: key.fields.join(", "),
            target: format!(
                "{} ({})",
                key.reference_table,
                key.reference_fields.join(", ")
            ),
            columns: columns(schema, &key.fields)?,
            own_columns: None,
            hasher,
            known,
        })
    }

    fn check(&self, schema: &Schema) -> Result<OneCheck<'_>, ArrowError> {
        let encoder = |columns: &Vec<usize>| KeyEncoder::new(schema, columns.clone());
        Ok(OneCheck {
            reference: self,
            encoder: encoder(&self.columns)?,
            own: self.own_columns.as_ref().map(encoder).transpose()?,
            missing: FirstRows::default(),
        })
    }
}

impl OneCheck<'_> {
    fn add(
        &mut self,
        piece: u32,
        columns: &[ColumnValues],
        limit: usize,
    ) -> Result<(), IngestError> {
        let Reference {
            fields,
            hasher,
            known,
            ..
        } = self.reference;
        let failed = |source| IngestError::keys(fields, source);
        if let (Known::AtHand(known), [column]) = (known, self.encoder.columns())
            && let ColumnValues::Coded { values, codes, .. } = &columns[*column]
        {
            let keys = self
                .encoder
                .encode(std::slice::from_ref(values))
                .map_err(failed)?;
            let is_missing = |code: usize| !known.contains(&hasher.hash(keys.bytes(code)));
            let is_missing: Vec<bool> = (0..values.len()).map(is_missing).collect();
            if is_missing.contains(&true) {
                let rows = codes.iter().enumerate();
                let missing =
                    rows.filter(|(_, code)| **code != NULL && is_missing[**code as usize]);
                missing.for_each(|(row, _)| self.missing.add(Locator::new(piece, row), limit));
            }
            return Ok(());
        }
        let encode = |encoder: &KeyEncoder| {
            let arrays = encoder
                .columns()
                .iter()
                .map(|&column| flat(&columns[column]));
            let arrays = arrays.collect::<Result<Vec<_>, _>>();
            arrays
                .and_then(|arrays| encoder.encode(&arrays))
                .map_err(failed)
        };
        let keys = encode(&self.encoder)?;
        let hashed = keys
            .whole()
            .map(|(row, key)| (Locator::new(piece, row), hasher.hash(key)));
        match known {
            Known::Unusable(_) => Ok(()),
            Known::AtHand(known) => {
                let missing = hashed.filter(|(_, key)| !known.contains(key));
                missing.for_each(|(row, _)| self.missing.add(row, limit));
                Ok(())
            }
            Known::InLedger(ledger) => {
                let asked = ledger.add(hashed.map(|(row, key)| (key, row.0 + 1)));
                asked.map_err(IngestError::temporary)?;
                let Some(own) = &self.own else {
                    return Ok(());
                };
                let own = encode(own)?;
                let known = own.whole().map(|(_, key)| (hasher.hash(key), KNOWN));
                ledger.add(known).map_err(IngestError::temporary)
            }
        }
    }
}

fn columns(schema: &Schema, fields: &[String]) -> Result<Vec<usize>, ArrowError> {
    fields.iter().map(|field| schema.index_of(field)).collect()
}
