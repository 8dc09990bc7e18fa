//! What the system knows of a file without reading it, by which a change is noticed.

use std::fmt;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How coarse the clock of a file system may be; FAT's counts in steps of two seconds.
const COARSEST_CLOCK: Duration = Duration::from_secs(2);

/// A file's place, size and times, and on Unix its inode and the time that its inode changed.
///
/// Writing to a file changes its stamp, and so does another file in its place, even one of the same size whose
/// time of modification was set back, where there is an inode to tell. What does not: a change within one step of the file
/// system's clock after the last one ([`Stamp::is_settled`] says when that is past), and damage that the system does not notice.
///
/// The `Display` form is all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    path: PathBuf,
    bytes: u64,
    modified: SystemTime,
    inode: Option<Inode>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Inode {
    number: u64,
    /// Seconds and nanoseconds since 1970.
    changed: (i64, i64),
}

impl Stamp {
    /// The stamp of a file as it is now.
    ///
    /// # Errors
    /// Those of the system, which may not know when a file was modified.
    pub fn of(path: &Path) -> io::Result<Self> {
        let metadata = std::fs::metadata(path)?;
        Ok(Self {
            path: std::path::absolute(path)?,
            bytes: metadata.len(),
            modified: metadata.modified()?,
            inode: Inode::of(&metadata),
        })
    }

    /// Whether every change after a moment would give the file another stamp: its last one lies further back
    /// than the coarsest clock steps. Always false if the file says that it will be changed in the future.
    pub fn is_settled(&self, at: SystemTime) -> bool {
        let is_past = |time| {
            at.duration_since(time)
                .is_ok_and(|age| age > COARSEST_CLOCK)
        };
        let changed = self.inode.and_then(|inode| inode.changed());
        is_past(self.modified) && changed.is_none_or(is_past)
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            bytes,
            modified,
            inode,
        } = self;
        let modified = match modified.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => format!("{}", after.as_nanos()),
            Err(before) => format!("-{}", before.duration().as_nanos()),
        };
        write!(formatter, "{bytes} bytes, modified {modified}")?;
        if let Some(Inode {
            number,
            changed: (seconds, nanoseconds),
        }) = inode
        {
            write!(
                formatter,
                ", inode {number} changed {seconds} {nanoseconds}"
            )?;
        }
        // Last, since it may hold anything.
        write!(formatter, ": {}", path.display())
    }
}

impl Inode {
    #[cfg(unix)]
    fn of(metadata: &Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        Some(Self {
            number: metadata.ino(),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        })
    }

    #[cfg(not(unix))]
    fn of(_: &Metadata) -> Option<Self> {
        None
    }

    fn changed(self) -> Option<SystemTime> {
        let seconds = u64::try_from(self.changed.0).ok()?;
        let nanoseconds = u32::try_from(self.changed.1).ok()?;
        Some(SystemTime::UNIX_EPOCH + Duration::new(seconds, nanoseconds))
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};

    use super::*;

    fn temporary(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("kouan-stamp-{}-{name}", std::process::id()))
    }

    #[test]
    fn a_file_is_settled_once_its_clock_has_ticked() -> io::Result<()> {
        let path = temporary("settled");
        fs::write(&path, "a")?;
        let stamp = Stamp::of(&path)?;
        let after = |seconds| SystemTime::now() + Duration::from_secs(seconds);
        assert!(!stamp.is_settled(SystemTime::now()) && !stamp.is_settled(after(1)));
        assert!(stamp.is_settled(after(3)));
        let file = File::options().write(true).open(&path)?;
        file.set_modified(after(3600))?;
        assert!(!Stamp::of(&path)?.is_settled(after(60)));
        fs::remove_file(path)
    }

    #[cfg(unix)]
    #[test]
    fn a_change_of_equal_size_under_the_same_time_is_another_stamp() -> io::Result<()> {
        let path = temporary("equal");
        let then = SystemTime::now() - Duration::from_secs(3600);
        let write = |text: &str| {
            fs::write(&path, text)?;
            File::options()
                .write(true)
                .open(&path)?
                .set_modified(then)?;
            Stamp::of(&path)
        };
        let first = write("a")?;
        assert_eq!(first, Stamp::of(&path)?);
        std::thread::sleep(Duration::from_millis(30));
        let second = write("b")?;
        assert_eq!(first.modified, second.modified);
        assert_ne!(first, second);
        assert_ne!(first.to_string(), second.to_string());
        fs::remove_file(path)
    }
}
