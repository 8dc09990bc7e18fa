//! Wherever an answer goes, half of one is not taken for a whole one.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use kouan_render::{FORMATS, Format};

use super::{HOWS, How, Place, Tested, assert_broke_off, faults, run};
use crate::commands::fill::fill_in;
use crate::commands::test::{Asked, test_in};
use crate::exit::{Exit, Failure};
use crate::meta;

const OLD: &str = "what was there before\n";
const ALL: &str = "SELECT i FROM broken";

#[test]
fn an_older_file_stays() -> Tested {
    for (seed, format) in FORMATS.iter().enumerate() {
        for fault in faults(seed as u64) {
            let place = Place::new()?;
            let out = place.path("answer");
            fs::write(&out, OLD)?;
            let before = names(place.folder.path())?;
            let mut shell = place.shell(fault, Some(&out), Some(format))?;
            // `kouan -o` closes its output only when all statements were answered.
            let failure = run(&mut shell, ALL).err();
            drop(shell);
            assert_broke_off(failure, fault, format.name);
            assert_eq!(fs::read_to_string(&out)?, OLD, "{} {fault:?}", format.name);
            assert_eq!(names(place.folder.path())?, before, "nothing half is left");
        }
    }
    Ok(())
}

#[test]
fn with_keep_going_the_file_holds_whole_answers_only() -> Tested {
    for format in FORMATS {
        for fault in faults(1) {
            let place = Place::new()?;
            let (out, expected) = (place.path("answer"), place.path("expected"));
            let sound = "SELECT count(*) AS n FROM sound";
            let mut shell = place.shell(fault, Some(&expected), Some(format))?;
            run(&mut shell, sound)?;
            shell.output.close(false)?;

            let mut shell = place.shell(fault, Some(&out), Some(format))?;
            shell.keep_going = true;
            run(&mut shell, ALL)?;
            run(&mut shell, sound)?;
            assert_eq!(shell.first_failure, Some(Exit::Failed));
            shell.output.close(true)?;
            assert_eq!(
                fs::read(&out)?,
                fs::read(&expected)?,
                "{} {fault:?}",
                format.name
            );

            fs::write(&out, OLD)?;
            let mut shell = place.shell(fault, Some(&out), Some(format))?;
            shell.keep_going = true;
            run(&mut shell, ALL)?;
            shell.output.close(true)?;
            assert_eq!(fs::read_to_string(&out)?, OLD, "{} {fault:?}", format.name);
        }
    }
    Ok(())
}

#[test]
fn what_cannot_be_taken_back_is_not_closed() -> Tested {
    for (seed, format) in FORMATS.iter().enumerate() {
        for fault in faults(seed as u64) {
            let place = Place::new()?;
            let pipe = place.path("pipe");
            assert!(Command::new("mkfifo").arg(&pipe).status()?.success());
            let whole = seen_through(&pipe, || {
                let mut shell = place.shell(fault, Some(&pipe), Some(format))?;
                run(&mut shell, "SELECT i FROM sound")?;
                shell.output.close(false)
            })?;
            let half = seen_through(&pipe, || {
                let mut shell = place.shell(fault, Some(&pipe), Some(format))?;
                assert_broke_off(run(&mut shell, ALL).err(), fault, format.name);
                Ok(())
            })?;
            assert!(half.len() < whole.len(), "{} {fault:?}", format.name);
            if let (Some(half), Some(whole)) = (is_closed(format, &half), is_closed(format, &whole))
            {
                assert!(!half && whole, "{} {fault:?}", format.name);
            }
        }
    }
    Ok(())
}

/// Whether a reader would find no fault with the end. Other formats have none of their own: the exit code tells.
fn is_closed(format: &Format, bytes: &[u8]) -> Option<bool> {
    match format.name {
        "json" => Some(serde_json::from_slice::<serde_json::Value>(bytes).is_ok()),
        "parquet" => Some(bytes.len() > 4 && bytes.ends_with(b"PAR1")),
        "xlsx" => Some(bytes.starts_with(b"PK")),
        "table" => Some(String::from_utf8_lossy(bytes).trim_end().ends_with('┘')),
        _ => None,
    }
}

fn seen_through(
    pipe: &Path,
    work: impl FnOnce() -> Result<(), Failure>,
) -> Result<Vec<u8>, Failure> {
    let path = pipe.to_path_buf();
    let reader = thread::spawn(move || {
        let mut bytes = Vec::new();
        File::open(path)?.read_to_end(&mut bytes).map(|_| bytes)
    });
    work()?;
    Ok(reader
        .join()
        .map_err(|_| Failure::usage("the reader stopped"))??)
}

#[test]
fn a_file_of_the_prompt_keeps_what_it_had() -> Tested {
    for format in ["csv", "json", "jsonl", "parquet", "xlsx", "md", "txt"] {
        for fault in faults(2) {
            let place = Place::new()?;
            let out = place.path(&format!("answers.{format}"));
            let mut shell = place.shell(fault, Some(&place.path("screen.csv")), None)?;
            meta::run(&mut shell, &format!("o {}", out.display()))?;
            assert_broke_off(run(&mut shell, ALL).err(), fault, format);
            assert_eq!(fs::metadata(&out)?.len(), 0, "{format} {fault:?}");
            // It takes the next answer as if there had been none.
            run(&mut shell, "SELECT 1 AS n")?;
            let one = fs::read(&out)?;
            assert!(!one.is_empty());
            assert!(run(&mut shell, ALL).is_err());
            assert_eq!(fs::read(&out)?, one, "{format} {fault:?}");
        }
    }
    Ok(())
}

