//! `config.toml` in the person's configuration folder: how the prompt looks and which keys it knows.
//!
//! Scripts do not read it, so that they answer the same everywhere. What is wrong in it is said
//! with its line, and everything else holds.

use std::fs;
use std::io::ErrorKind;
use std::ops::Range;

use rustyline::EditMode;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::arguments::parse_format;
use crate::session::shell::Shell;
use crate::show::output::Expanded;

const FILE: &str = "config.toml";

/// A key of the file.
pub(crate) struct Setting {
    pub(crate) name: &'static str,
    /// The values it takes, as a message lists them.
    pub(crate) takes: &'static str,
    /// Makes a value hold; nothing when it is not among those.
    apply: fn(&mut Shell, &mut EditMode, &DeValue<'_>) -> Option<()>,
}

/// All keys, as a message about an unknown one lists them.
pub(crate) static SETTINGS: &[Setting] = &[
    Setting {
        name: "format",
        takes: "the name of a format, which `\\format` lists",
        apply: |shell, _, value| {
            let format = parse_format(value.as_str()?).ok()?;
            shell.output.set_format(format, &shell.environment).ok()
        },
    },
    Setting {
        name: "expanded",
        takes: "\"on\", \"off\" or \"auto\", as `\\x` does",
        apply: |shell, _, value| {
            shell.output.expanded = match value.as_str()? {
                "on" => Expanded::Always,
                "off" => Expanded::Never,
                "auto" => Expanded::WhenTooWide,
                _ => return None,
            };
            Some(())
        },
    },
    Setting {
        name: "timing",
        takes: "true or false",
        apply: |shell, _, value| {
            shell.timing = value.as_bool()?;
            Some(())
        },
    },
    Setting {
        name: "color",
        takes: "true (where the terminal has it) or false",
        apply: |shell, _, value| {
            let wanted = value.as_bool()?;
            shell.environment.color &= wanted;
            shell.environment.message_color &= wanted;
            shell.reporter = crate::show::report::Reporter::new(&shell.environment);
            Some(())
        },
    },
    Setting {
        name: "keys",
        takes: "\"emacs\" or \"vi\"",
        apply: |_, keys, value| {
            *keys = match value.as_str()? {
                "emacs" => EditMode::Emacs,
                "vi" => EditMode::Vi,
                _ => return None,
            };
            Some(())
        },
    },
];

/// Applies the person's file, if there is one, and returns how keys are bound.
pub(super) fn apply(shell: &mut Shell) -> EditMode {
    let mut keys = EditMode::Emacs;
    let Some(path) = shell
        .environment
        .config
        .as_ref()
        .map(|folder| folder.join(FILE))
    else {
        return keys;
    };
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return keys,
        Err(error) => {
            shell
                .reporter
                .note(format_args!("cannot read {}: {error}", path.display()));
            return keys;
        }
    };
    let given_format = shell.output.format_is_given;
    let asked = shell.output.format;
    let (table, errors) = DeTable::parse_recoverable(&text);
    let mut problems: Vec<(Option<Range<usize>>, String)> = errors
        .iter()
        .map(|error| (error.span(), error.message().to_string()))
        .collect();
    for (name, value) in table.get_ref() {
        if let Err(problem) = set(shell, &mut keys, name.get_ref(), value) {
            problems.push((Some(name.span()), problem));
        }
    }
    if given_format {
        shell.output.format = asked;
    }
    for (span, problem) in problems {
        let start = span.map_or(0, |span| span.start.min(text.len()));
        let line = text.as_bytes()[..start]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
            + 1;
        shell
            .reporter
            .note(format_args!("{}:{line}: {problem}", path.display()));
    }
    keys
}

fn set(
    shell: &mut Shell,
    keys: &mut EditMode,
    name: &str,
    value: &Spanned<DeValue<'_>>,
) -> Result<(), String> {
    let Some(setting) = SETTINGS.iter().find(|setting| setting.name == name) else {
        let names: Vec<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
        return Err(format!(
            "there is no setting `{name}`; there are {}",
            names.join(", ")
        ));
    };
    (setting.apply)(shell, keys, value.get_ref())
        .ok_or_else(|| format!("`{name}` takes {}", setting.takes))
}
