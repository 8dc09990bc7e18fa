//! The one pass over a table: shape, cells, keys, references, and the Parquet file if one is wanted.

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use kouan_schema::{Package, Table};

use crate::column::Column;
use crate::csv::Block;
use crate::fingerprint::Fingerprint;
use crate::keys::UniqueKey;
use crate::parquet_file::ParquetFile;
use crate::references::References;
use crate::report::{Findings, Report};
use crate::scan::Scan;
use crate::source::{self, describe};
use crate::{IngestError, Options};

/// What a pass over a table found.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) report: Report,
    /// Of the bytes that were checked, whatever the file holds by now.
    pub(crate) fingerprint: Fingerprint,
}

/// Checks a table, and writes its rows to `output` as long as nothing is wrong.
pub(crate) fn check(
    package: &Package,
    table: &Table,
    options: &Options<'_>,
    mut output: Option<&mut ParquetFile>,
) -> Result<Checked, IngestError> {
    let mut rules = Rules::new(package, table, options)?;
    let mut findings = Findings::new(describe(package, table), options.problem_limit);
    rules.references.report_unusable(&mut findings);
    findings.end_block();
    let describe_part = |part| source::describe_part(package, table, part);
    let mut scan = Scan::open(package, table)?;
    while let Some(block) = scan.next(&mut findings)? {
        options.go_on()?;
        let columns = rules
            .check(&block, &mut findings, (scan.part(), &describe_part))
            .map_err(|source| IngestError::arrow(table, source))?;
        findings.end_block();
        // With a problem the file will not be kept; the rest is read to find the other problems.
        if let (Some(output), 0) = (&mut output, findings.total()) {
            let batch = RecordBatch::try_new(SchemaRef::clone(&rules.schema), columns);
            output.write(&batch.map_err(|source| IngestError::arrow(table, source))?)?;
        }
        options.report_progress(scan.bytes(), scan.rows());
    }
    let rows = scan.rows();
    let own = scan.contents();
    let before = rules.references.own_contents;
    if findings.total() == 0 && before.is_some_and(|before| before != own) {
        let file = describe(package, table);
        return Err(IngestError::Changed { file });
    }
    let fingerprint = Fingerprint::from_contents(own, &rules.references.contents);
    Ok(Checked {
        report: findings.into_report(table.full_name(), rows),
        fingerprint,
    })
}

/// Everything that holds for the rows of a table.
struct Rules<'a> {
    schema: SchemaRef,
    columns: Vec<Column<'a>>,
    keys: Vec<UniqueKey>,
    references: References,
}

impl<'a> Rules<'a> {
    fn new(
        package: &Package,
        table: &'a Table,
        options: &Options<'_>,
    ) -> Result<Self, IngestError> {
        let definition = &table.definition;
        let schema = definition.arrow_schema();
        let columns = (0..definition.fields.len()).map(|index| Column::new(definition, index));
        let keys = UniqueKey::all(definition, &schema);
        Ok(Self {
            columns: columns.collect(),
            keys: keys.map_err(|source| IngestError::arrow(table, source))?,
            references: References::load(package, table, &schema, options)?,
            schema,
        })
    }

    /// Checks a block, and gives its values as columns.
    fn check(
        &mut self,
        block: &Block,
        findings: &mut Findings,
        place: (usize, &dyn Fn(usize) -> String),
    ) -> Result<Vec<ArrayRef>, ArrowError> {
        let columns: Vec<ArrayRef> = self
            .columns
            .iter_mut()
            .map(|column| column.read(block, findings))
            .collect();
        for key in &mut self.keys {
            key.check(block, &columns, findings, place)?;
        }
        self.references.check(block, &columns, findings)?;
        Ok(columns)
    }
}