#[test]
fn copy_writes_all_files_or_none() -> Tested {
    for (seed, format) in ["csv", "parquet", "json", "arrow"].into_iter().enumerate() {
        for fault in faults(seed as u64) {
            for (target, more) in [
                (format!("one.{format}"), String::new()),
                ("folder/".to_string(), format!(" STORED AS {format}")),
                (
                    "cut/".to_string(),
                    format!(" STORED AS {format} PARTITIONED BY (g)"),
                ),
            ] {
                let place = Place::new()?;
                fs::write(place.path("one.csv"), OLD)?;
                fs::write(place.path(&format!("one.{format}")), OLD)?;
                let before = files(place.folder.path())?;
                let mut shell = place.shell(fault, Some(&place.path("said.csv")), None)?;
                let target = place.path(&target).display().to_string();
                let slash = if more.is_empty() { "" } else { "/" };
                let copy =
                    format!("COPY (SELECT i, i % 3 AS g FROM broken) TO '{target}{slash}'{more}");
                assert_broke_off(run(&mut shell, &copy).err(), fault, &copy);
                drop(shell);
                if fault.how == How::LostTask {
                    // The exit code tells; DataFusion's sinks are not told.
                    continue;
                }
                let after = files(place.folder.path())?;
                assert_eq!(after, before, "{copy} {fault:?}");
            }
        }
    }
    Ok(())
}

#[test]
fn saved_queries_break_off_too() -> Tested {
    for fault in faults(3) {
        let place = Place::new()?;
        let mut shell = place.shell(fault, Some(&place.path("out.json")), None)?;
        let failure = shell.run_query("all_broken", Vec::new()).err();
        assert_broke_off(failure, fault, "run");
        shell.run_query("all_sound", Vec::new())?;
    }
    Ok(())
}

#[test]
fn a_page_is_filled_whole_or_not() -> Tested {
    for fault in faults(4) {
        let place = Place::new()?;
        let page = place.path("page.md");
        let text = "<!-- kouan run all_sound -->\n<!-- end -->\n<!-- kouan run all_broken -->\nold\n<!-- end -->\n";
        fs::write(&page, text)?;
        let shell = place.shell(fault, Some(&place.path("out.csv")), None)?;
        let failure = fill_in(shell, std::slice::from_ref(&page), false).err();
        assert_broke_off(failure, fault, "fill");
        assert_eq!(fs::read_to_string(&page)?, text, "{fault:?}");
    }
    Ok(())
}

#[test]
fn a_test_of_a_query_that_breaks_off_fails() -> Tested {
    for fault in faults(5) {
        for bless in [false, true] {
            let place = Place::new()?;
            let answers = place.path("tests/queries/topic");
            fs::create_dir_all(&answers)?;
            fs::write(answers.join("all_broken.csv"), "i\n0\n")?;
            let out = place.path("out.csv");
            let shell = place.shell(fault, Some(&out), None)?;
            let asked = Asked {
                folder: None,
                bless,
                junit: None,
            };
            assert_eq!(test_in(shell, &asked)?, Exit::CheckFailed, "{fault:?}");
            let said = fs::read_to_string(&out)?;
            assert!(said.contains("all_broken,,failed"), "{fault:?}: {said}");
            let kept = fs::read_to_string(answers.join("all_broken.csv"))?;
            assert_eq!(kept, "i\n0\n", "{fault:?}");
        }
    }
    Ok(())
}

#[test]
fn the_last_answer_is_a_whole_one() -> Tested {
    for how in HOWS {
        for fault in faults(6).filter(|fault| fault.how == how) {
            let place = Place::new()?;
            let mut shell = place.shell(fault, Some(&place.path("out.csv")), None)?;
            shell.interactive = true;
            run(&mut shell, "SELECT 7 AS n")?;
            assert_broke_off(run(&mut shell, ALL).err(), fault, "a prompt");
            let last = shell
                .engine
                .last_answer()
                .ok_or_else(|| Failure::usage("no last answer"))?;
            let rows: usize = last.batches.iter().map(|batch| batch.num_rows()).sum();
            assert_eq!(rows, 1, "{fault:?}");
        }
    }
    Ok(())
}

fn names(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?;
    let mut names: Vec<PathBuf> = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    names.sort();
    Ok(names)
}

/// Every file below a folder, with its bytes; what temporary folders hold is no matter.
fn files(folder: &Path) -> std::io::Result<Vec<(PathBuf, Vec<u8>)>> {
    let mut found = Vec::new();
    for path in names(folder)? {
        if path.ends_with("temporary") {
            continue;
        }
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push((path.clone(), fs::read(&path)?));
        }
    }
    Ok(found)
}
