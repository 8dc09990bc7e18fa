//! Runs a fused aggregation on several threads, with the same answer however they take turns.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use arrow::array::RecordBatch;
use datafusion::common::{exec_datafusion_err, exec_err};
use datafusion::error::Result;
use datafusion::execution::memory_pool::MemoryReservation;

use crate::finish::finish;
use crate::kernel::{BLOCK, Dimensions, Kernel, Table, survey};
use crate::plan::{Query, RowGroup};

/// Beyond this many groups a table has no place in memory for each combination.
const MOST_GROUPS: usize = 1 << 23;

/// Tables of this many bytes together may wait for their turn; larger ones take in several row groups each.
const BYTES_OF_TABLES: usize = 64 << 20;

/// Tables that are made at least, so that threads share the work.
const FEWEST_TABLES: usize = 8;

/// Expressions of many levels are evaluated by recursion; the stack is reserved, not taken.
const STACK_BYTES: usize = 32 << 20;

/// What a run counts.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) rows: AtomicUsize,
    pub(crate) bytes: AtomicUsize,
}

/// Answers a query. Any error means that DataFusion's own plan has to answer it.
pub(crate) fn run(
    query: &Query,
    threads: usize,
    memory: &MemoryReservation,
    stop: &AtomicBool,
    counts: &Counts,
) -> Result<RecordBatch> {
    let threads = threads.clamp(1, query.row_groups.len().max(1));
    let dimensions = Dimensions::number(query, &surveys(query, threads, stop)?)?;
    let Some(groups) = dimensions
        .groups(query.keys)
        .filter(|groups| *groups <= MOST_GROUPS)
    else {
        return exec_err!("the keys have too many combinations");
    };
    let numbers_of_part = |part: usize| dimensions.parts[part].size;
    let bytes = Table::bytes(query, groups, numbers_of_part);
    let tables = (BYTES_OF_TABLES / bytes.max(1)).max(FEWEST_TABLES);
    let row_groups = query.row_groups.len().div_ceil(tables).max(1);
    // Each thread fills one table, another may wait for it, and one holds the sum.
    memory.try_resize(bytes.saturating_mul(2 * threads + 1))?;
    let tasks = Tasks::new(query.row_groups.len(), row_groups, 2 * threads);
    let work = || {
        let mut kernel = Kernel::new(query, &dimensions, groups as u32);
        while let Some((task, range)) = tasks.next(stop)? {
            let mut table = Table::new(query, groups, BLOCK, numbers_of_part);
            for index in range {
                let group = query.row_groups[index];
                let read = kernel.run(group, &dimensions.row_groups[index], &mut table, stop)?;
                counts.rows.fetch_add(group.rows, Ordering::Relaxed);
                counts.bytes.fetch_add(read, Ordering::Relaxed);
            }
            tasks.finished(task, table);
        }
        Ok(())
    };
    on_threads(threads, &|| work().inspect_err(|_| tasks.give_up()))?;
    let table = tasks
        .sum()
        .unwrap_or_else(|| Table::new(query, groups, BLOCK, numbers_of_part));
    finish(query, &dimensions, groups, &table)
}

/// Evaluates keys on the dictionaries of all row groups.
fn surveys(
    query: &Query,
    threads: usize,
    stop: &AtomicBool,
) -> Result<Vec<Vec<Option<arrow::array::ArrayRef>>>> {
    if query.parts.iter().all(|part| part.range.is_some()) {
        return Ok(query
            .row_groups
            .iter()
            .map(|_| vec![None; query.parts.len()])
            .collect());
    }
    let next = AtomicUsize::new(0);
    let found = Mutex::new(BTreeMap::new());
    on_threads(threads, &|| {
        while let Some(group) = query.row_groups.get(next.fetch_add(1, Ordering::Relaxed)) {
            if stop.load(Ordering::Relaxed) {
                return exec_err!("cancelled");
            }
            let values = survey(query, RowGroup::clone(group))?;
            lock(&found).insert((group.file, group.index), values);
        }
        Ok(())
    })?;
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    let taken = query
        .row_groups
        .iter()
        .map(|group| found.remove(&(group.file, group.index)));
    match taken.collect::<Option<Vec<_>>>() {
        Some(surveys) => Ok(surveys),
        None => exec_err!("a row group is listed twice"),
    }
}

/// Runs the same work on several threads; the first error of any.
fn on_threads(threads: usize, work: &(impl Fn() -> Result<()> + Sync)) -> Result<()> {
    if threads == 1 {
        return work();
    }
    thread::scope(|scope| {
        let start = |_| {
            thread::Builder::new()
                .name("fused".to_string())
                .stack_size(STACK_BYTES)
                .spawn_scoped(scope, work)
        };
        let handles: Vec<_> = (0..threads).map(start).collect();
        for handle in handles {
            handle?
                .join()
                .map_err(|_| exec_datafusion_err!("a thread of the fused aggregation stopped"))??;
        }
        Ok(())
    })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs of row groups, handed out in order; their tables are added in the same order.
struct Tasks {
    row_groups: usize,
    row_groups_of_a_task: usize,
    /// So many tasks may be ahead of the first unfinished one.
    ahead: usize,
    state: Mutex<State>,
    moved: Condvar,
}

#[derive(Default)]
struct State {
    next: usize,
    added: usize,
    waiting: BTreeMap<usize, Table>,
    sum: Option<Table>,
    is_over: bool,
}

impl Tasks {
    fn new(row_groups: usize, row_groups_of_a_task: usize, ahead: usize) -> Self {
        Self {
            row_groups,
            row_groups_of_a_task,
            ahead,
            state: Mutex::default(),
            moved: Condvar::new(),
        }
    }

    /// The next task with its row groups; nothing when all are taken.
    fn next(&self, stop: &AtomicBool) -> Result<Option<(usize, std::ops::Range<usize>)>> {
        let mut state = lock(&self.state);
        while state.next >= state.added + self.ahead {
            if state.is_over || stop.load(Ordering::Relaxed) {
                return exec_err!("cancelled");
            }
            let waited = self.moved.wait_timeout(state, Duration::from_millis(50));
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        let first = state.next * self.row_groups_of_a_task;
        if state.is_over || first >= self.row_groups {
            return Ok(None);
        }
        let task = state.next;
        state.next += 1;
        Ok(Some((
            task,
            first..(first + self.row_groups_of_a_task).min(self.row_groups),
        )))
    }

    fn finished(&self, task: usize, table: Table) {
        let mut state = lock(&self.state);
        state.waiting.insert(task, table);
        while let Some(table) = {
            let added = state.added;
            state.waiting.remove(&added)
        } {
            match &mut state.sum {
                Some(sum) => sum.merge(&table),
                None => state.sum = Some(table),
            }
            state.added += 1;
        }
        self.moved.notify_all();
    }

    fn give_up(&self) {
        lock(&self.state).is_over = true;
        self.moved.notify_all();
    }

    fn sum(self) -> Option<Table> {
        self.state
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .sum
    }
}
