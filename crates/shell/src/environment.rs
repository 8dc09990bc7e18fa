//! What the machine around us says: folders, terminals, colour. Read once, here only.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{IsTerminal, stderr, stdin, stdout};
use std::path::PathBuf;

/// The surroundings of a run.
#[derive(Debug, Clone)]
pub(crate) struct Environment {
    /// Folder for converted tables, if the person has a home.
    pub(crate) cache: Option<PathBuf>,
    /// Where temporary folders are made.
    pub(crate) temporary: PathBuf,
    /// Folder for the prompt's history, if the person has a home.
    pub(crate) state: Option<PathBuf>,
    /// Folder for the prompt's settings, if the person has a home.
    pub(crate) config: Option<PathBuf>,
    /// The program that shows long text, if the person chose one.
    pub(crate) pager: Option<OsString>,
    /// The program that edits files, if the person chose one.
    pub(crate) editor: Option<OsString>,
    /// Someone types at us.
    pub(crate) stdin_is_terminal: bool,
    /// Someone reads what we answer.
    pub(crate) stdout_is_terminal: bool,
    /// Colour is wanted in answers.
    pub(crate) color: bool,
    /// Colour is wanted in messages.
    pub(crate) message_color: bool,
    /// Messages go to a terminal.
    pub(crate) stderr_is_terminal: bool,
    /// Someone reads our messages on a terminal that can take a line back.
    pub(crate) stderr_takes_lines_back: bool,
    /// A developer looks for the way to a panic.
    pub(crate) wants_traces: bool,
}

impl Environment {
    pub(crate) fn read() -> Self {
        let is_dumb = set("TERM").is_none_or(|term| term == "dumb");
        let plain = set("NO_COLOR").is_some() || is_dumb;
        let stdout_is_terminal = stdout().is_terminal();
        Self {
            cache: folder("XDG_CACHE_HOME", ".cache"),
            temporary: env::temp_dir(),
            state: folder("XDG_STATE_HOME", ".local/state"),
            config: folder("XDG_CONFIG_HOME", ".config"),
            pager: set("PAGER"),
            editor: set("VISUAL").or_else(|| set("EDITOR")),
            stdin_is_terminal: stdin().is_terminal(),
            stdout_is_terminal,
            color: stdout_is_terminal && !plain,
            message_color: stderr().is_terminal() && !plain,
            stderr_is_terminal: stderr().is_terminal(),
            stderr_takes_lines_back: stderr().is_terminal() && !is_dumb,
            wants_traces: set("KOUAN_BACKTRACE").is_some_and(|value| value != "0"),
        }
    }

    /// The terminal's columns, asked anew because windows are resized.
    pub(crate) fn width(&self) -> Option<usize> {
        if !self.stdout_is_terminal {
            return None;
        }
        let (terminal_size::Width(width), _) = terminal_size::terminal_size()?;
        Some(usize::from(width).max(20))
    }
}

/// The memory this program holds, where the system says it.
pub(crate) fn resident_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes << 10)
}

/// A folder of ours by the XDG rules: the variable if it is absolute, else below home.
fn folder(variable: &str, below_home: &str) -> Option<PathBuf> {
    let configured = set(variable)
        .map(PathBuf::from)
        .filter(|path| path.is_absolute());
    let base = configured.or_else(|| {
        let home = set("HOME")
            .map(PathBuf::from)
            .filter(|home| home.is_absolute())?;
        Some(home.join(below_home))
    })?;
    Some(base.join("kouan"))
}

fn set(variable: &str) -> Option<OsString> {
    env::var_os(variable).filter(|value| !value.is_empty())
}
