//! What the prompt remembers between sessions: each text once, and no secrets.

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;

use rustyline::Editor;
use rustyline::history::FileHistory;

use super::helper::PromptHelper;
use crate::environment::Environment;

/// The history file of a session, if the person has a home.
pub(super) struct Remembered {
    file: Option<PathBuf>,
}

impl Remembered {
    /// Reads the file in the person's state folder, which is made when missing.
    pub(super) fn open(
        editor: &mut Editor<PromptHelper, FileHistory>,
        environment: &Environment,
    ) -> Self {
        let file = file(environment);
        // A first session has none yet; an unreadable one must not keep the prompt away.
        if let Some(file) = &file
            && editor.load_history(file).is_ok()
        {
            let entries: Vec<String> = editor.history().iter().cloned().collect();
            let kept = latest(&entries);
            if kept.len() < entries.len() && editor.clear_history().is_ok() {
                for entry in kept {
                    let _ = editor.add_history_entry(entry);
                }
                let _ = editor.save_history(file);
            }
        }
        Self { file }
    }

    /// Keeps what was entered, at once, so that a crash or a second session loses nothing.
    pub(super) fn add(&self, editor: &mut Editor<PromptHelper, FileHistory>, text: &str) {
        if holds_secret(text) {
            return;
        }
        let is_new = editor.add_history_entry(text).unwrap_or(false);
        if let (true, Some(file)) = (is_new, &self.file) {
            let _ = editor.append_history(file);
        }
    }
}

fn file(environment: &Environment) -> Option<PathBuf> {
    let folder = environment.state.as_ref()?;
    fs::create_dir_all(folder).ok()?;
    Some(folder.join("history"))
}

/// Each entry once, where it was entered last.
fn latest(entries: &[String]) -> Vec<&str> {
    let mut seen = HashSet::new();
    let mut latest: Vec<&str> = entries
        .iter()
        .rev()
        .map(String::as_str)
        .filter(|entry| seen.insert(*entry))
        .collect();
    latest.reverse();
    latest
}

/// True where a secret is made, or a text follows a word that names one.
fn holds_secret(text: &str) -> bool {
    const NAMES: [&str; 6] = [
        "password",
        "passwd",
        "secret",
        "access_key",
        "api_key",
        "auth_token",
    ];
    let text = text.to_lowercase();
    let mut words = text.split_whitespace();
    let makes = words.next() == Some("create") && words.take(4).any(|word| word == "secret");
    let is_told = |name: &str| {
        text.match_indices(name).any(|(place, _)| {
            let rest = &text[place + name.len()..];
            let rest = rest.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
            rest.trim_start_matches(['"', '\''])
                .trim_start()
                .starts_with(['=', ':', '\''])
        })
    };
    makes || NAMES.iter().any(|name| is_told(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_told_from_columns() {
        for text in [
            "CREATE OR REPLACE SECRET s (TYPE s3)",
            "CREATE SECRET s",
            "SET x.password = 'a'",
            "CREATE EXTERNAL TABLE t OPTIONS ('aws.secret_access_key' 'a')",
            "SELECT 'password: a'",
        ] {
            assert!(holds_secret(text), "{text}");
        }
        for text in [
            "SELECT password FROM users;",
            "SELECT secret, x FROM t;",
            "CREATE TABLE s AS SELECT 1;",
        ] {
            assert!(!holds_secret(text), "{text}");
        }
    }

    #[test]
    fn the_latest_of_equal_entries_stays() {
        let entries = ["a", "b", "a", "c"].map(String::from);
        assert_eq!(latest(&entries), ["b", "a", "c"]);
    }
}
