//! Rows on their way to partitions: in memory, or in a temporary file when they are too many.
//!
//! A run is what memory holds at a time. In the file each run is sorted by partition, in stretches that
//! Arrow's IPC format holds, each readable on its own.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;

use crate::options::Options;

use super::split::Split;

/// The rows of all partitions.
pub(super) struct Runs {
    schema: SchemaRef,
    /// Memory that rows may take before they go to a file, and about what a stretch takes.
    budget: usize,
    stretch_bytes: usize,
    temporary_folder: Option<PathBuf>,
    partitions: BTreeMap<String, Vec<Stretch>>,
    pieces: Vec<RecordBatch>,
    bytes: usize,
    file: Option<Mutex<File>>,
}

/// Rows of one partition that lie together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    place: Place,
    /// About what they take in memory.
    pub(super) bytes: usize,
}

#[derive(Debug, Clone, Copy)]
enum Place {
    InMemory {
        piece: usize,
        row: usize,
        rows: usize,
    },
    InFile {
        offset: u64,
        length: u64,
    },
}

impl Runs {
    pub(super) fn new(schema: SchemaRef, budget: usize, options: &Options<'_>) -> Self {
        Self {
            schema,
            budget,
            stretch_bytes: options.row_group_bytes,
            temporary_folder: options.temporary_folder.map(Into::into),
            partitions: BTreeMap::new(),
            pieces: Vec::new(),
            bytes: 0,
            file: None,
        }
    }

    pub(super) fn partitions(&self) -> usize {
        self.partitions.len()
    }

    /// Takes the rows of the next piece.
    pub(super) fn add(&mut self, split: Split) -> io::Result<()> {
        let Split { rows, parts } = split;
        let bytes = rows.get_array_memory_size();
        let bytes_of_row = bytes as f64 / rows.num_rows().max(1) as f64;
        let mut row = 0;
        for (partition, rows) in parts {
            let stretch = Stretch {
                place: Place::InMemory {
                    piece: self.pieces.len(),
                    row,
                    rows,
                },
                bytes: (rows as f64 * bytes_of_row) as usize,
            };
            self.partitions.entry(partition).or_default().push(stretch);
            row += rows;
        }
        self.pieces.push(rows);
        self.bytes += bytes;
        if self.bytes > self.budget {
            self.spill()?;
        }
        Ok(())
    }

    /// Makes a partition without rows.
    pub(super) fn add_empty(&mut self, partition: String) {
        self.partitions.entry(partition).or_default();
    }

    /// Moves what is in memory to the file.
    fn spill(&mut self) -> io::Result<()> {
        let file = match self.file.take() {
            Some(file) => file.into_inner().unwrap_or_else(PoisonError::into_inner),
            None => match &self.temporary_folder {
                Some(folder) => tempfile::tempfile_in(folder)?,
                None => tempfile::tempfile()?,
            },
        };
        let mut output = Counted {
            offset: 0,
            output: BufWriter::new(file),
        };
        output.offset = output.output.seek(SeekFrom::End(0))?;
        for stretches in self.partitions.values_mut() {
            let is_in_memory = |stretch: &Stretch| matches!(stretch.place, Place::InMemory { .. });
            let Some(first) = stretches.iter().position(is_in_memory) else {
                continue;
            };
            let waiting = stretches.split_off(first);
            for group in grouped(&waiting, self.stretch_bytes) {
                let rows = group
                    .iter()
                    .filter_map(|stretch| stretch.in_memory(&self.pieces));
                let rows: Vec<RecordBatch> = rows.collect();
                let offset = output.offset;
                write(&mut output, &self.schema, &rows).map_err(io::Error::other)?;
                stretches.push(Stretch {
                    place: Place::InFile {
                        offset,
                        length: output.offset - offset,
                    },
                    bytes: group.iter().map(|stretch| stretch.bytes).sum(),
                });
            }
        }
        let file = output
            .output
            .into_inner()
            .map_err(|error| error.into_error())?;
        self.file = Some(Mutex::new(file));
        self.pieces.clear();
        self.bytes = 0;
        Ok(())
    }

    /// The partitions in the order of their folders, each with its rows in groups that take about as much memory each.
    pub(super) fn groups(&self) -> impl Iterator<Item = (&str, Vec<&[Stretch]>)> {
        self.partitions.iter().map(|(partition, stretches)| {
            (partition.as_str(), grouped(stretches, self.stretch_bytes))
        })
    }

    /// The rows of a group.
    pub(super) fn rows(&self, group: &[Stretch]) -> io::Result<RecordBatch> {
        let rows = group.iter().map(|stretch| self.read(stretch));
        let rows: Vec<RecordBatch> = rows.collect::<io::Result<_>>()?;
        concat_batches(&self.schema, &rows).map_err(io::Error::other)
    }

    fn read(&self, stretch: &Stretch) -> io::Result<RecordBatch> {
        if let Some(rows) = stretch.in_memory(&self.pieces) {
            return Ok(rows);
        }
        let (Place::InFile { offset, length }, Some(file)) = (stretch.place, &self.file) else {
            return Err(io::Error::other("rows that were put aside are gone"));
        };
        let mut bytes = vec![0; length as usize];
        {
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            file.seek(SeekFrom::Start(offset))?;
            file.read_exact(&mut bytes)?;
        }
        let read = || -> Result<RecordBatch, ArrowError> {
            let batches = StreamReader::try_new(bytes.as_slice(), None)?;
            let batches = batches.collect::<Result<Vec<_>, _>>()?;
            concat_batches(&self.schema, &batches)
        };
        read().map_err(io::Error::other)
    }
}

impl Stretch {
    fn in_memory(&self, pieces: &[RecordBatch]) -> Option<RecordBatch> {
        match self.place {
            Place::InMemory { piece, row, rows } => Some(pieces.get(piece)?.slice(row, rows)),
            Place::InFile { .. } => None,
        }
    }
}

/// Cuts stretches into groups of about so many bytes each; one that has none is one group without rows.
fn grouped(stretches: &[Stretch], bytes: usize) -> Vec<&[Stretch]> {
    let mut groups = Vec::new();
    let mut rest = stretches;
    loop {
        let mut taken = 0;
        let fits = |stretch: &&Stretch| {
            taken += stretch.bytes;
            taken <= bytes
        };
        let count = rest.iter().take_while(fits).count().max(1).min(rest.len());
        let (group, others) = rest.split_at(count);
        groups.push(group);
        if others.is_empty() {
            return groups;
        }
        rest = others;
    }
}

fn write(
    output: &mut impl Write,
    schema: &SchemaRef,
    rows: &[RecordBatch],
) -> Result<(), ArrowError> {
    let mut writer = StreamWriter::try_new(output, schema)?;
    writer.write(&concat_batches(schema, rows)?)?;
    writer.finish()
}

/// Knows how far a file has been written.
struct Counted {
    output: BufWriter<File>,
    offset: u64,
}

impl Write for Counted {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let length = self.output.write(buffer)?;
        self.offset += length as u64;
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}
