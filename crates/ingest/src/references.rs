//! Foreign keys: each must be found in the table that it refers to.
//!
//! The referenced keys are read from the other table's CSV before the check and held in memory. As in SQL
//! (MATCH SIMPLE), a foreign key with a NULL in any of its fields is not checked.

use std::collections::HashSet;

use arrow::array::ArrayRef;
use arrow::datatypes::Schema;
use arrow::error::ArrowError;
use kouan_schema::{ForeignKey, Package, Table};

use crate::column::Column;
use crate::csv::{Block, Position};
use crate::keys::{KeyEncoder, shown_key};
use crate::report::{Finding, Findings};
use crate::scan::Scan;
use crate::source::{Contents, describe};
use crate::{IngestError, Options};

/// The tables that a table refers to, each once, itself not among them.
pub(crate) fn referenced_tables<'a>(
    package: &'a Package,
    table: &Table,
) -> Result<Vec<&'a Table>, IngestError> {
    let mut names: Vec<&str> = Vec::new();
    for key in &table.definition.foreign_keys {
        let name = key.reference_table.as_str();
        if name != table.full_name() && !names.contains(&name) {
            names.push(name);
        }
    }
    names
        .into_iter()
        .map(|name| find(package, table, name))
        .collect()
}

fn find<'a>(package: &'a Package, table: &Table, name: &str) -> Result<&'a Table, IngestError> {
    package
        .table(name)
        .ok_or_else(|| IngestError::UnknownReference {
            table: table.full_name().to_string(),
            reference: name.to_string(),
        })
}

/// The keys of a table, or why they cannot be known.
type KeySet = Result<HashSet<Box<[u8]>>, String>;

/// All foreign keys of a table, ready to be checked.
#[derive(Debug)]
pub(crate) struct References {
    references: Vec<Reference>,
    /// The contents of [`referenced_tables`], in that order.
    pub(crate) contents: Vec<Contents>,
    /// The contents of the table itself, if one of its keys refers to it.
    pub(crate) own_contents: Option<Contents>,
}

/// One foreign key, and the keys that it may have.
#[derive(Debug)]
struct Reference {
    fields: String,
    target: String,
    encoder: KeyEncoder,
    keys: KeySet,
}

impl References {
    /// Reads the keys that a table refers to, each referenced file once.
    pub(crate) fn load(
        package: &Package,
        table: &Table,
        schema: &Schema,
        options: &Options<'_>,
    ) -> Result<Self, IngestError> {
        let mut loaded = Self {
            references: Vec::new(),
            contents: Vec::new(),
            own_contents: None,
        };
        let keys_to = |name: &str| -> Vec<&ForeignKey> {
            let keys = table.definition.foreign_keys.iter();
            keys.filter(|key| key.reference_table == name).collect()
        };
        let own = (!keys_to(table.full_name()).is_empty()).then_some(table);
        for other in referenced_tables(package, table)?.into_iter().chain(own) {
            let keys = keys_to(other.full_name());
            let (sets, contents) = read_keys(package, other, &keys, options)?;
            match own {
                Some(own) if own.full_name() == other.full_name() => {
                    loaded.own_contents = Some(contents)
                }
                _ => loaded.contents.push(contents),
            }
            for (key, keys) in keys.into_iter().zip(sets) {
                let reference = Reference::new(key, schema, keys);
                loaded
                    .references
                    .push(reference.map_err(|source| IngestError::arrow(table, source))?);
            }
        }
        Ok(loaded)
    }

