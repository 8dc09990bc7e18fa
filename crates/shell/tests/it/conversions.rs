//! Conversions that are killed, crowded, short of room or stopped: the old file or the new one, never a third thing.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use kouan_testing::{Run, Sandbox};

use crate::killing::{kill_at_any_moment, names};
use crate::{KOUAN, answered, kouan};

const FIELDS: &str = r#"{"name": "id", "type": "integer", "constraints": {"unique": true}},
    {"name": "place", "type": "string"}, {"name": "tonnes", "type": "number"}"#;

/// A table that differs from round to round.
fn csv(rows: u64, round: u64) -> String {
    let row = |id: u64| format!("{id},place {},{}\n", id % 50 + round, id * 7919 % 99_991);
    format!(
        "id,place,tonnes\n{}",
        (0..rows).map(row).collect::<String>()
    )
}

/// Two packages of the same table, and what each one's Parquet file is.
struct Setting {
    sandbox: Sandbox,
    files: [Vec<u8>; 2],
    /// How long a conversion takes.
    time: Duration,
}

impl Setting {
    fn new(rows: u64) -> io::Result<Self> {
        let sandbox = Sandbox::new()?;
        let mut files = [Vec::new(), Vec::new()];
        let mut time = Duration::ZERO;
        for (round, file) in files.iter_mut().enumerate() {
            sandbox.package(&format!("p{round}"), FIELDS, csv(rows, round as u64))?;
            let start = Instant::now();
            let package = format!("p{round}");
            let arguments = ["convert", "--package", &package, "--out", "out"];
            assert_eq!(kouan(&sandbox, &arguments)?.code, Some(0));
            time = start.elapsed();
            *file = fs::read(sandbox.work().join("out/things.parquet"))?;
        }
        assert_ne!(files[0], files[1]);
        Ok(Self {
            sandbox,
            files,
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
            .args([
                "convert",
                "--package",
                &format!("p{package}"),
                "--out",
                "out",
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
    }

    /// Which package's file is there now.
    fn present(&self) -> io::Result<usize> {
        let file = fs::read(self.out().join("things.parquet"))?;
        let known = self.files.iter().position(|known| *known == file);
        known.ok_or_else(|| io::Error::other(format!("a third thing of {} bytes", file.len())))
    }
}

#[test]
fn killed_a_hundred_times_at_any_moment() -> io::Result<()> {
    let setting = Setting::new(4_000)?;
    let (present, start) = (|| setting.present(), |package| setting.start(package));
    kill_at_any_moment(100, setting.time, present, start)
}

#[test]
fn what_was_left_behind_is_cleared_away() -> io::Result<()> {
    let setting = Setting::new(100)?;
    let leftover = setting.out().join(".kouan-killed.tmp");
    fs::write(&leftover, "PAR1")?;
    let old = std::time::SystemTime::now() - Duration::from_secs(120);
    fs::File::options()
        .write(true)
        .open(&leftover)?
        .set_modified(old)?;
    setting.start(0)?.wait()?;
    assert_eq!(names(&setting.out())?, ["things.parquet"]);
    Ok(())
}

#[test]
fn two_writers_at_once() -> io::Result<()> {
    let setting = Setting::new(4_000)?;
    for _ in 0..5 {
        let mut writers = vec![setting.start(0)?, setting.start(1)?, setting.start(0)?];
        while let Some(writer) = writers.last_mut() {
            setting.present()?;
            if let Some(status) = writer.try_wait()? {
                assert!(status.success());
                writers.pop();
            }
        }
        setting.present()?;
    }
    assert_eq!(names(&setting.out())?, ["things.parquet"]);
    Ok(())
}

#[test]
fn no_room_for_the_file() -> io::Result<()> {
    let setting = Setting::new(20_000)?;
    // Without the signal, writing beyond the limit fails as it does on a full disk.
    let script = r#"trap '' XFSZ; ulimit -f 8; exec "$0" convert --package p0 --out out"#;
    let outcome = Run::new("sh", &setting.sandbox)
        .args(["-c", script, KOUAN])
        .outcome()?;
    assert_eq!(outcome.code, Some(2));
    assert_eq!(
        outcome.stderr,
        "error: cannot write out/things.parquet: File too large (os error 27)\n"
    );
    assert_eq!(setting.present()?, 1);
    assert_eq!(names(&setting.out())?, ["things.parquet"]);
    Ok(())
}

#[test]
fn ctrl_c_leaves_the_old_file_and_nothing_else() -> io::Result<()> {
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
    assert_eq!(names(&setting.out())?, ["things.parquet"]);
    Ok(())
}

#[test]
fn bad_rows_are_rejected_and_counted() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    sandbox.package(
        "p",
        FIELDS,
        "id,place,tonnes\n1,a,5\n2,b,many\n1,c,\n3,d,7\n",
    )?;
    let arguments = [
        "convert",
        "--package",
        "p",
        "--out",
        "out",
        "--format",
        "csv",
    ];
    let outcome = kouan(
        &sandbox,
        &[&arguments[..], &["--on-error", "reject"]].concat(),
    )?;
    assert_eq!(outcome.code, Some(0));
    assert_eq!(
        outcome.stdout,
        "table,rows,written,rejected,result\nthings,4,2,2,out/things.parquet\n"
    );
    assert_eq!(
        outcome.stderr,
        "note: table things: 2 of 4 rows rejected for 2 problems; \
         see out/things.rejects.csv, out/things.rejects.parquet\n"
    );
    assert_eq!(
        fs::read_to_string(sandbox.work().join("out/things.rejects.csv"))?,
        "id,place,tonnes\n2,b,many\n1,c,\n"
    );
    let asked =
        "SELECT reject, line, field, rule FROM 'out/things.rejects.parquet' ORDER BY reject";
    assert_eq!(
        kouan(&sandbox, &["-c", asked, "--format", "csv"])?,
        answered(
            "reject,line,field,rule\n1,3,tonnes,not a number\n\
             2,4,id,same as in line 2; values must be unique\n"
        )
    );
    let outcome = kouan(
        &sandbox,
        &[&arguments[..], &["--on-error", "stop"]].concat(),
    )?;
    assert_eq!(outcome.code, Some(2));
    Ok(())
}

#[test]
fn a_layout_changes_the_order_of_rows_alone() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    let rows = "id,place,tonnes\n1,Tumen,5\n2,Heihe,\n3,Tumen,7\n4,Heihe,8\n";
    sandbox.package("p", FIELDS, rows)?;
    let convert = |layout| {
        let arguments = [
            "convert",
            "--package",
            "p",
            "--out",
            layout,
            "--layout",
            layout,
        ];
        kouan(&sandbox, &arguments)
    };
    for (layout, ids) in [("compact", "1\n2\n3\n4\n"), ("fast", "2\n4\n1\n3\n")] {
        assert_eq!(convert(layout)?.code, Some(0));
        let asked = format!("SELECT id FROM '{layout}/things.parquet'");
        assert_eq!(
            kouan(&sandbox, &["-c", &asked, "--format", "csv"])?,
            answered(&format!("id\n{ids}"))
        );
    }
    let unknown = convert("quick")?;
    assert_eq!(unknown.code, Some(2));
    assert!(
        unknown.stderr.contains("[possible values: compact, fast]"),
        "{unknown:?}"
    );
    Ok(())
}
