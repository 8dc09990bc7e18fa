//! The cache after crashes, damage, changes and crowds.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime};

use kouan_ingest::{Cache, Fingerprint, IngestError};
use kouan_schema::Package;

use crate::support::{Memory, PORTS, Source, package_of, read, table};

const CSV: &str = "port_id,name,opened,tonnes\na,Alashankou,1990,12.5\nb,,,\n";

struct Setting {
    folder: tempfile::TempDir,
    package: Package,
    files: Arc<Memory>,
}

impl Setting {
    fn new() -> Self {
        let source = Source {
            name: "t",
            schema: PORTS,
            dialect: "{}",
            csv: Some(CSV.as_bytes()),
        };
        let (package, files) = package_of(&[source]);
        Self {
            folder: tempfile::tempdir().unwrap(),
            package,
            files,
        }
    }

    fn cache(&self) -> Cache {
        Cache::new(self.folder.path().join("cache"))
    }

    fn ensure(&self) -> PathBuf {
        self.cache()
            .ensure(&self.package, table(&self.package))
            .unwrap()
    }

    /// The names in the folder of the package's tables.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path().join("cache/test")).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn modified(path: &Path) -> SystemTime {
    fs::metadata(path).unwrap().modified().unwrap()
}

fn make_older(path: &Path, days: u64) -> SystemTime {
    set_age(path, Duration::from_secs(days * 24 * 60 * 60))
}

fn set_age(path: &Path, age: Duration) -> SystemTime {
    let then = SystemTime::now() - age;
    File::options()
        .write(true)
        .open(path)
        .unwrap()
        .set_modified(then)
        .unwrap();
    then
}

#[test]
fn a_table_is_converted_once() {
    let setting = Setting::new();
    let path = setting.ensure();
    let fingerprint = Fingerprint::of(&setting.package, table(&setting.package)).unwrap();
    assert_eq!(
        path,
        setting
            .folder
            .path()
            .join(format!("cache/test/t-{fingerprint}.parquet"))
    );
    assert_eq!(read(&path).num_rows(), 2);
    let first = modified(&path);
    assert_eq!(setting.ensure(), path);
    assert_eq!(modified(&path), first);
}

#[test]
fn a_changed_csv_or_schema_is_another_file() {
    let setting = Setting::new();
    let path = setting.ensure();
    setting.files.set("data/t.csv", format!("{CSV}c,,,\n"));
    let other = setting.ensure();
    assert_eq!((read(&path).num_rows(), read(&other).num_rows()), (2, 3));

    let fingerprint = |schema: &str| {
        let (package, _) = package_of(&[Source {
            name: "t",
            schema,
            dialect: "{}",
            csv: Some(CSV.as_bytes()),
        }]);
        Fingerprint::of(&package, table(&package)).unwrap()
    };
    let changes = [
        ("2100", "2101"),
        (
            "\"name\": \"tonnes\"",
            "\"name\": \"tonnes\", \"unit\": \"t\"",
        ),
        ("[a-z-]", "[a-z]"),
    ];
    for (from, to) in changes {
        assert!(PORTS.contains(from));
        assert_ne!(
            fingerprint(PORTS),
            fingerprint(&PORTS.replace(from, to)),
            "{from}"
        );
    }
}

#[test]
fn a_damaged_file_is_made_anew() {
    let setting = Setting::new();
    let path = setting.ensure();
    let whole = fs::read(&path).unwrap();
    for index in (0..whole.len()).step_by(61) {
        let mut garbled = whole.clone();
        garbled[index] ^= 0x20;
        for damaged in [&whole[..index], &garbled] {
            fs::write(&path, damaged).unwrap();
            assert_eq!(setting.ensure(), path);
            assert_eq!(fs::read(&path).unwrap(), whole, "byte {index}");
        }
    }
}

#[test]
fn a_sound_file_of_another_table_under_the_name_is_made_anew() {
    let setting = Setting::new();
    let path = setting.ensure();
    let whole = fs::read(&path).unwrap();
    setting.files.set("data/t.csv", format!("{CSV}c,,,\n"));
    let other = setting.ensure();
    fs::copy(&other, &path).unwrap();
    setting.files.set("data/t.csv", CSV);
    assert_eq!(setting.ensure(), path);
    assert_eq!(fs::read(&path).unwrap(), whole);
}