    /// Says of each foreign key that cannot be checked why.
    pub(crate) fn report_unusable(&self, findings: &mut Findings) {
        for reference in &self.references {
            if let Err(reason) = &reference.keys {
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

    /// Checks the rows of a block, given as columns.
    pub(crate) fn check(
        &self,
        block: &Block,
        arrays: &[ArrayRef],
        findings: &mut Findings,
    ) -> Result<(), ArrowError> {
        self.references
            .iter()
            .try_for_each(|reference| reference.check(block, arrays, findings))
    }
}

impl Reference {
    fn new(key: &ForeignKey, schema: &Schema, keys: KeySet) -> Result<Self, ArrowError> {
        let columns = key
            .fields
            .iter()
            .map(|field| schema.index_of(field))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            fields: key.fields.join(", "),
            target: format!(
                "{} ({})",
                key.reference_table,
                key.reference_fields.join(", ")
            ),
            encoder: KeyEncoder::new(schema, columns)?,
            keys,
        })
    }

    fn check(
        &self,
        block: &Block,
        arrays: &[ArrayRef],
        findings: &mut Findings,
    ) -> Result<(), ArrowError> {
        let Ok(known) = &self.keys else {
            return Ok(());
        };
        let keys = self.encoder.encode(arrays)?;
        for (index, _) in keys.whole().filter(|(_, key)| !known.contains(*key)) {
            findings.add(|| {
                let columns = self.encoder.columns();
                let finding = Finding {
                    field: Some(self.fields.clone()),
                    value: Some(shown_key(block, index, columns)),
                    rule: format!("not found in {}", self.target),
                };
                (block.position(&block.rows()[index], columns[0]), finding)
            });
        }
        Ok(())
    }
}

/// Reads the keys of a table that some foreign keys refer to; the error of a set says why there is none.
///
/// Bad rows of the table are passed over here: they are told when that table is checked.
fn read_keys(
    package: &Package,
    table: &Table,
    foreign_keys: &[&ForeignKey],
    options: &Options<'_>,
) -> Result<(Vec<KeySet>, Contents), IngestError> {
    let failed = |source| IngestError::arrow(table, source);
    let readers = foreign_keys
        .iter()
        .map(|key| KeyReader::new(table, &key.reference_fields));
    let mut readers = readers.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    let mut scan = Scan::open(package, table)?;
    let obstacle = loop {
        let mut findings = Findings::new(describe(package, table), 1);
        let Some(block) = scan.next(&mut findings)? else {
            // What is found where no rows come any more is why they do not.
            break findings.into_report(table.full_name(), 0).problems.pop();
        };
        options.go_on()?;
        for reader in &mut readers {
            reader.add(&block, &mut findings).map_err(failed)?;
        }
    };
    let reason = obstacle.map(|problem| problem.to_string());
    let sets = readers
        .into_iter()
        .map(|reader| reason.clone().map_or(Ok(reader.keys), Err));
    Ok((sets.collect(), scan.contents()))
}

/// Collects the keys of one list of fields.
struct KeyReader<'a> {
    columns: Vec<Column<'a>>,
    encoder: KeyEncoder,
    keys: HashSet<Box<[u8]>>,
}

impl<'a> KeyReader<'a> {
    fn new(table: &'a Table, fields: &[String]) -> Result<Self, ArrowError> {
        let schema = table.definition.arrow_schema();
        let indexes = fields
            .iter()
            .map(|field| schema.index_of(field))
            .collect::<Result<Vec<_>, _>>()?;
        let columns = indexes
            .iter()
            .map(|&index| Column::new(&table.definition, index))
            .collect();
        let encoder = KeyEncoder::new(&schema.project(&indexes)?, (0..indexes.len()).collect())?;
        Ok(Self {
            columns,
            encoder,
            keys: HashSet::new(),
        })
    }

    fn add(&mut self, block: &Block, findings: &mut Findings) -> Result<(), ArrowError> {
        let arrays: Vec<ArrayRef> = self
            .columns
            .iter_mut()
            .map(|column| column.read(block, findings))
            .collect();
        for (_, key) in self.encoder.encode(&arrays)?.whole() {
            if !self.keys.contains(key) {
                self.keys.insert(Box::from(key));
            }
        }
        Ok(())
    }
}
