//! Tables as folders: read back as one table, and the old folder or the new one whatever happens to the writer.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use kouan_testing::{Run, Sandbox};

use crate::killing::{kill_at_any_moment, names};
use crate::{KOUAN, answered, kouan};

const FIELDS: &str = r#"{"name": "id", "type": "integer", "constraints": {"unique": true}},
    {"name": "place", "type": "string"}, {"name": "year", "type": "year"}, {"name": "tonnes", "type": "number"}"#;

const ARGUMENTS: [&str; 5] = ["convert", "--out", "out", "--partition-by", "year,place"];

/// A table that differs from round to round, in its rows and its folders.
fn csv(rows: u64, round: u64) -> String {
    let row = |id: u64| {
        let place = if id.is_multiple_of(5) {
            ""
        } else {
            "Erenhot / 二连"
        };
        format!(
            "{id},{place},{},{}\n",
            1950 + id % 4 + round,
            id * 7919 % 99_991
        )
    };
    format!(
        "id,place,year,tonnes\n{}",
        (0..rows).map(row).collect::<String>()
    )
}

type Folder = BTreeMap<PathBuf, Vec<u8>>;

/// All files below a folder.
fn files(folder: &Path) -> io::Result<Folder> {
    let mut found = Folder::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            let below = files(&path)?.into_iter();
            found.extend(below.map(|(name, bytes)| {
                let folder = path.file_name().unwrap_or_default();
                (Path::new(folder).join(name), bytes)
            }));
        } else {
            let name = path.file_name().unwrap_or_default();
            found.insert(name.into(), fs::read(&path)?);
        }
    }
    Ok(found)
}

/// Two packages of the same table, and what each one's folder is.
struct Setting {
    sandbox: Sandbox,
    folders: [Folder; 2],
    /// How long a conversion takes.
    time: Duration,
}

impl Setting {
    fn new(rows: u64) -> io::Result<Self> {
        let sandbox = Sandbox::new()?;
        let mut folders = [Folder::new(), Folder::new()];
        let mut time = Duration::ZERO;
        for (round, folder) in folders.iter_mut().enumerate() {
            let package = format!("p{round}");
            sandbox.package(&package, FIELDS, csv(rows, round as u64))?;
            let start = Instant::now();
            let arguments = [&ARGUMENTS[..], &["--package", &package]].concat();
            assert_eq!(kouan(&sandbox, &arguments)?.code, Some(0));
            time = start.elapsed();
            *folder = files(&sandbox.work().join("out/things"))?;
        }
        assert_ne!(folders[0], folders[1]);
        Ok(Self {
            sandbox,
            folders,
            time,
        })
    }

    fn out(&self) -> PathBuf {
        self.sandbox.work().join("out")
    }

    fn start(&self, package: usize) -> io::Result<Child> {
        Command::new(KOUAN)
            .current_dir(self.sandbox.work())
            .env("HOME", self.sandbox.home())
            .args(ARGUMENTS)
            .args(["--package", &format!("p{package}")])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
    }

    /// Which package's folder is there now.
    fn present(&self) -> io::Result<usize> {
        let found = files(&self.out().join("things"))?;
        let known = self.folders.iter().position(|known| *known == found);
        known.ok_or_else(|| io::Error::other(format!("a third thing: {:?}", found.keys())))
    }
}

#[test]
fn killed_at_any_moment() -> io::Result<()> {
    let setting = Setting::new(4_000)?;
    let (present, start) = (|| setting.present(), |package| setting.start(package));
    kill_at_any_moment(60, setting.time, present, start)?;

    // What they left behind goes with the next conversion, once it is old enough to be of nobody.
    let old = std::time::SystemTime::now() - Duration::from_secs(120);
    for name in names(&setting.out())? {
        if name.starts_with(".kouan-") {
            fs::File::open(setting.out().join(name))?.set_modified(old)?;
        }
    }
    setting.start(0)?.wait()?;
    assert_eq!(names(&setting.out())?, ["things"]);
    assert_eq!(setting.present()?, 0);
    Ok(())
}

