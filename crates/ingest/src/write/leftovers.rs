//! What killed conversions left behind.

use std::fs::{self, DirEntry, File};
use std::path::Path;
use std::time::{Duration, SystemTime};

/// How the names of files under way start and end.
pub(crate) const TEMPORARY: (&str, &str) = (".kouan-", ".tmp");

/// How long a file under way may be without its lock: between being made and being locked.
const UNLOCKED: Duration = Duration::from_secs(60);

/// How long one stays where files cannot be locked.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a file of the cache stays that nobody uses.
pub(crate) const UNUSED: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Removes from a folder what nobody works on any more. It is no matter if something cannot be removed.
pub(crate) fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if is_leftover(&entry) {
            let _ = match entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                true => fs::remove_dir_all(entry.path()),
                false => fs::remove_file(entry.path()),
            };
        }
    }
}

fn is_leftover(entry: &DirEntry) -> bool {
    let name = entry.file_name();
    let name = name.to_str().unwrap_or_default();
    is_temporary(name)
        && unused_for(&entry.path())
            .is_some_and(|unused| unused > KEPT || unused > UNLOCKED && is_abandoned(&entry.path()))
}

/// Whether a file is under way to a name of its own.
fn is_temporary(name: &str) -> bool {
    name.starts_with(TEMPORARY.0) && name.ends_with(TEMPORARY.1)
}

/// How long ago a file was written or marked as used.
pub(crate) fn unused_for(path: &Path) -> Option<Duration> {
    let modified = fs::metadata(path).and_then(|metadata| metadata.modified());
    SystemTime::now().duration_since(modified.ok()?).ok()
}

/// Whether the process that made a temporary file or folder has ended; where they cannot be locked, nobody knows.
fn is_abandoned(path: &Path) -> bool {
    let file = match path.is_dir() {
        true => File::open(path),
        false => File::options().read(true).write(true).open(path),
    };
    file.is_ok_and(|file| file.try_lock().is_ok())
}
