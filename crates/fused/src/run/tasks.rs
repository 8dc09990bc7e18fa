//! Hands row groups out to threads and adds up their tables in the order of the row groups.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use datafusion::common::exec_err;
use datafusion::error::Result;

use crate::kernel::Table;
use crate::lock::lock;

/// Runs of row groups, handed out in order; their tables are added in the same order.
pub(crate) struct Tasks {
    row_groups: usize,
    row_groups_of_a_task: usize,
    /// So many tasks may be ahead of the first unfinished one.
    ahead: usize,
    state: Mutex<TaskState>,
    moved: Condvar,
}

#[derive(Default)]
struct TaskState {
    next: usize,
    added: usize,
    waiting: BTreeMap<usize, Table>,
    sum: Option<Table>,
    is_over: bool,
}

impl Tasks {
    pub(crate) fn new(row_groups: usize, row_groups_of_a_task: usize, ahead: usize) -> Self {
        Self {
            row_groups,
            row_groups_of_a_task,
            ahead,
            state: Mutex::default(),
            moved: Condvar::new(),
        }
    }

    /// The next task with its row groups; nothing when all are taken.
    pub(crate) fn next(
        &self,
        stop: &AtomicBool,
    ) -> Result<Option<(usize, std::ops::Range<usize>)>> {
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

    pub(crate) fn finished(&self, task: usize, table: Table) -> Result<()> {
        let mut state = lock(&self.state);
        state.waiting.insert(task, table);
        while let Some(table) = {
            let added = state.added;
            state.waiting.remove(&added)
        } {
            match &mut state.sum {
                Some(sum) => sum.merge(table)?,
                None => state.sum = Some(table),
            }
            state.added += 1;
        }
        self.moved.notify_all();
        Ok(())
    }

    pub(crate) fn give_up(&self) {
        lock(&self.state).is_over = true;
        self.moved.notify_all();
    }

    pub(crate) fn sum(self) -> Option<Table> {
        self.state
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .sum
    }
}
