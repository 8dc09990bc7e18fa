//! A session: runs scripts, statements and saved queries, and shows their answers.

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::array::RecordBatch;
use arrow::datatypes::Schema;
use kouan_engine::{
    Answer, AnswerShape, Engine, EngineError, Piece, Source, Statement, Values, panic_message,
    split,
};
use kouan_render::{PlanText, Renderer, Summary};
use tokio::runtime::{Builder, Runtime};

use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::session::interrupt::Interrupt;
use crate::session::rows::Rows;
use crate::session::watch::Watch;
use crate::session::workers::{Panics, Workers, no_threads};
use crate::show::answers::shown_schema;
use crate::show::output::Output;
use crate::show::panics;
use crate::show::report::Reporter;

/// A person who has waited this long sees what rows there are.
const PATIENCE: Duration = Duration::from_millis(200);

/// Whether the session goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    Continue,
    Quit,
}

/// Runs a line of a source that starts with `\`, from which that is taken.
pub(crate) type RunCommand = fn(&mut Shell, &str) -> Result<Flow, Failure>;

/// An open session.
pub(crate) struct Shell {
    pub(crate) engine: Arc<Engine>,
    pub(crate) environment: Environment,
    pub(crate) output: Output,
    pub(crate) reporter: Reporter,
    /// A person types and reads: counts and times are shown beside the answers.
    pub(crate) interactive: bool,
    /// Says how long each answer took.
    pub(crate) timing: bool,
    /// The statements after one that failed run too.
    pub(crate) keep_going: bool,
    /// What became of the first statement that failed while others went on.
    pub(crate) first_failure: Option<Exit>,
    /// The longest that a statement may take.
    pub(crate) time_limit: Option<Duration>,
    /// The last statement that was answered.
    pub(crate) last_statement: Option<Statement>,
    /// How many files deep `\i` is.
    pub(crate) including: usize,
    commands: RunCommand,
    workers: Workers,
    /// Where this thread waits: a clock of its own goes on when all workers are deep in a join.
    waiting: Runtime,
    interrupt: Interrupt,
}

impl Shell {
    pub(crate) fn new(
        engine: Engine,
        environment: &Environment,
        output: Output,
        commands: RunCommand,
    ) -> Result<Self, Failure> {
        Ok(Self {
            commands,
            engine: Arc::new(engine),
            environment: environment.clone(),
            output,
            reporter: Reporter::new(environment),
            interactive: false,
            timing: false,
            keep_going: false,
            first_failure: None,
            time_limit: None,
            last_statement: None,
            including: 0,
            workers: Workers::start()?,
            waiting: Builder::new_current_thread()
                .enable_time()
                .build()
                .map_err(no_threads)?,
            interrupt: Interrupt::listen().map_err(no_threads)?,
        })
    }

    /// Runs statements and commands in order, up to the first that fails unless they are to go on.
    pub(crate) fn run_source(&mut self, source: &Source) -> Result<Flow, Failure> {
        for piece in split(source) {
            match panics::caught(|| self.run_piece(source, piece)) {
                Ok(Flow::Continue) => {}
                Ok(Flow::Quit) => return Ok(Flow::Quit),
                Err(failure) => {
                    if failure.leaves_work() {
                        self.workers.leave()?;
                    }
                    if !self.keep_going || failure.ends_run() {
                        return Err(failure);
                    }
                    self.reporter.failure(&failure);
                    self.first_failure.get_or_insert_with(|| failure.exit());
                }
            }
        }
        Ok(Flow::Continue)
    }

    fn run_piece(&mut self, source: &Source, piece: Piece) -> Result<Flow, Failure> {
        match piece {
            Piece::Statement(statement) => {
                self.run_statement(&statement)?;
                Ok(Flow::Continue)
            }
            Piece::Broken(error) => Err(Failure::Statement(source.clone(), error)),
            Piece::Command { text, .. } => (self.commands)(self, &text),
        }
    }

    fn run_statement(&mut self, statement: &Statement) -> Result<(), Failure> {
        let (mut watch, panics) = (self.watch(), self.workers.panics());
        let (engine, asked) = (Arc::clone(&self.engine), statement.clone());
        let answer = self
            .work(&mut watch, async move {
                engine.run(&asked, &Values::new()).await
            })?
            .map_err(|error| Failure::Statement(statement.source.clone(), error))?;
        self.show_answer(answer, watch, panics)?;
        self.last_statement = Some(statement.clone());
        Ok(())
    }

    /// Runs a saved query with values as typed.
    pub(crate) fn run_query(&mut self, name: &str, words: Vec<String>) -> Result<(), Failure> {
        let (mut watch, panics) = (self.watch(), self.workers.panics());
        let query = self.engine.queries().find(name)?.clone();
        let (engine, asked) = (Arc::clone(&self.engine), query.clone());
        let answer = self.work(&mut watch, async move {
            engine.run_query_with(&asked, &words).await
        })?;
        let answer = answer.map_err(|error| match error {
            kouan_engine::EngineError::Statement(error) => Failure::Statement(query.text, error),
            other => Failure::Engine(other),
        })?;
        self.show_answer(answer, watch, panics)
    }

    /// Shows rows that are at hand, such as a list of tables, all of them.
    pub(crate) fn show_rows(&mut self, rows: &RecordBatch) -> Result<(), Failure> {
        let mut renderer = self.output.list_renderer(&self.environment)?;
        renderer.begin(&rows.schema(), &mut self.output)?;
        renderer.batch(rows, &mut self.output)?;
        renderer.finish(&mut self.output)?;
        Ok(())
    }

    /// Gives the terminal to a program of the person's, such as a pager, which hears Ctrl-C itself.
    pub(crate) fn lend_terminal<T>(&mut self, work: impl FnOnce(&Environment) -> T) -> T {
        self.interrupt.ignore(true);
        let done = work(&self.environment);
        self.interrupt.ignore(false);
        done
    }

