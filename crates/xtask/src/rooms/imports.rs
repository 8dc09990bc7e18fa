//! Which file of a crate imports which, read from the text of `use` lines and of paths such as `crate::read::line`.
//!
//! This is no parser of Rust: it knows paths, groups in braces and `as`, which is all that imports are made of.

use std::collections::BTreeMap;

use super::graph::Graph;

/// The files, by path from `src/`, with edges to those that they import. What a module only passes on with `pub use`
/// counts as imported from the file that defines it.
pub(super) fn graph(files: &BTreeMap<&str, &str>) -> Graph {
    let modules: BTreeMap<Path, &str> = files.keys().map(|file| (module(file), *file)).collect();
    let imports = files.iter().map(|(file, text)| {
        let module = module(file);
        let imports = read(&module, text, &modules);
        (module, imports)
    });
    let imports: BTreeMap<Path, Vec<Import>> = imports.collect();
    let mut graph = Graph::default();
    for (module, own) in &imports {
        let from = modules[module];
        graph.add_node(from);
        for import in own {
            let to = defining_file(&import.path, &modules, &imports, 0);
            if let Some(to) = to.filter(|to| *to != from) {
                graph.add(from, to);
            }
        }
    }
    graph
}

/// A path from the crate's root, such as `["read", "line"]`.
type Path = Vec<String>;

struct Import {
    path: Path,
    /// The name under which others find it, if it is passed on.
    passed_on: Option<String>,
}

/// The crate's root stands above its modules.
pub(super) fn is_root(file: &str) -> bool {
    matches!(file, "lib.rs" | "main.rs")
}

fn module(file: &str) -> Path {
    if is_root(file) {
        return Vec::new();
    }
    let stem = file.strip_suffix(".rs").unwrap_or(file);
    let path = stem.strip_suffix("/mod").unwrap_or(stem);
    path.split('/').map(str::to_owned).collect()
}

/// The file of the longest beginning of a path that is a module, or the one that the name is passed on from.
fn defining_file<'f>(
    path: &[String],
    modules: &BTreeMap<Path, &'f str>,
    imports: &BTreeMap<Path, Vec<Import>>,
    depth: usize,
) -> Option<&'f str> {
    let length = (0..=path.len())
        .rev()
        .find(|&length| modules.contains_key(&path[..length]))?;
    let (module, rest) = path.split_at(length);
    // Names that pass one another on in a circle would never end.
    if let Some(first) = rest.first().filter(|_| depth < 8) {
        let own = imports.get(module).into_iter().flatten();
        let mut passed_on = own.filter(|import| import.passed_on.as_ref() == Some(first));
        if let Some(import) = passed_on.next() {
            return defining_file(&import.path, modules, imports, depth + 1);
        }
    }
    modules.get(module).copied()
}

/// The imports of a file, without those of the tests at its end.
fn read(module: &[String], text: &str, modules: &BTreeMap<Path, &str>) -> Vec<Import> {
    let code = without_comments_and_tests(text);
    let mut imports = Vec::new();
    for (at, word) in words(&code) {
        let after = &code[at + word.len()..];
        let is_relative = ["crate", "self", "super"].contains(&word);
        let is_child = || {
            let child: Path = module.iter().cloned().chain([word.to_owned()]).collect();
            modules.contains_key(&child)
        };
        // A word behind `::` is in the middle of a path, which was read from its start.
        if !after.starts_with("::") || code[..at].ends_with("::") || !(is_relative || is_child()) {
            continue;
        }
        let mut paths = Vec::new();
        tree(&code[at..], Path::new(), &mut paths);
        let line = code[..at].rfind([';', '}', '{']).map_or(0, |end| end + 1);
        let before = code[line..at].trim();
        let is_passed_on = before.starts_with("pub") && before.ends_with("use");
        for (path, name) in paths {
            imports.extend(absolute(module, path).map(|path| Import {
                passed_on: is_passed_on.then_some(name),
                path,
            }));
        }
    }
    imports
}

/// A path from the crate's root for one from this module; none for a path above the root.
fn absolute(module: &[String], path: Path) -> Option<Path> {
    let mut names = path.into_iter().peekable();
    let mut base = match names.next_if(|name| name == "crate") {
        Some(_) => Path::new(),
        None => module.to_vec(),
    };
    while let Some(name) = names.next_if(|name| name == "super" || name == "self") {
        if name == "super" {
            base.pop()?;
        }
    }
    base.extend(names);
    Some(base)
}

