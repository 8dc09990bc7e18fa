//! `cargo xtask rooms`: how the files of each crate lie in folders, and which of them import one another in a circle.

mod graph;
mod imports;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;

use crate::tidy::Tree;
use graph::Graph;
use imports::is_root;

/// The files of a crate's `src/` and what each of them imports.
pub(crate) struct Rooms {
    /// Files and folders directly in `src/`.
    pub(crate) entries: BTreeSet<String>,
    /// Paths of files from `src/`, and edges to those that they import.
    pub(crate) files: Graph,
}

impl Rooms {
    pub(crate) fn of(tree: &Tree, name: &str) -> Self {
        let folder = format!("crates/{name}/src/");
        let files: BTreeMap<&str, &str> = tree
            .below(&folder, "")
            .map(|(path, _, text)| (path, text))
            .collect();
        let entries = files
            .keys()
            .map(|path| path.split('/').next().unwrap_or(path).to_owned())
            .collect();
        let sources = files
            .into_iter()
            .filter(|(path, _)| path.ends_with(".rs"))
            .collect();
        Self {
            entries,
            files: imports::graph(&sources),
        }
    }

    /// The same edges between the files and folders directly in `src/`. The crate's root is not among them:
    /// it only says what is public.
    fn between_entries(&self) -> Graph {
        let entry = |file: &str| file.split('/').next().unwrap_or(file).to_owned();
        let mut rooms = Graph::default();
        for (from, to) in self.files.edges() {
            let (from, to) = (entry(from), entry(to));
            if from != to && !is_root(&from) && !is_root(&to) {
                rooms.add(&from, &to);
            }
        }
        rooms
    }
}

/// The crates of the workspace, by the names of their folders.
fn crates(tree: &Tree) -> BTreeSet<&str> {
    tree.below("crates/", "/Cargo.toml")
        .map(|(name, _, _)| name)
        .filter(|name| !name.contains('/'))
        .collect()
}

pub(crate) fn run(root: &Path) -> Result<bool> {
    let tree = Tree::read(root)?;
    for name in crates(&tree) {
        let rooms = Rooms::of(&tree, name);
        let between_entries = rooms.between_entries();
        let (between_files, between_entries) = (rooms.files.circles(), between_entries.circles());
        println!(
            "{name:<10} {:>3} entries {:>4} files {:>3} circles of files {:>3} of entries",
            rooms.entries.len(),
            rooms.files.len(),
            between_files.len(),
            between_entries.len(),
        );
        for circle in between_files.iter().chain(&between_entries) {
            println!("    {}", circle.members.join(", "));
            // More of them explain nothing.
            for (from, to) in circle.edges.iter().filter(|_| circle.edges.len() <= 12) {
                println!("        {from} -> {to}");
            }
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_is_its_entries_and_its_imports() {
        let tree = Tree::of(&[
            ("crates/a/Cargo.toml", ""),
            (
                "crates/a/src/lib.rs",
                "mod error;\nmod read;\npub use error::Error;\n",
            ),
            ("crates/a/src/error.rs", "pub struct Error;\n"),
            (
                "crates/a/src/read/mod.rs",
                "mod line;\nuse crate::error::Error;\n",
            ),
            ("crates/a/src/read/line.rs", "use crate::Error;\n"),
        ]);
        assert_eq!(crates(&tree).into_iter().collect::<Vec<_>>(), ["a"]);
        let rooms = Rooms::of(&tree, "a");
        assert_eq!(rooms.entries.len(), 3);
        let edges: Vec<(&str, &str)> = rooms.files.edges().collect();
        assert_eq!(
            edges,
            [
                ("lib.rs", "error.rs"),
                ("read/line.rs", "error.rs"),
                ("read/mod.rs", "error.rs"),
            ]
        );
        let between: Vec<(String, String)> = rooms
            .between_entries()
            .edges()
            .map(|(from, to)| (from.to_owned(), to.to_owned()))
            .collect();
        assert_eq!(between, [("read".to_owned(), "error.rs".to_owned())]);
    }
}
