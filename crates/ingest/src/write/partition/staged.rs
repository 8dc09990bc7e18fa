//! A folder that takes the place of another in one step.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::error::IngestError;
use crate::write::leftovers;
use crate::write::leftovers::TEMPORARY;
use crate::write::parquet_file::folder_of;

/// How often the place of a folder may be taken or left by others meanwhile.
const ATTEMPTS: usize = 100;

/// A folder with a temporary name, beside the one that it will be.
pub(crate) struct StagedFolder {
    folder: TempDir,
    target: PathBuf,
    /// Locked until the folder has its name or its maker ends, however it ends.
    _lock: Option<File>,
}

impl StagedFolder {
    pub(super) fn create(target: &Path) -> Result<Self, IngestError> {
        check_replaceable(target)?;
        let beside = folder_of(target);
        leftovers::sweep(beside);
        let unwritable = |source| IngestError::FolderUnwritable {
            folder: beside.to_path_buf(),
            source,
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
        // A temporary folder is private by default; the one it becomes is an ordinary one, as the umask has it.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
        let folder = builder.tempdir_in(beside).map_err(unwritable)?;
        let lock = File::open(folder.path()).ok();
        if let Some(lock) = &lock {
            let _ = lock.try_lock();
        }
        Ok(Self {
            folder,
            target: target.to_path_buf(),
            _lock: lock,
        })
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Gives the folder its name; a folder that had it before goes, in one step where the system can exchange names.
    pub(crate) fn persist(self) -> Result<(), IngestError> {
        let failed = |source| IngestError::writing(&self.target, source);
        for folder in folders_in(self.path()).map_err(failed)? {
            // Where a folder cannot be synced, it is as safe as it gets.
            let _ = File::open(folder).and_then(|folder| folder.sync_all());
        }
        // Once more: much may have happened since.
        check_replaceable(&self.target)?;
        let staged = self.folder.path();
        let mut result = Ok(());
        for _ in 0..ATTEMPTS {
            result = match fs::symlink_metadata(&self.target) {
                // The old one then has the temporary name, and goes with it.
                Ok(_) => exchange(staged, &self.target),
                Err(_) => fs::rename(staged, &self.target),
            };
            match &result {
                Err(error) if is_raced(error) => {}
                _ => break,
            }
        }
        result.map_err(failed)?;
        let _ = File::open(folder_of(&self.target)).and_then(|folder| folder.sync_all());
        Ok(())
    }
}

/// Whether another writer has made or removed the target since we looked.
fn is_raced(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::AlreadyExists | io::ErrorKind::DirectoryNotEmpty
    )
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchange(staged: &Path, target: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, staged, CWD, target, RenameFlags::EXCHANGE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => replace(staged, target),
        done => Ok(done?),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchange(staged: &Path, target: &Path) -> io::Result<()> {
    replace(staged, target)
}

/// Replaces a folder in two steps, between which there is none.
fn replace(staged: &Path, target: &Path) -> io::Result<()> {
    let old = staged.join(".old");
    fs::rename(target, &old)?;
    fs::rename(staged, target).inspect_err(|_| {
        let _ = fs::rename(&old, target);
    })?;
    fs::remove_dir_all(target.join(".old"))
}

/// Makes sure that nothing is lost when a folder is replaced: there is none, or all in it are parts of a table.
fn check_replaceable(target: &Path) -> Result<(), IngestError> {
    let failed = |source| IngestError::writing(target, source);
    match fs::metadata(target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(error)),
        Ok(found) if !found.is_dir() => {
            return Err(IngestError::TargetIsFile {
                path: target.to_path_buf(),
            });
        }
        Ok(_) => {}
    }
    let mut foreign = foreign_to_a_table(target);
    for _ in 1..ATTEMPTS {
        match &foreign {
            // It was replaced by another writer while it was looked through.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                foreign = foreign_to_a_table(target);
            }
            _ => break,
        }
    }
    match foreign.map_err(failed)? {
        Some(found) => Err(IngestError::FolderInUse {
            path: target.to_path_buf(),
            found,
        }),
        None => Ok(()),
    }
}

/// Something in a folder that is no part of a table.
fn foreign_to_a_table(target: &Path) -> io::Result<Option<PathBuf>> {
    for folder in folders_in(target)? {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let is_part = match entry.file_type()?.is_dir() {
                true => name.contains('='),
                false => {
                    folder != target && name.starts_with("part-") && name.ends_with(".parquet")
                }
            };
            if !is_part {
                return Ok(Some(entry.path()));
            }
        }
    }
    Ok(None)
}

/// A folder and all folders in it.
fn folders_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut folders = vec![folder.to_path_buf()];
    let mut next = 0;
    while next < folders.len() {
        for entry in fs::read_dir(&folders[next])? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            }
        }
        next += 1;
    }
    Ok(folders)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As on systems that cannot exchange names.
    #[test]
    fn a_folder_is_replaced_in_two_steps_too() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let [target, staged] = ["t", ".kouan-1.tmp"].map(|name| folder.path().join(name));
        for (path, part) in [(&target, "year=1950"), (&staged, "year=1990")] {
            fs::create_dir_all(path.join(part))?;
        }
        replace(&staged, &target)?;
        let names = |path: &Path| -> io::Result<Vec<_>> {
            fs::read_dir(path)?
                .map(|entry| Ok(entry?.file_name()))
                .collect()
        };
        assert_eq!(names(&target)?, ["year=1990"]);
        assert_eq!(names(folder.path())?, ["t"]);
        Ok(())
    }
}
