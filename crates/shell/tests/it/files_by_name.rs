//! `FROM 'file'` of delimited text reads what is in the file, whatever its dialect, encoding and size.
//!
//! Expected values: by hand, and for the generated files by counting while they are made.

use std::fs;
use std::io;

use kouan_testing::{Outcome, Sandbox};

use crate::kouan;

fn ask(sandbox: &Sandbox, sql: &str) -> io::Result<Outcome> {
    kouan(sandbox, &["-c", sql, "--format", "csv"])
}

#[test]
fn files_of_many_kinds_are_read_as_they_are() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    let utf_16 =
        |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    // As `gzip` of Python writes "a,b\n1,2\n".
    let packed = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x4b\xd4\x49\xe2\x32\xd4\x31\xe2\x02\x00\x7b\x07\x97\x0a\x08\x00\x00\x00";
    for (name, bytes, answer) in [
        // Codes keep their zeros.
        ("hs.csv", b"hs,usd\n01,100\n0101,60\n10,7\n".to_vec(), "hs,usd\n01,100\n0101,60\n10,7\n"),
        ("half.csv", b"port;tons\nA;1,5\nB;2,25\n".to_vec(), "port,tons\nA,1.5\nB,2.25\n"),
        ("tabs.tsv", b"port\ttons\nA\t5\nB\t6\n".to_vec(), "port,tons\nA,5\nB,6\n"),
        ("stops.txt", b"stop,n\nS1,5\n".to_vec(), "stop,n\nS1,5\n"),
        ("pipes.psv", b"stop|n\nS1|5\n".to_vec(), "stop,n\nS1,5\n"),
        ("CAPITALS.CSV", b"Stop,N\nS1,5\n".to_vec(), "Stop,N\nS1,5\n"),
        ("packed.csv.gz", packed.to_vec(), "a,b\n1,2\n"),
        (
            "chinese.csv",
            b"\xbf\xda\xb0\xb6,n\n\xb0\xa2\xc0\xad\xc9\xbd\xbf\xda,5\n\xb6\xfe\xc1\xac\xba\xc6\xcc\xd8,6\n".to_vec(),
            "口岸,n\n阿拉山口,5\n二连浩特,6\n",
        ),
        ("wide.csv", utf_16("口岸,n\n二连浩特,6\n"), "口岸,n\n二连浩特,6\n"),
        ("marked.csv", b"\xEF\xBB\xBFid,n\n1,2\n".to_vec(), "id,n\n1,2\n"),
        ("twice.csv", b"id,v,v\n1,2,3\n".to_vec(), "id,v,column_3\n1,2,3\n"),
        (
            "slashes.csv",
            b"id,name\n1,\"Magdeburg \\\"City\\\" Airport\"\n2,\\N\n".to_vec(),
            "id,name\n1,\"Magdeburg \"\"City\"\" Airport\"\n2,\n",
        ),
        ("blank.csv", b"a,b\n1,2\n\n3,\n,\n\n".to_vec(), "a,b\n1,2\n3,\n,\n"),
        ("large.csv", b"id,n\n18446744073709551615,1\n".to_vec(), "id,n\n18446744073709551615,1\n"),
    ] {
        sandbox.write(name, bytes)?;
        let outcome = ask(&sandbox, &format!("FROM '{name}'"))?;
        assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(0), answer), "{name}: {}", outcome.stderr);
    }
    let twice = ask(&sandbox, "FROM 'twice.csv'")?;
    assert!(
        twice
            .stderr
            .contains("the header calls a column \"v\"; it is called `column_3`"),
        "{}",
        twice.stderr
    );
    Ok(())
}

