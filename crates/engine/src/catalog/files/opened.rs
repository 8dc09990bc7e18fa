//! Opens a file of text: its types are known and hold for all of its rows, and in most cases it is converted by then.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::error::{DataFusionError, Result};
use kouan_describe::GuessedFile;
use kouan_ingest::{BlankRows, IngestError, Options};
use kouan_schema::Package;

use super::described::Described;
use super::faults::{self, unreadable};
use super::one_file::OneFile;
use crate::catalog::converted::Converted;
use crate::error::StatementError;

/// A file whose types are known.
pub(super) struct Opened {
    pub(super) package: Package,
    /// The Parquet file of all of its rows, if it has been converted just now.
    pub(super) made: Option<PathBuf>,
    /// What a person should know.
    pub(super) notes: Vec<String>,
}

impl Opened {
    /// Opens a file; its stamp is given if no change of it could go unnoticed.
    pub(super) fn of(name: &str, stamp: Option<&str>, converted: &Converted) -> Result<Self> {
        let kept = stamp.zip(converted.folder());
        if let Some(known) = kept.and_then(|(stamp, cache)| Described::known(stamp, cache)) {
            return Self::described(name, known, None);
        }
        let keep = |described: &Described| {
            if let Some((stamp, cache)) = kept {
                described.keep(stamp, cache);
            }
        };
        let guessed = kouan_describe::guess_file(Path::new(name));
        let guessed = guessed.map_err(|error| unreadable(faults::of_file(name, &error)))?;
        if let Some(guessed) = guessed
            && let Some(opened) = Self::as_guessed(name, &guessed, converted, keep)?
        {
            return Ok(opened);
        }
        let described = Described::of_all_rows(name)?;
        keep(&described);
        Self::described(name, described, None)
    }

    /// Converts a file as its beginning says; nothing if a later row is otherwise.
    fn as_guessed(
        name: &str,
        guessed: &GuessedFile,
        converted: &Converted,
        keep: impl Fn(&Described),
    ) -> Result<Option<Self>> {
        let described = Described::from(guessed.description.clone());
        let opened = Self::described(name, described.clone(), None)?;
        let options = Options {
            blank_rows: BlankRows::Rows,
            guess: Some(guessed),
            ..Options::default()
        };
        let table = &opened.package.tables()[0];
        match converted.ensure_new(&opened.package, table, &options) {
            Ok(made) => {
                keep(&described);
                Ok(Some(Self {
                    made: Some(made),
                    ..opened
                }))
            }
            Err(IngestError::WrongGuess | IngestError::Rejected(_)) => Ok(None),
            Err(error) => Err(DataFusionError::External(Box::new(error))),
        }
    }

    fn described(name: &str, described: Described, made: Option<PathBuf>) -> Result<Self> {
        let notes = described.notes.clone();
        let file = OneFile::new(name, described);
        let package = Package::open(Arc::new(file)).map_err(|error| {
            let said = format!("'{name}' cannot be read: {error}");
            unreadable(StatementError::new(said))
        })?;
        Ok(Self {
            package,
            made,
            notes,
        })
    }
}
