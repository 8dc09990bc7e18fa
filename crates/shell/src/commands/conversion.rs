//! What a person sees of a conversion while it runs, and how they stop it.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use kouan_ingest::{Options as Checks, Progress, stored_bytes};
use kouan_schema::{Package, Table};

use crate::environment::Environment;
use crate::exit::{Failure, Stopped, short};
use crate::session::interrupt::Interrupt;
use crate::session::watch::{BETWEEN_LINES, PATIENCE};
use crate::show::status_line::StatusLine;

/// Shows how far tables are, and hears Ctrl-C.
pub(super) struct Conversion<'a> {
    environment: &'a Environment,
    interrupt: Interrupt,
    started: Instant,
    rows_read: Mutex<u64>,
}

impl<'a> Conversion<'a> {
    pub(super) fn start(environment: &'a Environment) -> Result<Self, Failure> {
        let interrupt = Interrupt::listen();
        let no_threads = |error| Failure::File("cannot listen for Ctrl-C".to_string(), error);
        Ok(Self {
            environment,
            interrupt: interrupt.map_err(no_threads)?,
            started: Instant::now(),
            rows_read: Mutex::new(0),
        })
    }

    /// Runs work on a table with a line that says how far it is.
    pub(super) fn run<T>(
        &self,
        package: &Package,
        table: &Table,
        work: impl FnOnce(&Checks<'_>) -> T,
    ) -> T {
        let in_all = stored_bytes(package, table);
        let started = Instant::now();
        let shown = Mutex::new((StatusLine::default(), None));
        let show = |progress: Progress| {
            *self
                .rows_read
                .lock()
                .unwrap_or_else(PoisonError::into_inner) = progress.rows;
            let mut shown = shown.lock().unwrap_or_else(PoisonError::into_inner);
            let (line, at) = &mut *shown;
            let is_due = at.is_none_or(|at: Instant| at.elapsed() >= BETWEEN_LINES);
            if self.environment.stderr_takes_lines_back && started.elapsed() >= PATIENCE && is_due {
                let seconds = started.elapsed().as_secs_f64();
                line.show(&said(table.full_name(), progress, in_all, seconds));
                *at = Some(Instant::now());
            }
        };
        let done = work(&Checks {
            progress: Some(&show),
            cancel: Some(self.interrupt.pressed()),
            temporary_folder: Some(&self.environment.temporary),
            ..Checks::default()
        });
        let (mut line, _) = shown.into_inner().unwrap_or_else(PoisonError::into_inner);
        line.take_back();
        done
    }

    /// How far it was when Ctrl-C came.
    pub(super) fn stopped(&self) -> Stopped {
        let rows = *self
            .rows_read
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        Stopped::new(self.started, rows)
    }
}

/// `movements [######....] 62 %`, `5 s left`, `12.4 M rows read`, `3.1 M rows/s`.
fn said(table: &str, progress: Progress, in_all: Option<u64>, seconds: f64) -> Vec<String> {
    const WIDTH: usize = 20;
    let share = in_all.map(|in_all| progress.bytes as f64 / in_all as f64);
    let mut said = match share.filter(|share| *share > 0.0 && *share <= 1.0) {
        None => vec![table.to_string()],
        Some(share) => {
            let filled = (share * WIDTH as f64) as usize;
            let bar = format!("{}{}", "#".repeat(filled), ".".repeat(WIDTH - filled));
            let percent = (share * 100.0).floor();
            let left = seconds / share - seconds;
            vec![
                format!("{table} [{bar}] {percent:.0} %"),
                format!("{left:.0} s left"),
            ]
        }
    };
    said.push(format!("{} rows read", short(progress.rows as f64)));
    let rate = progress.rows as f64 / seconds;
    said.push(format!("{} rows/s", short(rate)));
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_far_and_how_long() {
        let progress = Progress {
            bytes: 250,
            rows: 3_000_000,
        };
        assert_eq!(
            said("ports", progress, Some(1000), 2.0).join(", "),
            "ports [#####...............] 25 %, 6 s left, 3.0 M rows read, 1.5 M rows/s"
        );
        assert_eq!(
            said("ports", progress, None, 2.0).join(", "),
            "ports, 3.0 M rows read, 1.5 M rows/s"
        );
    }
}
