-- name: recomputed
-- title: Every recomputation of a claim of the paper, from its own tables and from per-port data
-- source: the queries recomputed_openings to recomputed_places_by_port
-- expect: columns (claim_id text, basis text, relation text, recomputed double, low double, high double, recomputed_text text, complete boolean, how text)
-- expect: unique (claim_id, basis)
-- expect: basis in ('printed tables', 'per-port data')
-- expect: relation in ('equal', 'at most', 'at least', 'within')
-- expect: complete is not null and how is not null
-- None of these reads paper.claims, so no printed value takes part in its own recomputation. A claim has at most one row for
-- each basis. relation says how the printed value has to stand to the recomputed one: equal; at most or at least, where that
-- is a bound; within low and high. Elsewhere low and high say what the recomputed value may be: by the rounding of its inputs
-- if complete is true, by gaps in our data if it is false (NULL where these cannot be bounded).
WITH printed_tables AS (
    SELECT * FROM queries.recomputed_openings
    UNION ALL
    SELECT * FROM queries.recomputed_regions
    UNION ALL
    SELECT * FROM queries.recomputed_countries
    UNION ALL
    SELECT * FROM queries.recomputed_traffic
    UNION ALL
    SELECT * FROM queries.recomputed_modes
    UNION ALL
    SELECT * FROM queries.recomputed_lists
),
port_data AS (
    SELECT * FROM queries.recomputed_openings_by_port
    UNION ALL
    SELECT * FROM queries.recomputed_counts_by_port
    UNION ALL
    SELECT * FROM queries.recomputed_places_by_port
),
both_bases AS (
    SELECT
        claim_id, 'printed tables' AS basis, relation, recomputed, low, high,
        CAST(recomputed_text AS VARCHAR) AS recomputed_text, true AS complete, how
    FROM printed_tables
    UNION ALL
    SELECT
        claim_id, 'per-port data', relation, recomputed, low, high,
        CAST(recomputed_text AS VARCHAR), complete, how
    FROM port_data
)
SELECT
    claim_id,
    basis,
    relation,
    recomputed,
    CASE WHEN complete AND relation IN ('equal', 'at least') THEN coalesce(low, recomputed) ELSE CAST(low AS DOUBLE) END AS low,
    CASE WHEN complete AND relation IN ('equal', 'at most') THEN coalesce(high, recomputed) ELSE CAST(high AS DOUBLE) END AS high,
    recomputed_text,
    complete,
    how
FROM both_bases
ORDER BY claim_id, basis DESC;
