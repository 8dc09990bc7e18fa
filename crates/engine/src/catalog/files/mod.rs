//! Files of delimited text by their names: read as `kouan describe` describes them, and kept as Parquet.
//!
//! ```text
//! 'x.csv' ─► guess from its beginning ─► a package of one table ─► checked and converted ─► every row is as guessed: done
//!            opened                      one_file                  tables         └─► else described by all rows, then converted
//! ```
//!
//! So a file is mostly read once, and its types hold for all of its rows nevertheless.

mod described;
pub(super) mod faults;
mod one_file;
mod opened;

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use arrow::datatypes::{DataType, FieldRef, Schema};
use datafusion::catalog::TableProvider;
use datafusion::error::{DataFusionError, Result};
use kouan_schema::{Compression, Stamp};

use crate::catalog::converted::Converted;
use crate::catalog::package_tables::PackageTable;
use opened::Opened;

/// The endings of files that hold delimited text.
const ENDINGS: [&str; 6] = ["csv", "tsv", "tab", "psv", "txt", "dat"];

/// Bytes at the beginning of a file without an ending that tell whether it is text.
const BEGINNING: u64 = 1 << 12;

/// The files of delimited text that statements have named.
#[derive(Debug)]
pub(crate) struct TextFiles {
    converted: Arc<Converted>,
    /// By path and stamp, so that a file which has changed is not found.
    known: Mutex<HashMap<(String, String), Arc<PackageTable>>>,
    said: Mutex<HashSet<String>>,
}

impl TextFiles {
    pub(crate) fn new(converted: &Arc<Converted>) -> Self {
        Self {
            converted: Arc::clone(converted),
            known: Mutex::default(),
            said: Mutex::default(),
        }
    }

    /// Whether a file holds delimited text, by its name.
    pub(crate) fn is_text(path: &Path) -> bool {
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.unwrap_or_default().to_lowercase();
        let name = match (Compression::of_name(&name), name.rsplit_once('.')) {
            (Some(_), Some((name, _))) => name,
            _ => &name,
        };
        let ending = name.rsplit_once('.').map(|(_, ending)| ending);
        ending.is_some_and(|ending| ENDINGS.contains(&ending))
    }

    /// The table of a file; nothing if the name is not that of a file of text.
    pub(crate) async fn table(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        let path = Path::new(name);
        if name.contains("://") || !path.is_file() || !(Self::is_text(path) || is_bare_text(path)) {
            return Ok(None);
        }
        let at = SystemTime::now();
        let stamp = Stamp::of(path).ok();
        let key = stamp
            .as_ref()
            .map(|stamp| (name.to_string(), stamp.to_string()));
        let known = |key| self.known().get(key).map(Arc::clone);
        if let Some(table) = key.as_ref().and_then(known) {
            return Ok(Some(table));
        }
        // What has just been written may change without another stamp.
        let kept = key.filter(|_| stamp.is_some_and(|stamp| stamp.is_settled(at)));
        let table = Arc::new(
            self.open(name, kept.as_ref().map(|(_, stamp)| stamp))
                .await?,
        );
        if let Some(key) = kept {
            self.known().insert(key, Arc::clone(&table));
        }
        Ok(Some(table))
    }

    async fn open(&self, name: &str, stamp: Option<&String>) -> Result<PackageTable> {
        let (path, stamp) = (name.to_string(), stamp.cloned());
        let converted = Arc::clone(&self.converted);
        let opened =
            tokio::task::spawn_blocking(move || Opened::of(&path, stamp.as_deref(), &converted))
                .await
                .map_err(|error| DataFusionError::External(Box::new(error)))??;
        for note in &opened.notes {
            self.say(format!("{name}: {note}"));
        }
        let package = Arc::new(opened.package);
        Ok(PackageTable::of_file(
            &package,
            &self.converted,
            opened.made,
        ))
    }

    /// Several files of text are one table by another reader, which knows their first rows. Says so where it gives columns
    /// other types than their cells have.
    pub(crate) async fn compare(&self, name: &str, files: &[PathBuf], set: &Schema) -> Result<()> {
        for file in files {
            let Some(path) = file.to_str() else { continue };
            let Some(table) = self.table(path).await? else {
                continue;
            };
            let own = table.schema();
            let differs = |field: &&FieldRef| {
                let other = set.field_with_name(field.name());
                other.map_or(true, |other| {
                    !is_alike(field.data_type(), other.data_type())
                })
            };
            if let Some(field) = own.fields().iter().find(differs) {
                self.say(format!(
                    "'{name}' means several files of text, whose types are guessed from their first rows; by itself, {path} has \
                     `{}` of type {}, so ask it by its own name if the values look wrong",
                    field.name(),
                    field.data_type()
                ));
            }
        }
        Ok(())
    }

    /// Says something once.
    fn say(&self, note: String) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.insert(note.clone()) {
            self.converted.note(note);
        }
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<(String, String), Arc<PackageTable>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a file without an ending begins as text does: with bytes, of which none is NUL.
fn is_bare_text(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    if name.is_none_or(|name| name.contains('.')) {
        return false;
    }
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(BEGINNING).read_to_end(&mut start));
    read.is_ok() && !start.is_empty() && !start.contains(&0)
}

/// Whether a column of one type is read as well by another: texts are, and whole numbers among others.
fn is_alike(own: &DataType, other: &DataType) -> bool {
    let is_text = |kind: &DataType| {
        matches!(
            kind,
            DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8
        )
    };
    own == other
        || (is_text(own) && is_text(other))
        || (*own == DataType::Int64 && *other == DataType::Float64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_text_are_known_by_their_names() {
        for (name, expected) in [
            ("a.csv", true),
            ("data/A.CSV", true),
            ("a.b.tsv.gz", true),
            ("stops.txt", true),
            ("a.dat.zst", true),
            ("a.parquet", false),
            ("a.csv.zip", false),
            ("csv", false),
            ("a.gz", false),
        ] {
            assert_eq!(TextFiles::is_text(Path::new(name)), expected, "{name}");
        }
    }
}