/// The paths of a use tree, `a::{b, c::d as e}`, each with the name that it gives; returns what follows the tree.
fn tree<'c>(code: &'c str, mut path: Path, paths: &mut Vec<(Path, String)>) -> &'c str {
    let mut rest = code;
    loop {
        rest = rest.trim_start();
        if let Some(mut group) = rest.strip_prefix('{') {
            loop {
                group = tree(group, path.clone(), paths).trim_start();
                match group.strip_prefix(',') {
                    Some(next) => group = next,
                    None => return group.strip_prefix('}').unwrap_or(group),
                }
            }
        }
        let length = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        if length == 0 {
            // A glob, or an empty group: the path so far.
            let after = rest.strip_prefix('*').unwrap_or(rest);
            if after.len() < rest.len() {
                paths.push((path, "*".to_owned()));
            }
            return after;
        }
        let (name, after) = rest.split_at(length);
        let is_self = name == "self" && !path.is_empty();
        if !is_self {
            path.push(name.to_owned());
        }
        if let Some(next) = after.strip_prefix("::") {
            rest = next;
            continue;
        }
        let renamed = after.trim_start().strip_prefix("as ");
        let given = renamed.map(|after| after.trim_start());
        let (given, after) = match given {
            Some(text) => text.split_at(
                text.find(|c: char| !c.is_alphanumeric() && c != '_')
                    .unwrap_or(text.len()),
            ),
            None => (path.last().map_or("", String::as_str), after),
        };
        let given = given.to_owned();
        paths.push((path, given));
        return after;
    }
}

fn without_comments_and_tests(text: &str) -> String {
    let mut code = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let is_tests = line == "#[cfg(test)]"
            && lines
                .peek()
                .is_some_and(|next| next.starts_with("mod ") && next.ends_with('{'));
        if is_tests {
            break;
        }
        code.push_str(line.split("//").next().unwrap_or_default());
        code.push('\n');
    }
    code
}

/// Every word and where it starts.
fn words(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    code.split(|c: char| !c.is_alphanumeric() && c != '_')
        .map(move |word| {
            let at = start;
            // One separator follows; its length is what the next word's place tells.
            start = at + word.len();
            start += code[start..].chars().next().map_or(0, char::len_utf8);
            (at, word)
        })
        .filter(|(_, word)| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(files: &[(&str, &str)]) -> Vec<String> {
        graph(&files.iter().copied().collect())
            .edges()
            .map(|(from, to)| format!("{from} -> {to}"))
            .collect()
    }

    #[test]
    fn paths_groups_and_children_are_read() {
        let files = [
            (
                "lib.rs",
                "mod a;\nmod b;\nmod c;\npub use a::A;\npub use b::{B as Bee, inner::{self, I}};\n",
            ),
            (
                "a.rs",
                "use crate::{c::C, b};\n// crate::b::inner::I\nfn f() { b::g() }\n",
            ),
            ("b/mod.rs", "pub(crate) mod inner;\nfn f() { inner::g() }\n"),
            (
                "b/inner.rs",
                "use super::super::c::*;\n#[cfg(test)]\nmod tests {\n    use crate::a::A;\n}\n",
            ),
            ("c.rs", "fn f() -> crate::Bee { x::crate_name() }\n"),
        ];
        assert_eq!(
            edges(&files),
            [
                "a.rs -> b/mod.rs",
                "a.rs -> c.rs",
                "b/inner.rs -> c.rs",
                "b/mod.rs -> b/inner.rs",
                "c.rs -> b/mod.rs",
                "lib.rs -> a.rs",
                "lib.rs -> b/inner.rs",
                "lib.rs -> b/mod.rs",
            ]
        );
    }

    #[test]
    fn what_is_passed_on_is_found_where_it_is_defined() {
        let files = [
            ("main.rs", "mod a;\nmod b;\n"),
            (
                "a/mod.rs",
                "mod one;\npub(crate) use one::{One, two as deux};\nstruct Own;\n",
            ),
            ("a/one.rs", ""),
            ("b.rs", "use crate::a::{Own, deux};\n"),
        ];
        assert_eq!(
            edges(&files),
            [
                "a/mod.rs -> a/one.rs",
                "b.rs -> a/mod.rs",
                "b.rs -> a/one.rs"
            ]
        );
    }
}
