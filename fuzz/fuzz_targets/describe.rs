//! Arbitrary bytes as a CSV file: it is described, and no cell breaks a rule of its own description.
#![no_main]

use std::fs;

use kouan_describe::describe;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let folder = tempfile::tempdir_in("/dev/shm").expect("a folder in memory");
    let file = folder.path().join("t.csv");
    fs::write(&file, input).expect("memory takes the file");
    let Ok(description) = describe(&[file], folder.path()) else {
        return;
    };
    for report in &description.reports {
        for problem in &report.problems {
            // Rows of another width are the file's own fault, as are bytes that are no text.
            let is_text = std::str::from_utf8(input).is_ok() && !input.contains(&0);
            let is_of_cell = problem.field.is_some() && is_text;
            assert!(!is_of_cell, "{problem}\n{}", description.text);
        }
    }
});
