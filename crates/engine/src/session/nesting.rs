//! What planning a statement remembers while it goes into the saved queries that the statement names.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use datafusion::common::plan_err;
use datafusion::error::Result;
use datafusion::sql::parser::Statement as ParsedStatement;

use crate::queries::file::parameter::Parameter;
use crate::queries::file::saved_query::SavedQuery;
use crate::statement::parse::is_question;

/// The saved queries that a statement is part of, and the views that stand for those that it names.
#[derive(Debug, Default)]
pub(crate) struct Nesting {
    path: Vec<String>,
    /// Shared by all that are planned for one statement, so that each is planned once.
    offered: Arc<Mutex<HashSet<String>>>,
    /// The same for values that queries tell: they are run once planning is done.
    held: Arc<Mutex<Vec<Held>>>,
}

/// A value that must be among those that its parameter's query tells.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) parameter: Parameter,
    pub(super) value: String,
    /// Where the parameter is declared, so that a query which tells its own values is found.
    pub(super) nesting: Nesting,
}

impl Nesting {
    /// One level deeper: the statement of a query that is named here.
    pub(crate) fn within(&self, query: &SavedQuery) -> Self {
        Self {
            path: [self.path.as_slice(), std::slice::from_ref(&query.name)].concat(),
            offered: Arc::clone(&self.offered),
            held: Arc::clone(&self.held),
        }
    }

    /// Remembers the values given to the innermost query where its header has a query for them.
    pub(crate) fn hold(&self, declared: &[Parameter], given: &[(String, String)]) {
        let of = |name: &String| {
            let of_name = |parameter: &&Parameter| parameter.name == *name;
            declared.iter().find(of_name).cloned()
        };
        let held = given.iter().filter_map(|(name, value)| {
            let parameter = of(name).filter(|parameter| parameter.values.is_some())?;
            let (value, path) = (value.clone(), self.path.clone());
            Some(Held {
                parameter,
                value,
                nesting: Self {
                    path,
                    ..Self::default()
                },
            })
        });
        self.held().extend(held);
    }

    /// Gives out the values that were remembered.
    pub(super) fn take_held(&self) -> Vec<Held> {
        std::mem::take(&mut *self.held())
    }

    fn held(&self) -> MutexGuard<'_, Vec<Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A saved query asks; to read it must change nothing.
    pub(crate) fn refuse_commands(&self, parsed: &ParsedStatement) -> Result<()> {
        match self.path.last() {
            Some(name) if !is_question(parsed) => plan_err!(
                "saved query `{name}` is no question but a command; a script of commands runs with `-f`"
            ),
            _ => Ok(()),
        }
    }

    /// The query whose statement it is, or nothing for a statement of its own.
    pub(crate) fn innermost(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }

    /// The circle that naming a query here would close.
    pub(crate) fn circle(&self, query: &String) -> Option<String> {
        let closes = self.path.contains(query);
        closes.then(|| {
            [self.path.as_slice(), std::slice::from_ref(query)]
                .concat()
                .join(" → ")
        })
    }

    pub(crate) fn is_first(&self, view: &str) -> bool {
        self.offered().insert(view.to_string())
    }

    /// A view that could not be made is none.
    pub(crate) fn take_back(&self, view: &str) {
        self.offered().remove(view);
    }

    fn offered(&self) -> MutexGuard<'_, HashSet<String>> {
        self.offered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
