//! Lists the default package's files, so that the binary carries them and runs anywhere.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

fn main() -> io::Result<()> {
    let crate_folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let root = crate_folder.join("../..");
    let mut paths = vec!["datapackage.json".to_string()];
    for folder in ["data", "queries", "schemas"] {
        list(&root, folder, &mut paths)?;
    }
    paths.sort();

    let mut list = String::from("&[\n");
    for path in &paths {
        let file = root.join(path).canonicalize()?;
        let _ = writeln!(list, "    ({path:?}, include_bytes!({file:?}).as_slice()),");
    }
    list.push(']');
    for watched in ["datapackage.json", "data", "queries", "schemas"] {
        println!("cargo::rerun-if-changed={}", root.join(watched).display());
    }
    let target = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(target.join("package_files.rs"), list)
}

/// Appends the package-relative paths of all files below a folder.
fn list(root: &Path, folder: &str, paths: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else {
            continue;
        };
        let path = format!("{folder}/{name}");
        if entry.file_type()?.is_dir() {
            list(root, &path, paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}
