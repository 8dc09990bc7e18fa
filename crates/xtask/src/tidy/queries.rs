//! Rules about saved queries: their names, and their expected answers.

use std::collections::BTreeMap;

use anyhow::Result;

use super::{Problem, Tree};

const QUERIES: &str = "queries/";
const ANSWERS: &str = "tests/queries/";
const RECOMPUTATIONS: &str = "audit/recomputed";

pub(super) fn are_named_after_their_files(tree: &Tree) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for (stem, path, text) in tree.below(QUERIES, ".sql") {
        let file_name = stem.rsplit('/').next().unwrap_or(stem);
        let Some(name) = text.lines().find_map(|line| line.strip_prefix("-- name:")) else {
            problems.push(Problem::file(
                path,
                format!("has no `-- name: {file_name}`"),
            ));
            continue;
        };
        let name = name.trim();
        if name != file_name {
            let message = format!("is named `{name}`, but its file says `{file_name}`");
            problems.push(Problem::file(path, message));
        }
        if let Some(first) = seen.insert(name, path) {
            let message = format!("is named `{name}`, as {first} is");
            problems.push(Problem::file(path, message));
        }
    }
    Ok(problems)
}

pub(super) fn have_expected_answers(tree: &Tree) -> Result<Vec<Problem>> {
    let unanswered = tree
        .below(QUERIES, ".sql")
        .map(|(stem, path, _)| (path, format!("{ANSWERS}{stem}.csv")))
        .filter(|(_, answer)| tree.text(answer).is_none())
        .map(|(path, answer)| Problem::file(path, format!("has no {answer}")));
    let orphaned = tree
        .below(ANSWERS, ".csv")
        .map(|(stem, path, _)| (path, format!("{QUERIES}{}.sql", query_of(stem))))
        .filter(|(_, query)| tree.text(query).is_none())
        .map(|(path, query)| Problem::file(path, format!("is the answer of no {query}")));
    Ok(unanswered.chain(orphaned).collect())
}

/// The query of an expected answer: `a.2` is the second of `a`.
fn query_of(answer: &str) -> &str {
    match answer.rsplit_once('.') {
        Some((query, number)) if number.parse::<u32>().is_ok() => query,
        _ => answer,
    }
}

/// The audit holds recomputed values against `paper.claims`: they must not come from there.
pub(super) fn recompute_without_the_claims(tree: &Tree) -> Result<Vec<Problem>> {
    let recomputations = tree
        .below(QUERIES, ".sql")
        .filter(|(stem, _, _)| stem.starts_with(RECOMPUTATIONS));
    let problems = recomputations.flat_map(|(_, path, text)| {
        text.lines()
            .enumerate()
            .filter(|(_, line)| reads_claims(line))
            .map(move |(index, _)| {
                Problem::line(
                    path,
                    index,
                    "reads `claims`, which its values are held against",
                )
            })
    });
    Ok(problems.collect())
}

/// Whether the line names the table outside a comment; `claims_of` and `claim_id` are other names.
fn reads_claims(line: &str) -> bool {
    let code = line.split("--").next().unwrap_or(line);
    code.split(|c: char| !c.is_alphanumeric() && c != '_')
        .any(|word| word.eq_ignore_ascii_case("claims"))
}

#[cfg(test)]
mod tests {
    use super::super::messages;
    use super::*;

    #[test]
    fn a_query_is_found_by_one_name() -> Result<()> {
        let tree = Tree::of(&[
            ("queries/paper/table1.sql", "-- name: table1\nSELECT 1;\n"),
            ("queries/paper/table2.sql", "-- name: table_2\nSELECT 1;\n"),
            ("queries/space/table1.sql", "-- title: x\n-- name: table1\n"),
            ("queries/space/none.sql", "SELECT 1;\n"),
        ]);
        assert_eq!(
            messages(&are_named_after_their_files(&tree)?),
            [
                "queries/paper/table2.sql: is named `table_2`, but its file says `table2`",
                "queries/space/none.sql: has no `-- name: none`",
                "queries/space/table1.sql: is named `table1`, as queries/paper/table1.sql is",
            ]
        );
        Ok(())
    }

    #[test]
    fn queries_and_answers_are_pairs() -> Result<()> {
        let tree = Tree::of(&[
            ("queries/paper/table1.sql", ""),
            ("queries/paper/table2.sql", ""),
            ("tests/queries/paper/table1.csv", ""),
            ("tests/queries/paper/table1.2.csv", ""),
            ("tests/queries/table3.csv", ""),
        ]);
        assert_eq!(
            messages(&have_expected_answers(&tree)?),
            [
                "queries/paper/table2.sql: has no tests/queries/paper/table2.csv",
                "tests/queries/table3.csv: is the answer of no queries/table3.sql",
            ]
        );
        Ok(())
    }

    #[test]
    fn a_recomputation_does_not_read_what_it_is_held_against() -> Result<()> {
        let tree = Tree::of(&[
            (
                "queries/audit/recomputed_regions.sql",
                "-- reads no claims\nSELECT claim_id FROM claims_of; -- not claims\n",
            ),
            (
                "queries/audit/recomputed_modes.sql",
                "SELECT 1\nFROM paper.Claims;\n",
            ),
            ("queries/audit/audit.sql", "SELECT 1 FROM paper.claims;\n"),
        ]);
        assert_eq!(
            messages(&recompute_without_the_claims(&tree)?),
            [
                "queries/audit/recomputed_modes.sql:2: reads `claims`, which its values are held against"
            ]
        );
        Ok(())
    }
}
