//! The reference pages in `docs/` say what the program says.

use std::fs;
use std::io;
use std::path::Path;

use kouan_testing::{Run, Sandbox};

use crate::{KOUAN, answered, kouan};

#[test]
fn pages_are_as_the_lists_would_write_them() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    fs::create_dir(sandbox.work().join("docs"))?;
    assert_eq!(kouan(&sandbox, &["docs", "docs"])?, answered(""));
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    for entry in fs::read_dir(sandbox.work().join("docs"))? {
        let written = entry?;
        let page = fs::read_to_string(committed.join(written.file_name())).unwrap_or_default();
        assert!(
            page == fs::read_to_string(written.path())?,
            "{:?} is out of date; write it anew with `cargo run -- docs docs`",
            written.file_name()
        );
    }
    Ok(())
}

#[test]
fn the_page_about_the_paper_has_the_present_answers() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = root.join("docs/paper.md");
    let outcome = Run::new(KOUAN, &sandbox)
        .args(["fill", "--check", "--package"])
        .args([&root, &page])
        .outcome()?;
    assert_eq!(outcome, answered(""));
    Ok(())
}
