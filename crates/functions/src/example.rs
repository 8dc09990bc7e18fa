//! Reads the SQL examples out of a function's documentation, so that a test can run each of them.

use datafusion_common::{Result, plan_err};
use datafusion_doc::Documentation;

/// One statement of an example and the answer printed under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The statement, without its `;`.
    pub sql: String,
    /// The answer as Arrow's `pretty_format_batches` prints it, without a final line break.
    pub expected: String,
}

/// The examples of `documentation`, in order.
///
/// An example stands in a fenced `sql` block: a statement from `> ` to `;`, over several lines if it
/// wants, and the table it prints directly below.
///
/// # Errors
/// No fenced block, a statement without `;`, or a statement without an answer.
pub fn examples(documentation: &Documentation) -> Result<Vec<Example>> {
    let Some(text) = &documentation.sql_example else {
        return plan_err!("`{}` has no SQL example", documentation.syntax_example);
    };
    let Some(block) = fenced_block(text) else {
        return plan_err!(
            "the example of `{}` is not in a ```sql block",
            documentation.syntax_example
        );
    };
    let mut examples = Vec::new();
    for part in format!("\n{}", block.trim()).split("\n> ").skip(1) {
        let Some((sql, answer)) = part.split_once(";\n") else {
            return plan_err!("no `;` and answer after the example `{part}`");
        };
        examples.push(Example {
            sql: sql.trim().to_owned(),
            expected: answer.trim().to_owned(),
        });
    }
    Ok(examples)
}

fn fenced_block(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("```sql\n")?;
    let (block, _) = rest.split_once("```")?;
    Some(block)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documented(example: &str) -> Documentation {
        Documentation::builder(datafusion_doc::DocSection::default(), "text", "f(x)")
            .with_sql_example(example)
            .build()
    }

    #[test]
    fn each_statement_keeps_its_own_answer() {
        let documentation =
            documented("```sql\n> SELECT 1\n  AS a;\n+---+\n| a |\n+---+\n> SELECT 2;\n| 2 |\n```");
        let found = examples(&documentation).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].sql, "SELECT 1\n  AS a");
        assert_eq!(found[0].expected, "+---+\n| a |\n+---+");
        assert_eq!(found[1].expected, "| 2 |");
    }

    #[test]
    fn an_example_without_an_answer_is_refused() {
        assert!(examples(&documented("```sql\n> SELECT 1\n```")).is_err());
        assert!(examples(&documented("SELECT 1")).is_err());
    }
}
