//! The files of rejected rows: the rows as they were, and what is wrong with them.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{ArrayRef, Int64Builder, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use kouan_schema::{Data, Encoding, Package, Table};
use parquet::arrow::ArrowWriter;
use parquet::errors::ParquetError;
use tempfile::NamedTempFile;

use crate::IngestError;
use crate::csv::{Position, line_breaks};
use crate::feed::Piece;
use crate::in_order::InOrder;
use crate::parquet_file::{folder_of, temporary_beside};
use crate::report::Finding;
use crate::source::{self, Contents, Tally};
use crate::source_lines;

/// A row that is not written.
#[derive(Debug)]
pub(crate) struct Reject {
    pub(crate) part: usize,
    /// The line that the row starts on.
    pub(crate) line: u64,
    /// The row as it stands in the file, with its line break.
    pub(crate) record: Vec<u8>,
    /// At least one, in the order of their places.
    pub(crate) problems: Vec<(Position, Finding)>,
}

/// The files of rejected rows beside a Parquet file, under way.
pub(crate) struct RejectFiles<'a> {
    package: &'a Package,
    table: &'a Table,
    target: &'a Path,
    describe_part: &'a (dyn Fn(usize) -> String + Sync),
    state: Mutex<State>,
}

struct State {
    order: InOrder<(Arc<[u8]>, Vec<Reject>)>,
    /// The rows of each part of the table that has some.
    rows: BTreeMap<usize, Rows>,
    problems: NamedTempFile,
    writer: ArrowWriter<std::fs::File>,
}

struct Rows {
    output: BufWriter<NamedTempFile>,
    count: i64,
    /// The lines of the part that belong to the file; they are copied at the end where its encoding is not that of the rows here.
    lines: Vec<Range<u64>>,
}

impl<'a> RejectFiles<'a> {
    pub(crate) fn create(
        package: &'a Package,
        table: &'a Table,
        target: &'a Path,
        describe_part: &'a (dyn Fn(usize) -> String + Sync),
    ) -> Result<Self, IngestError> {
        let problems = temporary_beside(target)?;
        let output = problems.as_file().try_clone();
        let output = output.map_err(|source| IngestError::writing(target, source))?;
        let writer = ArrowWriter::try_new(output, schema(), None);
        let writer = writer.map_err(|source| IngestError::encoding(target, source))?;
        Ok(Self {
            package,
            table,
            target,
            describe_part,
            state: Mutex::new(State {
                order: InOrder::new(),
                rows: BTreeMap::new(),
                problems,
                writer,
            }),
        })
    }

    /// Takes the rejected rows of a piece.
    pub(crate) fn write(&self, piece: &Piece, rejects: Vec<Reject>) -> Result<(), IngestError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let header = Arc::clone(&piece.header);
        state.order.put(piece.index, (header, rejects));
        while let Some((header, rejects)) = state.order.next() {
            let mut problems = Problems::default();
            for reject in rejects {
                let number = self.write_row(&mut state.rows, &header, &reject)?;
                problems.add(&(self.describe_part)(reject.part), number, &reject);
            }
            problems
                .finish()
                .map_err(ParquetError::from)
                .and_then(|batch| state.writer.write(&batch))
                .map_err(|source| IngestError::encoding(self.target, source))?;
        }
        Ok(())
    }

    /// Writes a row, and tells its number in its file.
    fn write_row(
        &self,
        rows: &mut BTreeMap<usize, Rows>,
        header: &[u8],
        reject: &Reject,
    ) -> Result<i64, IngestError> {
        let failed = |source| IngestError::writing(self.target, source);
        let rows = match rows.entry(reject.part) {
            std::collections::btree_map::Entry::Occupied(rows) => rows.into_mut(),
            std::collections::btree_map::Entry::Vacant(none) => {
                let mut output = BufWriter::new(temporary_beside(self.target)?);
                let of_header = 1..1 + line_breaks(header) as u64;
                let lines = self.is_encoded().then_some(of_header);
                let lines = lines.into_iter().collect();
                if !self.is_encoded() {
                    output.write_all(header).map_err(failed)?;
                }
                none.insert(Rows {
                    output,
                    count: 0,
                    lines,
                })
            }
        };
        if self.is_encoded() {
            // The last row of a file may lack its line break.
            let is_open = !reject.record.ends_with(b"\n") && !reject.record.ends_with(b"\r");
            let count = line_breaks(&reject.record) as u64 + u64::from(is_open);
            let next = reject.line..reject.line + count;
            match rows.lines.last_mut() {
                Some(last) if last.end == next.start => last.end = next.end,
                _ => rows.lines.push(next),
            }
        } else {
            rows.output.write_all(&reject.record).map_err(failed)?;
        }
        rows.count += 1;
        Ok(rows.count)
    }

    /// Whether rows have other bytes here than in their file.
    fn is_encoded(&self) -> bool {
        matches!(self.table.data, Data::Files(_)) && self.table.encoding != Encoding::UTF_8
    }

    /// Copies the rows of encoded parts from their files, which must be those that were checked.
    fn copy_encoded(
        &self,
        rows: &mut BTreeMap<usize, Rows>,
        contents: Contents,
    ) -> Result<(), IngestError> {
        if !self.is_encoded() {
            return Ok(());
        }
        let tally = Tally::default();
        for part in 0..source::parts(self.table) {
            let mut input = source::open_encoded(self.package, self.table, part, &tally)?;
            let unreadable = |error| source::unreadable(self.package, self.table, part, error);
            if let Some(rows) = rows.get_mut(&part) {
                source_lines::copy(
                    &mut input,
                    self.table.encoding,
                    &rows.lines,
                    &mut rows.output,
                )
                .map_err(unreadable)?;
            } else {
                io::copy(&mut input, &mut io::sink()).map_err(unreadable)?;
            }
        }
        if tally.contents(self.table) == contents {
            Ok(())
        } else {
            let file = source::describe(self.package, self.table);
            Err(IngestError::Changed { file })
        }
    }

    /// Gives the files their names, and tells them.
    pub(crate) fn persist(self, contents: Contents) -> Result<Vec<PathBuf>, IngestError> {
        let failed = |source| IngestError::writing(self.target, source);
        let mut rows = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut state.rows)
        };
        self.copy_encoded(&mut rows, contents)?;
        let state = self
            .state
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let is_one = rows.len() == 1;
        let mut paths = Vec::new();
        for (part, rows) in rows {
            let ending = match is_one {
                true => "rejects.csv".to_string(),
                false => format!("rejects.{}.csv", part + 1),
            };
            let path = self.target.with_extension(ending);
            let file = rows
                .output
                .into_inner()
                .map_err(|error| failed(error.into_error()))?;
            file.as_file().sync_all().map_err(failed)?;
            file.persist(&path).map_err(|error| failed(error.error))?;
            paths.push(path);
        }
        let path = self.target.with_extension("rejects.parquet");
        let closed = state.writer.close();
        closed.map_err(|source| IngestError::encoding(self.target, source))?;
        state.problems.as_file().sync_all().map_err(failed)?;
        state
            .problems
            .persist(&path)
            .map_err(|error| failed(error.error))?;
        paths.push(path);
        Ok(paths)
    }
}

