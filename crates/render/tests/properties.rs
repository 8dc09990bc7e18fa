//! What must hold for any text: it reads back equal, and never breaks a grid.

use std::error::Error;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use kouan_render::{Settings, format};
use proptest::prelude::*;
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

/// Two columns of texts and NULLs, rich in what formats act on.
fn rows() -> impl Strategy<Value = Vec<[Option<String>; 2]>> {
    let text = prop_oneof![
        "[a-c,;\"'\\\\|\t\r\n\u{1b}\u{202e} N口岸]{0,8}",
        any::<String>(),
        Just("NULL".to_owned()),
        Just("\\N".to_owned()),
    ];
    let cell = prop::option::of(text);
    prop::collection::vec([cell.clone(), cell], 0..20)
}

fn render(
    name: &str,
    settings: &Settings,
    rows: &[[Option<String>; 2]],
    size: usize,
) -> Result<String, Box<dyn Error>> {
    let column = |index: usize| -> ArrayRef {
        Arc::new(
            rows.iter()
                .map(|row| row[index].clone())
                .collect::<StringArray>(),
        )
    };
    let columns = [("a", column(0), true), ("b", column(1), true)];
    let batch = RecordBatch::try_from_iter_with_nullable(columns)?;
    let mut renderer = format(name).ok_or("no such format")?.renderer(settings);
    let mut out = Vec::new();
    renderer.begin(batch.schema_ref(), &mut out)?;
    for start in (0..rows.len()).step_by(size) {
        let length = size.min(rows.len() - start);
        renderer.batch(&batch.slice(start, length), &mut out)?;
    }
    renderer.finish(&mut out)?;
    Ok(String::from_utf8(out)?)
}

/// A reader of CSV that knows a field without quotes from one with them.
fn parse_csv(text: &str) -> Vec<Vec<Option<String>>> {
    let (mut rows, mut row) = (Vec::new(), Vec::new());
    let mut rest = text;
    while !rest.is_empty() {
        let field = if let Some(quoted) = rest.strip_prefix('"') {
            let (field, after) = parse_quoted(quoted);
            rest = after;
            Some(field)
        } else {
            let end = rest.find([',', '\n']).unwrap_or(rest.len());
            let field = &rest[..end];
            rest = &rest[end..];
            (!field.is_empty()).then(|| field.to_owned())
        };
        row.push(field);
        if rest.starts_with('\n') {
            rows.push(std::mem::take(&mut row));
        }
        rest = rest.get(1..).unwrap_or("");
    }
    rows
}

fn parse_quoted(text: &str) -> (String, &str) {
    let mut field = String::new();
    let mut rest = text;
    while let Some(quote) = rest.find('"') {
        field.push_str(&rest[..quote]);
        rest = &rest[quote + 1..];
        if !rest.starts_with('"') {
            break;
        }
        field.push('"');
        rest = &rest[1..];
    }
    (field, rest)
}

fn parse_tsv_field(field: &str) -> Option<String> {
    if field == "\\N" {
        return None;
    }
    let mut text = String::new();
    let mut characters = field.chars();
    while let Some(character) = characters.next() {
        text.push(match character {
            '\\' => match characters.next() {
                Some('t') => '\t',
                Some('n') => '\n',
                Some('r') => '\r',
                other => other.unwrap_or('\\'),
            },
            other => other,
        });
    }
    Some(text)
}

proptest! {
    #[test]
    fn csv_reads_back_equal(rows in rows()) {
        let text = render("csv", &Settings::default(), &rows, 3).unwrap();
        let mut read = parse_csv(&text);
        prop_assert_eq!(read.remove(0), [Some("a".to_owned()), Some("b".to_owned())]);
        prop_assert_eq!(read, rows);
    }

    #[test]
    fn tsv_reads_back_equal(rows in rows()) {
        let text = render("tsv", &Settings::default(), &rows, 3).unwrap();
        let read: Vec<Vec<Option<String>>> = text
            .split_terminator('\n')
            .skip(1)
            .map(|line| line.split('\t').map(parse_tsv_field).collect())
            .collect();
        prop_assert_eq!(read, rows);
    }

    #[test]
    fn json_reads_back_equal(rows in rows()) {
        let text = render("json", &Settings::default(), &rows, 3).unwrap();
        let read: Value = serde_json::from_str(&text).unwrap();
        let written: Vec<Value> = rows
            .iter()
            .map(|[a, b]| serde_json::json!({"a": a, "b": b}))
            .collect();
        prop_assert_eq!(&read, &Value::from(written));

        let lines = render("jsonl", &Settings::default(), &rows, 3).unwrap();
        let objects: Result<Vec<Value>, _> = lines.lines().map(serde_json::from_str).collect();
        prop_assert_eq!(Value::from(objects.unwrap()), read);
    }

    #[test]
    fn a_grid_is_a_rectangle_that_fits(rows in rows(), terminal in 20_usize..90, limit in 0_usize..25) {
        let settings = Settings { width: Some(terminal), max_rows: Some(limit), color: false };
        let text = render("table", &settings, &rows, 3).unwrap();
        let widths: Vec<usize> = text.lines().map(UnicodeWidthStr::width).collect();
        prop_assert!(widths[0] <= terminal, "{}", text);
        prop_assert!(widths.iter().all(|width| *width == widths[0]), "{}", text);
        prop_assert!(!text.contains(|seen: char| seen.is_control() && seen != '\n'), "{}", text);
        let hidden = usize::from(rows.len() > limit);
        prop_assert_eq!(widths.len(), 5 + hidden + rows.len().min(limit));
    }

    #[test]
    fn markdown_has_a_line_for_each_row(rows in rows()) {
        let text = render("markdown", &Settings::default(), &rows, 3).unwrap();
        prop_assert_eq!(text.lines().count(), 2 + rows.len());
        let pipes = |line: &str| line.matches('|').count() - line.matches("\\|").count();
        prop_assert!(text.lines().all(|line| pipes(line) == 3), "{}", text);
    }

    #[test]
    fn the_size_of_batches_does_not_show(rows in rows(), size in 1_usize..25, limit in 0_usize..25) {
        let settings = Settings { width: Some(60), max_rows: Some(limit), color: true };
        for format in kouan_render::FORMATS.iter().filter(|format| format.is_text) {
            let split = render(format.name, &settings, &rows, size).unwrap();
            let whole = render(format.name, &settings, &rows, 1000).unwrap();
            prop_assert_eq!(split, whole);
        }
    }
}
