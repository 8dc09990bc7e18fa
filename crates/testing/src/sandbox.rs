//! A folder that stands for a person's machine: a home, a place to work, files to find.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A temporary home and working folder; both go when it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    folder: TempDir,
}

impl Sandbox {
    /// Makes empty folders.
    ///
    /// # Errors
    /// The temporary folder cannot be written.
    pub fn new() -> io::Result<Self> {
        let folder = TempDir::new()?;
        fs::create_dir(folder.path().join("home"))?;
        fs::create_dir(folder.path().join("work"))?;
        Ok(Self { folder })
    }

    /// The person's home.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// The folder that programs start in.
    pub fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// Writes a file below the working folder, with the folders on its way.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, path: impl AsRef<Path>, contents: impl AsRef<[u8]>) -> io::Result<PathBuf> {
        let path = self.work().join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, contents)?;
        Ok(path)
    }

    /// Writes a data package of one table `things` in a folder: its fields as Table Schema
    /// JSON, its rows as CSV.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn package(&self, folder: &str, fields: &str, csv: impl AsRef<[u8]>) -> io::Result<()> {
        self.write(
            format!("{folder}/datapackage.json"),
            r#"{"name": "sample", "resources": [{"name": "things", "path": "data/things.csv", "schema": "schemas/things.json"}]}"#,
        )?;
        self.write(
            format!("{folder}/schemas/things.json"),
            format!(r#"{{"fields": [{fields}]}}"#),
        )?;
        self.write(format!("{folder}/data/things.csv"), csv)?;
        Ok(())
    }
}
