//! Converts a table with problems: rows without any go to Parquet, the others aside.
//!
//! A first pass finds which keys are wrong, which is known only at the end; a second one sorts the rows.

pub(crate) mod files;
pub(crate) mod source_lines;

use std::path::{Path, PathBuf};

use kouan_schema::{Package, Table};

use crate::check::column::Column;
use crate::check::keys::{KeyProblem, Locator};
use crate::check::row_shape::RowShape;
use crate::check::workers::work_off;
use crate::check::{self, Checked};
use crate::csv::{Block, Position, Row, Text};
use crate::error::IngestError;
use crate::options::{BlankRows, Options};
use crate::read::feed::{Feed, Piece, syntax};
use crate::read::source::{describe, describe_part};
use crate::reject::files::{Reject, RejectFiles, remove_older};
use crate::report::{Finding, Findings, Report};
use crate::write::output::{Output, Writer};

/// Wrong keys that are sorted out; they are held in memory.
const MOST_WRONG_KEYS: usize = 1_000_000;

/// What became of the rows of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sorted {
    /// What was found; `rows` is the number of `written` and `rejected` ones.
    pub report: Report,
    /// Rows in the Parquet file.
    pub written: u64,
    /// Rows in the files of rejected ones.
    pub rejected: u64,
    /// Where rejected rows are: one CSV for each file of the table that has some, then their problems as Parquet.
    pub reject_files: Vec<PathBuf>,
}

/// Checks a table and writes its good rows to `target` as Parquet, as [`convert`](crate::convert) does with all.
///
/// Rows with a problem go, byte for byte and in the encoding of their file, to `<target>.rejects.csv` under its header, so that they
/// can be mended and converted; a compressed file's are not compressed; `<target>.rejects.parquet` tells what is wrong with each: file, line, character, field, value, rule and
/// the row itself. A row that repeats the key of an earlier one is rejected, whatever becomes of the earlier one; a reference
/// is looked up in the other table as its file is.
///
/// # Errors
/// As [`convert`](crate::convert), which includes [`IngestError::Rejected`] if what is wrong is not a row: a header, a row
/// without end, a reference that cannot be looked up; [`IngestError::TooManyRejects`].
pub fn convert_good_rows(
    package: &Package,
    table: &Table,
    target: &Path,
    options: &Options<'_>,
) -> Result<Sorted, IngestError> {
    let output = Output::create(target, table, options)?;
    let checked = check::check(package, table, options, Some(&output), MOST_WRONG_KEYS)?;
    if checked.report.is_clean() {
        output.finish(checked.fingerprint)?.persist(target)?;
        remove_older(&beside(target, options), &[]);
        return Ok(Sorted {
            written: checked.report.rows,
            report: checked.report,
            rejected: 0,
            reject_files: Vec::new(),
        });
    }
    drop(output);
    if checked.is_beyond_rows {
        return Err(IngestError::Rejected(Box::new(checked.report)));
    }
    if checked.key_problems.told.len() > MOST_WRONG_KEYS {
        return Err(IngestError::TooManyRejects {
            table: table.full_name().to_string(),
        });
    }
    sort_out(package, table, target, options, checked)
}

fn sort_out(
    package: &Package,
    table: &Table,
    target: &Path,
    options: &Options<'_>,
    checked: Checked,
) -> Result<Sorted, IngestError> {
    let output = Output::create(target, table, options)?;
    let describe_part = |part| describe_part(package, table, part);
    let beside = beside(target, options);
    let rejects = RejectFiles::create(package, table, &beside, &describe_part)?;
    let mut wrong_keys = checked.key_problems.told;
    wrong_keys.sort_by_key(|problem| (problem.row, problem.position));
    let start = || Sorter::new(table, &output, &rejects, options.blank_rows);
    let work = |sorter: &mut Sorter<'_>, piece: &Piece| {
        options.go_on()?;
        let piece_start = wrong_keys.partition_point(|problem| problem.row.piece() < piece.index);
        let piece_end = wrong_keys.partition_point(|problem| problem.row.piece() <= piece.index);
        sorter.work(piece, &wrong_keys[piece_start..piece_end])
    };
    let feed = Feed::open(package, table, options.row_group_bytes)?;
    let done = work_off(feed, options, start, work)?;
    if done.contents != checked.contents {
        let file = describe(package, table);
        return Err(IngestError::Changed { file });
    }
    let rejected: u64 = done.workers.iter().map(|sorter| sorter.rejected).sum();
    let written = done.rows - rejected;
    output.note_rejects(rejected);
    let finished = output.finish(checked.fingerprint)?;
    let reject_files = rejects.persist(checked.contents)?;
    finished.persist(target)?;
    remove_older(&beside, &reject_files);
    Ok(Sorted {
        report: checked.report,
        written,
        rejected,
        reject_files,
    })
}

