//! Runs fused operators on several threads, with the same answer however they take turns.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use arrow::array::RecordBatch;
use datafusion::common::{exec_datafusion_err, exec_err};
use datafusion::error::Result;
use datafusion::execution::memory_pool::MemoryReservation;
use datafusion::physical_plan::metrics::Count;

use super::row_selection::SelectedRows;
use super::states::finish;
use super::tasks::Tasks;
use crate::kernel::{Candidate, Kernel, KeyDictionaries, Table, TopKernel, survey};
use crate::lock::lock;
use crate::pages::Buffers;
use crate::plan::{FEWEST_TABLES, Query, TopQuery, work_shares};

/// Beyond this many groups a table has no place in memory for each combination.
const MOST_GROUPS: usize = 1 << 23;

/// So many groups are made whatever the number of rows.
const FEW_GROUPS: usize = 1 << 16;

/// Beyond that, so many for each row: a table that is mostly empty costs more than hashing.
const GROUPS_OF_A_ROW: usize = 4;

/// More memory than this is not taken for tables.
const MOST_BYTES: usize = 1 << 30;

/// Tables of this many bytes together may wait for their turn; larger ones take in several row groups each.
const BYTES_OF_TABLES: usize = 64 << 20;

/// Dictionaries of fewer row groups are not worth another thread.
const SURVEYED_AT_ONCE: usize = 8;

/// Expressions of many levels are evaluated by recursion; the stack is reserved, not taken.
const STACK_BYTES: usize = 32 << 20;

/// What a run counts while it goes on.
#[derive(Debug)]
pub(crate) struct Counts {
    pub(crate) rows: Count,
    pub(crate) bytes: Count,
    pub(crate) row_groups: Count,
}

impl Counts {
    fn add(&self, rows: usize, bytes: usize, row_groups: usize) {
        self.rows.add(rows);
        self.bytes.add(bytes);
        self.row_groups.add(row_groups);
    }
}

/// The places of the first rows in an order. Any error means that DataFusion's own plan has to find them.
pub(crate) fn top(
    top: &TopQuery,
    buffers: &Buffers,
    threads: usize,
    stop: &AtomicBool,
    counts: &Counts,
) -> Result<SelectedRows> {
    let row_groups = &top.query.row_groups;
    let next = AtomicUsize::new(0);
    let best: Mutex<Vec<Candidate>> = Mutex::default();
    // Each thread has row groups in their order: of rows that are alike the first ones are kept.
    on_threads(threads.clamp(1, row_groups.len().max(1)), &|| {
        let mut kernel = TopKernel::new(top, buffers)?;
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(group) = row_groups.get(index) else {
                break;
            };
            let bytes = kernel.run(index, stop)?;
            counts.add(group.rows, bytes, 1);
        }
        lock(&best).extend(kernel.finish());
        Ok(())
    })?;
    let mut best = best.into_inner().unwrap_or_else(PoisonError::into_inner);
    best.sort_unstable();
    best.truncate(top.limit);
    let mut places: Vec<_> = best.into_iter().map(|(_, place)| place).collect();
    places.sort_unstable();
    Ok(places)
}

/// Answers an aggregation. Any error means that DataFusion's own plan has to answer it.
pub(crate) fn aggregate(
    query: &Query,
    buffers: &Buffers,
    threads: usize,
    memory: &MemoryReservation,
    stop: &AtomicBool,
    counts: &Counts,
) -> Result<RecordBatch> {
    let shares = work_shares(&query.row_groups, threads);
    let threads = threads.clamp(1, shares.len().max(1));
    let key_dictionaries =
        KeyDictionaries::number(query, &surveys(query, buffers, threads, stop)?)?;
    let rows: usize = query.row_groups.iter().map(|group| group.rows).sum();
    let most = MOST_GROUPS.min(FEW_GROUPS.max(GROUPS_OF_A_ROW * rows));
    let Some(groups) = key_dictionaries
        .groups(query.keys)
        .filter(|groups| *groups <= most)
    else {
        return exec_err!("the keys have too many combinations");
    };
    let codes_of_key = |key: usize| key_dictionaries.keys[key].size;
    let bytes = Table::bytes(query, groups, codes_of_key);
    let tables = (BYTES_OF_TABLES / bytes.max(1)).max(FEWEST_TABLES);
    let shares_of_a_table = shares.len().div_ceil(tables).max(1);
    // Each thread fills one table, another may wait for it, and one holds the sum.
    let all = bytes.saturating_mul(2 * threads + 1);
    if all > MOST_BYTES {
        return exec_err!("the groups take {all} bytes");
    }
    memory.try_resize(all)?;
    let tasks = Tasks::new(shares.len(), shares_of_a_table, 2 * threads);
    let work = || {
        let mut kernel = Kernel::new(query, buffers, &key_dictionaries, groups as u32);
        while let Some((task, range)) = tasks.next(stop)? {
            let mut table = Table::new(query, groups, codes_of_key)?;
            for share in &shares[range] {
                let read = kernel.run(share, &mut table, stop)?;
                counts.add(share.rows.len(), read, usize::from(share.rows.start == 0));
            }
            tasks.finished(task, table)?;
        }
        Ok(())
    };
    on_threads(threads, &|| work().inspect_err(|_| tasks.give_up()))?;
    let table = match tasks.sum() {
        Some(table) => table,
        None => Table::new(query, groups, codes_of_key)?,
    };
    finish(query, &key_dictionaries, groups, table)
}

/// Evaluates keys on the dictionaries of all row groups.
fn surveys(
    query: &Query,
    buffers: &Buffers,
    threads: usize,
    stop: &AtomicBool,
) -> Result<Vec<Vec<Option<arrow::array::ArrayRef>>>> {
    if query
        .key_parts
        .iter()
        .all(|key_part| key_part.range.is_some())
    {
        return Ok(query
            .row_groups
            .iter()
            .map(|_| vec![None; query.key_parts.len()])
            .collect());
    }
    let next = AtomicUsize::new(0);
    let found = Mutex::new(BTreeMap::new());
    let threads = threads.min(query.row_groups.len().div_ceil(SURVEYED_AT_ONCE));
    on_threads(threads, &|| {
        while let Some(group) = query.row_groups.get(next.fetch_add(1, Ordering::Relaxed)) {
            if stop.load(Ordering::Relaxed) {
                return exec_err!("cancelled");
            }
            let values = survey(query, *group, buffers)?;
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
                .map_err(|_| exec_datafusion_err!("a thread of a fused operator stopped"))??;
        }
        Ok(())
    })
}
