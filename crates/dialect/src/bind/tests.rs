//! Trees before and after binding, over tables whose columns are known.

use crate::tree::testing::rewritten;
use crate::{Columns, Refusal, bind, needs_columns, sources};

/// `a (x, k, v)`, `b (y, k, v)`, `d (k, z)`; nothing is known of other tables.
fn bound(sql: &str) -> Result<String, Refusal> {
    let mut statement = rewritten(sql)?;
    assert!(needs_columns(&statement), "{sql}");
    let mut columns = Columns::default();
    for table in sources(&statement) {
        let names: &[&str] = match table.to_string().as_str() {
            "a" => &["x", "k", "v"],
            "b" => &["y", "k", "v"],
            "d" => &["k", "z"],
            _ => continue,
        };
        columns.insert(&table, names.iter().map(ToString::to_string).collect());
    }
    bind(&mut statement, &columns)?;
    Ok(statement.to_string())
}

fn refused(sql: &str) -> (String, String) {
    let Err(refusal) = bound(sql) else {
        panic!("{sql} is not refused")
    };
    let column = |column: u64| usize::try_from(column).expect("column").saturating_sub(1);
    let (start, end) = (
        column(refusal.span.start.column),
        column(refusal.span.end.column),
    );
    let pointed = sql.chars().skip(start).take(end.saturating_sub(start));
    (refusal.message, pointed.collect())
}

#[test]
fn a_shared_column_is_of_the_side_that_is_there() {
    for (kind, value) in [
        ("JOIN", "\"a\".\"k\""),
        ("LEFT JOIN", "\"a\".\"k\""),
        ("RIGHT JOIN", "\"b\".\"k\""),
        ("FULL JOIN", "coalesce(\"a\".\"k\", \"b\".\"k\")"),
    ] {
        assert_eq!(
            bound(&format!("SELECT k FROM a {kind} b USING (k)")).unwrap(),
            format!("SELECT {value} AS k FROM a {kind} b ON \"a\".\"k\" = \"b\".\"k\"")
        );
    }
}

#[test]
fn a_chain_goes_on_with_what_both_share() {
    assert_eq!(
        bound("SELECT k FROM a FULL JOIN b USING (k) LEFT JOIN d c USING (k) WHERE k > 1").unwrap(),
        "SELECT coalesce(\"a\".\"k\", \"b\".\"k\") AS k FROM a FULL JOIN b ON \"a\".\"k\" = \"b\".\"k\" \
         LEFT JOIN d c ON coalesce(\"a\".\"k\", \"b\".\"k\") = \"c\".\"k\" \
         WHERE coalesce(\"a\".\"k\", \"b\".\"k\") > 1"
    );
}

#[test]
fn all_columns_are_listed_with_a_shared_one_once() {
    assert_eq!(
        bound("SELECT * FROM a NATURAL RIGHT JOIN d").unwrap(),
        "SELECT \"a\".\"x\", \"d\".\"k\", \"a\".\"v\", \"d\".\"z\" FROM a RIGHT JOIN d ON \"a\".\"k\" = \"d\".\"k\""
    );
}

#[test]
fn a_subquery_sees_shared_columns_unless_it_has_its_own() {
    assert_eq!(
        bound(
            "SELECT x FROM a RIGHT JOIN b USING (k) WHERE EXISTS (SELECT 1 FROM other WHERE k = 1)"
        )
        .unwrap(),
        "SELECT x FROM a RIGHT JOIN b ON \"a\".\"k\" = \"b\".\"k\" \
         WHERE EXISTS (SELECT 1 AS \"1\" FROM other WHERE k = 1)"
    );
    assert_eq!(
        bound("SELECT x FROM a RIGHT JOIN b USING (k) WHERE (SELECT max(z + y) FROM (SELECT 1 AS z) q WHERE k = 1) > 1")
            .unwrap(),
        "SELECT x FROM a RIGHT JOIN b ON \"a\".\"k\" = \"b\".\"k\" \
         WHERE (SELECT max(z + y) AS \"max(z + y)\" FROM (SELECT 1 AS z) q WHERE \"b\".\"k\" = 1) > 1"
    );
}

#[test]
fn rows_are_counted_by_their_number_among_equals() {
    assert_eq!(
        bound("SELECT x FROM a EXCEPT ALL SELECT y FROM b").unwrap(),
        "SELECT \"1\" AS \"x\" FROM (\
         SELECT \"1\", row_number() OVER (PARTITION BY \"1\") AS \"number\" FROM (SELECT x FROM a) AS side (\"1\") \
         EXCEPT \
         SELECT \"1\", row_number() OVER (PARTITION BY \"1\") AS \"number\" FROM (SELECT y FROM b) AS side (\"1\")\
         ) AS sides"
    );
}

#[test]
fn refusals_point_to_the_name() {
    for (sql, pointed) in [
        ("SELECT * FROM a JOIN b USING (nope)", "nope"),
        ("SELECT * FROM a JOIN b ON true JOIN d USING (k)", "k"),
        (
            "SELECT * FROM a NATURAL JOIN (SELECT 1 AS q) w",
            "SELECT 1 AS q) w",
        ),
        ("SELECT * FROM a JOIN other USING (k)", "k"),
    ] {
        let (message, place) = refused(sql);
        assert!(
            place.contains(pointed) || pointed.contains(&place),
            "{sql}: {message} at `{place}`"
        );
        assert!(!place.is_empty(), "{sql}: {message}");
    }
}

#[test]
fn other_statements_are_left_alone() {
    for sql in [
        "SELECT * FROM a JOIN b ON a.k = b.k",
        "SELECT x FROM a EXCEPT SELECT y FROM b",
        "SELECT x FROM a UNION ALL SELECT y FROM b",
    ] {
        assert!(!needs_columns(&rewritten(sql).unwrap()), "{sql}");
    }
}
