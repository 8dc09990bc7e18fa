//! Messages to the person, on standard error: what is wrong, where, what to try next.

use std::fmt::Display;
use std::io::{Write, stderr};

use kouan_engine::{Cause, EngineError, Location, Source, Span, StatementError};
use kouan_ingest::{IngestError, Report};
use terminal_size::{Width, terminal_size_of};
use unicode_width::UnicodeWidthChar;

use crate::environment::Environment;
use crate::exit::{Failure, counted};
use crate::show::panics;

/// Writes messages. Standard error may be closed; then there is nobody to tell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reporter {
    color: bool,
    is_on_terminal: bool,
}

impl Reporter {
    pub(crate) fn new(environment: &Environment) -> Self {
        Self {
            color: environment.message_color,
            is_on_terminal: environment.stderr_is_terminal,
        }
    }

    /// Says why something stopped.
    pub(crate) fn failure(&self, failure: &Failure) {
        match failure {
            Failure::Statement(source, error) => self.statement(source, error),
            Failure::Engine(EngineError::Statement(error)) => {
                self.error(&error.message);
                self.place_of(error.cause);
            }
            Failure::Engine(EngineError::Data(IngestError::Rejected(report))) => {
                self.rejected(report)
            }
            Failure::Engine(error) => self.error(error),
            Failure::File(what, error) => self.error(format_args!("{what}: {error}")),
            Failure::Output(error) => self.error(error),
            Failure::Usage(message, hint) => {
                self.error(message);
                hint.iter().for_each(|hint| self.hint(hint));
            }
            Failure::ClosedPipe => {}
            Failure::TimedOut(limit, stopped) => {
                let limit = limit.as_secs_f64();
                self.error(format_args!(
                    "stopped {stopped}: the time limit is {limit} s"
                ));
                self.hint("--timeout sets it");
            }
            Failure::Interrupted(stopped) => self.say(format_args!("cancelled {stopped}")),
        }
    }

    /// Something worth knowing that stopped nothing.
    pub(crate) fn note(&self, text: impl Display) {
        self.say(format_args!("{} {text}", self.paint("2", "note:")));
    }

    /// What became of an answer: how many rows, how long it took.
    pub(crate) fn summary(&self, text: impl Display) {
        self.say(self.paint("2", &text.to_string()));
    }

    fn error(&self, message: impl Display) {
        self.say(format_args!("{} {message}", self.paint("1;31", "error:")));
    }

    fn hint(&self, text: &str) {
        self.say(format_args!("{} {text}", self.paint("36", "hint:")));
    }

    fn statement(&self, source: &Source, error: &StatementError) {
        self.error(&error.message);
        if let Some(span) = error.span {
            self.excerpt(source, span);
        }
        for hint in &error.hints {
            self.hint(hint);
        }
        self.place_of(error.cause);
        for further in &error.further {
            self.statement(source, further);
        }
    }

    /// Where a fault of the program is, for whom it is reported to.
    fn place_of(&self, cause: Cause) {
        if let (Cause::Fault, Some(place)) = (cause, panics::last_place()) {
            self.hint(&format!(
                "please report it with its place, {place}; KOUAN_BACKTRACE=1 prints the way there"
            ));
        }
    }

    /// The line that is wrong, with carets under its words.
    fn excerpt(&self, source: &Source, span: Span) {
        let Some(line) = source.text.lines().nth(index(span.start.line)) else {
            return;
        };
        if let Some(name) = &source.name {
            self.say(format_args!(
                "  at {name}:{}:{}",
                span.start.line, span.start.column
            ));
        }
        let number = format!("{} | ", span.start.line);
        let (line, before, under) = underline(line, span);
        let room = self.width().map(|width| width.saturating_sub(number.len()));
        let (line, before, under) = match room {
            Some(room) => window(&line, before, under, room),
            None => (line, before, under),
        };
        self.say(format_args!("{}{line}", self.paint("2", &number)));
        let indent = " ".repeat(number.len() + before);
        self.say(format_args!(
            "{indent}{}",
            self.paint("1;31", &"^".repeat(under))
        ));
    }

