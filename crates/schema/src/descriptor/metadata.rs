//! Where data come from and under which licence they may be used.

use crate::descriptor::json::Node;
use crate::descriptor::vocabulary::Vocabulary;
use crate::error::Result;

/// A licence of the data.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct License {
    /// An identifier, such as `CC-BY-4.0`.
    pub name: Option<String>,
    /// A name for people.
    pub title: Option<String>,
    /// Where its text is: a URL, or a path in the package.
    pub path: Option<String>,
}

/// What the data were made from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source {
    /// A name for people.
    pub title: Option<String>,
    /// Where it is: a URL, or a path in the package.
    pub path: Option<String>,
    /// Whom to ask.
    pub email: Option<String>,
    /// Which version of it was used.
    pub version: Option<String>,
}

/// Metadata may say more than kouan shows.
const LICENSE: Vocabulary = Vocabulary::open("a licence", &[], &[], &[]);
const SOURCE: Vocabulary = Vocabulary::open("a source", &[], &[], &[]);

/// Reads `licenses`, if there are any.
pub(crate) fn read_licenses(owner: &Node<'_>) -> Result<Option<Vec<License>>> {
    read_list(owner, "licenses", &LICENSE, |node| {
        Ok(License {
            name: node.optional_text("name")?,
            title: node.optional_text("title")?,
            path: node.optional_text("path")?,
        })
    })
}

/// Reads `sources`, if there are any.
pub(crate) fn read_sources(owner: &Node<'_>) -> Result<Option<Vec<Source>>> {
    read_list(owner, "sources", &SOURCE, |node| {
        Ok(Source {
            title: node.optional_text("title")?,
            path: node.optional_text("path")?,
            email: node.optional_text("email")?,
            version: node.optional_text("version")?,
        })
    })
}

fn read_list<T>(
    owner: &Node<'_>,
    name: &str,
    vocabulary: &Vocabulary,
    read: impl Fn(&Node<'_>) -> Result<T>,
) -> Result<Option<Vec<T>>> {
    let Some(list) = owner.get(name) else {
        return Ok(None);
    };
    let read_item = |node: &Node<'_>| {
        node.check(vocabulary)?;
        read(node)
    };
    list.items()?
        .iter()
        .map(read_item)
        .collect::<Result<_>>()
        .map(Some)
}