/// Removes the files of rejected rows beside a Parquet file that are not of this conversion. It is no matter if one cannot be removed.
pub(crate) fn remove_older(target: &Path, of_now: &[PathBuf]) {
    let folder = folder_of(target);
    let stem = target.file_stem().unwrap_or_default().to_string_lossy();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let ending = name.to_str().and_then(|name| {
            let ending = name.strip_prefix(&*stem)?;
            ending.strip_prefix(".rejects.")
        });
        let is_ours = ending.is_some_and(|ending| match ending.strip_suffix(".csv") {
            Some(part) => part.bytes().all(|byte| byte.is_ascii_digit()),
            None => ending == "csv" || ending == "parquet",
        });
        if is_ours && !of_now.iter().any(|path| path.file_name() == Some(&name)) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// One row for each problem.
fn schema() -> SchemaRef {
    let text = |name, nullable| Field::new(name, DataType::Utf8, nullable);
    let number = |name| Field::new(name, DataType::Int64, false);
    Arc::new(Schema::new(vec![
        number("reject"),
        text("file", false),
        number("line"),
        number("character"),
        text("field", true),
        text("value", true),
        text("rule", false),
        text("record", false),
    ]))
}

/// Collects problems into a batch.
#[derive(Default)]
struct Problems {
    numbers: [Int64Builder; 3],
    file: StringBuilder,
    field: StringBuilder,
    value: StringBuilder,
    rule: StringBuilder,
    record: StringBuilder,
}

impl Problems {
    fn add(&mut self, file: &str, number: i64, reject: &Reject) {
        let record = String::from_utf8_lossy(&reject.record);
        let record = record.trim_end_matches(['\r', '\n']);
        for (position, finding) in &reject.problems {
            let numbers = [number, position.line as i64, position.column as i64];
            for (builder, number) in self.numbers.iter_mut().zip(numbers) {
                builder.append_value(number);
            }
            self.file.append_value(file);
            self.field.append_option(finding.field.as_deref());
            self.value.append_option(finding.value.as_deref());
            self.rule.append_value(&finding.rule);
            self.record.append_value(record);
        }
    }

    fn finish(&mut self) -> Result<RecordBatch, arrow::error::ArrowError> {
        let [reject, line, character] = &mut self.numbers;
        let columns: Vec<ArrayRef> = vec![
            Arc::new(reject.finish()),
            Arc::new(self.file.finish()),
            Arc::new(line.finish()),
            Arc::new(character.finish()),
            Arc::new(self.field.finish()),
            Arc::new(self.value.finish()),
            Arc::new(self.rule.finish()),
            Arc::new(self.record.finish()),
        ];
        RecordBatch::try_new(schema(), columns)
    }
}
