//! The prompt: reads statements and commands, runs them, and never loses the session.

mod complete;
mod helper;
mod highlight;
mod history;
pub(crate) mod preferences;

use std::sync::Arc;

use kouan_engine::Source;
use rustyline::config::{BellStyle, Config};
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{CompletionType, EditMode, Editor};

use crate::exit::{Exit, Failure};
use crate::session::shell::{Flow, Shell};

use helper::PromptHelper;
use history::Remembered;

const PROMPT: &str = "kouan> ";
const HISTORY_LENGTH: usize = 10_000;

/// Reads and runs until the person leaves.
pub(crate) fn run(mut shell: Shell) -> Result<Exit, Failure> {
    shell.interactive = true;
    shell.show_text(&greeting(&shell))?;
    let keys = preferences::apply(&mut shell);
    let mut lines = Lines::open(&shell, keys)?;
    while let Some(text) = lines.next()? {
        match shell.run_source(&Source::typed(text)) {
            Ok(Flow::Continue) => {}
            Ok(Flow::Quit) => break,
            Err(failure) if failure.ends_session() => return Err(failure),
            Err(failure) => shell.reporter.failure(&failure),
        }
    }
    shell.output.close(false)?;
    Ok(Exit::Done)
}

/// One line that fits 80 columns.
fn greeting(shell: &Shell) -> String {
    let package = shell.engine.packages().into_iter().next();
    let about = package.map_or_else(String::new, |package| format!(" on {}", package.name()));
    let version = env!("CARGO_PKG_VERSION");
    format!("kouan {version}{about}. \\? commands, \\d tables, \\queries, \\q leave")
}

/// The lines that the person enters, with editing and history.
struct Lines {
    editor: Editor<PromptHelper, FileHistory>,
    remembered: Remembered,
}

impl Lines {
    fn open(shell: &Shell, keys: EditMode) -> Result<Self, Failure> {
        let failed = |error: ReadlineError| {
            Failure::usage(format!("cannot read from the terminal: {error}"))
        };
        let config = Config::builder()
            .max_history_size(HISTORY_LENGTH)
            .and_then(|config| config.history_ignore_dups(true))
            .map_err(failed)?
            .history_ignore_space(true)
            .completion_type(CompletionType::List)
            .bell_style(BellStyle::None)
            .edit_mode(keys)
            .build();
        let mut editor = Editor::with_config(config).map_err(failed)?;
        editor.set_helper(Some(PromptHelper::new(
            Arc::clone(&shell.engine),
            shell.environment.color,
        )));
        let remembered = Remembered::open(&mut editor, &shell.environment);
        Ok(Self { editor, remembered })
    }

    /// The next statements or command; `None` when the person leaves.
    fn next(&mut self) -> Result<Option<String>, Failure> {
        loop {
            match self.editor.readline(PROMPT) {
                Ok(text) if text.trim().is_empty() => {}
                Ok(text) => {
                    self.remembered.add(&mut self.editor, &text);
                    return Ok(Some(text));
                }
                Err(ReadlineError::Interrupted) => {}
                Err(ReadlineError::Eof) => return Ok(None),
                Err(error) => {
                    return Err(Failure::usage(format!(
                        "cannot read from the terminal: {error}"
                    )));
                }
            }
        }
    }
}
