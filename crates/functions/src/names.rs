//! Names as small numbers, so that a state keeps each of them once.

use std::collections::HashMap;
use std::sync::Arc;

/// Different names in the order they were first seen; a name's code is its place in it.
#[derive(Debug, Default, Clone)]
pub(crate) struct Names {
    names: Vec<Arc<str>>,
    codes: HashMap<Arc<str>, usize>,
    bytes: usize,
}

impl Names {
    /// The code of `name`, a new one if it is new.
    pub(crate) fn code(&mut self, name: &str) -> usize {
        if let Some(code) = self.codes.get(name) {
            return *code;
        }
        let code = self.names.len();
        let name: Arc<str> = name.into();
        self.bytes += name.len();
        self.names.push(Arc::clone(&name));
        self.codes.insert(name, code);
        code
    }

    /// The codes that the names of `other` have here, in the order of `other`.
    pub(crate) fn adopt(&mut self, other: &Self) -> Vec<usize> {
        other.iter().map(|name| self.code(name)).collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// The names in the order of their codes.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(AsRef::as_ref)
    }

    /// All codes, in the alphabetical order of their names.
    pub(crate) fn sorted(&self) -> Vec<usize> {
        let mut codes: Vec<usize> = (0..self.names.len()).collect();
        codes.sort_unstable_by_key(|code| &self.names[*code]);
        codes
    }

    /// The name behind a code that was given out here.
    pub(crate) fn name(&self, code: usize) -> &Arc<str> {
        &self.names[code]
    }

    /// Bytes held outside the struct itself.
    pub(crate) fn heap_size(&self) -> usize {
        // Each name: its text with two reference counts, a place in the list, an entry in the map.
        const EACH: usize = 2 * size_of::<usize>()
            + size_of::<Arc<str>>()
            + size_of::<(Arc<str>, usize)>()
            + size_of::<u8>();
        self.bytes + self.names.len() * EACH
    }
}

impl<S: AsRef<str>> FromIterator<S> for Names {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        let mut all = Self::default();
        for name in names {
            all.code(name.as_ref());
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_code() {
        let mut names: Names = ["PP", "CC"].into_iter().collect();
        assert_eq!(names.code("PP"), 0);
        assert_eq!(names.adopt(&["CPC", "CC"].into_iter().collect()), [2, 1]);
        assert_eq!(names.sorted(), [1, 2, 0]);
        assert_eq!(names.len(), 3);
    }
}
