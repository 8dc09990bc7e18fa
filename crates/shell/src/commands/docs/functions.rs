//! Writes the page of `docs/` about functions from their list.

use std::fmt::Write;

use kouan_functions::{Function, Group, PlaceSource, groups};

/// `docs/functions.md`: every function under the question it answers.
pub(super) fn functions_markdown() -> String {
    let mut page = String::from(
        "# Functions\n\n\
         Written from the documentation beside each function in `crates/functions/src`; do not edit by hand.\n\
         `\\df` lists them at the prompt and `\\df NAME` explains one. DataFusion's own functions are there too.\n",
    );
    for group in groups(&PlaceSource::none()) {
        write_group(&mut page, &group);
    }
    page
}

// Writing to a String does not fail.
fn write_group(page: &mut String, group: &Group) {
    let _ = write!(page, "\n## {}\n\n{}\n", group.name, group.question);
    for function in &group.functions {
        let _ = write!(page, "\n### {}\n", function.name());
        write_function(page, function);
    }
}

fn write_function(page: &mut String, function: &Function) {
    let Some(documentation) = function.documentation() else {
        return;
    };
    let _ = write!(page, "\n```text\n{}\n```\n", documentation.syntax_example);
    if !function.aliases().is_empty() {
        let _ = write!(
            page,
            "\nAlso called `{}`.\n",
            function.aliases().join("`, `")
        );
    }
    let _ = write!(page, "\n{}\n", documentation.description.trim());
    if let Some(arguments) = &documentation.arguments {
        page.push('\n');
        for (name, meaning) in arguments {
            let _ = writeln!(page, "- `{name}`: {meaning}");
        }
    }
    if let Some(example) = &documentation.sql_example {
        let _ = write!(page, "\n{}\n", example.trim());
    }
    if let Some(related) = &documentation.related_udfs {
        let links: Vec<String> = related
            .iter()
            .map(|name| format!("[{name}](#{name})"))
            .collect();
        let _ = write!(page, "\nSee also {}.\n", links.join(", "));
    }
}
