//! How a file is read: found out once, and kept in the cache for as long as the file is the same.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use datafusion::error::Result;
use kouan_describe::FileDescription;
use serde_json::{Value as Json, json};

use super::faults::{self, unreadable};

/// The name of the folder in the cache; no SQL schema can have it.
const FOLDER: &str = ".described";

/// Raised when files come to be described in another way within one version of the program.
const READING: u32 = 2;

/// What is known of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Described {
    /// The text of a package's description.
    pub(crate) text: String,
    /// What it calls the file.
    pub(crate) path: String,
    /// What a person should know.
    pub(crate) notes: Vec<String>,
}

impl Described {
    /// What is known of a file that has this stamp.
    pub(crate) fn known(stamp: &str, cache: &Path) -> Option<Self> {
        Kept { cache, stamp }.read()
    }

    /// Keeps what is known. It is no matter if this fails.
    pub(crate) fn keep(&self, stamp: &str, cache: &Path) {
        let _ = Kept { cache, stamp }.write(self);
    }

    /// Describes a file by all of its rows.
    pub(crate) fn of_all_rows(name: &str) -> Result<Self> {
        let found = kouan_describe::describe_file(Path::new(name));
        let found = found.map_err(|error| unreadable(faults::of_file(name, &error)))?;
        if let Some(fault) = found.fault {
            return Err(unreadable(faults::of_row(name, &fault)));
        }
        Ok(Self::from(found))
    }
}

impl From<FileDescription> for Described {
    fn from(found: FileDescription) -> Self {
        Self {
            text: found.text,
            path: found.path,
            notes: found.notes,
        }
    }
}

/// A description in the cache.
struct Kept<'a> {
    cache: &'a Path,
    stamp: &'a str,
}

impl Kept<'_> {
    /// Of this version of the program: another may describe the same file otherwise.
    fn key(&self) -> String {
        format!("{} {READING} {}", env!("CARGO_PKG_VERSION"), self.stamp)
    }

    fn file(&self) -> PathBuf {
        let mut hasher = DefaultHasher::new();
        self.key().hash(&mut hasher);
        let name = format!("{:016x}.json", hasher.finish());
        self.cache.join(FOLDER).join(name)
    }

    fn read(&self) -> Option<Described> {
        let bytes = fs::read(self.file()).ok()?;
        let kept: Json = serde_json::from_slice(&bytes).ok()?;
        // Two keys may have one name.
        if kept["key"] != self.key() {
            return None;
        }
        let notes = kept["notes"].as_array()?.iter();
        Some(Described {
            text: kept["description"].as_str()?.to_string(),
            path: kept["path"].as_str()?.to_string(),
            notes: notes
                .map(|note| note.as_str().map(str::to_string))
                .collect::<Option<_>>()?,
        })
    }

    fn write(&self, described: &Described) -> io::Result<()> {
        let file = self.file();
        let folder = self.cache.join(FOLDER);
        fs::create_dir_all(&folder)?;
        let kept = json!({
            "key": self.key(),
            "description": described.text,
            "path": described.path,
            "notes": described.notes,
        });
        let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
        write!(temporary, "{kept}")?;
        temporary.persist(file)?;
        Ok(())
    }
}
