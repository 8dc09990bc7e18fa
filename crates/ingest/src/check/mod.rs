//! The one pass over a table: shape, cells, keys, references, and the Parquet file if one is wanted.

pub(crate) mod column;
pub(crate) mod keys;
pub(crate) mod row_shape;
pub(crate) mod workers;

use std::sync::atomic::{AtomicBool, Ordering};

use arrow::datatypes::SchemaRef;
use kouan_schema::{Package, Table};

use crate::check::column::Column;
use crate::check::keys::{
    Budget, KeyHasher, KeyProblems, ReferenceCheck, References, SecondLook, UniqueCheck, UniqueKey,
};
use crate::check::row_shape::RowShape;
use crate::check::workers::{WorkedOff, work_off};
use crate::csv::{Row, Text};
use crate::error::IngestError;
use crate::options::Options;
use crate::read::feed::{Feed, Piece, syntax};
use crate::read::fingerprint::Fingerprint;
use crate::read::source::{Contents, describe_part};
use crate::report::{Findings, Report};
use crate::write::column_values::ColumnValues;
use crate::write::output::{Output, Writer};

/// Memory that the keys of a table may take before they go to a temporary file.
const KEY_BYTES: usize = 64 << 20;

/// What a pass over a table found.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) report: Report,
    /// Of the bytes that were checked, whatever the file holds by now.
    pub(crate) fingerprint: Fingerprint,
    pub(crate) contents: Contents,
    /// Rows whose keys are wrong.
    pub(crate) key_problems: KeyProblems,
    /// Something is wrong that is not one of the rows.
    pub(crate) is_beyond_rows: bool,
}

/// Checks a table, and writes its rows to `output` as long as nothing is wrong.
///
/// Of each kind of wrong keys at least `keys_told` are told, and one more if there are more.
pub(crate) fn check(
    package: &Package,
    table: &Table,
    options: &Options<'_>,
    output: Option<&Output<'_>>,
    keys_told: usize,
) -> Result<Checked, IngestError> {
    let rules = Rules::new(package, table, options)?;
    let mut findings = Findings::new(options.problem_limit);
    rules.references.report_unusable(&mut findings);
    let is_bad = AtomicBool::new(findings.total() > 0);
    let start = || Worker::new(table, &rules, options, output);
    let work = |worker: &mut Worker<'_>, piece: &Piece| worker.work(piece, &is_bad);
    let feed = Feed::open(package, table, options.row_group_bytes)?;
    let WorkedOff {
        workers,
        findings: of_headers,
        rows,
        contents,
    } = work_off(feed, options, start, work)?;

    findings.merge(of_headers);
    let is_beyond_rows = findings.total() > 0;
    let mut missing = Vec::new();
    for worker in workers {
        findings.merge(worker.findings);
        missing.push(worker.references.into_missing());
    }
    let look = SecondLook {
        package,
        table,
        options,
        contents,
    };
    let (threads, limit) = (options.threads(), options.problem_limit.max(keys_told + 1));
    let Rules {
        keys, references, ..
    } = rules;
    let fingerprint = Fingerprint::from_contents(contents, &references.contents);
    let mut of_keys = KeyProblems::default();
    for key in keys {
        of_keys.merge(key.problems(&look, threads, limit)?);
    }
    of_keys.merge(references.problems(&mut missing, &look, threads, limit)?);
    findings.merge(of_keys.findings(options.problem_limit));
    let describe = |part| describe_part(package, table, part);
    Ok(Checked {
        report: findings.into_report(table.full_name(), rows, describe),
        fingerprint,
        contents,
        key_problems: of_keys,
        is_beyond_rows,
    })
}

/// Everything that holds for the rows of a table together.
struct Rules {
    schema: SchemaRef,
    keys: Vec<UniqueKey>,
    references: References,
}

impl Rules {
    fn new(package: &Package, table: &Table, options: &Options<'_>) -> Result<Self, IngestError> {
        let definition = &table.definition;
        let schema = definition.arrow_schema();
        let hasher = KeyHasher::new();
        let budget = Budget::new(KEY_BYTES, options.temporary_folder.map(Into::into));
        let keys = UniqueKey::all(definition, &schema, hasher, &budget);
        Ok(Self {
            keys: keys.map_err(|source| IngestError::arrow(table, source))?,
            references: References::load(package, table, &schema, (hasher, &budget), options)?,
            schema,
        })
    }
}

/// What one thread needs to check pieces and encode them.
struct Worker<'a> {
    table: &'a Table,
    options: &'a Options<'a>,
    shape: RowShape<'a>,
    columns: Vec<Column<'a>>,
    keys: Vec<UniqueCheck<'a>>,
    references: ReferenceCheck<'a>,
    findings: Findings,
    output: Option<Writer<'a>>,
}

impl<'a> Worker<'a> {
    fn new(
        table: &'a Table,
        rules: &'a Rules,
        options: &'a Options<'a>,
        output: Option<&'a Output<'a>>,
    ) -> Result<Self, IngestError> {
        let failed = |source| IngestError::arrow(table, source);
        let definition = &table.definition;
        let columns = 0..definition.fields.len();
        let keys = rules.keys.iter().map(|key| key.check(&rules.schema));
        Ok(Self {
            table,
            options,
            shape: RowShape::new(table, options.blank_rows),
            columns: columns
                .map(|index| Column::new(definition, index).guessed(options.guess))
                .collect(),
            keys: keys.collect::<Result<_, _>>().map_err(failed)?,
            references: rules.references.check(&rules.schema).map_err(failed)?,
            findings: Findings::new(options.problem_limit),
            output: output.map(Output::writer).transpose()?,
        })
    }

    /// Checks a piece, and tells how many rows it has.
    fn work(&mut self, piece: &Piece, is_bad: &AtomicBool) -> Result<u64, IngestError> {
        let failed = |source| IngestError::arrow(self.table, source);
        self.findings.go_on_in(piece.part);
        let text = Text::new(piece.chunk.bytes());
        let syntax = syntax(self.table);
        let mut blocks = piece.chunk.blocks(&text, &syntax);
        let mut rows = 0;
        while let Some(mut block) = blocks.next() {
            self.options.go_on()?;
            block.set_field_columns(&piece.field_columns);
            let findings = &mut self.findings;
            let tell = |_: &Row, found: &dyn Fn() -> _| findings.add(found);
            rows += self.shape.retain(&mut block, &piece.field_columns, tell);
            for column in &mut self.columns {
                column.read(&block, &mut self.findings).map_err(failed)?;
            }
            self.findings.end_block();
            blocks.recycle(block);
            if self.options.guess.is_some() && self.findings.total() > 0 {
                return Err(IngestError::WrongGuess);
            }
        }
        let columns = self.columns.iter_mut().map(Column::take);
        let columns: Vec<ColumnValues> = columns.collect::<Result<_, _>>().map_err(failed)?;
        for key in &self.keys {
            key.add(piece.index, &columns)?;
        }
        self.references
            .add(piece.index, &columns, self.options.problem_limit)?;
        is_bad.fetch_or(self.findings.total() > 0, Ordering::Relaxed);
        if let Some(output) = &mut self.output {
            // With a problem the file will not be kept; the rest is read to find the other problems.
            let is_wanted = !is_bad.load(Ordering::Relaxed);
            output.write(piece.index, is_wanted.then_some(columns))?;
        }
        Ok(rows)
    }
}
