//! Damaged packages: files of the corpus and of `tests/fuzz` with bytes changed at random.
//!
//! Whatever the bytes, there is a verdict, soon and in bounded memory, and it is the same for any number of threads. The inputs
//! are the same in every run. `KOUAN_FUZZ_SECONDS=3600 cargo test -p kouan-ingest fuzz` looks for an hour, from another seed each
//! time, which is printed when something is found; what was found is kept as a file in `tests/fuzz`.

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use kouan_ingest::{IngestError, Options};
use kouan_schema::{Files, Package};
use serde_json::Value as Json;

use crate::corpus::{CASES, descriptor, encoded};
use crate::support::Memory;

/// A small generator of random numbers (SplitMix64), so that a seed tells everything.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    fn one_of<'t, T>(&mut self, list: &'t [T]) -> &'t T {
        &list[self.below(list.len())]
    }
}

/// Pieces that mean something in a CSV or in JSON.
const PIECES: &[&[u8]] = &[
    b"\"",
    b"\"\"",
    b",",
    b";",
    b"\n",
    b"\r",
    b"\r\n",
    b"\\",
    b"#",
    b"\0",
    b"\xEF\xBB\xBF",
    b"\xFF\xFE",
    b"\xC3",
    "口".as_bytes(),
    b"-",
    b"1e400",
    b"NaN",
    b"99999999999999999999",
    b"2014-02-30",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b"null",
    b"true",
    b"\"\":",
    b"\\u0000",
    b"1e9",
    b"\"type\"",
    b"\"path\"",
    b"\"fields\"",
    b"../",
    b"%",
];

type File = (String, Vec<u8>);

/// Changes some bytes of one of the files.
fn damage(files: &mut [File], random: &mut Random) {
    for _ in 0..=random.below(6) {
        let index = random.below(files.len());
        let bytes = &mut files[index].1;
        let at = random.below(bytes.len() + 1);
        let until = (at + random.below(12)).min(bytes.len());
        match random.below(7) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..until)),
            2 => {
                let copy = bytes[at..until].repeat(1 + random.below(40));
                bytes.splice(at..at, copy);
            }
            3 => bytes.extend_from_within(at..),
            4 if at < bytes.len() => bytes[at] = random.next() as u8,
            5 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            _ => {
                let piece = *random.one_of(PIECES);
                bytes.splice(at..at, piece.iter().copied());
            }
        }
    }
}

/// The packages that are damaged.
fn packages() -> Vec<Vec<File>> {
    let cases: Vec<Json> = serde_json::from_str(CASES).unwrap();
    let mut packages = Vec::new();
    for case in &cases {
        let mut files = vec![(
            "datapackage.json".to_string(),
            descriptor(case).to_string().into_bytes(),
        )];
        match case.get("files").and_then(Json::as_object) {
            Some(others) => files.extend(
                others
                    .iter()
                    .map(|(path, file)| (path.clone(), encoded(file))),
            ),
            None => {
                let csv = case.get("csv").and_then(Json::as_str).unwrap_or_default();
                files.push(("t.csv".to_string(), csv.as_bytes().to_vec()));
            }
        }
        packages.push(files);
    }
    packages
}

/// What is said of a package, in one text.
fn verdict(files: &[File], threads: usize, row_group_bytes: usize) -> String {
    let memory = Arc::new(Memory::default());
    for (path, bytes) in files {
        memory.set(path, bytes.clone());
    }
    let package = match Package::open(memory as Arc<dyn Files>) {
        Ok(package) => package,
        Err(error) => return error.to_string(),
    };
    let options = Options {
        threads: NonZeroUsize::new(threads),
        row_group_bytes,
        ..Options::default()
    };
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("t.parquet");
    let mut said = String::new();
    for table in package.tables() {
        match kouan_ingest::convert_good_rows(&package, table, &target, &options) {
            Ok(sorted) => {
                assert_eq!(sorted.report.rows, sorted.written + sorted.rejected);
                said.push_str(&format!("{} {:?}\n", sorted.rejected, sorted.report));
            }
            Err(IngestError::Rejected(report)) => said.push_str(&format!("{report:?}\n")),
            Err(error) => said.push_str(&format!("{error}\n")),
        }
    }
    said
}

/// One damaged package; panics if something is wrong with the verdict.
fn try_one(packages: &[Vec<File>], seed: u64) {
    let mut random = Random(seed);
    let mut files = random.one_of(packages).clone();
    damage(&mut files, &mut random);
    let start = Instant::now();
    let whole = verdict(&files, 1, 1 << 20);
    let cut = verdict(&files, 2, 1 + random.below(100));
    assert_eq!(whole.lines().count(), cut.lines().count(), "seed {seed}");
    for (whole, cut) in whole.lines().zip(cut.lines()) {
        // Of a wrong header and a file that breaks off, the one that is met first is told, which depends on the size of a chunk.
        let is_refused = |said: &str| !said.contains("problems_total: 0");
        let breaks_off = [whole, cut]
            .iter()
            .any(|said| said.starts_with("cannot read "));
        let is_told_else = breaks_off && is_refused(whole) && is_refused(cut);
        assert!(whole == cut || is_told_else, "seed {seed}: {whole}\n{cut}");
    }
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "seed {seed} takes too long"
    );
}

#[test]
fn fuzz() {
    let packages = packages();
    for seed in 0..300 {
        try_one(&packages, seed);
    }
    let seconds = std::env::var("KOUAN_FUZZ_SECONDS").ok();
    let seconds = seconds
        .and_then(|seconds| seconds.parse().ok())
        .unwrap_or(0);
    let end = Instant::now() + Duration::from_secs(seconds);
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap();
    let mut random = Random(now.as_nanos() as u64);
    let mut tried = 0_u64;
    while Instant::now() < end {
        let seed = random.next();
        if let Err(panic) = std::panic::catch_unwind(|| try_one(&packages, seed)) {
            panic!("seed {seed} after {tried} others: {panic:?}");
        }
        tried += 1;
    }
}

/// Inputs that were once wrong; each is a CSV of two fields, `a` a text and `b` an integer.
#[test]
fn what_was_found_stays_right() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let descriptor =
            br#"{"resources": [{"name": "t", "type": "table", "path": "t.csv", "schema":
            {"fields": [{"name": "a", "type": "string"}, {"name": "b", "type": "integer"}]}}]}"#;
        let files = [
            ("datapackage.json".to_string(), descriptor.to_vec()),
            ("t.csv".to_string(), std::fs::read(&path).unwrap()),
        ];
        let whole = verdict(&files, 1, 1 << 20);
        for row_group_bytes in 1..40 {
            assert_eq!(
                verdict(&files, 2, row_group_bytes),
                whole,
                "{}",
                path.display()
            );
        }
    }
}