    /// Every problem that was kept, then how many there are in all.
    pub(crate) fn rejected(&self, report: &Report) {
        for problem in &report.problems {
            self.say(problem);
        }
        let shown = report.problems.len() as u64;
        let more = if report.problems_total > shown {
            format!(", of which {shown} are shown")
        } else {
            String::new()
        };
        self.error(format_args!(
            "table {} has {} in {}{more}",
            report.table,
            counted(report.problems_total, "problem"),
            counted(report.rows, "row"),
        ));
    }

    /// The columns of the terminal that messages go to.
    fn width(&self) -> Option<usize> {
        let size = self.is_on_terminal.then(|| terminal_size_of(stderr()));
        size.flatten()
            .map(|(Width(width), _)| usize::from(width).max(20))
    }

    fn say(&self, text: impl Display) {
        let _ = writeln!(stderr(), "{text}");
    }

    fn paint(&self, style: &str, text: &str) -> String {
        if self.color {
            format!("\x1b[{style}m{text}\x1b[0m")
        } else {
            text.to_string()
        }
    }
}

fn index(from_one: u64) -> usize {
    usize::try_from(from_one)
        .unwrap_or(usize::MAX)
        .saturating_sub(1)
}

/// A line without its tabs, the columns before the span, and the columns under it, all as
/// a terminal shows them.
fn underline(line: &str, span: Span) -> (String, usize, usize) {
    let columns = |text: &str| text.chars().map(|c| c.width().unwrap_or(1)).sum::<usize>();
    let line = line.replace('\t', " ");
    let place = |at: Location| {
        line.char_indices()
            .nth(index(at.column))
            .map_or(line.len(), |(byte, _)| byte)
    };
    let start = place(span.start);
    let end = if span.end.line == span.start.line {
        place(span.end)
    } else {
        line.len()
    };
    let before = columns(&line[..start]);
    let under = columns(&line[start..end.max(start)]).max(1);
    (line, before, under)
}

/// What of a line fits a terminal, so that it does not break and the carets stand under their words.
fn window(line: &str, before: usize, under: usize, room: usize) -> (String, usize, usize) {
    let total: usize = line.chars().map(|c| c.width().unwrap_or(1)).sum();
    if total <= room {
        return (line.to_string(), before, under);
    }
    // The words themselves come before what surrounds them.
    let first = if before + under < room {
        0
    } else {
        before.saturating_sub(room / 3)
    };
    let (mut shown, mut column, mut left_out) = (String::new(), 0, 0);
    if first > 0 {
        shown.push('…');
    }
    let last = first + room - 2;
    for character in line.chars() {
        let width = character.width().unwrap_or(1);
        if column < first {
            left_out += width;
        } else if column + width <= last {
            shown.push(character);
        } else {
            shown.push('…');
            break;
        }
        column += width;
    }
    let before = before - left_out + usize::from(first > 0);
    (shown, before, under.min(room.saturating_sub(before)).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_cut_around_the_word() {
        let shown = |line: &str, before, under, room| {
            let (line, before, under) = window(line, before, under, room);
            format!("{line}\n{}{}", " ".repeat(before), "^".repeat(under))
        };
        let line = "SELECT a, b, c, d, plac FROM ports WHERE true";
        assert_eq!(
            shown(line, 19, 4, 60),
            format!("{line}\n{}^^^^", " ".repeat(19))
        );
        assert_eq!(shown(line, 7, 1, 20), "SELECT a, b, c, d,…\n       ^");
        assert_eq!(shown(line, 19, 4, 20), "…c, d, plac FROM po…\n       ^^^^");
        assert_eq!(
            shown("SELECT '口岸口岸口岸', xx, y", 23, 2, 16),
            "…岸', xx, y\n      ^^"
        );
    }

    #[test]
    fn carets_stand_under_the_word_as_shown() {
        let at = |line, column| Location { line, column };
        let under = |line: &str, from, to| {
            let (line, before, under) = underline(line, Span::new(at(1, from), at(1, to)));
            format!("{line}\n{}{}", " ".repeat(before), "^".repeat(under))
        };
        assert_eq!(
            under("SELECT plac FROM ports", 8, 12),
            "SELECT plac FROM ports\n       ^^^^"
        );
        assert_eq!(under("\tx", 2, 3), " x\n ^");
        assert_eq!(
            under("SELECT '口岸', y", 14, 15),
            "SELECT '口岸', y\n               ^"
        );
        assert_eq!(under("SELECT", 7, 7), "SELECT\n      ^");
    }
}
