//! Writes the files of partitions, on several threads.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::error::IngestError;
use crate::options::Options;
use crate::read::fingerprint::Fingerprint;
use crate::write::column_values::ColumnValues;
use crate::write::parquet_file::ParquetFile;

use super::fields::Fields;
use super::recode::recode;
use super::runs::{Runs, Stretch};
use super::types::PARTITIONS_KEY;

/// What files have in common.
pub(super) struct Files<'a> {
    pub(super) folder: &'a Path,
    pub(super) fields: &'a Fields,
    pub(super) options: &'a Options<'a>,
    pub(super) fingerprint: Fingerprint,
    pub(super) rejected: Option<u64>,
}

/// One file under way: opened by the thread that has its first row group, finished by the one that has the last.
struct Part {
    path: PathBuf,
    state: Mutex<PartState>,
}

struct PartState {
    file: Option<Arc<ParquetFile>>,
    groups_left: usize,
}

/// One row group to be made.
struct Job<'a> {
    part: usize,
    number: u32,
    rows: &'a [Stretch],
}

impl Files<'_> {
    pub(super) fn write(&self, runs: &Runs) -> Result<(), IngestError> {
        let mut parts = Vec::new();
        let mut jobs = Vec::new();
        for (partition, groups) in runs.groups() {
            let state = PartState {
                file: None,
                groups_left: groups.len(),
            };
            let part = parts.len();
            parts.push(Part {
                path: self.folder.join(partition).join("part-0.parquet"),
                state: Mutex::new(state),
            });
            let numbered = (0..).zip(groups);
            jobs.extend(numbered.map(|(number, rows)| Job { part, number, rows }));
        }
        let next = AtomicUsize::new(0);
        let failed = AtomicBool::new(false);
        // Jobs are taken in order, so that as many files are open as there are threads.
        let run = || -> Result<(), IngestError> {
            while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                if failed.load(Ordering::Relaxed) {
                    break;
                }
                let done = self.do_job(job, &parts[job.part], runs);
                failed.fetch_or(done.is_err(), Ordering::Relaxed);
                done?;
            }
            Ok(())
        };
        thread::scope(|scope| {
            let others: Vec<_> = (1..self.options.threads())
                .map(|_| scope.spawn(run))
                .collect();
            let mut done = run();
            for other in others {
                // A panic goes on where it would have been without threads.
                let other = other.join();
                let other = other.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                done = done.and(other);
            }
            done
        })
    }

    fn do_job(&self, job: &Job<'_>, part: &Part, runs: &Runs) -> Result<(), IngestError> {
        self.options.go_on()?;
        let table = &self.fields.of_files;
        let rows = runs.rows(job.rows).map_err(IngestError::temporary)?;
        let file = {
            let mut state = part.state.lock().unwrap_or_else(PoisonError::into_inner);
            match &state.file {
                Some(file) => Arc::clone(file),
                None => Arc::clone(state.file.insert(Arc::new(self.open(&part.path)?))),
            }
        };
        let columns = rows.columns().iter().map(recode);
        let columns: Vec<ColumnValues> = columns
            .collect::<Result<_, _>>()
            .map_err(|source| IngestError::arrow(table, source))?;
        let columns = (rows.num_rows() > 0).then_some(columns);
        file.write(job.number, columns, &mut file.new_encoder()?)?;
        drop(file);
        let mut state = part.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.groups_left -= 1;
        let last = (state.groups_left == 0).then(|| state.file.take());
        drop(state);
        match last.flatten().and_then(Arc::into_inner) {
            Some(file) => file.finish(self.fingerprint)?.persist(&part.path),
            None => Ok(()),
        }
    }

    fn open(&self, path: &Path) -> Result<ParquetFile, IngestError> {
        let folder = path.parent().unwrap_or(self.folder);
        fs::create_dir_all(folder).map_err(|source| IngestError::writing(path, source))?;
        let table = &self.fields.of_files;
        let file = ParquetFile::create(
            path,
            &table.definition.arrow_schema(),
            table,
            self.options.layout,
        )?;
        file.note(PARTITIONS_KEY, &self.fields.types);
        if let Some(rows) = self.rejected {
            file.note_rejects(rows);
        }
        Ok(file)
    }
}
