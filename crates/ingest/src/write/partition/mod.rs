//! A table as a folder of Parquet files, one for each value of some fields: `year=2014/mode=road/part-0.parquet`.
//!
//! ```text
//! each thread: piece ─► rows of each partition together ─┐         ┌─► row group ─► part-0.parquet ─┐
//!                       split                            ├─► runs ─┤                                ├─► folder renamed
//! each thread: piece ─► …                                ┘         └─► row group ─► part-0.parquet ─┘
//! ```
//!
//! Rows wait in memory until they are too many, then go to a temporary file, sorted by partition. Each partition is written at the
//! end, from its stretches of all runs, so that only as many files are open as threads work, however many partitions there are.

mod fields;
mod recode;
mod runs;
mod split;
mod staged;
mod types;
mod write;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use kouan_schema::Table;

use crate::error::IngestError;
use crate::options::Options;
use crate::read::fingerprint::Fingerprint;
use crate::write::column_values::ColumnValues;
use crate::write::in_order::InOrder;

use fields::Fields;
use runs::Runs;
use split::{Split, split};

pub(crate) use staged::StagedFolder;
pub use types::partition_types;

/// The most partitions that a table is cut into.
const MOST_PARTITIONS: usize = 10_000;

/// Pieces whose rows may wait in memory.
const PIECES_IN_MEMORY: usize = 4;

/// A folder of Parquet files being written. Dropped before it is persisted, nothing of it stays.
pub(crate) struct PartitionedFolder<'a> {
    target: PathBuf,
    fields: Fields,
    options: Options<'a>,
    staged: StagedFolder,
    state: Mutex<State>,
}

struct State {
    order: InOrder<Option<Split>>,
    runs: Runs,
    rejected: Option<u64>,
}

impl<'a> PartitionedFolder<'a> {
    /// Starts a folder that will be `target`, for a table cut by the options' fields.
    pub(crate) fn create(
        target: &Path,
        table: &Table,
        options: &Options<'a>,
    ) -> Result<Self, IngestError> {
        let fields = Fields::new(table, options.partition_by)?;
        let staged = StagedFolder::create(target)?;
        let budget = options.row_group_bytes.saturating_mul(PIECES_IN_MEMORY);
        let runs = Runs::new(fields.of_files.definition.arrow_schema(), budget, options);
        Ok(Self {
            target: target.to_path_buf(),
            fields,
            options: *options,
            staged,
            state: Mutex::new(State {
                order: InOrder::new(),
                runs,
                rejected: None,
            }),
        })
    }

    /// Notes in the footers that rows of the table are not in the files.
    pub(crate) fn note_rejects(&self, rows: u64) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.rejected = Some(rows);
    }

    /// Takes the rows of a piece; without columns, there are none.
    pub(crate) fn write(
        &self,
        piece: u32,
        columns: Option<Vec<ColumnValues>>,
    ) -> Result<(), IngestError> {
        let split = columns.map(|columns| split(&self.fields, &columns));
        let split = split.transpose()?;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let State { order, runs, .. } = &mut *state;
        order.put(piece, split);
        while let Some(split) = order.next() {
            if let Some(split) = split {
                runs.add(split).map_err(IngestError::temporary)?;
            }
            if runs.partitions() > MOST_PARTITIONS {
                return Err(self.fields.refuse(format!(
                    "there are more than {MOST_PARTITIONS} different values; choose fields that have fewer"
                )));
            }
        }
        Ok(())
    }

    /// Writes the files of all partitions and waits until the disk has them.
    pub(crate) fn finish(self, fingerprint: Fingerprint) -> Result<StagedFolder, IngestError> {
        let state = self
            .state
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let State {
            mut runs, rejected, ..
        } = state;
        if runs.partitions() == 0 {
            // A table without rows is one too, and its file tells its columns.
            runs.add_empty(self.fields.empty_partition());
        }
        let files = write::Files {
            folder: self.staged.path(),
            fields: &self.fields,
            options: &self.options,
            fingerprint,
            rejected,
        };
        files
            .write(&runs)
            .map_err(|error| error.in_file(&self.target))?;
        Ok(self.staged)
    }
}
