//! Tables whose files have not changed are opened without reading them; whatever has changed is noticed.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

use kouan_ingest::Cache;
use kouan_schema::{Files, Folder, Package, Stamp};

use crate::support::{read, table};

const DESCRIPTOR: &str = r#"{"name": "test", "resources": [
    {"name": "t", "path": "t.csv", "schema": {
        "fields": [{"name": "id", "type": "integer"}, {"name": "tonnes", "type": "number"}],
        "foreignKeys": [{"fields": "id", "reference": {"resource": "ids", "fields": "id"}}]}},
    {"name": "ids", "path": "ids.csv", "schema": {"fields": [{"name": "id", "type": "integer"}]}}]}"#;

/// A folder whose files are counted as they are read.
#[derive(Debug)]
struct Counting {
    folder: Folder,
    bytes: AtomicU64,
}

struct Counted<'a>(Box<dyn Read + Send + 'a>, &'a AtomicU64);

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.0.read(buffer)?;
        self.1.fetch_add(length as u64, Ordering::Relaxed);
        Ok(length)
    }
}

impl Files for Counting {
    fn open(&self, path: &str) -> io::Result<Box<dyn Read + Send + '_>> {
        Ok(Box::new(Counted(self.folder.open(path)?, &self.bytes)))
    }

    fn describe(&self, path: &str) -> String {
        self.folder.describe(path)
    }

    fn stamp(&self, path: &str) -> Option<Stamp> {
        self.folder.stamp(path)
    }
}

struct Setting {
    folder: tempfile::TempDir,
    files: Arc<Counting>,
    package: Package,
}

impl Setting {
    /// A table of numbers that refers to another.
    fn new(rows: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let lines = |row: fn(u64) -> String| (0..rows).map(row).collect::<String>();
        let t = lines(|id| format!("{id},{}\n", id * 7919 % 99_991));
        let ids = lines(|id| format!("{id}\n"));
        for (name, text) in [
            ("datapackage.json", DESCRIPTOR.to_string()),
            ("t.csv", format!("id,tonnes\n{t}")),
            ("ids.csv", format!("id\n{ids}")),
        ] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let files = Arc::new(Counting {
            folder: Folder::new(folder.path()),
            bytes: AtomicU64::new(0),
        });
        let package = Package::open(Arc::clone(&files) as Arc<dyn Files>).unwrap();
        Self {
            folder,
            files,
            package,
        }
    }

    fn csv(&self) -> PathBuf {
        self.folder.path().join("t.csv")
    }

    fn seen(&self) -> PathBuf {
        self.folder.path().join("cache/.seen")
    }

    fn ensure(&self) -> PathBuf {
        let cache = Cache::new(self.folder.path().join("cache"));
        cache.ensure(&self.package, table(&self.package)).unwrap()
    }

    /// Opens the table, and tells how many bytes of its CSV files, and of any file, were read for that.
    fn opened(&self) -> (u64, u64) {
        let before = read_by_this_thread();
        self.files.bytes.store(0, Ordering::Relaxed);
        self.ensure();
        let after = read_by_this_thread();
        (self.files.bytes.load(Ordering::Relaxed), after - before)
    }
}

/// Bytes that this thread has read from files, as Linux counts them; elsewhere, 0.
fn read_by_this_thread() -> u64 {
    let text = fs::read_to_string("/proc/thread-self/io").unwrap_or_default();
    let read = text.lines().find_map(|line| line.strip_prefix("rchar: "));
    read.map_or(0, |bytes| bytes.parse().unwrap())
}

/// Longer than the coarsest clock that a stamp is trusted on.
fn let_files_settle() {
    thread::sleep(Duration::from_millis(2100));
}

fn set_modified(path: &Path, time: SystemTime) {
    let file = File::options().write(true).open(path).unwrap();
    file.set_modified(time).unwrap();
}

#[test]
fn what_is_read_to_open_a_table_again_does_not_grow_with_it() {
    let settings = [Setting::new(1_000), Setting::new(200_000)];
    let_files_settle();
    let first = settings.each_ref().map(|setting| setting.opened().0);
    let again = settings.each_ref().map(Setting::opened);
    assert!(first[1] > 100 * first[0], "{first:?}");
    assert_eq!(again.map(|(csv, _)| csv), [0, 0]);
    // Notes, and a footer that has a word on each row group.
    assert!(again[1].1 < 2 * again[0].1 + 2_000, "{again:?}");
    let sizes = settings.map(|setting| fs::metadata(setting.ensure()).unwrap().len());
    assert!(sizes[1] > 20 * sizes[0], "{sizes:?}");
}

