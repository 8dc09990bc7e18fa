//! The text files of the workspace, read once.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Endings of the files that rules look at.
const EXTENSIONS: &[&str] = &["csv", "json", "lock", "md", "rs", "slt", "sql", "toml"];
/// Folders that are made by tools.
const SKIPPED: &[&str] = &["target", ".git", "node_modules", "proptest-regressions"];

/// Files by their path from the root, with `/` on every system.
#[derive(Debug)]
pub(crate) struct Tree {
    root: PathBuf,
    files: BTreeMap<String, String>,
}

impl Tree {
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let mut tree = Self {
            root: root.to_path_buf(),
            files: BTreeMap::new(),
        };
        tree.read_folder(root, "")?;
        Ok(tree)
    }

    /// A tree that is on no disk.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let owned = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
        Self {
            root: PathBuf::new(),
            files: files.iter().map(owned).collect(),
        }
    }

    fn read_folder(&mut self, folder: &Path, prefix: &str) -> Result<()> {
        let entries = fs::read_dir(folder)
            .with_context(|| format!("cannot list {}", folder.display()))?
            .collect::<Result<Vec<_>, _>>()?;
        for entry in entries {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if SKIPPED.contains(&name.as_str()) {
                continue;
            }
            if entry.file_type()?.is_dir() {
                self.read_folder(&path, &format!("{prefix}{name}/"))?;
                continue;
            }
            let extension = path.extension().and_then(|extension| extension.to_str());
            if extension.is_some_and(|extension| EXTENSIONS.contains(&extension)) {
                let text = fs::read_to_string(&path)
                    .with_context(|| format!("cannot read {prefix}{name}"))?;
                self.files.insert(format!("{prefix}{name}"), text);
            }
        }
        Ok(())
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Every file, in the order of paths.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The files below a folder (`"queries/"`) with an ending (`".sql"`): the path between
    /// the two (`"paper/table1"`), the whole path, and the text.
    pub(crate) fn below<'a>(
        &'a self,
        folder: &'a str,
        ending: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str, &'a str)> {
        self.files().filter_map(move |(path, text)| {
            let stem = path.strip_prefix(folder)?.strip_suffix(ending)?;
            Some((stem, path, text))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_this_crate_with_paths_from_the_root() -> Result<()> {
        let tree = Tree::read(Path::new(env!("CARGO_MANIFEST_DIR")))?;
        assert!(tree.text("src/main.rs").is_some());
        let stems: Vec<&str> = tree
            .below("src/tidy/", ".rs")
            .map(|(stem, _, _)| stem)
            .collect();
        assert!(stems.contains(&"text"), "{stems:?}");
        Ok(())
    }
}
