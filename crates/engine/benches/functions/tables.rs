//! The tables that the statements of functions ask.

/// Statements that make the tables, for a number of rows and of groups.
///
/// Rows come in no order of their groups. Values are spread by multiplication with primes, so that every
/// run sees the same ones.
pub(crate) fn tables(rows: usize, groups: usize) -> [String; 3] {
    [
        format!(
            "CREATE TABLE many AS SELECT
                CAST(1905 + value * 7919 % 113 AS INT) AS year,
                CAST(value * 104729 % {groups} AS INT) AS place,
                CAST(value * 15485863 % 1000003 AS DOUBLE) AS x,
                CAST(value * 32452843 % 4001 AS DOUBLE) / 10 AS own_km,
                CAST(value * 49979687 % 4003 AS DOUBLE) / 10 AS foreign_km
             FROM generate_series(1, {rows})"
        ),
        format!(
            "CREATE TABLE some AS SELECT
                CAST(value * 104729 % {some_groups} AS INT) AS place,
                CAST(value * 7919 % 997 AS INT) AS id,
                CAST(1950 + value * 6101 % 64 AS INT) AS year,
                CAST(1 + value * 5303 % 12 AS INT) AS month,
                CAST(1 + value * 15485863 % 100003 AS DOUBLE) AS x,
                CAST(1 + value * 32452843 % 99991 AS DOUBLE) AS y,
                CAST(value * 49979687 % 360001 AS DOUBLE) / 1000 - 180 AS lon,
                CAST(value * 67867967 % 160001 AS DOUBLE) / 1000 - 80 AS lat,
                CAST(value * 86028121 % 360007 AS DOUBLE) / 1001 - 180 AS lon2,
                CAST(value * 22801763 % 160009 AS DOUBLE) / 1001 - 80 AS lat2,
                CASE value * 7907 % 3 WHEN 0 THEN 'PP' WHEN 1 THEN 'CPC' ELSE 'CC' END AS label,
                CASE value * 7901 % 4 WHEN 0 THEN 'PP' WHEN 1 THEN 'CPC' ELSE 'CC' END AS rule
             FROM generate_series(1, {some})",
            some = rows.div_ceil(10),
            some_groups = groups.div_ceil(100),
        ),
        "CREATE TABLE matrices AS SELECT place, transition_matrix(id, year, label, true) AS matrix
         FROM some GROUP BY place"
            .to_owned(),
    ]
}
