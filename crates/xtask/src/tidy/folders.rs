//! Rules about the files of a crate: few directly in `src/`, and none that import one another in a circle.

use anyhow::Result;

use super::{Problem, Tree};
use crate::rooms::Rooms;

/// Crates that keep to both rules; a crate that comes to fulfil them joins the list.
const ORDERED: &[&str] = &["schema"];
const MOST_ENTRIES: usize = 10;

pub(super) fn entries_are_few(tree: &Tree) -> Result<Vec<Problem>> {
    let problems = ORDERED.iter().filter_map(|name| {
        let entries = Rooms::of(tree, name).entries.len();
        (entries > MOST_ENTRIES).then(|| {
            let message = format!(
                "{entries} files and folders directly in it, at most {MOST_ENTRIES} are easily surveyed; put files that \
                 belong together into a folder"
            );
            Problem::file(&format!("crates/{name}/src"), message)
        })
    });
    Ok(problems.collect())
}

pub(super) fn imports_have_a_direction(tree: &Tree) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for name in ORDERED {
        for circle in Rooms::of(tree, name).files.circles() {
            let message = format!(
                "these files import one another in a circle: {}; move what they share into a file below them",
                circle.members.join(", ")
            );
            let path = format!("crates/{name}/src/{}", circle.members[0]);
            problems.push(Problem::file(&path, message));
        }
    }
    Ok(problems)
}

#[cfg(test)]
mod tests {
    use super::super::messages;
    use super::*;

    #[test]
    fn eleven_entries_are_too_many() -> Result<()> {
        let paths: Vec<String> = (0..11)
            .map(|i| format!("crates/schema/src/f{i}.rs"))
            .collect();
        let files: Vec<(&str, &str)> = paths.iter().map(|path| (path.as_str(), "")).collect();
        let expected = [
            "crates/schema/src: 11 files and folders directly in it, at most 10 are easily surveyed; put files that \
             belong together into a folder",
        ];
        assert_eq!(messages(&entries_are_few(&Tree::of(&files))?), expected);
        assert!(entries_are_few(&Tree::of(&files[..10]))?.is_empty());
        Ok(())
    }

    #[test]
    fn a_circle_is_named_with_all_its_files() -> Result<()> {
        let tree = Tree::of(&[
            ("crates/schema/src/lib.rs", "mod a;\nmod b;\n"),
            ("crates/schema/src/a.rs", "use crate::b::B;\n"),
            ("crates/schema/src/b.rs", "use crate::a::A;\n"),
        ]);
        let expected = [
            "crates/schema/src/a.rs: these files import one another in a circle: a.rs, b.rs; move what they share \
             into a file below them",
        ];
        assert_eq!(messages(&imports_have_a_direction(&tree)?), expected);
        Ok(())
    }
}
