//! What files held when they were last read, so that those that have not changed since need not be read again.
//!
//! A note is a small file whose name is the hash of the [`Stamp`]s of the files that were read, and which holds the hash of their
//! bytes. So a note can be missing or damaged but never out of date: files that have changed have other stamps.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use kouan_schema::{Package, Stamp, Table};

use crate::error::IngestError;
use crate::read::fingerprint::Fingerprint;
use crate::read::hash::Hash;
use crate::read::source::{hash_data, stamps};
use crate::write::leftovers::{self, unused_for};
use crate::write::parquet_file::{FinishedFile, is_made_from, temporary_beside};
use crate::write::seal;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The name of the folder in the cache; no SQL schema can have it.
const FOLDER: &str = ".seen";

/// Makes the write of a file of our own, and every later one by others, lie apart on any clock.
const SET_BACK: Duration = Duration::from_secs(10);

/// The notes of a cache. Where they cannot be written, all files are read each time.
#[derive(Debug)]
pub(crate) struct Seen {
    folder: PathBuf,
}

impl Seen {
    pub(crate) fn new(cache: &Path) -> Self {
        Self {
            folder: cache.join(FOLDER),
        }
    }

    /// The hash of a table's data, which are read unless a note tells it.
    pub(crate) fn data(&self, package: &Package, table: &Table) -> Result<u128, IngestError> {
        let read = || hash_data(package, table);
        match self.look(|| stamps(package, table)) {
            Look::Known(hash) => Ok(hash),
            Look::New(look) => {
                let hash = read()?;
                look.note(hash);
                Ok(hash)
            }
            Look::Unstamped => read(),
        }
    }

    /// What `convert` makes of a table, whose data it reads and whose hash it gives; none if a note tells what they are.
    pub(crate) fn unless_read<T>(
        &self,
        package: &Package,
        table: &Table,
        convert: impl FnOnce() -> Result<(T, u128), IngestError>,
    ) -> Result<Option<T>, IngestError> {
        match self.look(|| stamps(package, table)) {
            Look::Known(_) => Ok(None),
            Look::New(look) => {
                let (made, hash) = convert()?;
                look.note(hash);
                Ok(Some(made))
            }
            Look::Unstamped => Ok(Some(convert()?.0)),
        }
    }

    /// Whether a Parquet file is there, whole, and made from what the fingerprint says.
    ///
    /// All of it is read unless a note says that this was done; then its footer is.
    pub(crate) fn is_sound(&self, path: &Path, fingerprint: Fingerprint) -> bool {
        match self.look(|| Some(vec![Stamp::of(path).ok()?])) {
            Look::Known(hash) if hash == fingerprint.0 => is_made_from(path, fingerprint),
            Look::Known(_) | Look::Unstamped => false,
            Look::New(look) => {
                let is_sound = seal::is_intact_at(path) && is_made_from(path, fingerprint);
                if is_sound && !look.note(fingerprint.0) {
                    touch(path);
                }
                is_sound
            }
        }
    }

    /// Gives a new file its name and notes that it is sound.
    pub(crate) fn persist(
        &self,
        file: FinishedFile,
        path: &Path,
        fingerprint: Fingerprint,
    ) -> Result<(), IngestError> {
        // Whoever writes to it from now on changes its time, even within the step of the clock that it is made in.
        let is_set_back = file.set_modified(SystemTime::now() - SET_BACK).is_ok();
        file.persist(path)?;
        if is_set_back && let Ok(stamp) = Stamp::of(path) {
            self.write(&self.note(&[stamp]), fingerprint.0);
        }
        Ok(())
    }

    /// How long ago a Parquet file was written or last used.
    pub(crate) fn unused_for(&self, path: &Path) -> Option<Duration> {
        let noted = Stamp::of(path).ok();
        let noted = noted.and_then(|stamp| unused_for(&self.note(&[stamp])));
        unused_for(path).into_iter().chain(noted).min()
    }

    fn look<S: Fn() -> Option<Vec<Stamp>>>(&self, stamps: S) -> Look<'_, S> {
        let at = SystemTime::now();
        let Some(before) = stamps() else {
            return Look::Unstamped;
        };
        let note = self.note(&before);
        match read(&note) {
            Some(hash) => {
                touch(&note);
                Look::Known(hash)
            }
            None => Look::New(NewLook {
                seen: self,
                stamps,
                at,
                before,
            }),
        }
    }

    /// Where the note on files with certain stamps is.
    fn note(&self, stamps: &[Stamp]) -> PathBuf {
        let mut hash = Hash::new();
        for stamp in stamps {
            hash.write_part(stamp.to_string().as_bytes());
        }
        self.folder.join(format!("{:032x}", hash.finish()))
    }

    /// Writes a note, and removes those that are no longer used. It is no matter if this fails.
    fn write(&self, note: &Path, hash: u128) {
        let written = || -> io::Result<()> {
            fs::create_dir_all(&self.folder)?;
            let mut file = temporary_beside(note).map_err(io::Error::other)?;
            writeln!(file, "{hash:032x}")?;
            file.persist(note)?;
            Ok(())
        };
        let _ = written();
        leftovers::sweep(&self.folder);
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            if unused_for(&entry.path()).is_some_and(|unused| unused > leftovers::UNUSED) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// What notes say of files.
enum Look<'a, S> {
    Known(u128),
    /// They have to be read.
    New(NewLook<'a, S>),
    /// They have to be read each time.
    Unstamped,
}

/// Files that are being read.
struct NewLook<'a, S> {
    seen: &'a Seen,
    stamps: S,
    /// A moment before their stamps were taken.
    at: SystemTime,
    before: Vec<Stamp>,
}

impl<S: Fn() -> Option<Vec<Stamp>>> NewLook<'_, S> {
    /// Notes what was read, unless the files have been changed meanwhile, or so shortly before that another change could go
    /// unnoticed. True if it was noted.
    fn note(self, hash: u128) -> bool {
        let is_settled = self.before.iter().all(|stamp| stamp.is_settled(self.at));
        let is_certain = is_settled && (self.stamps)().is_some_and(|after| after == self.before);
        if is_certain {
            self.seen.write(&self.seen.note(&self.before), hash);
        }
        is_certain
    }
}

/// What a note holds: 32 hexadecimal digits and a line break, else it was cut short.
fn read(note: &Path) -> Option<u128> {
    let text = fs::read_to_string(note).ok()?;
    let digits = text.strip_suffix('\n').filter(|text| text.len() == 32)?;
    u128::from_str_radix(digits, 16).ok()
}

/// Notes that a file is in use, at most once a day; in a read-only cache it cannot be, nor removed.
fn touch(path: &Path) {
    if unused_for(path).is_some_and(|unused| unused > DAY) {
        let _ = fs::File::options()
            .write(true)
            .open(path)
            .and_then(|file| file.set_modified(SystemTime::now()));
    }
}
