//! Runs DataFusion's own sqllogictest files through kouan's engine.
//!
//! They come with the crate `datafusion-sqllogictest`, which cargo fetches from its registry and nothing is built of.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// The crate, of the version of DataFusion that the workspace is built with.
const CRATE: &str = "datafusion-sqllogictest";

pub(crate) fn run(root: &Path) -> Result<bool> {
    let version = locked_version(root)?;
    let Some(suite) = suite(&version)? else {
        // Without a network there is nothing to compare with; everything else can be checked.
        eprintln!("skipped: cargo cannot fetch {CRATE}@{version}");
        return Ok(true);
    };
    let status = Command::new("cargo")
        .args(["test", "--workspace", "--locked", "--test", "sql", "--"])
        .arg("peer::")
        .env("KOUAN_PEERS", suite)
        .current_dir(root)
        .status()
        .context("cannot start cargo")?;
    Ok(status.success())
}

/// The folder of the crate, fetched if it is not there; `None` if it cannot be fetched.
fn suite(version: &str) -> Result<Option<PathBuf>> {
    let name = format!("{CRATE}-{version}");
    if let Some(folder) = fetched(&name) {
        return Ok(Some(folder));
    }
    let asked = format!("{CRATE}@{version}");
    let output = Command::new("cargo")
        .args(["info", "--quiet", &asked])
        .output()
        .context("cannot start cargo")?;
    if !output.status.success() {
        eprint!("{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(fetched(&name))
}

/// The version of DataFusion in Cargo.lock.
fn locked_version(root: &Path) -> Result<String> {
    let lock =
        std::fs::read_to_string(root.join("Cargo.lock")).context("cannot read Cargo.lock")?;
    let mut lines = lock.lines();
    lines.find(|line| *line == "name = \"datafusion\"");
    let version = lines
        .next()
        .and_then(|line| line.strip_prefix("version = \""));
    let version = version.context("Cargo.lock names no version of datafusion")?;
    Ok(version.trim_end_matches('"').to_string())
}

/// The folder of a crate that the registry has.
fn fetched(name: &str) -> Option<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")))?;
    let registries = std::fs::read_dir(home.join("registry/src")).ok()?;
    let folders = registries
        .flatten()
        .map(|registry| registry.path().join(name));
    folders
        .into_iter()
        .find(|folder| folder.join("test_files").is_dir())
}

#[cfg(test)]
mod tests {
    use super::locked_version;

    #[test]
    fn the_version_is_that_of_the_lock_file() -> anyhow::Result<()> {
        let root = crate::root()?;
        let version = locked_version(&root)?;
        let manifest = std::fs::read_to_string(root.join("Cargo.toml"))?;
        let wanted = manifest
            .lines()
            .find(|line| line.starts_with("datafusion = "));
        let major = version.split('.').next().unwrap_or_default();
        assert!(
            wanted.is_some_and(|line| line.contains(&format!("\"{major}."))),
            "{version}"
        );
        Ok(())
    }
}