#[test]
fn two_writers_at_once() -> io::Result<()> {
    let setting = Setting::new(4_000)?;
    for _ in 0..5 {
        let mut writers = vec![setting.start(0)?, setting.start(1)?, setting.start(0)?];
        while let Some(writer) = writers.last_mut() {
            if let Some(status) = writer.try_wait()? {
                assert!(status.success());
                writers.pop();
            }
        }
        setting.present()?;
    }
    assert_eq!(names(&setting.out())?, ["things"]);
    Ok(())
}

#[test]
fn no_room_for_the_files() -> io::Result<()> {
    let setting = Setting::new(20_000)?;
    // Without the signal, writing beyond the limit fails as it does on a full disk.
    let script = r#"trap '' XFSZ; ulimit -f 8; exec "$0" convert --package p0 --out out --partition-by year,place"#;
    let outcome = Run::new("sh", &setting.sandbox)
        .args(["-c", script, KOUAN])
        .outcome()?;
    assert_eq!(outcome.code, Some(2));
    assert_eq!(
        outcome.stderr,
        "error: cannot write out/things: File too large (os error 27)\n"
    );
    assert_eq!(setting.present()?, 1);
    assert_eq!(names(&setting.out())?, ["things"]);
    Ok(())
}

#[test]
fn ctrl_c_leaves_the_old_folder_and_nothing_else() -> io::Result<()> {
    let setting = Setting::new(300_000)?;
    let mut child = setting.start(0)?;
    while names(&setting.out())?.len() < 2 {
        thread::sleep(Duration::from_millis(1));
    }
    let number = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &number])
            .status()?
            .success()
    );
    assert_eq!(child.wait()?.code(), Some(130));
    assert_eq!(setting.present()?, 1);
    assert_eq!(names(&setting.out())?, ["things"]);
    Ok(())
}

#[test]
fn a_folder_is_a_table_with_the_types_of_its_schema() -> io::Result<()> {
    let setting = Setting::new(1_000)?;
    let ask = |sql: &str| kouan(&setting.sandbox, &["-c", sql, "--format", "csv"]);
    // By hand: years 1951 to 1954 in turn, a fifth of the rows without a place.
    let counts = "1951,200\n1952,200\n1953,200\n1954,200\n";
    for name in [
        "out/things",
        "out/things/*/*/*.parquet",
        "out/things/**/*.parquet",
        "o?t/th*/**/part-*",
    ] {
        let sql = format!("SELECT year, count(place) FROM '{name}' GROUP BY year ORDER BY year");
        assert_eq!(
            ask(&sql)?,
            answered(&format!("year,count(place)\n{counts}")),
            "{name}"
        );
    }
    for (condition, rows) in [
        ("year = 1951", 250),
        ("place IS NULL", 200),
        ("place = 'Erenhot / 二连' AND year > 1952", 400),
        ("place <> 'Mohe'", 800),
        ("year = 1949", 0),
    ] {
        let sql = format!("SELECT count(*) AS rows FROM 'out/things' WHERE {condition}");
        assert_eq!(
            ask(&sql)?,
            answered(&format!("rows\n{rows}\n")),
            "{condition}"
        );
    }
    let types = "SELECT arrow_typeof(id), arrow_typeof(place), arrow_typeof(year) FROM 'out/things' LIMIT 1";
    let answer = ask(types)?;
    assert_eq!(answer.stdout.lines().nth(1), Some("Int64,Utf8,Int32"));
    Ok(())
}

#[test]
fn what_is_no_table_is_told() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    for path in ["a/x=1/t.csv", "a/t.csv", "b/x=1/t.csv", "b/x=1/t.json"] {
        sandbox.write(path, "n\n1\n")?;
    }
    for (name, message) in [
        ("a/*/*.parquet", "error: no file matches 'a/*/*.parquet'\n"),
        (
            "a/**/*.csv",
            "a/t.csv and a/x=1/t.csv lie in folders of different fields, so that they are not one table",
        ),
        (
            "b/",
            "'b/' means files of several kinds, such as b/x=1/t.csv and b/x=1/t.json; end it with /*.parquet or the like",
        ),
    ] {
        let outcome = kouan(&sandbox, &["-c", &format!("FROM '{name}'")])?;
        assert_eq!(outcome.code, Some(1));
        assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
    }
    let outcome = kouan(&sandbox, &["-c", "FROM 'b/*/*.csv'", "--format", "csv"])?;
    assert_eq!(outcome, answered("n,x\n1,1\n"));
    Ok(())
}
