//! Files of odd pieces, at random: each gets a description that opens, and that its own cells fulfil.

use std::fs;

use kouan_describe::{DescribeError, describe};
use kouan_schema::{Folder, Package};
use tempfile::TempDir;

/// Cells that one reader or another has stumbled over.
const CELLS: &[&str] = &[
    "",
    "0",
    "-0",
    "00",
    "007",
    "1",
    "2",
    "-3",
    "+1",
    "1.5",
    "-0.5",
    ".5",
    "5.",
    "1E5",
    "1e-05",
    "1e400",
    "1e-400",
    "0.30000000000000004",
    "1.2345678901234567e-05",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "9007199254740993",
    "nan",
    "NaN",
    "inf",
    "-inf",
    "Infinity",
    "NA",
    "N/A",
    "-",
    ".",
    ":",
    "null",
    "NULL",
    "\\N",
    "#VALUE!",
    "1,5",
    "2,2",
    "12,34",
    "1,234",
    "0,123",
    "1.234",
    "1.234,56",
    "1,234.56",
    "1.234.567",
    "1 234",
    "1 234,5",
    "1\u{a0}234",
    "1'234",
    "12%",
    "$5",
    "€ 5",
    "5 €",
    "true",
    "FALSE",
    "yes",
    "no",
    "NO",
    "Y",
    "N",
    "T",
    "F",
    "2014-09-30",
    "20140930",
    "01/02/2014",
    "31/01/2014",
    "01/31/2014",
    "1/2/2014",
    "31.01.2014",
    "30-Sep-2014",
    "2014-09-30 12:00",
    "2014-09-30T12:00:00Z",
    "2014-09-30T12:00:00+08:00",
    "2014-09-30 12:00:00.123456789",
    "12:30",
    "25:00",
    "2014-09",
    "2010-11",
    "1956",
    "1990",
    "1991",
    "P1Y",
    "{\"a\":1}",
    "[1,2]",
    "90,45",
    "a@b.org",
    "Erenhot",
    "口岸",
    "Stra\u{df}e",
    " ",
    " 5",
    "5 ",
    "a\"b",
    "say \"x\"",
    "two\nlines",
    "a\r\nb",
    "tab\there",
    "a;b",
    "a|b",
    "#x",
    "name",
    "Name",
    "id",
    "year",
    "point",
    "port\nname",
    "\u{7}",
    "\u{1a}",
    "\u{feff}",
    "\u{200b}",
    "\u{2028}",
    "\\",
    "\\\"",
    "'",
    "''",
];

/// What a file may be said to do wrong: things that no description can put right.
const FAULTS: &[&str] = &[
    "cells; the",
    "blank row",
    "text after the closing quote",
    "this quote is never closed",
    "holds a NUL byte",
    "not UTF-",
    "not windows-",
    "not gb18030",
    "not Shift_JIS",
    "not EUC-",
    "not Big5",
];

fn pick<T: Copy>(random: &mut fastrand::Rng, from: &[T]) -> T {
    from[random.usize(..from.len())]
}

fn file(random: &mut fastrand::Rng) -> Vec<u8> {
    let delimiter = pick(random, &[",", ",", ";", "\t", "|"]);
    let line_end = pick(random, &["\n", "\n", "\r\n", "\r"]);
    let (width, height) = (random.usize(1..5), random.usize(1..9));
    // Some columns are of one kind, so that they have a type.
    let pools: Vec<Vec<&str>> = (0..width)
        .map(|_| {
            let size = random.usize(1..4);
            (0..size).map(|_| pick(random, CELLS)).collect()
        })
        .collect();
    let mut text = String::new();
    match random.u8(..12) {
        0 => text.push('\u{feff}'),
        1 => text.push_str("# a comment\n"),
        2 => text.push_str("Freight of ports\n\n"),
        3 => text.push('\n'),
        _ => {}
    }
    let is_quoted = random.bool();
    for row in 0..height {
        for (column, pool) in pools.iter().enumerate() {
            if column > 0 {
                text.push_str(delimiter);
            }
            let odd = (row == 0 && random.bool()) || random.u8(..20) == 0;
            let cell = if odd {
                pick(random, CELLS)
            } else {
                pick(random, pool)
            };
            let needs = cell.contains(['"', '\n', '\r']) || cell.contains(delimiter);
            if (needs && random.u8(..10) > 0) || (is_quoted && random.bool()) {
                text.push_str(&format!("\"{}\"", cell.replace('"', "\"\"")));
            } else {
                text.push_str(cell);
            }
        }
        match random.u8(..30) {
            0 => text.push_str(delimiter),
            1 => text.push_str(line_end),
            _ => {}
        }
        if row + 1 < height || random.bool() {
            text.push_str(line_end);
        }
    }
    match random.u8(..8) {
        0 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        1 => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        2 => {
            let low = |character: char| u8::try_from(character).unwrap_or(b'?');
            text.chars().map(low).collect()
        }
        3 => {
            let mut bytes = text.into_bytes();
            let place = random.usize(..bytes.len() + 1);
            bytes.insert(place, pick(random, &[0, 0xFF, 0x80, b'"', b'\\']));
            bytes
        }
        _ => text.into_bytes(),
    }
}

#[test]
fn any_file_gets_a_description_that_it_fulfils() {
    let folder = TempDir::with_prefix("odd").unwrap();
    let path = folder.path().join("t.csv");
    // More of them, from another seed on, when somebody wants to look further.
    let asked = |name| std::env::var(name).ok()?.parse().ok();
    let rounds = asked("KOUAN_ROUNDS").unwrap_or(150);
    let first = asked("KOUAN_SEED").unwrap_or(0_u64);
    for seed in first..first + rounds {
        let bytes = file(&mut fastrand::Rng::with_seed(seed));
        fs::write(&path, &bytes).unwrap();
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        let description = match describe(std::slice::from_ref(&path), folder.path()) {
            Ok(description) => description,
            Err(DescribeError::Empty(_)) => continue,
            Err(error) => panic!("seed {seed}: {error}\n{shown:?}"),
        };
        for problem in &description.reports[0].problems {
            let is_of_file = FAULTS.iter().any(|fault| problem.rule.contains(fault));
            assert!(
                is_of_file,
                "seed {seed}: {problem}\n{shown:?}\n{}",
                description.text
            );
        }
        fs::write(folder.path().join("datapackage.json"), &description.text).unwrap();
        let package = Package::open(std::sync::Arc::new(Folder::new(folder.path())));
        assert!(package.is_ok(), "seed {seed}: {package:?}");
    }
}
