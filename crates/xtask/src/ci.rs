//! Runs the checks of `.ci/run`, which is their only list, on any system that has cargo.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

const SCRIPT: &str = ".ci/run";

pub(crate) fn run(root: &Path) -> Result<bool> {
    let script = std::fs::read_to_string(root.join(SCRIPT))
        .with_context(|| format!("cannot read {SCRIPT}"))?;
    let steps = steps(&script);
    ensure!(!steps.is_empty(), "{SCRIPT} runs no cargo command");
    for (index, step) in steps.iter().enumerate() {
        println!("[{}/{}] {}", index + 1, steps.len(), step.join(" "));
        let started = Instant::now();
        let status = Command::new(step[0])
            .args(&step[1..])
            .current_dir(root)
            .status()
            .with_context(|| format!("cannot start {}", step[0]))?;
        if !status.success() {
            eprintln!("failed: {}", step.join(" "));
            return Ok(false);
        }
        println!("      passed in {:.0?}", started.elapsed());
    }
    Ok(true)
}

/// The script's cargo commands, each cut into words. They hold no quotes.
fn steps(script: &str) -> Vec<Vec<&str>> {
    script
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .filter(|words| words.first() == Some(&"cargo"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::steps;

    #[test]
    fn steps_are_the_cargo_commands_in_order() {
        let script = "#!/usr/bin/env bash\n# cargo is all it needs\nset -e\n\ncargo test --locked\n  cargo fmt --check\n";
        assert_eq!(
            steps(script),
            [
                vec!["cargo", "test", "--locked"],
                vec!["cargo", "fmt", "--check"]
            ]
        );
    }

    #[test]
    fn the_script_tests_asks_peers_formats_lints_and_tidies() -> std::io::Result<()> {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.ci/run");
        let script = std::fs::read_to_string(path)?;
        let chores: Vec<&str> = steps(&script).iter().map(|step| step[1]).collect();
        assert_eq!(chores, ["test", "xtask", "fmt", "clippy", "doc", "xtask"]);
        Ok(())
    }
}