#[test]
fn files_of_which_a_change_could_go_unnoticed_are_read_again() {
    let setting = Setting::new(1_000);
    let whole = setting.opened().0;
    // Then they were hashed and converted, now they are hashed.
    assert_eq!(setting.opened().0 * 2, whole);
    // Within a step of a coarse clock, under the same size.
    fs::write(setting.csv(), format!("id,tonnes\n{}", "7,1\n".repeat(500))).unwrap();
    assert_eq!(read(&setting.ensure()).num_rows(), 500);
    fs::write(setting.csv(), format!("id,tonnes\n{}", "8,2\n".repeat(500))).unwrap();
    let tonnes = read(&setting.ensure());
    assert_eq!(
        tonnes.column(1).as_ref(),
        &arrow::array::Float64Array::from(vec![2.0; 500])
    );
}

#[cfg(unix)]
#[test]
fn a_change_of_equal_size_under_an_old_time_is_noticed() {
    let setting = Setting::new(1_000);
    let_files_settle();
    let first = setting.ensure();
    let then = fs::metadata(setting.csv()).unwrap().modified().unwrap();
    let text = fs::read_to_string(setting.csv()).unwrap();
    fs::write(setting.csv(), text.replace("7919", "9197")).unwrap();
    set_modified(&setting.csv(), then);
    let second = setting.ensure();
    assert_ne!(first, second);
    assert_ne!(fs::read(first).unwrap(), fs::read(second).unwrap());
}

#[test]
fn a_touched_file_is_read_but_not_converted_again() {
    let setting = Setting::new(1_000);
    let_files_settle();
    let path = setting.ensure();
    let converted = fs::metadata(&path).unwrap().modified().unwrap();
    set_modified(
        &setting.csv(),
        SystemTime::now() - Duration::from_secs(3600),
    );
    let size = fs::metadata(setting.csv()).unwrap().len();
    assert_eq!(setting.opened().0, size);
    assert_eq!(setting.ensure(), path);
    assert_eq!(
        fs::metadata(&path).unwrap().modified().unwrap(),
        converted,
        "the same file"
    );
}

#[test]
fn a_damaged_file_is_noticed_and_made_anew() {
    let setting = Setting::new(1_000);
    let_files_settle();
    let path = setting.ensure();
    let whole = fs::read(&path).unwrap();
    for index in (0..whole.len()).step_by(whole.len() / 7) {
        let mut garbled = whole.clone();
        garbled[index] ^= 0x20;
        fs::write(&path, garbled).unwrap();
        assert_eq!(setting.ensure(), path);
        assert_eq!(fs::read(&path).unwrap(), whole, "byte {index}");
        assert_eq!(setting.opened().0, 0, "noted again");
    }
}

#[test]
fn a_damaged_note_only_costs_time() {
    let setting = Setting::new(1_000);
    let_files_settle();
    let path = setting.ensure();
    let notes = || {
        fs::read_dir(setting.seen())
            .unwrap()
            .map(|entry| entry.unwrap().path())
    };
    assert_eq!(notes().count(), 3, "two CSV files and a Parquet file");
    for text in ["", "7", "0123456789abcdef0123456789abcdef\n"] {
        for note in notes() {
            fs::write(note, text).unwrap();
        }
        assert_eq!(setting.ensure(), path, "{text:?}");
    }
}

#[test]
fn using_a_table_is_noted_and_unused_notes_go() {
    let setting = Setting::new(1_000);
    let_files_settle();
    setting.ensure();
    let day = Duration::from_secs(24 * 60 * 60);
    let then = SystemTime::now() - 2 * day;
    let notes = || {
        fs::read_dir(setting.seen())
            .unwrap()
            .map(|entry| entry.unwrap().path())
    };
    notes().for_each(|note| set_modified(&note, then));
    assert_eq!(setting.opened().0, 0);
    for note in notes() {
        assert!(fs::metadata(note).unwrap().modified().unwrap() > then + day);
    }
    let unused = setting.seen().join("0123456789abcdef0123456789abcdef");
    fs::write(&unused, "").unwrap();
    set_modified(&unused, SystemTime::now() - 31 * day);
    fs::write(setting.csv(), "id,tonnes\n7,1\n").unwrap();
    setting.ensure();
    assert!(!unused.exists());
}
