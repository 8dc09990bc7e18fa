//! A line on standard error that says how far work is, and is taken back.

use std::io::{Write, stderr};

use terminal_size::{Width, terminal_size_of};
use unicode_width::UnicodeWidthStr;

/// Columns of a terminal that does not tell.
const USUAL_WIDTH: usize = 80;

/// The line; to begin with there is none.
#[derive(Debug, Default)]
pub(crate) struct StatusLine {
    is_shown: bool,
}

impl StatusLine {
    /// Shows as many parts as fit, in the place of what was shown before. Only a terminal can take it back.
    pub(crate) fn show(&mut self, parts: &[String]) {
        let width = terminal_size_of(stderr()).map(|(Width(columns), _)| usize::from(columns));
        let line = fitting(parts, width.unwrap_or(USUAL_WIDTH));
        self.is_shown = write!(stderr(), "\r\x1b[K{line}").is_ok();
    }

    pub(crate) fn take_back(&mut self) {
        if std::mem::take(&mut self.is_shown) {
            let _ = write!(stderr(), "\r\x1b[K");
        }
    }
}

/// The first parts that fit on one line: one that breaks could not be taken back.
fn fitting(parts: &[String], width: usize) -> String {
    let mut line = String::new();
    for part in parts {
        let longer = match line.is_empty() {
            true => part.clone(),
            false => format!("{line}, {part}"),
        };
        // The last column stays free, since some terminals break the line there.
        if longer.width() >= width {
            break;
        }
        line = longer;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_would_break_the_line_are_left_out() {
        let parts = ["15 %", "口岸 rows", "9 s left"].map(str::to_string);
        assert_eq!(fitting(&parts, 80), "15 %, 口岸 rows, 9 s left");
        assert_eq!(fitting(&parts, 16), "15 %, 口岸 rows");
        assert_eq!(fitting(&parts, 15), "15 %");
        assert_eq!(fitting(&parts, 4), "");
    }
}
