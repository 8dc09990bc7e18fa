//! Paths of files in a package: relative, and never out of it.

use crate::descriptor::json::Node;
use crate::error::{Result, SchemaError};

/// Reads a path. A package comes from anywhere, so it may name only files of its own.
pub(crate) fn read_path(node: &Node<'_>) -> Result<String> {
    let path = node.text()?;
    match problem(path) {
        None => Ok(path
            .split('/')
            .filter(|part| *part != ".")
            .collect::<Vec<_>>()
            .join("/")),
        Some(reason) => Err(SchemaError::PathForbidden {
            at: node.at(),
            path: path.to_string(),
            reason,
        }),
    }
}

fn problem(path: &str) -> Option<&'static str> {
    let hidden = |part: &str| part.starts_with('.') && part != ".";
    let drive = matches!(path.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
    if path.trim().is_empty() {
        Some("is empty; name a file of the package")
    } else if path.contains("://") {
        Some("is on the web; download the file into the package's folder and name it here")
    } else if path.contains('\\') {
        Some("holds a backslash; write / between folders")
    } else if path.starts_with('/') || drive {
        Some("is absolute; for safety a package names only files in its own folder")
    } else if path.split('/').any(|part| part == "..") {
        Some("climbs out of a folder; for safety a package names only files in its own folder")
    } else if path.split('/').any(hidden) {
        Some("is hidden: a part begins with a dot, which the Data Package standard forbids")
    } else if path.split('/').any(str::is_empty) || path.ends_with("/.") || path == "." {
        Some("names a folder, or has an empty part; name a file of the package")
    } else if path.chars().any(char::is_control) || path.contains(':') {
        Some("holds a control character or a colon, which not every system can open")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn paths_within_the_package_pass() {
        for path in [
            "ports.csv",
            "data/ports.csv",
            "./data/ports.csv",
            "data/口岸 95.csv",
            "a..b/c",
        ] {
            assert_eq!(problem(path), None, "{path}");
        }
    }

    #[test]
    fn others_do_not() {
        for (path, reason) in [
            ("", "is empty"),
            ("https://example.org/ports.csv", "is on the web"),
            ("file:///etc/passwd", "is on the web"),
            ("/etc/passwd", "is absolute"),
            ("C:/ports.csv", "is absolute"),
            ("data\\ports.csv", "holds a backslash"),
            ("..\\ports.csv", "holds a backslash"),
            ("../ports.csv", "climbs out"),
            ("data/../../ports.csv", "climbs out"),
            ("data/..", "climbs out"),
            (".git/config", "is hidden"),
            ("data//ports.csv", "names a folder"),
            ("data/", "names a folder"),
            (".", "names a folder"),
            ("data/./.", "names a folder"),
            ("data/a\0.csv", "holds a control character"),
            ("data/nul:", "holds a control character or a colon"),
        ] {
            assert!(
                problem(path).is_some_and(|found| found.starts_with(reason)),
                "{path}"
            );
        }
    }
}
