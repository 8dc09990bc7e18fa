//! Words for a statement that needs more memory than it may have.

use crate::error::StatementError;

/// DataFusion's operators by how a person writes what they do; the first that fits.
const OPERATORS: [(&str, &str); 9] = [
    ("TopK", "ORDER BY with LIMIT"),
    ("Sort", "ORDER BY"),
    ("Spill", "ORDER BY"),
    ("Aggregate", "GROUP BY"),
    ("Join", "a join"),
    ("SMJ", "a join"),
    ("Window", "a window function"),
    ("Recursive", "WITH RECURSIVE"),
    ("Repartition", "spreading rows over threads"),
];

/// Says which part of a statement met which limit, and how to move it.
pub(crate) fn not_enough(message: &str, limit: Option<usize>) -> StatementError {
    let asked = message
        .split_once("Failed to allocate additional ")
        .and_then(|(_, rest)| rest.split_once(" for "));
    let Some((bytes, rest)) = asked else {
        return StatementError::new(format!("not enough memory: {message}"));
    };
    let who = rest.split(" with ").next().unwrap_or(rest);
    let who = OPERATORS
        .iter()
        .find_map(|(part, words)| who.contains(part).then_some(*words))
        .unwrap_or("the statement");
    match limit {
        Some(limit) => StatementError::new(format!(
            "not enough memory: {who} needs {bytes} more than the limit of {} MB leaves",
            limit as f64 / 1e6
        ))
        .hint("--memory sets the limit; or ask for fewer rows or columns"),
        None => StatementError::new(format!("not enough memory: {who} needs {bytes} more")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pool's own words (DataFusion 55.2).
    #[test]
    fn the_operator_and_the_limit_are_named() {
        let said = |who: &str, limit| {
            let message = format!(
                "Failed to allocate additional 10.3 MB for {who} with 18.7 MB already allocated for this reservation - 10.2 MB remain available for the total memory pool: fair(pool_size: 47.7 MB)"
            );
            not_enough(&message, limit).message
        };
        assert_eq!(
            said("TopK[0]", Some(50_000_000)),
            "not enough memory: ORDER BY with LIMIT needs 10.3 MB more than the limit of 50 MB leaves"
        );
        assert_eq!(
            said("HashJoinInput[1]", None),
            "not enough memory: a join needs 10.3 MB more"
        );
        assert_eq!(not_enough("x", None).message, "not enough memory: x");
    }
}
