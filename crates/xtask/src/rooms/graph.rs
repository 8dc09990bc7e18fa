//! A directed graph of names, and the circles in it.

use std::collections::{BTreeMap, BTreeSet};

/// Names, each with those that it points to.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    edges: BTreeMap<String, BTreeSet<String>>,
}

/// Names that all reach one another, and the edges among them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Circle<'g> {
    pub(crate) members: Vec<&'g str>,
    pub(crate) edges: Vec<(&'g str, &'g str)>,
}

impl Graph {
    pub(super) fn add_node(&mut self, name: &str) {
        self.edges.entry(name.to_owned()).or_default();
    }

    pub(super) fn add(&mut self, from: &str, to: &str) {
        self.add_node(to);
        let targets = self.edges.entry(from.to_owned()).or_default();
        targets.insert(to.to_owned());
    }

    pub(super) fn len(&self) -> usize {
        self.edges.len()
    }

    pub(super) fn edges(&self) -> impl Iterator<Item = (&str, &str)> {
        self.edges
            .iter()
            .flat_map(|(from, targets)| targets.iter().map(move |to| (from.as_str(), to.as_str())))
    }

    /// Every circle, as large as it is: no name is in two of them.
    pub(crate) fn circles(&self) -> Vec<Circle<'_>> {
        let reached: BTreeMap<&str, BTreeSet<&str>> = self
            .edges
            .keys()
            .map(|name| (name.as_str(), self.reached_from(name)))
            .collect();
        let reaches = |from: &str, to: &str| reached[from].contains(to);
        let mut circles = Vec::new();
        let mut seen = BTreeSet::new();
        for name in reached.keys() {
            if !reaches(name, name) || seen.contains(name) {
                continue;
            }
            let members: Vec<&str> = reached
                .keys()
                .copied()
                .filter(|other| reaches(name, other) && reaches(other, name))
                .collect();
            seen.extend(members.iter().copied());
            let edges = self
                .edges()
                .filter(|(from, to)| members.contains(from) && members.contains(to))
                .collect();
            circles.push(Circle { members, edges });
        }
        circles
    }

    /// The names at the end of one edge or more.
    fn reached_from<'g>(&'g self, start: &'g str) -> BTreeSet<&'g str> {
        let mut reached = BTreeSet::new();
        let mut open = vec![start];
        while let Some(name) = open.pop() {
            let targets = self.edges.get(name).into_iter().flatten();
            open.extend(targets.map(String::as_str).filter(|to| reached.insert(*to)));
        }
        reached
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_found_whole() {
        let mut graph = Graph::default();
        for (from, to) in [
            ("a", "b"),
            ("b", "c"),
            ("c", "a"),
            ("c", "d"),
            ("e", "f"),
            ("f", "e"),
        ] {
            graph.add(from, to);
        }
        let circles = graph.circles();
        let members: Vec<&[&str]> = circles.iter().map(|circle| &*circle.members).collect();
        assert_eq!(members, [&["a", "b", "c"][..], &["e", "f"]]);
        assert_eq!(circles[0].edges.len(), 3);
    }

    #[test]
    fn a_diamond_is_no_circle() {
        let mut graph = Graph::default();
        for (from, to) in [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")] {
            graph.add(from, to);
        }
        assert!(graph.circles().is_empty());
    }
}
