//! Kills conversions at random moments, for the tests of files and of folders.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Child;
use std::thread;
use std::time::Duration;

/// Starts the conversion that is not present and kills it, so many times, spread over the time that one takes.
///
/// `present` says which of two outcomes is there, or fails where it is a third thing.
pub(crate) fn kill_at_any_moment(
    rounds: u32,
    time: Duration,
    present: impl Fn() -> io::Result<usize>,
    start: impl Fn(usize) -> io::Result<Child>,
) -> io::Result<()> {
    let mut seen = [0, 0];
    for round in 0..rounds {
        let before = present()?;
        let mut child = start(1 - before)?;
        // Spread evenly over a little more than a conversion takes, in no order.
        let share = f64::from(round * 37 % rounds) / (0.8 * f64::from(rounds));
        thread::sleep(time.mul_f64(share));
        child.kill()?;
        child.wait()?;
        seen[usize::from(present()? != before)] += 1;
    }
    // Some came too early and some too late to matter.
    assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
    Ok(())
}

/// The names of what is in a folder, hidden ones too.
pub(crate) fn names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = fs::read_dir(folder)?;
    entries
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect()
}