/// The file that a table is or would be if it were no folder, after which the files of its rejected rows are named.
fn beside(target: &Path, options: &Options<'_>) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    if !options.partition_by.is_empty() {
        name.push(".parquet");
    }
    name.into()
}

/// What one thread needs to sort the rows of pieces.
struct Sorter<'a> {
    table: &'a Table,
    shape: RowShape<'a>,
    /// Only to find problems with.
    judges: Vec<Column<'a>>,
    columns: Vec<Column<'a>>,
    output: Writer<'a>,
    rejects: &'a RejectFiles<'a>,
    rejected: u64,
}

impl<'a> Sorter<'a> {
    fn new(
        table: &'a Table,
        output: &'a Output<'a>,
        rejects: &'a RejectFiles<'a>,
        blank_rows: BlankRows,
    ) -> Result<Self, IngestError> {
        let columns = || {
            let columns = 0..table.definition.fields.len();
            columns
                .map(|index| Column::new(&table.definition, index))
                .collect()
        };
        Ok(Self {
            table,
            shape: RowShape::new(table, blank_rows),
            judges: columns(),
            columns: columns(),
            output: output.writer()?,
            rejects,
            rejected: 0,
        })
    }

    /// Sorts the rows of a piece, and tells how many there are.
    fn work(&mut self, piece: &Piece, wrong_keys: &[KeyProblem]) -> Result<u64, IngestError> {
        let failed = |source| IngestError::arrow(self.table, source);
        let text = Text::new(piece.chunk.bytes());
        let syntax = syntax(self.table);
        let mut blocks = piece.chunk.blocks(&text, &syntax);
        let (mut rows, mut before, mut rejects) = (0, 0, Vec::new());
        while let Some(mut block) = blocks.next() {
            block.set_field_columns(&piece.field_columns);
            let mut wrong: Vec<(Row, Vec<(Position, Finding)>)> = Vec::new();
            let tell = |row: &Row, found: &dyn Fn() -> _| wrong.push((*row, vec![found()]));
            rows += self.shape.retain(&mut block, &piece.field_columns, tell);
            let count = block.row_count();
            let keys = wrong_keys
                .iter()
                .skip_while(|problem| problem.row.row() < before);
            let keys: Vec<_> = keys
                .take_while(|problem| problem.row.row() < before + count)
                .collect();
            let judged = self.judge(&block, |index| {
                let place = Locator::new(piece.index, before + index);
                let of_row = keys.iter().filter(move |problem| problem.row == place);
                of_row
                    .map(|problem| (problem.position, problem.finding.clone()))
                    .collect()
            });
            if judged.iter().any(|found| !found.is_empty()) {
                let mut judged = judged.into_iter();
                block.retain_rows(|_, row| {
                    let found = judged.next().unwrap_or_default();
                    let is_good = found.is_empty();
                    if !is_good {
                        wrong.push((*row, found));
                    }
                    is_good
                });
            }
            for column in &mut self.columns {
                column.read(&block, &mut Findings::new(0)).map_err(failed)?;
            }
            wrong.sort_by_key(|(row, _)| row.start);
            let bytes = piece.chunk.bytes();
            rejects.extend(wrong.into_iter().map(|(row, problems)| Reject {
                part: piece.part,
                line: row.line,
                record: bytes[row.start as usize..row.end as usize].to_vec(),
                problems,
            }));
            before += count;
            blocks.recycle(block);
        }
        self.rejected += rejects.len() as u64;
        let good = rows - rejects.len() as u64;
        self.rejects.write(piece, rejects)?;
        let columns = self.columns.iter_mut().map(Column::take);
        let columns = columns.collect::<Result<Vec<_>, _>>().map_err(failed)?;
        self.output
            .write(piece.index, (good > 0).then_some(columns))?;
        Ok(rows)
    }

    /// What is wrong with each row of a block; `of_key` tells what is with its keys.
    fn judge(
        &mut self,
        block: &Block<'_>,
        of_key: impl Fn(usize) -> Vec<(Position, Finding)>,
    ) -> Vec<Vec<(Position, Finding)>> {
        let mut findings = Findings::new(usize::MAX);
        let judge_row = |(index, row): (usize, &Row)| {
            for judge in &mut self.judges {
                judge.read_row(block, row, &mut findings);
            }
            let mut found = findings.take();
            found.extend(of_key(index));
            found.sort_by_key(|(position, _)| *position);
            found
        };
        let judged = block.rows().iter().enumerate().map(judge_row).collect();
        for judge in &mut self.judges {
            // The values are not wanted.
            let _ = judge.take();
        }
        judged
    }
}
