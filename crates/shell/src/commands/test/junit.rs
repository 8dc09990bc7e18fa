//! The outcome of tests as JUnit XML, which services for continuous integration read.

use std::fmt::Write;

use super::outcome::Outcome;
use crate::exit::Failure;

/// One suite with a case for each way that a query was run.
pub(super) fn report(outcomes: &[Outcome]) -> String {
    let failed = outcomes
        .iter()
        .filter(|outcome| !outcome.failures.is_empty());
    let took: f64 = outcomes
        .iter()
        .map(|outcome| outcome.took.as_secs_f64())
        .sum();
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites>\n<testsuite name=\"queries\" tests=\"{}\" failures=\"{}\" time=\"{took:.3}\">\n",
        outcomes.len(),
        failed.count(),
    );
    for outcome in outcomes {
        write_case(&mut xml, outcome);
    }
    xml.push_str("</testsuite>\n</testsuites>\n");
    xml
}

// Writing to a String does not fail.
fn write_case(xml: &mut String, outcome: &Outcome) {
    let name = format!("{} {}", outcome.name, outcome.values);
    let _ = write!(
        xml,
        "<testcase classname=\"{}\" name=\"{}\" time=\"{:.3}\"",
        escaped(&outcome.topic),
        escaped(name.trim_end()),
        outcome.took.as_secs_f64(),
    );
    if outcome.failures.is_empty() {
        xml.push_str("/>\n");
        return;
    }
    xml.push_str(">\n");
    for failure in &outcome.failures {
        let text = told(failure);
        let first = text.lines().next().unwrap_or_default();
        let _ = writeln!(
            xml,
            "<failure message=\"{}\">{}</failure>",
            escaped(first),
            escaped(&text)
        );
    }
    xml.push_str("</testcase>\n");
}

fn told(failure: &Failure) -> String {
    match failure {
        Failure::Statement(_, error) => error.to_string(),
        Failure::Engine(error) => error.to_string(),
        Failure::Usage(message, _) => message.clone(),
        other => format!("{other:?}"),
    }
}

/// Text that may stand in XML; characters that XML does not have are left out.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\n' => safe.push_str("&#10;"),
            control if control.is_control() && control != '\t' => {}
            other => safe.push(other),
        }
    }
    safe
}
