//! A package of one file, which lies anywhere.

use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use kouan_schema::{Files, Folder, Stamp};

use super::described::Described;

/// The file that describes a package.
const DESCRIPTOR: &str = "datapackage.json";

/// A file, and what describes it.
#[derive(Debug)]
pub(crate) struct OneFile {
    /// As the person wrote it.
    path: PathBuf,
    folder: Folder,
    described: Described,
}

impl OneFile {
    pub(crate) fn new(path: &str, described: Described) -> Self {
        let path = PathBuf::from(path);
        let parent = path.parent().unwrap_or_else(|| Path::new(""));
        Self {
            folder: Folder::new(parent),
            described,
            path,
        }
    }

    fn name(&self) -> &str {
        let name = self.path.file_name().and_then(|name| name.to_str());
        name.unwrap_or_default()
    }
}

impl Files for OneFile {
    fn open(&self, path: &str) -> io::Result<Box<dyn Read + Send + '_>> {
        match path {
            DESCRIPTOR => Ok(Box::new(Cursor::new(self.described.text.as_bytes()))),
            path if path == self.described.path => self.folder.open(self.name()),
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn describe(&self, _path: &str) -> String {
        self.path.display().to_string()
    }

    fn size(&self, path: &str) -> Option<u64> {
        (path == self.described.path).then(|| self.folder.size(self.name()))?
    }

    fn stamp(&self, path: &str) -> Option<Stamp> {
        (path == self.described.path).then(|| self.folder.stamp(self.name()))?
    }
}