    /// Writes text where answers go.
    pub(crate) fn show_text(&mut self, text: &str) -> Result<(), Failure> {
        writeln!(self.output, "{text}")?;
        Ok(self.output.flush()?)
    }

    /// Writes sentences where answers go; on a terminal no word is broken, and lines keep their indentation.
    pub(crate) fn show_prose(&mut self, text: &str) -> Result<(), Failure> {
        let on_screen = self.output.is_on_terminal(&self.environment);
        let Some(width) = self.environment.width().filter(|_| on_screen) else {
            return self.show_text(text);
        };
        let wrapped = text.lines().map(|line| {
            let start = line.len() - line.trim_start().len();
            let options = textwrap::Options::new(width).subsequent_indent(&line[..start]);
            textwrap::fill(line, options)
        });
        self.show_text(&wrapped.collect::<Vec<_>>().join("\n"))
    }

    /// Runs work on a worker thread, so that Ctrl-C is heard whatever it does.
    pub(crate) fn wait<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Failure> {
        self.work(&mut self.watch(), work)
    }

    /// The same for work that takes a whole answer: what it made while a worker panicked is not believed.
    pub(crate) fn wait_for_answer<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, EngineError>> + Send + 'static,
    ) -> Result<Result<T, EngineError>, Failure> {
        let panics = self.workers.panics();
        let done = self.wait(work)?;
        Ok(done.and_then(|done| panics.unless_any(done).map_err(EngineError::Statement)))
    }

    fn work<T: Send + 'static>(
        &self,
        watch: &mut Watch,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Failure> {
        let task = self.workers.spawn(work);
        let handle = task.abort_handle();
        let done = watch.wait(&self.waiting, task);
        handle.abort();
        done?.map_err(|ended| match ended.try_into_panic() {
            Ok(panic) => Failure::fault(&panic_message(panic.as_ref())),
            Err(ended) => Failure::fault(&ended.to_string()),
        })
    }

    fn watch(&self) -> Watch {
        Watch::start(&self.interrupt, self.time_limit, &self.environment)
    }

    fn show_answer(
        &mut self,
        mut answer: Answer,
        mut watch: Watch,
        panics: Panics,
    ) -> Result<(), Failure> {
        let started = watch.started();
        watch.follow(answer.progress());
        for note in self.engine.take_notes() {
            self.reporter.note(note);
        }
        let schema = shown_schema(&answer);
        let is_plan = answer.shape() != AnswerShape::Rows;
        self.output.begin_answer()?;
        let renderer = if is_plan && self.output.format.for_people {
            Box::new(PlanText::default())
        } else {
            self.output.renderer(&self.environment)?
        };
        // Only a person asks for the last answer again.
        let is_kept = self.interactive && !is_plan && !schema.fields().is_empty();
        let kept = is_kept.then(|| answer.keep_rows());
        if self.output.is_on_terminal(&self.environment) && !renderer.needs_all_rows() {
            watch.be_silent();
        }
        let mut rows = Rows::of(answer, &self.workers, panics);
        let next = || rows.next(&mut watch, &self.waiting);
        let output = &mut self.output;
        let shown = panics::caught(|| write_answer(&schema, next, renderer, output, started));
        let shown = match shown {
            Ok(shown) => shown,
            Err(failure @ Failure::Interrupted(_)) => return Err(failure),
            Err(failure) => {
                self.output.take_answer_back();
                self.workers.leave()?;
                return Err(match rows.count {
                    0 => failure,
                    count => failure.after_rows(count),
                });
            }
        };
        self.say_summary(&schema, &shown, watch.elapsed());
        if let Some(kept) = kept
            && !self.engine.set_last_answer(kept)
        {
            self.reporter
                .note("the answer is too large to be kept; there is no `_` and `\\last` now");
        }
        Ok(())
    }

    fn say_summary(&self, schema: &Schema, summary: &Summary, elapsed: Duration) {
        for (name, renamed) in &summary.renamed {
            self.reporter.note(format_args!(
                "column `{name}` is there twice; the second is written as `{renamed}`"
            ));
        }
        let mut said = Vec::new();
        if self.interactive || !summary.is_complete() {
            said.push(if schema.fields().is_empty() {
                "done".to_string()
            } else {
                summary.to_string()
            });
        }
        if self.timing {
            said.push(format!("{:.3} s", elapsed.as_secs_f64()));
        }
        if !said.is_empty() {
            self.reporter.summary(said.join(", "));
        }
    }
}

/// Writes an answer as it comes. Only one that has come to its end is closed as a whole one, and one that the person
/// stopped, who knows; of one that broke off what was written stays open.
fn write_answer(
    schema: &Schema,
    mut next: impl FnMut() -> Result<Option<RecordBatch>, Failure>,
    mut renderer: Box<dyn Renderer>,
    output: &mut Output,
    started: Instant,
) -> Result<Summary, Failure> {
    if schema.fields().is_empty() {
        while next()?.is_some() {}
        return Ok(Summary::default());
    }
    let mut begun = false;
    loop {
        let batch = match next() {
            Ok(batch) => batch,
            Err(failure) => {
                if begun && matches!(failure, Failure::Interrupted(_)) {
                    renderer.finish(output)?;
                }
                return Err(failure);
            }
        };
        if !begun {
            renderer.begin(schema, output)?;
            begun = true;
        }
        match batch {
            Some(batch) => {
                renderer.batch(&batch, output)?;
                if started.elapsed() > PATIENCE {
                    renderer.hurry(output)?;
                }
            }
            None => return Ok(renderer.finish(output)?),
        }
    }
}