#[test]
fn a_killed_conversion_is_not_believed_and_is_cleared_away_in_time() {
    let setting = Setting::new();
    let path = setting.ensure();
    let whole = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    let leftover = path.with_file_name(".kouan-killed.tmp");
    fs::write(&leftover, &whole[..whole.len() / 2]).unwrap();
    assert_eq!(setting.ensure(), path);
    assert!(leftover.exists(), "it may be another process at work");

    fs::remove_file(&path).unwrap();
    make_older(&leftover, 2);
    setting.ensure();
    assert_eq!(
        setting.names(),
        [path.file_name().unwrap().to_str().unwrap()]
    );
}

#[test]
fn a_leftover_is_known_by_its_missing_lock() {
    let setting = Setting::new();
    let path = setting.ensure();
    fs::remove_file(&path).unwrap();
    let [at_work, killed] =
        [".kouan-work.tmp", ".kouan-killed.tmp"].map(|name| path.with_file_name(name));
    let maker = File::create(&at_work).unwrap();
    maker.try_lock().unwrap();
    fs::write(&killed, "PAR1").unwrap();
    for leftover in [&at_work, &killed] {
        set_age(leftover, Duration::from_secs(120));
    }
    assert_eq!(setting.ensure(), path);
    assert_eq!((at_work.exists(), killed.exists()), (true, false));
}

#[test]
fn files_are_removed_when_they_are_old_and_unused() {
    let setting = Setting::new();
    let unused = setting.ensure();
    setting.files.set("data/t.csv", format!("{CSV}c,,,\n"));
    let used = setting.ensure();
    let foreign = used.with_file_name("t-notes.parquet");
    fs::write(&foreign, "mine").unwrap();
    for path in [&unused, &used, &foreign] {
        make_older(path, 31);
    }
    assert_eq!(setting.ensure(), used);
    assert!(
        modified(&used) > SystemTime::now() - Duration::from_secs(60),
        "using it is noted"
    );

    setting.files.set("data/t.csv", format!("{CSV}d,,,\n"));
    setting.ensure();
    assert_eq!(
        (unused.exists(), used.exists(), foreign.exists()),
        (false, true, true)
    );
}

#[test]
fn a_changed_reference_is_checked_again() {
    let places = r#"{"fields": [{"name": "place", "type": "string"}], "primaryKey": "place"}"#;
    let schema = r#"{"fields": [{"name": "place", "type": "string"}],
                     "foreignKeys": [{"fields": "place", "reference": {"resource": "places", "fields": "place"}}]}"#;
    let (package, files) = package_of(&[
        Source {
            name: "places",
            schema: places,
            dialect: "{}",
            csv: Some(b"place\nErenhot\n"),
        },
        Source {
            name: "t",
            schema,
            dialect: "{}",
            csv: Some(b"place\nErenhot\n"),
        },
    ]);
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::new(folder.path().to_path_buf());
    cache.ensure(&package, table(&package)).unwrap();
    files.set("data/places.csv", "place\nManzhouli\n");
    let error = cache.ensure(&package, table(&package)).unwrap_err();
    assert!(matches!(error, IngestError::Rejected(_)), "{error}");
}

#[test]
fn many_at_once_agree() {
    let setting = Setting::new();
    for round in 0..10 {
        setting
            .files
            .set("data/t.csv", format!("{CSV}{},,,\n", "c".repeat(round + 1)));
        let paths: Vec<PathBuf> = thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| setting.ensure())).collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        assert!(paths.windows(2).all(|pair| pair[0] == pair[1]));
        assert_eq!(read(&paths[0]).num_rows(), 3);
    }
    assert!(
        setting
            .names()
            .iter()
            .all(|name| name.ends_with(".parquet"))
    );
}

#[test]
fn a_cache_that_cannot_be_written_is_told_apart_from_bad_data() {
    let setting = Setting::new();
    // A file where the folder should be stops root too, whom permissions do not.
    let blocked = setting.folder.path().join("file");
    fs::write(&blocked, "").unwrap();
    let error = Cache::new(blocked.clone())
        .ensure(&setting.package, table(&setting.package))
        .unwrap_err();
    let IngestError::CacheUnwritable { folder, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(folder, blocked);

    setting.files.set("data/t.csv", format!("{CSV}c,,30000,\n"));
    let error = setting
        .cache()
        .ensure(&setting.package, table(&setting.package))
        .unwrap_err();
    assert!(matches!(error, IngestError::Rejected(_)), "{error}");
    assert!(setting.names().is_empty());
}
