//! What rustyline asks while a person types: is it complete, what may follow, which colours.

use std::borrow::Cow;
use std::sync::Arc;

use kouan_engine::{Engine, is_complete};
use rustyline::completion::{Completer, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper, Hinter};

use super::{complete, highlight};

/// Serves the prompt from the engine's catalog.
#[derive(Helper, Hinter)]
pub(super) struct PromptHelper {
    engine: Arc<Engine>,
    color: bool,
}

impl PromptHelper {
    pub(super) fn new(engine: Arc<Engine>, color: bool) -> Self {
        Self { engine, color }
    }
}

impl Validator for PromptHelper {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let complete = is_complete(context.input());
        Ok(if complete {
            ValidationResult::Valid(None)
        } else {
            ValidationResult::Incomplete
        })
    }
}

impl Completer for PromptHelper {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        position: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        Ok(complete::complete(&self.engine, line, position))
    }
}

impl Highlighter for PromptHelper {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if self.color {
            highlight::highlight(line)
        } else {
            Cow::Borrowed(line)
        }
    }

    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        if self.color {
            Cow::Owned(format!("\x1b[1m{prompt}\x1b[0m"))
        } else {
            Cow::Borrowed(prompt)
        }
    }

    fn highlight_char(&self, _: &str, _: usize, _: CmdKind) -> bool {
        self.color
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use kouan_engine::{PackageLocation, Settings};

    use super::*;

    /// The prompt's own aim is 16 ms a key in a release build; this bound only catches work
    /// that grows with the square of what is typed, on a slow machine without optimization.
    const PATIENCE: Duration = Duration::from_secs(2);

    #[test]
    fn check_27_a_key_is_answered_at_once() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let fields: Vec<String> = (0..2_000)
            .map(|number| format!(r#"{{"name": "column_{number}", "type": "integer"}}"#))
            .collect();
        std::fs::write(
            folder.path().join("datapackage.json"),
            r#"{"name": "wide", "resources": [{"name": "t", "path": "t.csv", "schema": "t.json"}]}"#,
        )?;
        let schema = format!(r#"{{"fields": [{}]}}"#, fields.join(","));
        std::fs::write(folder.path().join("t.json"), schema)?;
        let package = PackageLocation::Folder(folder.path().to_path_buf()).open()?;
        let settings = Settings {
            cache: None,
            temporary: folder.path().to_path_buf(),
            memory: None,
            query_folders: Vec::new(),
        };
        let engine = Arc::new(Engine::open(vec![package], settings)?);
        let helper = PromptHelper::new(Arc::clone(&engine), true);
        let lines: Vec<String> = (0..200)
            .map(|line| format!("  max(column_{line}) AS most_{line}, -- of {line}"))
            .collect();
        let text = format!("SELECT\n{}\n  column_19 FROM t", lines.join("\n"));
        let cursor = text.len() - " FROM t".len();

        let started = Instant::now();
        let colored = helper.highlight(&text, cursor);
        assert!(colored.len() > text.len() && !is_complete(&text));
        let key = started.elapsed();
        let started = Instant::now();
        let (start, pairs) = complete::complete(&engine, &text, cursor);
        let tab = started.elapsed();
        // column_19, column_190 to column_199, column_1900 to column_1999.
        assert_eq!((&text[start..cursor], pairs.len()), ("column_19", 111));
        assert!(key < PATIENCE && tab < PATIENCE, "key {key:?}, Tab {tab:?}");
        Ok(())
    }
}