/// Below any sample, and over the mebibyte from which files are cut for several threads.
#[test]
fn size_changes_nothing() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    let (mut text, mut sum) = (String::from("id,note,tons\n"), 0);
    for row in 0..40_000 {
        // The note has lines that look like rows.
        text += &format!("{row},\"first\n{row},x,9999\nlast\",{}\n", row % 97);
        sum += row % 97;
    }
    sandbox.write("notes.csv", &text)?;
    let outcome = ask(
        &sandbox,
        "SELECT count(*), sum(tons), max(tons) FROM 'notes.csv'",
    )?;
    assert_eq!(
        outcome.stdout.lines().nth(1),
        Some(format!("40000,{sum},96").as_str())
    );
    let first = ask(&sandbox, "SELECT id FROM 'notes.csv' LIMIT 1")?;
    assert_eq!(first.stdout, "id\n0\n");

    for (last, answer, note) in [
        ("12.75", "12.75", ""),
        ("007", "007", ""),
        (
            "2024-02-03 13:45:00",
            "2024-02-03 13:45:00",
            "`x` is text, since line 30002",
        ),
    ] {
        let usual = if last.starts_with("2024") {
            "2024-02-03"
        } else {
            "7"
        };
        let rows: String = (0..30_000).map(|row| format!("{row},{usual}\n")).collect();
        sandbox.write("late.csv", format!("id,x\n{rows}30000,{last}\n"))?;
        let outcome = ask(&sandbox, "SELECT x FROM 'late.csv' WHERE id = 30000")?;
        assert_eq!(
            outcome.stdout,
            format!("x\n{answer}\n"),
            "{}",
            outcome.stderr
        );
        assert!(outcome.stderr.contains(note), "{}", outcome.stderr);
    }
    Ok(())
}

#[test]
fn a_file_that_changes_is_read_again() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    sandbox.write("a.csv", "n\n1\n")?;
    assert_eq!(ask(&sandbox, "FROM 'a.csv'")?.stdout, "n\n1\n");
    sandbox.write("a.csv", "n\nx\n")?;
    assert_eq!(ask(&sandbox, "FROM 'a.csv'")?.stdout, "n\nx\n");
    fs::remove_file(sandbox.work().join("a.csv"))?;
    let gone = ask(&sandbox, "FROM 'a.csv'")?;
    assert!(
        gone.stderr.contains("there is no file 'a.csv'"),
        "{}",
        gone.stderr
    );
    Ok(())
}

#[test]
fn what_cannot_be_read_is_named() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    for (name, text, said) in [
        (
            "short.csv",
            "a,b\n1,\"x\ny\"\n2\n",
            "error: short.csv:4: 1 cell where the header has 2",
        ),
        (
            "quote.csv",
            "a,b\n1,\"x\" y\n2,z\n",
            "error: quote.csv:2: a quote is not closed",
        ),
        ("empty.csv", "", "error: empty.csv holds no row"),
        (
            "nul.csv",
            "a,b\n1,x\0y\n",
            "nul.csv:2:3 b: holds a NUL byte",
        ),
        (
            "rows.ndjson",
            "{\"a\":1}\n",
            "error: 'rows.ndjson' is there, but of no kind that FROM reads",
        ),
    ] {
        sandbox.write(name, text)?;
        let outcome = ask(&sandbox, &format!("FROM '{name}'"))?;
        assert_ne!(outcome.code, Some(0), "{name}");
        assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
    }
    Ok(())
}

