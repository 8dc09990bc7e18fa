//! Watches over a statement while it runs: Ctrl-C, the time limit, and a line that says how far it is.

use std::future::Future;
use std::pin::pin;
use std::time::{Duration, Instant};

use kouan_engine::Progress;
use tokio::runtime::Runtime;

use crate::environment::{Environment, resident_bytes};
use crate::exit::{Failure, Stopped, short};
use crate::session::interrupt::Interrupt;
use crate::show::status_line::StatusLine;

/// What takes less shows no line.
pub(crate) const PATIENCE: Duration = Duration::from_secs(1);
pub(crate) const BETWEEN_LINES: Duration = Duration::from_millis(100);

/// One statement's watch.
#[derive(Debug)]
pub(crate) struct Watch {
    interrupt: Interrupt,
    started: Instant,
    limit: Option<Duration>,
    progress: Option<Progress>,
    /// Someone sees standard error, on a terminal that can take a line back.
    shows_lines: bool,
    line: StatusLine,
}

impl Watch {
    /// Begins to watch; an earlier Ctrl-C is forgotten.
    pub(crate) fn start(
        interrupt: &Interrupt,
        limit: Option<Duration>,
        environment: &Environment,
    ) -> Self {
        interrupt.reset();
        Self {
            interrupt: interrupt.clone(),
            started: Instant::now(),
            limit,
            progress: None,
            shows_lines: environment.stderr_takes_lines_back,
            line: StatusLine::default(),
        }
    }

    /// From here on the scans of a plan tell how far it is.
    pub(crate) fn follow(&mut self, progress: Option<Progress>) {
        self.progress = progress;
    }

    /// Shows no more lines: rows are on the screen, which they would disturb.
    pub(crate) fn be_silent(&mut self) {
        self.shows_lines = false;
    }

    pub(crate) fn started(&self) -> Instant {
        self.started
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Waits for work, unless Ctrl-C or the time limit comes first.
    pub(crate) fn wait<T>(
        &mut self,
        runtime: &Runtime,
        work: impl Future<Output = T>,
    ) -> Result<T, Failure> {
        let interrupt = self.interrupt.clone();
        let done = runtime.block_on(async {
            let mut work = pin!(interrupt.unless_pressed(work));
            loop {
                tokio::select! {
                    done = &mut work => return done.ok_or(Failure::Interrupted(self.stopped())),
                    () = tokio::time::sleep(self.until_next_look()) => self.look()?,
                }
            }
        });
        self.line.take_back();
        done
    }

    fn until_next_look(&self) -> Duration {
        let elapsed = self.elapsed();
        let line = match self.shows_lines {
            true => BETWEEN_LINES.max(PATIENCE.saturating_sub(elapsed)),
            false => Duration::MAX,
        };
        let end = self
            .limit
            .map_or(Duration::MAX, |limit| limit.saturating_sub(elapsed));
        line.min(end)
    }

    fn look(&mut self) -> Result<(), Failure> {
        if let Some(limit) = self.limit.filter(|limit| self.elapsed() >= *limit) {
            return Err(Failure::TimedOut(limit, self.stopped()));
        }
        if self.shows_lines && self.elapsed() >= PATIENCE {
            self.line.show(&self.said());
        }
        Ok(())
    }

    fn stopped(&self) -> Stopped {
        let rows_read = self.progress.as_ref().map_or(0, Progress::rows_read);
        Stopped::new(self.started, rows_read)
    }

    /// `42 %`, `5 s left`, `12.4 M rows read`, `3.1 M rows/s`, `320 MB memory`; without a known total the time so far.
    fn said(&self) -> Vec<String> {
        let Stopped { after, rows_read } = self.stopped();
        let in_all = self.progress.as_ref().and_then(Progress::rows_in_all);
        let seconds = after.as_secs_f64();
        let mut said = Vec::new();
        // Nothing read: a scan may not count. More than was expected: the total was a wrong estimate.
        let share = in_all
            .map(|in_all| rows_read as f64 / in_all as f64)
            .filter(|share| *share > 0.0 && *share <= 1.0);
        match share {
            Some(share) => said.push(format!("{:.0} %", (share * 100.0).floor())),
            None => said.push(format!("running {seconds:.0} s")),
        }
        if let Some(share) = share.filter(|share| *share > 0.01) {
            said.push(format!("{:.0} s left", seconds / share - seconds));
        }
        if rows_read > 0 {
            said.push(format!("{} rows read", short(rows_read as f64)));
            said.push(format!("{} rows/s", short(rows_read as f64 / seconds)));
        }
        if let Some(bytes) = resident_bytes() {
            said.push(format!("{}B memory", short(bytes as f64)));
        }
        said
    }
}
