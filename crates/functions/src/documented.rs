//! What is written beside the rule of a function: its parameters, its page of the manual, samples of its arguments
//! and the statement that times it. Each stands once, in the function's own file.

use std::hash::{Hash, Hasher};
use std::sync::OnceLock;

use datafusion_doc::{DocSection, Documentation};
use datafusion_expr::{Signature, Volatility};

use crate::parameters::Parameters;

pub(crate) use crate::benchmark::{self, Benchmark};
pub(crate) use crate::sample::{Sample, Samples};

/// The words of a function of any kind.
pub(crate) trait Documented {
    /// Name and parameters.
    const PARAMETERS: Parameters;
    /// Other names.
    const ALIASES: &'static [&'static str] = &[];
    /// What help and the manual say.
    const MANUAL: Manual;
    /// Calls that it answers without an error, each a list of arguments. The contract tests are run on them.
    const SAMPLES: Samples;
    /// How long it takes, and beside what.
    const BENCHMARK: Benchmark;
}

/// What a person reads about a function.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manual {
    /// What it answers, with units, what NULL does, what is an error, and the source.
    pub(crate) text: &'static str,
    /// Statements after `> `, each with the answer it prints. The tests run them.
    pub(crate) example: &'static str,
    /// Other functions to look at.
    pub(crate) related: &'static [&'static str],
}

/// The words of a function without its type, as it stands in the list of a group.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) parameters: Parameters,
    pub(crate) aliases: Vec<String>,
    pub(crate) signature: Signature,
    pub(crate) samples: Samples,
    pub(crate) benchmark: Benchmark,
    group: &'static str,
    manual: Manual,
    documentation: OnceLock<Documentation>,
    /// What follows the arguments of a call.
    suffix: &'static str,
}

impl Entry {
    pub(crate) fn of<D: Documented>(group: &'static str, volatility: Volatility) -> Self {
        Self {
            parameters: D::PARAMETERS,
            aliases: D::ALIASES.iter().map(ToString::to_string).collect(),
            signature: D::PARAMETERS.signature(volatility),
            samples: D::SAMPLES,
            benchmark: D::BENCHMARK,
            group,
            manual: D::MANUAL,
            documentation: OnceLock::new(),
            suffix: "",
        }
    }

    /// The same for a function that is called with a window.
    pub(crate) fn over_a_window(self) -> Self {
        Self {
            suffix: " OVER ([PARTITION BY ...])",
            ..self
        }
    }

    /// The name SQL calls it by.
    pub(crate) fn name(&self) -> &'static str {
        self.parameters.function
    }

    /// The manual in the form of DataFusion, put together when somebody asks.
    pub(crate) fn documentation(&self) -> &Documentation {
        self.documentation.get_or_init(|| {
            let section = DocSection {
                include: true,
                label: self.group,
                description: None,
            };
            let example = format!("```sql\n{}\n```", self.manual.example.trim());
            let call = self.parameters.call() + self.suffix;
            let mut page =
                Documentation::builder(section, self.manual.text, call).with_sql_example(example);
            for parameter in self.parameters.list {
                page = page.with_argument(parameter.name, parameter.describes);
            }
            for related in self.manual.related {
                page = page.with_related_udf(*related);
            }
            page.build()
        })
    }
}

// A name is registered once, so it says which function this is.
impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Entry {}

impl Hash for Entry {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name().hash(state);
    }
}
