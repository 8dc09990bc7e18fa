//! A list of keys and where they are, which goes to a temporary file when it grows large.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::encoder::KeyHash;

/// The hash of a key, and one more number that says where it is.
type Entry = [u64; 3];

const ENTRY_BYTES: usize = size_of::<Entry>();

/// Parts that can be looked at one at a time: keys that are equal are in the same.
const PARTITIONS: usize = 256;

/// Memory that all lists of one check may take together before they go to files.
#[derive(Debug, Clone)]
pub(crate) struct Budget {
    bytes: usize,
    used: Arc<AtomicUsize>,
    /// Where temporary files are made; none for the system's own folder.
    folder: Option<PathBuf>,
}

impl Budget {
    pub(crate) fn new(bytes: usize, folder: Option<PathBuf>) -> Self {
        Self {
            bytes,
            used: Arc::default(),
            folder,
        }
    }
}

/// A list of keys that several threads write to.
#[derive(Debug)]
pub(crate) struct Ledger {
    budget: Budget,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    partitions: Vec<Partition>,
    in_memory: usize,
    file: Option<File>,
    written: u64,
}

#[derive(Debug, Default)]
struct Partition {
    entries: Vec<Entry>,
    /// Where more entries are in the file: offset and count.
    stretches: Vec<(u64, usize)>,
}

impl Ledger {
    pub(crate) fn new(budget: Budget) -> Self {
        Self {
            budget,
            state: Mutex::new(State {
                partitions: (0..PARTITIONS).map(|_| Partition::default()).collect(),
                in_memory: 0,
                file: None,
                written: 0,
            }),
        }
    }

    /// Adds keys, each with a number.
    pub(crate) fn add(&self, keys: impl Iterator<Item = (KeyHash, u64)>) -> io::Result<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut added = 0;
        for ([high, low], number) in keys {
            let partition = &mut state.partitions[(high >> 56) as usize];
            partition.entries.push([high, low, number]);
            added += ENTRY_BYTES;
        }
        state.in_memory += added;
        let used = self.budget.used.fetch_add(added, Ordering::Relaxed) + added;
        if used > self.budget.bytes {
            let freed = state.write_out(&self.budget)?;
            self.budget.used.fetch_sub(freed, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Gives all entries of equal keys, ordered by their numbers, to each thread's own `T`.
    pub(crate) fn groups<T: Default + Send>(
        self,
        threads: usize,
        each: impl Fn(&mut T, &[Entry]) + Sync,
    ) -> io::Result<Vec<T>> {
        let state = self
            .state
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        self.budget
            .used
            .fetch_sub(state.in_memory, Ordering::Relaxed);
        let file = Mutex::new(state.file);
        let partitions = Mutex::new(state.partitions.into_iter());
        let work = || -> io::Result<T> {
            let mut found = T::default();
            loop {
                let next = partitions
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .next();
                let Some(partition) = next else {
                    return Ok(found);
                };
                let mut entries = partition.entries;
                for (offset, count) in partition.stretches {
                    let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                    if let Some(file) = file.as_mut() {
                        read(file, offset, count, &mut entries)?;
                    }
                }
                entries.sort_unstable();
                entries
                    .chunk_by(|one, other| one[..2] == other[..2])
                    .for_each(|group| each(&mut found, group));
            }
        };
        thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let mut found = vec![work()?];
            for other in others {
                let failed = |_| io::Error::other("a thread that compared keys has failed");
                found.push(other.join().map_err(failed)??);
            }
            Ok(found)
        })
    }
}

impl State {
    /// Writes what is in memory to the file, and tells how many bytes that frees.
    fn write_out(&mut self, budget: &Budget) -> io::Result<usize> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(match &budget.folder {
                Some(folder) => tempfile::tempfile_in(folder)?,
                None => tempfile::tempfile()?,
            }),
        };
        file.seek(SeekFrom::Start(self.written))?;
        let mut bytes = Vec::new();
        for partition in &mut self.partitions {
            let entries = std::mem::take(&mut partition.entries);
            if entries.is_empty() {
                continue;
            }
            bytes.clear();
            bytes.extend(entries.iter().flatten().flat_map(|word| word.to_le_bytes()));
            file.write_all(&bytes)?;
            partition.stretches.push((self.written, entries.len()));
            self.written += bytes.len() as u64;
        }
        Ok(std::mem::take(&mut self.in_memory))
    }
}

fn read(file: &mut File, offset: u64, count: usize, entries: &mut Vec<Entry>) -> io::Result<()> {
    let mut bytes = vec![0; count * ENTRY_BYTES];
    file.seek(SeekFrom::Start(offset))?;
    file.read_exact(&mut bytes)?;
    let (words, _) = bytes.as_chunks::<8>();
    let (found, _) = words.as_chunks::<3>();
    entries.extend(found.iter().map(|entry| entry.map(u64::from_le_bytes)));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Groups with more than one entry.
    fn repeated(budget: usize) -> Vec<Vec<u64>> {
        let ledger = Ledger::new(Budget::new(budget, None));
        let hash = |number: u64| [number.wrapping_mul(0x9E37_79B9_7F4A_7C15), number];
        // Keys 0 to 999, and 7 and 500 once more in every round.
        for round in 0..10_u64 {
            let keys = (round * 100..(round + 1) * 100).chain([7, 500]);
            let numbered = keys
                .enumerate()
                .map(|(index, key)| (hash(key), round * 1000 + index as u64));
            ledger.add(numbered).unwrap();
        }
        let found = ledger.groups(2, |found: &mut Vec<Vec<u64>>, group| {
            if group.len() > 1 {
                found.push(group.iter().map(|entry| entry[2]).collect());
            }
        });
        let mut found: Vec<_> = found.unwrap().into_iter().flatten().collect();
        found.sort();
        found
    }

    #[test]
    fn equal_keys_come_together_in_memory_and_in_a_file() {
        let in_memory = repeated(usize::MAX);
        let sevens = (0..10).map(|round| round * 1000 + 100);
        let mut sevens: Vec<u64> = sevens.chain([7]).collect();
        sevens.sort_unstable();
        assert_eq!(in_memory.len(), 2);
        assert_eq!(in_memory[0], sevens);
        assert_eq!(repeated(1000), in_memory);
        assert_eq!(repeated(0), in_memory);
    }
}
