//! Writes the page of `docs/` about output formats from their list.

use std::fmt::Write;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};

use kouan_render::{FORMATS, Format, RenderError, Result, Settings};

/// `docs/formats.md`: every format with its names, file endings, and a small result in it.
pub(super) fn formats_markdown() -> Result<String> {
    let sample = sample()?;
    let mut page = String::from(
        "# Output formats\n\n\
         Written from the list in `crates/render/src/formats/mod.rs`; do not edit by hand.\n\n\
         `--format NAME` or `\\format NAME` chooses one; with `-o FILE` the file's ending does.\n\
         All show the same rows: a text, '' and NULL beside a number, NaN and NULL.\n",
    );
    for format in FORMATS {
        // Writing to a String does not fail.
        let _ = write!(
            page,
            "\n## {}\n\n{}.\n{}",
            format.name,
            sentence(format.description),
            names(format),
        );
        if format.is_text {
            let _ = write!(page, "\n```text\n{}```\n", render(format, &sample)?);
        }
    }
    Ok(page)
}

fn names(format: &Format) -> String {
    let mut lines = String::new();
    let code = |names: &[&str], dot: &str| {
        let quoted: Vec<String> = names.iter().map(|name| format!("`{dot}{name}`")).collect();
        quoted.join(", ")
    };
    if !format.aliases.is_empty() {
        lines += &format!("Also called {}.\n", code(format.aliases, ""));
    }
    if !format.extensions.is_empty() {
        lines += &format!("Files: {}.\n", code(format.extensions, "."));
    }
    if !lines.is_empty() {
        lines.insert(0, '\n');
    }
    lines
}

fn sentence(description: &str) -> String {
    let mut characters = description.chars();
    let first = characters.next().map(|first| first.to_uppercase());
    first.into_iter().flatten().chain(characters).collect()
}

fn render(format: &Format, batch: &RecordBatch) -> Result<String> {
    let mut renderer = format.renderer(&Settings::default());
    let mut out = Vec::new();
    renderer.begin(batch.schema_ref(), &mut out)?;
    renderer.batch(batch, &mut out)?;
    renderer.finish(&mut out)?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}

fn sample() -> Result<RecordBatch> {
    let rows: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3]));
    let text: ArrayRef = Arc::new(StringArray::from(vec![
        Some("阿拉山口, \"Alashankou\""),
        Some(""),
        None,
    ]));
    let number: ArrayRef = Arc::new(Float64Array::from(vec![Some(0.5), Some(f64::NAN), None]));
    RecordBatch::try_from_iter([("row", rows), ("text", text), ("number", number)])
        .map_err(|source| RenderError::Batch { source })
}