/// A file is read as its beginning says only if every later cell and row is as it says. Expected values: by hand.
#[test]
fn late_surprises_change_the_reading_of_the_whole_file() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    // Column, a usual value, the last one, what is answered for both, and the type.
    let cases = [
        ("few", "7", "007", "7", "007", "Utf8View"),
        ("few", "7", "1.5", "7.0", "1.5", "Float64"),
        ("few", "7", "NA", "7", "", "Int64"),
        ("few", "7", "x", "7", "x", "Utf8View"),
        ("few", "0.25", "00.5", "0.25", "00.5", "Utf8View"),
        (
            "varied",
            "",
            "00000000001",
            "10000000000",
            "00000000001",
            "Utf8View",
        ),
        ("varied", "", "0001", "10000000000", "0001", "Utf8View"),
        ("varied", "", "2.5", "10000000000.0", "2.5", "Float64"),
        (
            "few",
            "2024-02-03",
            "2024-02-03 13:45:00",
            "2024-02-03",
            "2024-02-03 13:45:00",
            "Utf8View",
        ),
        ("few", "2024-02-03", "", "2024-02-03", "", "Date32"),
        ("few", "", "5", "", "5", "Int64"),
        (
            "few",
            "03/04/2014",
            "31/04/2013",
            "03/04/2014",
            "31/04/2013",
            "Utf8View",
        ),
        (
            "few",
            "03/04/2014",
            "31/05/2013",
            "2014-04-03",
            "2013-05-31",
            "Date32",
        ),
        ("few", "1,234", "1,234.5", "1234.0", "1234.5", "Float64"),
        ("few", "Y", "N", "true", "false", "Boolean"),
    ];
    for (column, usual, last, first_answer, last_answer, kind) in cases {
        let value = |row: u64| match column {
            "varied" => (10_000_000_000 + row * 7_919).to_string(),
            _ => usual.to_string(),
        };
        let rows: String = (0..50_000)
            .map(|row| format!("{row};{};filling of the row\n", value(row)))
            .collect();
        sandbox.write("late.csv", format!("id;x;note\n{rows}50000;{last};end\n"))?;
        let sql =
            "SELECT x, arrow_typeof(x) AS kind FROM 'late.csv' WHERE id IN (0, 50000) ORDER BY id";
        let outcome = ask(&sandbox, sql)?;
        let expected = format!("x,kind\n{first_answer},{kind}\n{last_answer},{kind}\n");
        assert_eq!(outcome.stdout, expected, "{last}: {}", outcome.stderr);
    }
    Ok(())
}

/// A row of another width, or a character of another encoding, far below the beginning.
#[test]
fn late_faults_are_found_and_named() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    let rows = "1,usual text in a row of a file\n".repeat(20_000);
    sandbox.write("short.csv", format!("id,note\n{rows}2\n"))?;
    let short = ask(&sandbox, "SELECT count(*) FROM 'short.csv'")?;
    let said = "error: short.csv:20002: 1 cell where the header has 2";
    assert!(short.stderr.contains(said), "{}", short.stderr);
    // `Köln` in Windows-1252.
    let mut latin = format!("id,note\n{rows}2,").into_bytes();
    latin.extend(b"K\xf6ln und M\xfcnchen\n");
    sandbox.write("latin.csv", latin)?;
    let latin = ask(&sandbox, "SELECT note FROM 'latin.csv' WHERE id = 2")?;
    assert_eq!(latin.stdout, "note\nKöln und München\n", "{}", latin.stderr);
    Ok(())
}

#[test]
fn a_file_is_described_and_summarized_by_its_name() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    sandbox.write("hs.csv", "hs;usd\n01;1,5\n0101;2,5\n")?;
    let described = kouan(&sandbox, &["--format", "csv", "-c", "\\d 'hs.csv'"])?;
    assert_eq!(
        described.stdout,
        "column,type,null\nhs,varchar,yes\nusd,double,yes\n"
    );
    let summary = ask(&sandbox, "SUMMARIZE 'hs.csv'")?;
    assert!(
        summary.stdout.contains("hs,varchar,2,0.0,2,01,"),
        "{}",
        summary.stdout
    );
    Ok(())
}

/// Several files at once have another reader; where it takes other types, that is said.
#[test]
fn files_that_a_pattern_matches_are_not_silently_others() -> io::Result<()> {
    let sandbox = Sandbox::new()?;
    sandbox.write("plain/a.csv", "n,x\n1,5\n")?;
    sandbox.write("plain/b.csv", "n,x\n2,6\n")?;
    let plain = ask(&sandbox, "SELECT sum(x) AS s FROM 'plain/*.csv'")?;
    assert_eq!(
        (plain.stdout.as_str(), plain.stderr.as_str()),
        ("s\n11\n", "")
    );
    sandbox.write("codes/a.csv", "code,x\n0104,5\n")?;
    sandbox.write("codes/b.csv", "code,x\n1101,6\n")?;
    let codes = ask(&sandbox, "SELECT sum(x) AS s FROM 'codes/*.csv'")?;
    assert!(
        codes.stderr.contains("by itself, codes/a.csv has `code`"),
        "{}",
        codes.stderr
    );
    Ok(())
}
