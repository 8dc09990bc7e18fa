//! Where a package's files are read from: a folder, or the binary itself.

pub(crate) mod stamp;

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::PathBuf;

use crate::files::stamp::Stamp;

/// Where a package's files are read from.
///
/// Paths are relative to the package and use `/`; [`Package`](crate::Package) hands out only
/// paths that stay inside it.
pub trait Files: fmt::Debug + Send + Sync {
    /// Opens a file by its package-relative path.
    ///
    /// # Errors
    /// Those of the system; a folder is [`io::ErrorKind::IsADirectory`], and what is neither folder
    /// nor regular file (a pipe, a device) is [`io::ErrorKind::InvalidInput`].
    fn open(&self, path: &str) -> io::Result<Box<dyn Read + Send + '_>>;

    /// How messages name that file: a path that the person can open, if there is one.
    fn describe(&self, path: &str) -> String;

    /// The bytes of a file, if they are known without reading it.
    fn size(&self, _path: &str) -> Option<u64> {
        None
    }

    /// What tells whether a file has changed without reading it, if anything does.
    fn stamp(&self, _path: &str) -> Option<Stamp> {
        None
    }

    /// The whole file.
    ///
    /// # Errors
    /// Those of [`open`](Files::open) and of reading.
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.open(path)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// Files in a folder. Symbolic links in it are followed, wherever they lead.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The folder that holds `datapackage.json`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    fn locate(&self, path: &str) -> PathBuf {
        let parts = path.split('/').filter(|part| *part != ".");
        // `./data/ports.csv` reads worse than `data/ports.csv` in every message.
        let root = self.root.strip_prefix(".").unwrap_or(&self.root);
        parts.fold(root.to_path_buf(), |folder, part| folder.join(part))
    }
}

impl Files for Folder {
    fn open(&self, path: &str) -> io::Result<Box<dyn Read + Send + '_>> {
        let place = self.locate(path);
        // Asked before it is opened: opening a pipe waits for somebody to write to it.
        let kind = fs::metadata(&place)?.file_type();
        // Unix opens a folder without complaint and fails at the first read.
        if kind.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if !kind.is_file() {
            return Err(not_regular());
        }
        Ok(Box::new(File::open(place)?))
    }

    fn describe(&self, path: &str) -> String {
        self.locate(path).display().to_string()
    }

    fn size(&self, path: &str) -> Option<u64> {
        let metadata = fs::metadata(self.locate(path)).ok()?;
        Some(metadata.len())
    }

    fn stamp(&self, path: &str) -> Option<Stamp> {
        Stamp::of(&self.locate(path)).ok()
    }
}

/// A file is read more than once, to know what it holds and to check it, which a pipe does not allow.
fn not_regular() -> io::Error {
    let message = "not a regular file but a pipe, socket or device, which cannot be read twice; \
                   save the data as a file";
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

/// Files that the binary carries.
#[derive(Clone, Copy)]
pub struct Embedded {
    files: &'static [(&'static str, &'static [u8])],
}

impl Embedded {
    /// Files by path, **sorted by path**; one out of order may not be found.
    pub const fn new(files: &'static [(&'static str, &'static [u8])]) -> Self {
        Self { files }
    }

    fn find(&self, path: &str) -> io::Result<&'static [u8]> {
        self.files
            .binary_search_by(|(name, _)| (*name).cmp(path))
            .map(|index| self.files[index].1)
            .map_err(|_| io::ErrorKind::NotFound.into())
    }
}

impl Files for Embedded {
    fn open(&self, path: &str) -> io::Result<Box<dyn Read + Send + '_>> {
        Ok(Box::new(self.find(path)?))
    }

    fn describe(&self, path: &str) -> String {
        format!("embedded:{path}")
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.find(path).ok().map(|bytes| bytes.len() as u64)
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.find(path).map(<[u8]>::to_vec)
    }
}

impl fmt::Debug for Embedded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.files.iter().map(|(name, _)| name);
        formatter.debug_set().entries(names).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMBEDDED: Embedded = Embedded::new(&[("data/a.csv", b"x\n1\n"), ("data/b.csv", b"")]);

    #[test]
    fn embedded_files_are_found_by_path() -> io::Result<()> {
        assert_eq!(EMBEDDED.read("data/a.csv")?, b"x\n1\n");
        assert_eq!(EMBEDDED.read("data/b.csv")?, b"");
        let missing = EMBEDDED.read("data/c.csv").map_err(|error| error.kind());
        assert_eq!(missing, Err(io::ErrorKind::NotFound));
        assert_eq!(EMBEDDED.describe("data/a.csv"), "embedded:data/a.csv");
        assert_eq!(format!("{EMBEDDED:?}"), r#"{"data/a.csv", "data/b.csv"}"#);
        Ok(())
    }

    #[test]
    fn a_folder_reads_its_files_and_refuses_folders() -> io::Result<()> {
        let folder = Folder::new(env!("CARGO_MANIFEST_DIR"));
        assert!(folder.read("src/lib.rs")?.starts_with(b"//!"));
        let kind = |path: &str| folder.read(path).map_err(|error| error.kind());
        assert_eq!(kind("src"), Err(io::ErrorKind::IsADirectory));
        assert_eq!(kind("src/none.rs"), Err(io::ErrorKind::NotFound));
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_refuses_devices() -> io::Result<()> {
        let refused = Folder::new("/dev").read("zero");
        assert_eq!(
            refused.map_err(|error| error.kind()),
            Err(io::ErrorKind::InvalidInput)
        );
        Ok(())
    }

    #[test]
    fn a_folder_describes_files_as_one_would_type_them() {
        let describe = |root: &str| Folder::new(root).describe("data/a.csv").replace('\\', "/");
        assert_eq!(describe("."), "data/a.csv");
        assert_eq!(describe(""), "data/a.csv");
        assert_eq!(describe("./mine"), "mine/data/a.csv");
        assert_eq!(describe("/tmp/mine/"), "/tmp/mine/data/a.csv");
    }
}
